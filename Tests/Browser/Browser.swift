import Foundation
import TestBench

/// A running chromium, driven over the WebDriver protocol (W3C WebDriver 2).
struct Browser: Sendable {
    /// What a session of the driver is asked for.
    struct Options: Sendable {
        /// Whether pages may run scripts.
        var runsScripts = true
        /// The size of the window, in CSS pixels.
        var size = (width: 900, height: 640)
    }

    private let port: UInt16
    private let session: String

    /// Opens a browser with a profile of its own in a folder that exists.
    ///
    /// - Throws: a ``BenchError`` where chromium does not start; it has the driver's words.
    static func open(driver port: UInt16, profile: String, _ options: Options = Options()) throws -> Browser {
        let chrome: [String: Any] = [
            "binary": try BuiltPrograms.system("chromium"),
            "args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                "--no-first-run",
                "--hide-scrollbars", "--user-data-dir=\(profile)",
                "--window-size=\(options.size.width),\(options.size.height)",
            ],
            // A preference of 1 allows, 2 blocks.
            "prefs": ["profile.managed_default_content_settings.javascript": options.runsScripts ? 1 : 2],
        ]
        let wanted: [String: Any] = [
            "goog:chromeOptions": chrome, "goog:loggingPrefs": ["browser": "ALL"],
            "timeouts": ["implicit": 0, "pageLoad": 20_000, "script": 5000],
        ]
        let value = try command(port, "POST", "/session", ["capabilities": ["alwaysMatch": wanted]])
        guard let session = (value as? [String: Any])?["sessionId"] as? String else {
            throw BenchError("the driver named no session")
        }
        return Browser(port: port, session: session)
    }

    /// Closes all windows and ends chromium.
    func close() throws { _ = try Self.command(port, "DELETE", "/session/\(session)") }

    /// Sends a command of the session; its `value`.
    func send(_ method: String, _ path: String, _ body: [String: Any] = [:]) throws -> Any {
        try Self.command(port, method, "/session/\(session)\(path)", body)
    }

    /// Sends a command of the DevTools protocol to the page.
    func develop(_ name: String, _ parameters: [String: Any] = [:]) throws {
        _ = try send("POST", "/goog/cdp/execute", ["cmd": name, "params": parameters])
    }

    /// Sends a command and takes the member `value` out of the answer; an error of the protocol is thrown.
    private static func command(
        _ port: UInt16,
        _ method: String,
        _ path: String,
        _ body: [String: Any] = [:]
    ) throws -> Any {
        let bytes = method == "POST" ? Array(try JSONSerialization.data(withJSONObject: body)) : []
        let answer = try HTTPClient(port: port, timeout: 60).send(
            method,
            path,
            [("Content-Type", "application/json; charset=utf-8")],
            body: method == "POST" ? .bytes(bytes) : .none
        )
        let all = try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any]
        guard let value = all?["value"] else { throw BenchError("\(method) \(path): \(answer)") }
        if let problem = value as? [String: Any], let error = problem["error"] as? String {
            throw BenchError("\(method) \(path): \(error): \(problem["message"] ?? "")")
        }
        return value
    }
}
