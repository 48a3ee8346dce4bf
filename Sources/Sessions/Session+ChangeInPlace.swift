internal import Web

extension Session {
    /// What `+=` and the like do first: lock the session and read its record again, so that the change applies to what is there
    /// now, and keep the lock until the commit.
    ///
    /// An accessor cannot throw: a failure is kept, and the commit throws it, so that nothing is stored or promised.
    mutating func beginChangeInPlace() {
        // Nobody else can have a session that was never stored.
        guard isPresent, isStored, lease == nil, failure == nil else { return }
        do throws(SessionStoreError) {
            lease = try context.store.lease(key, until: context.lockDeadline)
            guard let record = try context.store.load(key),
                let payload = try? SessionCodec.decode(record.payload)
            else {
                return becomeGone()
            }
            if let successor = payload.own?.successor, let next = SessionStoreKey(hex: Array(successor.utf8))
            {
                // Renewed by another request between our load and our lock.
                releaseLease()
                key = next
                isForwarded = true
                return beginChangeInPlace()
            }
            values = merge(onto: payload.values).values
            base = payload.values
            own = payload.own ?? own
        } catch {
            releaseLease()
            failure = SessionError(error)
        }
    }

    /// Another request has ended the session: this one changes nothing any more.
    mutating func becomeGone() {
        releaseLease()
        isPresent = false
        isStored = false
        isDestroyed = true
        state = .revoked
        context.counters.count(.gone)
    }

    /// Applies what this request changed to other values.
    ///
    /// - Returns: the result, the number of names that another request changed too after this one had read them, and whether
    ///   anything of another request's was there to merge with.
    func merge(onto current: SessionValues) -> (values: SessionValues, conflicts: Int, merged: Bool) {
        if current.isSameInOrder(as: base) { return (values, 0, false) }
        var result = current
        var conflicts = 0
        for index in values.entries.indices {
            let name = Array(values.name(at: index))
            let value = values.value(at: index)
            if let before = base[name], SessionValues.isSame(before, value) { continue }
            if wasRead(name, at: index), isChanged(name, in: current) { conflicts += 1 }
            result.set(name, to: value)
        }
        for index in base.entries.indices {
            let name = Array(base.name(at: index))
            guard values.index(of: name) == nil else { continue }
            if wasRead(name, at: nil), isChanged(name, in: current) { conflicts += 1 }
            result.remove(name)
        }
        return (result, conflicts, true)
    }

    private func wasRead(_ name: [UInt8], at index: Int?) -> Bool {
        if let index, index < 64, readMask & 1 << UInt64(index) != 0 { return true }
        return absentReads.contains(name)
    }

    private func isChanged(_ name: [UInt8], in current: SessionValues) -> Bool {
        switch (base[name], current[name]) {
        case (nil, nil): false
        case (let before?, let now?): !SessionValues.isSame(before, now)
        default: true
        }
    }
}
