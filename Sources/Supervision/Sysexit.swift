/// The exit codes that Latchkey's processes tell each other and the shell, from sysexits.h.
public enum Sysexit {
    /// Stopped because it was asked to.
    public static let stopped: Int32 = 0
    /// It did not work; the message says what.
    public static let failed: Int32 = 1
    /// EX_USAGE: the command line is wrong.
    ///
    /// From a child it also means "cannot start".
    public static let usage: Int32 = 64
    /// EX_DATAERR: what was given to work on is wrong.
    public static let data: Int32 = 65
    /// EX_UNAVAILABLE: something that is needed is not there or not running.
    public static let unavailable: Int32 = 69
    /// EX_SOFTWARE: an error of our own.
    public static let software: Int32 = 70
    /// EX_OSERR: the system refuses, for example to start a process.
    public static let system: Int32 = 71
    /// EX_TEMPFAIL: somebody else is at it; try again.
    public static let temporary: Int32 = 75
    /// EX_NOPERM: this user may not.
    public static let permission: Int32 = 77
    /// EX_CONFIG: the configuration is wrong.
    ///
    /// From a child it means "cannot start": another try would end the same way.
    public static let configuration: Int32 = 78
}
