internal import Synchronization
public import Web

/// What a site file says of its sessions, as one string: `idle=30m; rolling=on; title='Our intranet'`.
///
/// `name=value` pairs between semicolons. Blanks around pieces, names and values do not count, empty pieces are skipped, names and words are
/// case-sensitive. A value may stand in single quotes, and may then hold semicolons; a quote inside is doubled. A name that is
/// unknown, has a bad value, or is given twice is an error that says so: a wrong option closes the door rather than being ignored.
public struct SiteOptions: Sendable, Equatable {
    /// The settings of the sessions.
    public let session: SessionOptions
    /// Values of the program's own options, by name, as they stand in the string.
    public let others: [String: String]

    /// Reads a string of options.
    ///
    /// - Parameters:
    ///   - text: at most 4,096 bytes of UTF-8 without control characters.
    ///   - others: names that the program understands besides those of `SessionOptions`.
    ///   - limits: upper limits of the system, which a site can tighten but never loosen.
    /// - Throws: `SessionError` with the code `.options`; the message names the option, and the nearest right word.
    public init(
        _ text: some Collection<UInt8>,
        others: Set<String> = [],
        limits: Limits = Limits()
    ) throws(SessionError) {
        let pieces = try SiteOptionsReader.pieces(Array(text))
        var session = SessionOptions()
        if let profile = pieces.first(where: { $0.name == "profile" }) {
            session = SessionOptions(try SiteOptionsReader.word(profile))
        }
        var own: [String: String] = [:]
        for piece in pieces {
            if others.contains(piece.name) {
                own[piece.name] = piece.value
            } else {
                try session.apply(piece, others)
            }
        }
        session.settle()
        try limits.apply(to: &session)
        self.session = session
        self.others = own
    }

    /// Upper limits of the system.
    public struct Limits: Sendable, Equatable {
        /// No session lives longer than this from its creation, in milliseconds; nil is no limit.
        public var absoluteMilliseconds: Int64?

        /// Limits.
        public init(absoluteMilliseconds: Int64? = nil) { self.absoluteMilliseconds = absoluteMilliseconds }

        func apply(to options: inout SessionOptions) throws(SessionError) {
            guard let absoluteMilliseconds, options.profile == .strict else { return }
            options.absoluteMilliseconds = min(
                options.absoluteMilliseconds ?? absoluteMilliseconds,
                absoluteMilliseconds
            )
        }
    }

    /// Strings that were read before, with what they said: a string of options comes along with every request.
    public final class Cache: Sendable {
        private let others: Set<String>
        private let limits: Limits
        private let capacity: Int
        // Protects the table; only hashing and comparing happens under it.
        private let table = Mutex<[ArraySlice<UInt8>: Result<SiteOptions, SessionError>]>([:])

        /// A cache for one program.
        ///
        /// - Parameters:
        ///   - others: names that the program understands besides those of `SessionOptions`.
        ///   - limits: upper limits of the system.
        ///   - capacity: strings that are kept; beyond it each new one is read every time it comes.
        public init(others: Set<String> = [], limits: Limits = Limits(), capacity: Int = 256) {
            self.others = others
            self.limits = limits
            self.capacity = capacity
        }

        /// The options of a request: what nginx sent as `LATCHKEY_OPTIONS`, and the defaults where it sent none.
        ///
        /// - Throws: `SessionError` with the code `.options`, each time the same for one string.
        public func options(of request: Request) throws(SessionError) -> SiteOptions {
            let text = request.parameters.value("LATCHKEY_OPTIONS") ?? []
            if let known = table.withLock({ $0[text] }) { return try known.get() }
            let read: Result<SiteOptions, SessionError>
            do throws(SessionError) {
                read = .success(try SiteOptions(text, others: others, limits: limits))
            } catch {
                read = .failure(error)
            }
            // A copy of its own: the slice would keep the whole request alive.
            table.withLock { if $0.count < capacity { $0[Array(text)[...]] = read } }
            return try read.get()
        }
    }
}
