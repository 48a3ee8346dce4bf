/// Names that cannot be names of values.
public enum SessionReservedNames {
    /// Members of express-session's Session and of every JavaScript object, which it drops when it loads a record; `cookie`;
    /// and the two names under which stores and this library keep what is theirs.
    public static func contains(_ name: String) -> Bool { contains(bytes: Array(name.utf8)) }

    static func contains(bytes name: some Collection<UInt8>) -> Bool {
        guard let first = name.first else { return false }
        // Nearly all names end here.
        guard firstLetters.contains(first) else { return false }
        return names.contains { $0.utf8.elementsEqual(name) }
    }

    /// Where session-file-store keeps the instant of the last access, in milliseconds.
    static let lastAccess = "__lastAccess"
    /// Where this library keeps the instants of a session's creation and renewal.
    static let own = "__latchkey"

    private static let names = [
        "cookie", "id", "req", "save", "touch", "reload", "destroy", "regenerate", "resetMaxAge",
        "constructor", "toString", "toLocaleString", "valueOf", "hasOwnProperty", "isPrototypeOf",
        "propertyIsEnumerable",
        "__proto__", "__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__",
        lastAccess, own,
    ]
    private static let firstLetters = Set(names.compactMap(\.utf8.first))
}
