public import Testing

extension SessionStorePromise {
    /// Checks the promise on a store that the fixture makes; what fails is an issue of the running test.
    ///
    /// A promise that needs something the fixture has not got is passed over.
    ///
    /// - Parameters:
    ///   - fixture: makes the store.
    ///   - location: where issues are shown.
    /// - Throws: what the store throws where it must not.
    public func check(
        on fixture: SessionStoreFixture,
        sourceLocation location: SourceLocation = #_sourceLocation
    ) throws {
        let check = PromiseCheck(store: try fixture.make(), fixture: fixture, location: location)
        switch self {
        case .createRefusesATakenKey: try check.createRefusesATakenKey()
        case .concurrentCreateHasOneWinner: try check.concurrentCreateHasOneWinner()
        case .payloadsReturnByteForByte: try check.payloadsReturnByteForByte()
        case .timesReturnToTheMillisecond: try check.timesReturnToTheMillisecond()
        case .readersSeeWholeRecords: try check.readersSeeWholeRecords()
        case .updateNeverCreates: try check.updateNeverCreates()
        case .updateReplacesTheRecord: try check.updateReplacesTheRecord()
        case .leavingAsItIsChangesNothing: try check.leavingAsItIsChangesNothing()
        case .updatesOfThreadsAllApply: try check.updatesOfThreadsAllApply()
        case .destroyDuringUpdateWins: try check.destroyDuringUpdateWins()
        case .anUpdateDoesNotMeetASuccessor: try check.anUpdateDoesNotMeetASuccessor()
        case .aLeaseKeepsUpdatesOut: try check.aLeaseKeepsUpdatesOut()
        case .aLeaseKeepsNobodyElseOut: try check.aLeaseKeepsNobodyElseOut()
        case .anUpdateHoldsItsLease: try check.anUpdateHoldsItsLease()
        case .aLeaseEnds: try check.aLeaseEnds()
        case .deadlinesAreKept: try check.deadlinesAreKept()
        case .touchNeverCreates: try check.touchNeverCreates()
        case .touchKeepsThePayload: try check.touchKeepsThePayload()
        case .destroyOfTheAbsentIsFine: try check.destroyOfTheAbsentIsFine()
        case .destroyedStaysDestroyed: try check.destroyedStaysDestroyed()
        case .aQuarantinedRecordIsGone: try check.aQuarantinedRecordIsGone()
        case .sweepRemovesOnlyTheExpired: try check.sweepRemovesOnlyTheExpired()
        case .sweepComesRound: try check.sweepComesRound()
        case .theIndexListsAndForgets: try check.theIndexListsAndForgets()
        case .theIndexFollowsTheUser: try check.theIndexFollowsTheUser()
        case .forEachVisitsEachRecord: try check.forEachVisitsEachRecord()
        case .clearRemovesEverything: try check.clearRemovesEverything()
        case .aFailedWriteLeavesTheOldRecord: try check.aFailedWriteLeavesTheOldRecord()
        case .updatesOfProcessesAllApply: try check.updatesOfProcessesAllApply()
        case .aLeaseEndsWithItsProcess: try check.aLeaseEndsWithItsProcess()
        }
    }
}
