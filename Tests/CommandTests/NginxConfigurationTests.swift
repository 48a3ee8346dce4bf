import Foundation
import Testing

@testable import latchkey

@Suite struct `The private nginx's configuration` {
    @Test func `passes nginx's own check, also with quotes in the options`() throws {
        let house = try CommandHouse()
        defer { house.end() }
        let nginx = try PrivateNginx.find()
        let site = NginxConfiguration(
            folder: house.folder,
            port: 8080,
            socket: "\(house.folder)/l.sock",
            options: #"idle=30m; title="It's {mine} \ yours"; theme=slate"#
        )
        #expect(site.problem == nil)
        let path = try house.write("nginx.conf", site.text)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: nginx)
        process.arguments = ["-t", "-q", "-p", house.folder, "-c", path, "-e", "\(house.folder)/error.log"]
        let pipe = Pipe()
        process.standardError = pipe
        try process.run()
        process.waitUntilExit()
        let talk = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        #expect(process.terminationStatus == 0, "\(talk)")
    }

    @Test(arguments: ["a$b", "a\nb", "a\u{7F}b"])
    func `refuses what nginx's file cannot hold`(_ options: String) {
        let site = NginxConfiguration(folder: "/x", port: 1, socket: "/y", options: options)
        #expect(site.problem?.contains("--options has a character") == true)
    }
}
