internal import Foundation
internal import Kernel

/// A file or folder as `ls -l` shows it.
public struct FolderEntry: Sendable, CustomStringConvertible {
    /// Relative to the folder that was listed.
    public let path: String
    /// The permissions alone, 0o600 or the like.
    public let permissions: UInt32
    /// Its owner.
    public let user: UInt32
    /// Whether it is a regular file.
    public let isFile: Bool
    /// Whether it is a folder.
    public let isFolder: Bool
    /// Whether it is a symbolic link, whose permissions mean nothing (symlink(7)).
    public let isLink: Bool
    /// Bytes.
    public let size: UInt64

    /// The last part of the path.
    public var name: String { path.split(separator: "/").last.map(String.init) ?? path }

    /// The permissions and the path, for failures.
    public var description: String { String(permissions, radix: 8) + " " + path }
}

extension Folder {
    /// The folder itself as `.`, and everything below it; what goes away meanwhile is left out.
    public static func entries(_ path: String) -> [FolderEntry] {
        (["."] + list(path)).compactMap { name in
            guard let status = try? Files.status("\(path)/\(name)") else { return nil }
            return FolderEntry(
                path: name,
                permissions: status.permissions,
                user: status.user,
                isFile: status.kind == .regular,
                isFolder: status.kind == .directory,
                isLink: status.kind == .symbolicLink,
                size: status.size
            )
        }
    }
}
