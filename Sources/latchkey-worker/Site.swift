import Sessions
import Synchronization
import Web

/// One set of options that a site file sent, ready to serve: settings, paths and routes.
struct Site: Sendable {
    /// What the worker's own options of the site file are called; the others are `SessionOptions`'.
    static let optionNames: Set<String> = ["base", "title", "theme"]

    enum Theme: String, CaseIterable { case system, light, dark }

    let session: SessionOptions
    /// In front of every path, without a slash at the end: `""` or `/auth`.
    let base: String
    let title: String
    let theme: Theme

    init(_ options: SiteOptions) throws(SessionError) {
        session = options.session
        title = options.others["title"] ?? "Latchkey"
        guard let theme = Theme(rawValue: options.others["theme"] ?? "system") else {
            throw SessionError(
                options:
                    "option \"theme\" takes one of \(Theme.allCases.map(\.rawValue).joined(separator: ", "))"
            )
        }
        self.theme = theme
        let base = options.others["base"] ?? "/"
        guard base.utf8.first == UInt8(ascii: "/"), base.utf8.allSatisfy(Self.isPathByte),
            !base.contains("//")
        else {
            throw SessionError(
                options: "option \"base\" takes a path of letters, digits, - . _ ~ and / that begins with /"
            )
        }
        self.base = base.utf8.last == UInt8(ascii: "/") ? String(base.dropLast()) : base
    }

    private static func isPathByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"), UInt8(ascii: "/"):
            true
        default: false
        }
    }
}

/// All sites that were seen, by the string of options that nginx sent for them.
final class Sites: Sendable {
    struct Entry: Sendable {
        let site: Site
        let routes: Router<Session>
    }

    private let limits: SiteOptions.Limits
    private let pages: Pages
    // Protects the table; only hashing and comparing happens under it.
    private let table = Mutex<[ArraySlice<UInt8>: Result<Entry, SessionError>]>([:])

    init(limits: SiteOptions.Limits, pages: Pages) {
        self.limits = limits
        self.pages = pages
    }

    func entry(for request: Request) throws(SessionError) -> Entry {
        let text = request.parameters.value("LATCHKEY_OPTIONS") ?? []
        if let known = table.withLock({ $0[text] }) { return try known.get() }
        let made: Result<Entry, SessionError>
        do throws(SessionError) {
            let site = try Site(try SiteOptions(text, others: Site.optionNames, limits: limits))
            made = .success(Entry(site: site, routes: pages.routes(of: site)))
        } catch {
            made = .failure(error)
        }
        // Bounded, so that a site file with a request's value in its options fills no memory.
        table.withLock { if $0.count < 256 { $0[Array(text)[...]] = made } }
        return try made.get()
    }
}
