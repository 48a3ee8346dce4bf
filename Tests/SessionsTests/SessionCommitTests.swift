import Testing

@testable import Sessions

@Suite struct `The commit table` {
    typealias Facts = SessionCommit.Facts

    /// One row: what happened, and what is done for it.
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let options: SessionOptions
        let facts: Facts
        let store: SessionCommit.StoreAction
        let cookie: SessionCommit.CookieAction

        init(
            _ sentence: String,
            _ profile: SessionOptions.Profile,
            _ store: SessionCommit.StoreAction,
            _ cookie: SessionCommit.CookieAction,
            options change: (inout SessionOptions) -> Void = { _ in },
            _ facts: (inout Facts) -> Void
        ) {
            testDescription = "\(profile): \(sentence)"
            var options = SessionOptions(profile)
            change(&options)
            self.options = options
            var filled = Facts()
            facts(&filled)
            self.facts = filled
            self.store = store
            self.cookie = cookie
        }
    }

    static func loaded(_ facts: inout Facts) {
        facts.idCameWithCookie = true
        facts.isStored = true
        facts.broughtCookie = true
        facts.isSaved = true
        facts.hasSaved = true
    }

    /// With `resave` on, nothing counts as saved when it was loaded.
    static func loadedForResave(_ facts: inout Facts) {
        loaded(&facts)
        facts.isSaved = false
        facts.hasSaved = false
    }

    static func modified(_ facts: inout Facts) {
        facts.isModified = true
        facts.isSaved = false
    }

    static let strict: [Row] = [
        Row("an untouched visitor leaves no trace", .strict, .nothing, .nothing) { _ in },
        Row("an untouched visitor with a dead cookie loses it", .strict, .nothing, .expire) {
            $0.broughtCookie = true
        },
        Row("a new session that was written to is created and sent", .strict, .create, .set) {
            modified(&$0)
        },
        Row("a new session that replaces a dead one is created and sent", .strict, .create, .set) {
            modified(&$0)
            $0.broughtCookie = true
        },
        Row(
            "an untouched new session is stored if asked",
            .strict,
            .create,
            .set,
            options: { $0.saveUninitialized = true }
        ) {
            _ in
        },
        Row("a new session whose cookie cannot go out is not stored", .strict, .nothing, .nothing) {
            modified(&$0)
            $0.cookieIsWithheld = true
        },
        Row("a new session that was saved by hand is sent", .strict, .nothing, .set) {
            $0.isStored = true
            $0.isSaved = true
            $0.hasSaved = true
        },
        Row("a live session that was only read costs nothing", .strict, .nothing, .nothing) { loaded(&$0) },
        Row("a live session is touched when that is due", .strict, .touch, .nothing) {
            loaded(&$0)
            $0.touchIsDue = true
        },
        Row("a touched session whose cookie has an end is sent again", .strict, .touch, .set) {
            loaded(&$0)
            $0.touchIsDue = true
            $0.cookieHasExpiry = true
        },
        Row("a changed session is updated, its cookie stays", .strict, .update, .nothing) {
            loaded(&$0)
            modified(&$0)
        },
        Row("a changed session whose cookie has an end is sent again", .strict, .update, .set) {
            loaded(&$0)
            modified(&$0)
            $0.cookieHasExpiry = true
        },
        Row(
            "a session is sent with every answer if asked",
            .strict,
            .nothing,
            .set,
            options: { $0.rolling = true }
        ) {
            loaded(&$0)
        },
        Row(
            "a session is stored with every answer if asked",
            .strict,
            .update,
            .nothing,
            options: { $0.resave = true }
        ) {
            loadedForResave(&$0)
        },
        Row("a cookie of an old secret is signed anew", .strict, .nothing, .set) {
            loaded(&$0)
            $0.signatureIsOld = true
        },
        Row("changed settings of the cookie are stored and sent", .strict, .update, .set) {
            loaded(&$0)
            $0.cookieIsChanged = true
        },
        Row("a regenerated session is created and sent", .strict, .create, .set) {
            modified(&$0)
            $0.broughtCookie = true
        },
        Row("an old id that answers for a renewed session gets no cookie", .strict, .update, .nothing) {
            loaded(&$0)
            modified(&$0)
            $0.cookieHasExpiry = true
            $0.isForwarded = true
        },
        Row("a destroyed session takes its cookie along", .strict, .nothing, .expire) {
            $0.hasSession = false
            $0.isDestroyed = true
            $0.broughtCookie = true
        },
        Row("a destroyed session that no cookie knew of needs none removed", .strict, .nothing, .nothing) {
            $0.hasSession = false
            $0.isDestroyed = true
        },
        Row("a session let go of stays", .strict, .nothing, .nothing) {
            $0.hasSession = false
            $0.broughtCookie = true
        },
        Row("a session let go of ends if asked", .strict, .destroy, .expire, options: { $0.unset = .destroy })
        {
            $0.hasSession = false
            $0.broughtCookie = true
        },
    ]

    static let express: [Row] = [
        Row("an untouched new session is stored and sent (80)", .express, .create, .set) { _ in },
        Row(
            "an untouched new session is neither, if asked (82)",
            .express,
            .nothing,
            .nothing,
            options: quiet
        ) { _ in },
        Row("a modified new session is stored and sent (83)", .express, .create, .set, options: quiet) {
            modified(&$0)
        },
        Row("an unmodified loaded session is written again (74)", .express, .update, .nothing) {
            loadedForResave(&$0)
        },
        Row("without resave it is touched (76)", .express, .touch, .nothing, options: { $0.resave = false }) {
            loaded(&$0)
        },
        Row(
            "without resave changes are written (77)",
            .express,
            .update,
            .nothing,
            options: { $0.resave = false }
        ) {
            loaded(&$0)
            modified(&$0)
        },
        Row(
            "rolling sends the cookie each time (70)",
            .express,
            .update,
            .set,
            options: { $0.rolling = true }
        ) {
            loadedForResave(&$0)
        },
        Row(
            "rolling does not send an untouched new one (71)",
            .express,
            .nothing,
            .nothing,
            options: {
                quiet(&$0); $0.rolling = true
            }
        ) {
            _ in
        },
        Row("an end and a change send the cookie (101)", .express, .update, .set) {
            loadedForResave(&$0)
            modified(&$0)
            $0.cookieHasExpiry = true
        },
        Row("an end without a change does not", .express, .update, .nothing) {
            loadedForResave(&$0)
            $0.cookieHasExpiry = true
        },
        Row(
            "a Secure cookie over plain HTTP is withheld, the record is stored (126)",
            .express,
            .create,
            .nothing
        ) {
            modified(&$0)
            $0.cookieIsWithheld = true
        },
        Row(
            "an explicit save of an unmodified new session sends no cookie",
            .express,
            .nothing,
            .nothing,
            options: quiet
        ) {
            $0.isStored = true
            $0.isSaved = true
            $0.hasSaved = true
        },
        Row("a destroyed session keeps its cookie (105)", .express, .nothing, .nothing) {
            $0.hasSession = false
            $0.isDestroyed = true
            $0.broughtCookie = true
        },
        Row("a session set to null is kept (93)", .express, .nothing, .nothing) {
            $0.hasSession = false
            $0.broughtCookie = true
        },
        Row("or destroyed, if asked (94, 95)", .express, .destroy, .nothing, options: { $0.unset = .destroy })
        {
            $0.hasSession = false
        },
    ]

    static func quiet(_ options: inout SessionOptions) { options.saveUninitialized = false }

    @Test(arguments: strict + express) func `decides each row as it says`(_ row: Row) {
        let commit = SessionCommit.decide(row.facts, row.options)
        #expect(commit.store == row.store)
        #expect(commit.cookie == row.cookie)
    }

    /// All 2^11 combinations: nothing is sent that was not stored, and nothing is stored that cannot be reached.
    @Test func `never promises in strict what the store does not hold`() {
        var looked = 0
        for bits in 0..<(1 << 11) {
            func bit(_ index: Int) -> Bool { bits & 1 << index != 0 }
            var facts = Facts()
            facts.hasSession = bit(0)
            facts.idCameWithCookie = bit(1)
            facts.isStored = bit(2)
            facts.isModified = bit(3)
            facts.isSaved = bit(4)
            facts.cookieHasExpiry = bit(5)
            facts.cookieIsWithheld = bit(6)
            facts.touchIsDue = bit(7)
            facts.signatureIsOld = bit(8)
            facts.broughtCookie = bit(9)
            facts.isDestroyed = bit(10)
            let commit = SessionCommit.decide(facts, SessionOptions())
            if commit.cookie == .set { #expect(facts.isStored || commit.store == .create, "\(facts)") }
            if commit.store == .create { #expect(commit.cookie == .set, "\(facts)") }
            if facts.cookieIsWithheld { #expect(commit.cookie != .set, "\(facts)") }
            if !facts.hasSession { #expect(commit.store == .nothing && commit.cookie != .set, "\(facts)") }
            looked += 1
        }
        #expect(looked == 2048)
    }
}
