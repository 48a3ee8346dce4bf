import Foundation
import Kernel
import Testing

@Suite struct `latchkey dev` {
    private let house: CommandHouse

    init() throws { house = try CommandHouse() }

    @Test func `serves the demo users through nginx, and leaves nothing behind`() throws {
        defer { house.end() }
        let state = "\(house.folder)/state"
        let dev = try house.start(["dev", "--port", "0", "--state", state, "--demo", "--workers", "1"])
        #expect(eventually { dev.output.hasPrefix("ready http://localhost:") }, "\(dev.talk)")
        #expect(dev.output.split(separator: "\n").count == 1)
        let address =
            dev.output.split(separator: " ").last.map { $0.split(separator: "\n")[0] }.map(String.init) ?? ""
        let answer = try house.request(
            "POST",
            address + "/login",
            body: "username=johnDoe&password=password123"
        )
        #expect(answer.contains("Hello, johnDoe. You have been logged in."))
        let list = try house.run(["session", "list", "--state", state, "--no-headers"])
        #expect(list.output.contains("johnDoe"))
        #expect(try house.run(["status", "--state", state]).output.contains("1 of 1 serve"))
        try dev.signal(.interrupt)
        #expect(dev.code() == 0)
        #expect(try house.run(["status", "--state", state]).code == 69)
        for name in ["latchkey.sock", "accounts.sock", "control.sock"] {
            #expect(!FileManager.default.fileExists(atPath: "\(state)/run/\(name)"))
        }
        #expect(!FileManager.default.fileExists(atPath: "\(state)/nginx/nginx.pid"))
    }

    @Test func `works in a folder that is deeper than a socket's path may be`() throws {
        defer { house.end() }
        let state = house.folder + "/" + String(repeating: "deep/", count: 20) + "state"
        let dev = try house.start(["dev", "--port", "0", "--state", state, "--workers", "1"])
        #expect(eventually { dev.output.hasPrefix("ready ") }, "\(dev.talk)")
        #expect(try house.run(["status", "--state", state]).code == 0)
        let run = try FileManager.default.destinationOfSymbolicLink(atPath: "\(state)/run")
        try dev.signal(.terminate)
        #expect(dev.code() == 0)
        #expect(!FileManager.default.fileExists(atPath: run))
    }

    @Test func `says that a port is taken`() throws {
        defer { house.end() }
        let (listener, port) = try Sockets.listen(loopbackPort: 0)
        let socket = Descriptor(owning: listener)
        let dev = try house.run(["dev", "--port", "\(port)", "--state", "\(house.folder)/state"])
        #expect(dev.code == 69)
        #expect(dev.talk.contains("port \(port) of 127.0.0.1 is taken"))
        #expect(!FileManager.default.fileExists(atPath: "\(house.folder)/state"))
        #expect(socket.number > 0)
    }

    @Test(arguments: [
        (["--workers", "0"], "--workers is a number from 1 to 64"),
        (["--threads", "300"], "--threads is a number"),
        (["--user", "alice"], "NAME:PASSWORD"), (["--log-level", "inof"], #"did you mean "info"?"#),
        (["--prot", "1"], "--port"),
    ])
    func `says what is wrong with a flag`(_ flags: [String], _ sentence: String) throws {
        defer { house.end() }
        let dev = try house.run(["dev", "--state", "\(house.folder)/state"] + flags)
        #expect(dev.code == 64)
        #expect(dev.talk.contains(sentence), "\(dev.talk)")
    }
}

extension CommandHouse {
    /// One request with a library's client; the whole answer's body.
    func request(_ method: String, _ address: String, body: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/curl")
        process.arguments = ["-s", "-X", method, "-d", body, address]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        process.waitUntilExit()
        return String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    }
}
