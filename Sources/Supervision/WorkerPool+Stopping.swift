import Kernel
import Logging

/// One child or all of them brought to an end, step by step.
extension WorkerPool {
    mutating func begin(_ stop: Stop, at now: Milliseconds) {
        // A second, quicker wish overrides the first; a slower one does not.
        if let stopping, stopping.rawValue >= stop.rawValue { return }
        log(.info, stop == .graceful ? "stopping: what is in hand is finished" : "stopping at once")
        stopping = stop
        guard stop == .quick else { return }
        for child in children.values.map(\.slot) where children[child]?.leaving?.wasKilled == false {
            children[child]?.leaving = nil
        }
    }

    /// Stops what stands in front of the workers, then the workers, then what they need; quickly, all at once.
    mutating func advanceStop(_ now: Milliseconds) {
        guard let stopping else { return }
        guard !children.isEmpty else {
            hasExited = true
            log(exitCode == Sysexit.stopped ? .info : .error, "stopped")
            return actions.append(.exit(exitCode))
        }
        let first = children.keys.map(rank).min() ?? 0
        for child in processes where child.leaving == nil && child.process != nil {
            guard stopping == .quick || rank(child.slot) == first else { continue }
            let teardown = teardown(of: child.slot)
            retire(child.slot, stopping == .quick ? teardown.quick : teardown.graceful, at: now)
        }
    }

    /// Takes the next step with everybody whose time is over.
    mutating func advanceTeardowns(_ now: Milliseconds) {
        for child in processes {
            guard let leaving = child.leaving, now >= leaving.until else { continue }
            take(child, leaving.rest, at: now)
        }
    }

    /// Begins a child's teardown; from now on it does not count.
    mutating func retire(_ slot: Slot, _ steps: [TeardownStep], at now: Milliseconds) {
        guard let child = children[slot] else { return }
        take(child, steps[...], at: now)
    }

    private mutating func take(
        _ child: WorkerProcess,
        _ steps: ArraySlice<TeardownStep>,
        at now: Milliseconds
    ) {
        guard let process = child.process else { return }
        if let step = steps.first {
            children[child.slot]?.leaving = WorkerProcess.Leaving(
                rest: steps.dropFirst(),
                until: now + step.patience
            )
            return actions.append(.signal(process: process, step.signal))
        }
        if child.leaving?.wasKilled != true {
            log(.warning, "\(child.slot) (pid \(process)) does not stop; it is killed")
        }
        // The kernel may need a while, for example when the process waits for a disk; killing again costs nothing.
        children[child.slot]?.leaving = WorkerProcess.Leaving(rest: [], until: now + 1000, wasKilled: true)
        actions.append(.signal(process: process, .kill))
    }

    private func rank(_ slot: Slot) -> Int {
        guard case .service(let name) = slot else { return 1 }
        return options.services.contains { $0.name == name && $0.outlivesWorkers } ? 2 : 0
    }

    private func teardown(of slot: Slot) -> Teardown {
        guard case .service(let name) = slot else { return options.teardown }
        return options.services.first { $0.name == name }?.teardown ?? options.teardown
    }
}
