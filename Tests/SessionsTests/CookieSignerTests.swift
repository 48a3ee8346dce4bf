import Testing
import Web

@testable import Sessions

/// The vectors of the wire format: secret, id, and the cookie's whole value as express-session sends it.
struct WireVector: Sendable, CustomTestStringConvertible {
    let name: String
    let secret: [UInt8]
    let id: String
    let value: String
    var testDescription: String { name }

    static let all: [WireVector] = [
        WireVector(
            name: "V1",
            secret: Array("keyboard cat".utf8),
            id: "2o7sOpgMqMGWem0IxddjE0DkR3-jqUPx",
            value: "s%3A2o7sOpgMqMGWem0IxddjE0DkR3-jqUPx.o1ec9kD5x6UjLWKhJgWkG%2BuCLTTu2%2BSwTy7KsPF44nk"
        ),
        WireVector(
            name: "V2",
            secret: Array("keyboard cat".utf8),
            id: "apple",
            value: "s%3Aapple.D8Y%2BpkTAmeR0PobOhY4G97PRW%2Bj7bUnP%2F5m6%2FOn1MCU"
        ),
        WireVector(
            name: "V3",
            secret: Array("keyboard cat".utf8),
            id: "%",
            value: "s%3A%25.kzQ6x52kKVdF35Qh62AWk4ZekS28K5XYCXKa%2FOTZ01g"
        ),
        WireVector(
            name: "V4",
            secret: Array("keyboard cat".utf8),
            id: "/foo",
            value: "s%3A%2Ffoo.paEKBtAHbV5s1IB8B2zPnzAgYmmnRPIqObW4VRYj%2FMQ"
        ),
        WireVector(
            name: "V5",
            secret: Array("keyboard cat".utf8),
            id: "a.b.c",
            value: "s%3Aa.b.c.G8ReS2HiYVtvMBGFvZUGp5RaCauWFLUTjnnTm%2FEQ2aE"
        ),
        WireVector(
            name: "V6",
            secret: Array("nyan cat".utf8),
            id: "2o7sOpgMqMGWem0IxddjE0DkR3-jqUPx",
            value: "s%3A2o7sOpgMqMGWem0IxddjE0DkR3-jqUPx.xWljw9KzKfsCd0hwitVkTXuOW8jP3qcs03Wx7U%2BCGEA"
        ),
        WireVector(
            name: "V7",
            secret: Array(0...31),
            id: "2o7sOpgMqMGWem0IxddjE0DkR3-jqUPx",
            value: "s%3A2o7sOpgMqMGWem0IxddjE0DkR3-jqUPx.LHJxX8%2FiF7qfkFvhnG4UWyWwOlsh%2FQ%2FuvtcZOrmnXTM"
        ),
        WireVector(
            name: "V8",
            secret: Array("sekret ü".utf8),
            id: "żółw-é",
            value: "s%3A%C5%BC%C3%B3%C5%82w-%C3%A9.Knr8titPsMx6M0JQ7jw00MBKDnBA7RFCNZxsCkCB%2BBI"
        ),
    ]

    func exchange(_ secrets: [[UInt8]]) throws -> SessionCookieExchange {
        SessionCookieExchange(
            signer: CookieSigner(try SessionSecrets(secrets, minimumBytes: 1)),
            options: SessionOptions(.express),
            acceptsAnyID: true
        )
    }
}

@Suite struct `The cookie on the wire` {
    @Test(arguments: WireVector.all) func `is written as express-session writes it`(_ vector: WireVector)
        throws
    {
        #expect(try vector.exchange([vector.secret]).value(vector.id) == vector.value)
    }

    @Test(arguments: WireVector.all) func `is read back, encoded or not`(_ vector: WireVector) throws {
        let exchange = try vector.exchange([vector.secret])
        #expect(read(vector.value, exchange)?.id == vector.id)
        let raw = String(decoding: PercentEncoding.decode(Array(vector.value.utf8)[...]) ?? [], as: UTF8.self)
        #expect(read(raw, exchange)?.id == vector.id)
        #expect(read("\"\(vector.value)\"", exchange)?.id == vector.id)
    }

    @Test func `of an old secret is read, and told to be old`() throws {
        let vector = WireVector.all[5]
        let both = try vector.exchange([Array("keyboard cat".utf8), Array("nyan cat".utf8)])
        #expect(read(vector.value, both)?.signatureIsOld == true)
        #expect(read(WireVector.all[0].value, both)?.signatureIsOld == false)
        let one = try vector.exchange([Array("keyboard cat".utf8)])
        #expect(read(vector.value, one) == nil)
    }

    @Test func `is refused in any spelling but the one`() throws {
        let vector = WireVector.all[0]
        let exchange = try vector.exchange([vector.secret])
        let id = vector.id
        let signature = "o1ec9kD5x6UjLWKhJgWkG+uCLTTu2+SwTy7KsPF44nk"
        #expect(read("s:\(id).\(signature)", exchange) != nil)
        let urlSafe = signature.replacing("+", with: "-").replacing("/", with: "_")
        for bad in [
            "s:\(id).\(signature)=", "s:\(id).\(urlSafe)", "\(id).\(signature)", "s:\(id)", "s:.\(signature)",
            "s:", "",
            "j:\(id).\(signature)", "S:\(id).\(signature)", "s:\(id).\(signature.dropLast())",
            "s:\(id).\(signature)A",
            "s:\(id).\(signature.dropLast())l", "s:\(id). \(signature)",
        ] {
            #expect(read(bad, exchange) == nil, "\(bad)")
        }
    }

    @Test func `is refused after any one bit was flipped`() throws {
        let vector = WireVector.all[0]
        let exchange = try vector.exchange([vector.secret])
        let value = PercentEncoding.decode(Array(vector.value.utf8)[...]) ?? []
        var refused = 0
        for index in value.indices.dropFirst(2) {
            for bit in 0..<8 {
                var bytes = value
                bytes[index] ^= 1 << UInt8(bit)
                let found = exchange.signer.verify(bytes.dropFirst(2))
                if found == nil { refused += 1 }
                #expect(found == nil, "byte \(index), bit \(bit)")
            }
        }
        #expect(refused == (value.count - 2) * 8)
    }

    @Test func `has ids of ours in one alphabet, and no two alike`() {
        var seen: Set<String> = []
        for _ in 0..<10_000 {
            let id = SessionID.random()
            #expect(id.utf8.count == 32 && SessionID.isPlain(id.utf8))
            #expect(seen.insert(id).inserted)
        }
        var text: [UInt8] = []
        Base64.append(Array(0...23), .urlSafe, to: &text)
        #expect(String(decoding: text, as: UTF8.self) == "AAECAwQFBgcICQoLDA0ODxAREhMUFRYX")
    }

    @Test func `does not verify what was signed for another purpose`() throws {
        let secrets = try SessionSecrets([Array(repeating: 7, count: 32)])
        let token = TokenSigner(secrets, purpose: "form")
        let signature = token.sign("x")
        #expect(token.verify(signature, of: "x"))
        #expect(!token.verify(signature, of: "y"))
        #expect(!TokenSigner(secrets, purpose: "other").verify(signature, of: "x"))
        #expect(CookieSigner(secrets).verify(Array("x.\(signature)".utf8)[...]) == nil)
    }

    private func read(_ value: String, _ exchange: SessionCookieExchange) -> SessionCookieExchange.Candidate?
    {
        var found: SessionCookieExchange.Candidate?
        let request = Request(.get, "/", headers: [(.cookie, "other=1; connect.sid=\(value)")])
        _ = exchange.read(request, name: "connect.sid") { candidate in
            found = candidate
            return true
        }
        return found
    }
}

@Suite struct `A list of secrets` {
    @Test func `is refused when it is empty, too long, or has a short one`() {
        #expect(throws: SessionSecrets.Failure.none) { try SessionSecrets([]) }
        #expect(throws: SessionSecrets.Failure.tooShort(index: 1, bytes: 31, minimum: 32)) {
            try SessionSecrets([Array(repeating: 1, count: 32), Array(repeating: 1, count: 31)])
        }
        #expect(throws: SessionSecrets.Failure.tooMany(9)) {
            try SessionSecrets(Array(repeating: Array(repeating: 1, count: 32), count: 9))
        }
    }

    @Test func `prints nothing of itself`() throws {
        let secret = "correct horse battery staple 12345"
        let secrets = try SessionSecrets([Array(secret.utf8)])
        for text in [
            "\(secrets)", String(reflecting: secrets), "\(Mirror(reflecting: secrets).children.count)",
        ] {
            #expect(!text.contains("horse") && !text.contains("99, 111"))
        }
    }
}
