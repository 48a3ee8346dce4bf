import Sessions
import Web

/// The lab's command line.
struct LabConfiguration {
    enum StoreChoice {
        case memory
        case files(String, isExpress: Bool)
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    var socket: String?
    var store = StoreChoice.memory
    var secrets: SessionSecrets?
    var ids = SessionIDGenerator.random
    var threads = 4

    init(_ arguments: some Sequence<String>) throws(Failure) {
        var secrets: [[UInt8]] = []
        var hasStore = false
        var rest = Array(arguments)[...]
        while let flag = rest.popFirst() {
            guard let value = rest.popFirst() else { throw Failure(description: "\(flag) needs a value") }
            switch flag {
            case "--listen": socket = value
            case "--store":
                store = try Self.store(value)
                hasStore = true
            case "--secret": secrets.append(try Self.secret(value))
            case "--generate-id": ids = try Self.generator(value)
            case "--threads":
                guard let number = Int(value), (1...256).contains(number) else {
                    throw Failure(description: "--threads takes a number from 1 to 256")
                }
                threads = number
            default: throw Failure(description: "unknown option \(flag)")
            }
        }
        guard hasStore else {
            throw Failure(description: "--store is missing: memory, file:DIR or file:DIR,layout=express")
        }
        if secrets.isEmpty { return }
        do throws(SessionSecrets.Failure) {
            // The lab takes secrets of any length, so that it can share them with any program.
            self.secrets = try SessionSecrets(secrets, minimumBytes: 0)
        } catch {
            throw Failure(description: "--secret: \(error)")
        }
    }

    private static func store(_ text: String) throws(Failure) -> StoreChoice {
        if text == "memory" { return .memory }
        guard text.hasPrefix("file:") else {
            throw Failure(description: "--store takes memory or file:DIR[,layout=express]")
        }
        let place = text.dropFirst(5)
        let express = ",layout=express"
        let isExpress = place.hasSuffix(express)
        let folder = isExpress ? place.dropLast(express.count) : place
        guard !folder.isEmpty else { throw Failure(description: "--store file: needs a folder") }
        return .files(String(folder), isExpress: isExpress)
    }

    private static func secret(_ text: String) throws(Failure) -> [UInt8] {
        guard text.hasPrefix("hex:") else { return Array(text.utf8) }
        let digits = Array(text.utf8.dropFirst(4))
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard index + 1 < digits.count,
                let byte = UInt8(String(decoding: digits[index...index + 1], as: UTF8.self), radix: 16)
            else { throw Failure(description: "--secret hex: takes pairs of hexadecimal digits") }
            bytes.append(byte)
        }
        return bytes
    }

    private static func generator(_ text: String) throws(Failure) -> SessionIDGenerator {
        switch text {
        case "random": return .random
        case "url": return .custom { $0.target }
        case _ where text.hasPrefix("fixed:") && text.utf8.count > 6:
            let id = String(text.dropFirst(6))
            return .custom { _ in id }
        default: throw Failure(description: "--generate-id takes random, fixed:TEXT or url")
        }
    }
}
