import Kernel
import Logging

/// Children that end, or do not even start.
extension WorkerPool {
    mutating func failed(_ slot: Slot, _ code: Int32, _ reason: String, at now: Milliseconds) {
        guard children.removeValue(forKey: slot) != nil, stopping == nil else { return }
        switch slot {
        case .worker:
            guard isProven else { return giveUp(code, "\(slot) cannot be started: \(reason)") }
            backOff.fail(at: now, options)
            endReloadIfItFailed(slot)
            log(
                .error,
                "\(slot) cannot be started: \(reason); next try in \(seconds(backOff.delay(options)))"
            )
        case .service(let name):
            guard provenServices.contains(name) else {
                return giveUp(code, "\(slot) cannot be started: \(reason)")
            }
            serviceBackOff[name, default: BackOff()].fail(at: now, options)
            log(.error, "\(slot) cannot be started: \(reason)")
        }
    }

    mutating func ended(_ process: Int32, _ end: Processes.End, at now: Milliseconds) {
        // Strangers are children that we inherited, for example as process 1; reaping them was all.
        guard let child = children.values.first(where: { $0.process == process }) else { return }
        children[child.slot] = nil
        let name = "\(child.slot) (pid \(process))"
        if let leaving = child.leaving {
            if end == .exited(0) {
                log(.debug, "\(name) has stopped")
            } else if !leaving.wasKilled {
                log(.warning, "\(name) \(words(end)) while it stopped")
            }
            return
        }
        guard stopping == nil else { return }
        switch child.slot {
        case .worker: workerDied(child, name, end, at: now)
        case .service(let service): serviceDied(child, service, name, end, at: now)
        }
    }

    private mutating func workerDied(
        _ child: WorkerProcess,
        _ name: String,
        _ end: Processes.End,
        at now: Milliseconds
    ) {
        if case .exited(let code) = end, options.cannotStart.contains(code), !isProven {
            return giveUp(code, "\(name) cannot start (code \(code)); its message stands above")
        }
        let failed = backOff.record(end, started: child.started, at: now, options)
        if failed { endReloadIfItFailed(child.slot, child.generation) }
        let after = "\(words(end)) after \(seconds(now - child.started))"
        if failed, backOff.notBefore > now {
            log(.error, "\(name) \(after); next try in \(seconds(backOff.notBefore - now))")
        } else {
            log(end == .exited(0) ? .info : .warning, "\(name) \(after); it is replaced")
        }
    }

    private mutating func serviceDied(
        _ child: WorkerProcess,
        _ service: String,
        _ name: String,
        _ end: Processes.End,
        at now: Milliseconds
    ) {
        let known = options.services.first { $0.name == service }
        if case .exited(let code) = end, let ours = known?.cannotStart[code],
            !provenServices.contains(service)
        {
            return giveUp(ours, "\(name) cannot start (code \(code)); its message stands above")
        }
        let failed = serviceBackOff[service, default: BackOff()].record(
            end,
            started: child.started,
            at: now,
            options
        )
        let wait = max((serviceBackOff[service]?.notBefore ?? now) - now, 0)
        log(
            failed ? .error : .warning,
            "\(name) \(words(end)) after \(seconds(now - child.started)); next start in \(seconds(wait))"
        )
    }

    /// Stops everything because it never ran.
    private mutating func giveUp(_ code: Int32, _ reason: String) {
        log(.critical, "\(reason): nothing was started")
        exitCode = code
        stopping = .quick
    }

    /// The new worker of a reload failed: the old ones stay.
    private mutating func endReloadIfItFailed(_ slot: Slot, _ generation: Int? = nil) {
        guard isReloading, slot.isWorker, (generation ?? self.generation) == self.generation else { return }
        isReloading = false
        for slot in children.keys { children[slot]?.generation = self.generation }
        actions.append(.abandonReload)
        log(.error, "reload abandoned: a new worker does not start; the workers of before go on")
    }

    private func words(_ end: Processes.End) -> String {
        switch end {
        case .exited(let code): "ended with code \(code)"
        case .signalled(let number): "was killed by signal \(number)"
        }
    }

    func seconds(_ span: Milliseconds) -> String { "\(span / 1000).\((span % 1000) / 100) s" }
}
