internal import CKernel
internal import Glibc

/// What the command needs to know of a terminal.
public enum Terminal {
    /// Whether the descriptor is a terminal.
    public static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// Shows typed characters, or hides them while a password is typed.
    public static func setEcho(_ descriptor: Int32, _ on: Bool) throws(Errno) {
        _ = try call(.other) { ck_terminal_echo(descriptor, on ? 1 : 0) }
    }
}
