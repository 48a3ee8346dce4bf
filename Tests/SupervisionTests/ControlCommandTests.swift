import Supervision
import Testing

@Suite struct `A line on the control socket` {
    @Test(arguments: [ControlCommand.status, .restart, .scale(to: 1), .scale(to: 64)])
    func `is read as it was written`(_ command: ControlCommand) {
        #expect(ControlCommand(command.line) == command)
    }

    @Test(arguments: [
        "", " ", "Status", "status ", " status", "scale", "scale x", "scale -1", "scale 1 2",
        "scale 99999999999999999999", "stop",
    ])
    func `is refused when it is anything else`(_ line: String) {
        #expect(ControlCommand(line) == nil)
    }
}
