/// What every session store promises, each as a sentence that can be checked.
///
/// A store's test is one parameterised test:
///
///     @Test(arguments: SessionStorePromise.allCases)
///     func `keeps its promises`(_ promise: SessionStorePromise) throws {
///         try promise.check(on: SessionStoreFixture { try MyStore(…) })
///     }
public enum SessionStorePromise: String, CaseIterable, Sendable, CustomStringConvertible {
    /// A key that has a record is not created again, and its record stays.
    case createRefusesATakenKey = "create refuses a taken key"
    /// Of several that create one key at once, one is told that it did.
    case concurrentCreateHasOneWinner = "concurrent create has one winner"
    /// Any bytes, of no length up to 64 KiB, come back; where the store adds to the payload, any JSON object.
    case payloadsReturnByteForByte = "payloads return byte for byte"
    /// Both instants come back to the millisecond.
    case timesReturnToTheMillisecond = "times return to the millisecond"
    /// A reader never sees a part of a record, nor none, while it is replaced.
    case readersSeeWholeRecords = "readers see whole records"
    /// A key without a record stays without one.
    case updateNeverCreates = "update never creates"
    /// Changes are made to the record as it is now.
    case updateReplacesTheRecord = "update replaces the record"
    /// A closure that wants nothing stored gets nothing stored.
    case leavingAsItIsChangesNothing = "leaving as it is changes nothing"
    /// None of many changes of one key, by threads, is lost.
    case updatesOfThreadsAllApply = "updates of threads all apply"
    /// A key that is destroyed while a change of it is under way stays destroyed.
    case destroyDuringUpdateWins = "destroy during an update wins"
    /// A key that is destroyed and made anew while a change of it is under way keeps the new record.
    case anUpdateDoesNotMeetASuccessor = "an update does not meet a successor"
    /// While a lease is held, a change by another waits.
    case aLeaseKeepsUpdatesOut = "a lease keeps others' updates out"
    /// While a lease is held, load, touch and destroy do not wait.
    case aLeaseKeepsNobodyElseOut = "a lease keeps readers, touch and destroy not out"
    /// The holder of a lease can change the record, as often as it likes.
    case anUpdateHoldsItsLease = "an update holds its lease"
    /// A lease ends by `release` or with its last reference; an ended one is worth nothing.
    case aLeaseEnds = "a lease ends"
    /// A lock that is not had in time throws `.timedOut`, and nothing was changed.
    case deadlinesAreKept = "deadlines are kept"
    /// A touch of nothing makes nothing.
    case touchNeverCreates = "touch never creates"
    /// A touch moves the instants and nothing else.
    case touchKeepsThePayload = "touch keeps the payload"
    /// To end what is not there is no error.
    case destroyOfTheAbsentIsFine = "destroy of the absent is fine"
    /// What was destroyed is gone for every call.
    case destroyedStaysDestroyed = "destroyed stays destroyed"
    /// A record put aside is no session any more, and its key is free.
    case aQuarantinedRecordIsGone = "a quarantined record is gone"
    /// A sweep takes what expires at or before the given instant, and nothing else.
    case sweepRemovesOnlyTheExpired = "sweep removes only what has expired"
    /// Slices of a sweep, however short, come round.
    case sweepComesRound = "a sweep in slices comes round"
    /// The records of a name are listed, by its bytes, as long as they are there.
    case theIndexListsAndForgets = "the index lists and forgets"
    /// A record that is stored under another name is listed under that alone.
    case theIndexFollowsTheUser = "the index follows the user"
    /// Each record is visited once, until the visitor has enough.
    case forEachVisitsEachRecord = "forEach visits each record"
    /// The count is right, and after `clear` it is 0.
    case clearRemovesEverything = "clear removes everything"
    /// A write that fails leaves the old record (fixtures with `failingWrites`).
    case aFailedWriteLeavesTheOldRecord = "a failed write leaves the old record"
    /// None of many changes of one key, by processes, is lost (fixtures with an `exerciser`).
    case updatesOfProcessesAllApply = "updates of processes all apply"
    /// A holder that is killed holds nothing any more (fixtures with an `exerciser`).
    case aLeaseEndsWithItsProcess = "a lease ends with its process"

    /// The sentence.
    public var description: String { rawValue }
}
