internal import Foundation

/// What a session lab answered to a script (Tests/Fixtures/SessionLab).
public struct LabAnswer: Sendable {
    /// The HTTP answer.
    public let answer: HTTPAnswer
    /// One compact JSON text for each operation.
    public let results: [String]
    /// The id at the end; nil where there was no session.
    public let id: String?
    /// The values at the end, as compact JSON texts.
    public let values: [String: String]
    /// What the lab complained of.
    public let error: String?

    init(_ answer: HTTPAnswer) throws {
        self.answer = answer
        let object = try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any] ?? [:]
        let session = object["session"] as? [String: Any]
        results = (object["results"] as? [Any] ?? []).map(Self.text)
        id = session?["id"] as? String
        values = (session?["values"] as? [String: Any] ?? [:]).mapValues(Self.text)
        error = object["error"] as? String
    }

    private static func text(_ value: Any) -> String {
        let data = try? JSONSerialization.data(
            withJSONObject: value,
            options: [.fragmentsAllowed, .sortedKeys]
        )
        return data.map { String(decoding: $0, as: UTF8.self) } ?? "?"
    }
}

extension HTTPClient {
    /// Has a session lab run operations on this visitor's session.
    public func run(_ operations: String..., at target: String = "/") throws -> LabAnswer {
        try LabAnswer(get(target, [("X-Script", operations.joined(separator: " ; "))]))
    }
}
