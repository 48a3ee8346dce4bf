import Foundation
import TestBench

/// One window of a browser, at one site.
struct Tab: Sendable {
    let browser: Browser
    /// Scheme, host and port of the site.
    let site: String
    /// The driver's name of the window.
    let handle: String

    /// Opens a window beside the others, and looks at it.
    static func open(_ browser: Browser, _ site: String) throws -> Tab {
        let value = try browser.send("POST", "/window/new", ["type": "tab"])
        guard let handle = (value as? [String: Any])?["handle"] as? String else {
            throw BenchError("the driver opened no window")
        }
        let tab = Tab(browser: browser, site: site, handle: handle)
        try tab.look()
        // Or else a window that was opened by the driver shows no focus until it is clicked in.
        try browser.develop("Emulation.setFocusEmulationEnabled", ["enabled": true])
        return tab
    }

    /// Makes this the window that commands go to.
    func look() throws { _ = try browser.send("POST", "/window", ["handle": handle]) }

    /// Goes to a path of the site, and waits until it is loaded.
    func visit(_ path: String) throws { _ = try browser.send("POST", "/url", ["url": site + path]) }

    /// Presses the back button.
    func goBack() throws { _ = try browser.send("POST", "/back") }

    /// Presses the reload button.
    func reload() throws { _ = try browser.send("POST", "/refresh") }

    /// The address behind the site's; the whole one when it is another site's.
    var path: String {
        get throws {
            let url = try browser.send("GET", "/url") as? String ?? ""
            return url.hasPrefix(site) ? String(url.dropFirst(site.count)) : url
        }
    }

    /// The title of the page.
    var title: String { get throws { try browser.send("GET", "/title") as? String ?? "" } }

    /// The page as it stands now, with its marks.
    var source: String { get throws { try browser.send("GET", "/source") as? String ?? "" } }

    /// All text that a visitor sees.
    var text: String { get throws { try self["body"].text } }

    /// The first element that a CSS selector finds.
    ///
    /// - Throws: where there is none; the error has the page's text.
    subscript(_ selector: String) -> Element {
        get throws {
            do {
                return try Element(browser, browser.send("POST", "/element", Self.query(selector)))
            } catch {
                throw BenchError("\(error)\n\(try source)")
            }
        }
    }

    /// Whether a CSS selector finds anything.
    func has(_ selector: String) throws -> Bool {
        let found = try browser.send("POST", "/elements", Self.query(selector)) as? [Any]
        return found?.isEmpty == false
    }

    /// The element that keys go to.
    var focused: Element { get throws { try Element(browser, browser.send("GET", "/element/active")) } }

    private static func query(_ selector: String) -> [String: Any] {
        ["using": "css selector", "value": selector]
    }

    /// Strikes keys, one after the other, as a keyboard does; whatever has the focus gets them.
    func strike(_ keys: String) throws {
        let strokes = keys.flatMap { key in
            ["keyDown", "keyUp"].map { ["type": $0, "value": String(key)] }
        }
        let keyboard: [String: Any] = ["type": "key", "id": "keyboard", "actions": strokes]
        _ = try browser.send("POST", "/actions", ["actions": [keyboard]])
    }

    /// Waits until a path is shown.
    func wait(for path: String) throws {
        try Waiting.until("the page \(path), not \(try self.path)") { try self.path == path }
    }

    /// Runs a script in the page, past its policy; what it returns.
    func run(_ script: String) throws -> Any {
        try browser.send("POST", "/execute/sync", ["script": script, "args": [] as [String]])
    }

    /// What the browser has complained of since it was asked last, on all pages.
    var complaints: [String] {
        get throws {
            let lines = try browser.send("POST", "/se/log", ["type": "browser"]) as? [[String: Any]] ?? []
            return lines.map { "\($0["level"] ?? "") \($0["source"] ?? "") \($0["message"] ?? "")" }
        }
    }

    /// A picture of the window, as a PNG.
    var picture: Data {
        get throws {
            let text = try browser.send("GET", "/screenshot") as? String ?? ""
            guard let data = Data(base64Encoded: text) else { throw BenchError("no picture") }
            return data
        }
    }
}
