import Kernel
import Logging

/// As many children as wished, old ones replaced, none in a spin.
extension WorkerPool {
    mutating func beginReload() {
        guard stopping == nil else { return }
        generation += 1
        isReloading = true
        // Whoever reloads may have mended what made the workers fail.
        backOff.reset()
        isOpen = children.values.contains { $0.counts }
        log(.info, "reload: each worker is replaced, one after the other")
    }

    mutating func advanceServices(_ now: Milliseconds) {
        for service in options.services where children[.service(service.name)] == nil {
            guard now >= (serviceBackOff[service.name]?.notBefore ?? now) else { continue }
            spawn(.service(service.name), at: now)
        }
    }

    mutating func advanceWorkers(_ now: Milliseconds) {
        let serving = children.values.filter(\.counts)
        if serving.count < target {
            for _ in 0..<mayStart(target - serving.count, serving, at: now) { spawn(freeSlot(), at: now) }
        }
        advanceReload(now)
        trim(now)
    }

    /// How many of the missing workers may start now.
    private func mayStart(_ missing: Int, _ serving: [WorkerProcess], at now: Milliseconds) -> Int {
        if backOff.failures == 0 {
            // The first worker goes ahead alone: if it cannot start, there is one message and not one for each.
            return isOpen ? missing : serving.isEmpty ? 1 : 0
        }
        guard now >= backOff.notBefore else { return 0 }
        let left = max(options.startsInWindow - recentStarts.count, 0)
        // After a failure too: one goes ahead, and the others follow when it has lived a while.
        let since = serving.filter { $0.started >= backOff.lastFailure }
        if since.isEmpty { return min(1, left) }
        return since.contains { $0.hasLived(probation, at: now) } ? min(missing, left) : 0
    }

    /// How long the first one after a failure must live before others follow.
    private var probation: Milliseconds {
        min(max(backOff.delay(options), options.settling), options.minimumLife)
    }

    private mutating func advanceReload(_ now: Milliseconds) {
        guard isReloading else { return }
        let serving = children.values.filter(\.counts)
        let old = serving.filter { $0.generation < generation }.sorted { $0.started < $1.started }
        guard let oldest = old.first else {
            isReloading = false
            return log(.info, "reload: done")
        }
        let new = serving.filter { $0.generation == generation }
        guard new.allSatisfy({ $0.hasLived(options.settling, at: now) }) else { return }
        if serving.count > target {
            retire(oldest.slot, options.teardown.graceful, at: now)
            // The next one may start in the same breath.
            if old.count > 1 { spawn(freeSlot(), at: now) } else { advanceReload(now) }
        } else if serving.count == target {
            spawn(freeSlot(), at: now)
        }
    }

    /// Retires what is too many: old generations first, then the highest slots.
    private mutating func trim(_ now: Milliseconds) {
        let serving = children.values.filter(\.counts).sorted { left, right in
            if left.generation != right.generation { return left.generation < right.generation }
            return number(left.slot) > number(right.slot)
        }
        let surplus = serving.count - target - (isReloading ? 1 : 0)
        for child in serving.prefix(max(surplus, 0)) {
            retire(child.slot, options.teardown.graceful, at: now)
        }
    }

    private mutating func spawn(_ slot: Slot, at now: Milliseconds) {
        children[slot] = WorkerProcess(slot: slot, generation: generation, at: now)
        if slot.isWorker { recentStarts.append(now) }
        actions.append(.spawn(slot))
    }

    private func freeSlot() -> Slot {
        var number = 0
        while children[.worker(number)] != nil { number += 1 }
        return .worker(number)
    }

    private func number(_ slot: Slot) -> Int { if case .worker(let number) = slot { number } else { 0 } }

    /// When `handle(.tick)` is due at the latest; nil when only another event can change anything.
    public var nextTick: Milliseconds? {
        var times = children.values.compactMap { $0.leaving?.until }
        guard stopping == nil else { return times.min() }
        for service in options.services where children[.service(service.name)] == nil {
            times.append(serviceBackOff[service.name]?.notBefore ?? 0)
        }
        let serving = children.values.filter(\.counts)
        if serving.count < target {
            times.append(nextStart(serving))
        } else if isReloading {
            let new = serving.filter { $0.generation == generation }
            times.append((new.map(\.started).max() ?? 0) + options.settling)
        }
        return times.min()
    }

    /// The counterpart of `mayStart`: when it says yes.
    private func nextStart(_ serving: [WorkerProcess]) -> Milliseconds {
        if backOff.failures == 0 {
            let first = serving.map(\.started).min()
            return isOpen ? 0 : first.map { $0 + options.settling } ?? 0
        }
        var time = backOff.notBefore
        let since = serving.map(\.started).filter { $0 >= backOff.lastFailure }
        if let first = since.min() { time = max(time, first + probation) }
        if recentStarts.count >= options.startsInWindow {
            time = max(time, recentStarts[recentStarts.count - options.startsInWindow] + options.window)
        }
        return time
    }
}
