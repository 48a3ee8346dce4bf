import TestBench

/// An element of the page that is shown.
struct Element: Sendable {
    private let browser: Browser
    private let path: String

    /// An element from the driver's answer.
    init(_ browser: Browser, _ answer: Any) throws {
        // The member's name is a constant of the protocol ("web element identifier").
        let name = "element-6066-11e4-a52e-4f735466cecf"
        guard let id = (answer as? [String: Any])?[name] as? String else {
            throw BenchError("not an element: \(answer)")
        }
        self.browser = browser
        path = "/element/\(id)"
    }

    /// Clicks in its middle, and waits until another page is there.
    func press() throws {
        _ = try browser.send("POST", path + "/click")
        // The driver waits for a page that is on its way, but not for an answer that takes its time.
        try Waiting.until("the page behind a button") { try isGone }
    }

    /// Whether its page has been left.
    private var isGone: Bool {
        get throws {
            do {
                _ = try browser.send("GET", path + "/enabled")
                return false
            } catch let error as BenchError where Self.words(ofGone: error.description) {
                return true
            }
        }
    }

    /// Whether the driver says that an element's page has been left; between two pages it says so in the inspector's words.
    private static func words(ofGone error: String) -> Bool {
        ["stale element reference", "does not belong to the document", "no such execution context"]
            .contains { error.contains($0) }
    }

    /// Types into it.
    func type(_ text: String) throws { _ = try browser.send("POST", path + "/value", ["text": text]) }

    /// The text that a visitor sees.
    var text: String { get throws { try browser.send("GET", path + "/text") as? String ?? "" } }

    /// What it is to assistive technology.
    var role: String { get throws { try browser.send("GET", path + "/computedrole") as? String ?? "" } }

    /// What assistive technology calls it.
    var label: String { get throws { try browser.send("GET", path + "/computedlabel") as? String ?? "" } }

    /// A property of its object, as text; empty when there is none.
    func property(_ name: String) throws -> String {
        try browser.send("GET", path + "/property/\(name)") as? String ?? ""
    }
}
