internal import CKernel
internal import Glibc

/// Child processes, and facts about this one.
public enum Processes {
    /// How a child ended.
    public enum End: Sendable, Equatable {
        /// By itself, with this code, 0 to 255.
        case exited(Int32)
        /// By this signal.
        case signalled(Int32)
    }

    /// This process.
    public static var id: Int32 { getpid() }
    /// The process that started this one; 1 (or a subreaper) when it is gone.
    public static var parent: Int32 { getppid() }
    /// The effective user.
    public static var user: UInt32 { geteuid() }
    /// The effective group.
    public static var group: UInt32 { getegid() }

    /// Starts a program.
    ///
    /// Signals are unblocked and at their defaults in the child; all descriptors but the named ones are closed.
    ///
    /// - Parameters:
    ///   - path: the program's file; no search.
    ///   - arguments: from argv[0] on.
    ///   - environment: `NAME=VALUE` lines.
    ///   - descriptors: what becomes descriptor 0, 1, 2, … of the child (at most 16); nil is /dev/null.
    ///   - directory: the child's working directory; nil is ours.
    ///   - diesWithParent: whether the kernel kills it (SIGKILL) when the thread that starts it ends.
    ///   - newSession: whether it gets a session of its own, so that a terminal's Ctrl-C does not reach it.
    /// - Returns: the process id.
    /// - Throws: the errno of execve(2) where the program cannot be executed, that of fork(2) where there is no room.
    public static func spawn(
        _ path: String,
        arguments: [String],
        environment: [String],
        descriptors: [Int32?],
        directory: String? = nil,
        diesWithParent: Bool = false,
        newSession: Bool = false
    ) throws(Errno) -> Int32 {
        for text in arguments + environment + [path, directory ?? ""] { try Files.checkName(text) }
        let numbers = descriptors.map { $0 ?? -1 }
        let death = diesWithParent ? SIGKILL : 0
        // Safe because all pointers live until the call returns, and both vectors end with nil.
        return try call(.spawn) {
            unsafe withVector(arguments) { argv in
                unsafe withVector(environment) { envp in
                    unsafe withOptionalCString(directory) { folder in
                        unsafe ck_spawn(
                            path,
                            argv,
                            envp,
                            numbers,
                            Int32(numbers.count),
                            folder,
                            death,
                            newSession ? 1 : 0
                        )
                    }
                }
            }
        }
    }

    /// Takes the end of a child that has ended, waitpid(2).
    ///
    /// - Parameters:
    ///   - process: the child, or -1 for any.
    ///   - wait: whether to wait for it.
    /// - Returns: nil when none has ended yet.
    /// - Throws: ECHILD where there is no such child.
    public static func reap(_ process: Int32 = -1, wait: Bool) throws(Errno) -> (process: Int32, end: End)? {
        var status: Int32 = 0
        // Safe because the pointer lives for the call.
        let ended = try call(.wait) { unsafe ck_wait(process, wait ? 0 : WNOHANG, &status) }
        guard ended > 0 else { return nil }
        if ck_exited(status) != 0 { return (ended, .exited(ck_exit_code(status))) }
        return (ended, .signalled(ck_termination_signal(status)))
    }

    /// Sends a signal to one process.
    public static func signal(_ process: Int32, _ signal: Signals.Signal) throws(Errno) {
        // 0 and below would reach whole groups (kill(2)).
        guard process > 0 else { throw .invalidArgument }
        _ = try call(.kill) { kill(process, signal.rawValue) }
    }

    /// Whether a process of this id exists and may be signalled by us.
    public static func exists(_ process: Int32) -> Bool { process > 0 && kill(process, 0) == 0 }

    /// The user and the main group of a name of the user database, getpwnam(3); ENOENT when there is none.
    public static func account(_ name: String) throws(Errno) -> (user: UInt32, group: UInt32) {
        var (user, group): (UInt32, UInt32) = (0, 0)
        // Safe because the pointers live for the call.
        _ = try Files.withName(name, .other) { unsafe ck_user($0, &user, &group) }
        return (user, group)
    }

    /// The user and the main group of a name that stands in `/etc/passwd` itself; ENOENT for any other.
    ///
    /// Other than `account`, this never brings the libraries of other user databases into the process.
    public static func listedAccount(_ name: String) throws(Errno) -> (user: UInt32, group: UInt32) {
        var (user, group): (UInt32, UInt32) = (0, 0)
        // Safe because the pointers live for the call.
        _ = try Files.withName(name, .other) { unsafe ck_listed_user($0, &user, &group) }
        return (user, group)
    }

    /// Becomes another user for good: supplementary groups, group, user, in this order.
    public static func become(_ name: String) throws(Errno) {
        let (user, group) = try account(name)
        // Safe because the pointer lives for the call.
        _ = try Files.withName(name, .other) { unsafe ck_drop_to(user, group, $0) }
    }

    /// Keeps core dumps and other processes of this user out of our memory, `PR_SET_DUMPABLE` 0 (prctl(2)).
    public static func makeUndumpable() throws(Errno) { _ = try call(.other) { ck_set_undumpable() } }

    /// The kernel's bounds of a process, setrlimit(2).
    public enum Limit: Sendable {
        /// Open files.
        case openFiles
        /// The size of a core dump.
        case coreBytes
        /// The address space.
        case addressSpaceBytes
    }

    /// Sets both the soft and the hard bound.
    public static func setLimit(_ limit: Limit, to value: UInt64) throws(Errno) {
        let resource: Int32
        switch limit {
        case .openFiles: resource = Int32(RLIMIT_NOFILE.rawValue)
        case .coreBytes: resource = Int32(RLIMIT_CORE.rawValue)
        case .addressSpaceBytes: resource = Int32(RLIMIT_AS.rawValue)
        }
        _ = try call(.other) { ck_limit(resource, value, value) }
    }

    /// The value of an environment variable; nil when unset or not UTF-8.
    public static func environment(_ name: String) -> String? {
        // Safe because the environment is not changed after start, and the string is copied at once.
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(validatingCString: value)
    }

    /// The file of the running program.
    public static func executablePath() throws(Errno) -> String {
        var buffer = [CChar](repeating: 0, count: 4097)
        // Safe because readlink(2) writes at most the given count, one less than the buffer.
        let length = try call(.other) { unsafe readlink("/proc/self/exe", &buffer, 4096) }
        return String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Ends the process at once, without exit handlers.
    public static func exit(_ code: Int32) -> Never { _exit(code) }

    private static func withVector<Result>(
        _ strings: [String],
        _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        // Safe because every copy is freed after the body has run, and the body only passes the vector to one call.
        var copies: [UnsafeMutablePointer<CChar>?] = unsafe strings.map { unsafe strdup($0) }
        unsafe copies.append(nil)
        defer { unsafe copies.forEach { unsafe free($0) } }
        return unsafe body(copies)
    }

    private static func withOptionalCString<Result>(
        _ text: String?,
        _ body: (UnsafePointer<CChar>?) -> Result
    ) -> Result {
        guard let text else { return body(nil) }
        return unsafe text.withCString { unsafe body($0) }
    }
}
