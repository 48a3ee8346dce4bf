internal import AccountsClient
internal import CSodium
internal import Foundation
internal import Kernel

/// A password as it is hashed: in guarded memory of libsodium's that is never swapped, and wiped when the last holder lets go.
///
/// Text is brought into Unicode form C (NIST SP 800-63B section 3.1.1.2), so that a password typed on another system is the same one;
/// bytes that are not UTF-8 are taken as they are. Nothing is trimmed, folded or cut.
@safe public final class Password: @unchecked Sendable, CustomStringConvertible {
    // Safe because the memory is written before the object is shared and never after.
    private let start: UnsafeMutableRawPointer
    /// Bytes after normalisation, 1 to 3,072 (form C may be longer than what was typed).
    public let count: Int
    /// Code points, the unit of length rules; 0 for bytes that are not UTF-8.
    public let characters: Int
    let hasControls: Bool

    /// Takes what was typed and wipes that copy of it.
    ///
    /// Nil for nothing, for more than 1,024 bytes, and when there is no guarded memory.
    ///
    /// - Parameter typed: empty afterwards. Bytes that another array still shares are that one's to wipe.
    public init?(typed: inout [UInt8]) {
        defer { Memory.wipe(&typed) }
        guard (1...AccountsWireFormat.maximumPasswordBytes).contains(typed.count), Sodium.isReady else {
            return nil
        }
        var form: [UInt8] = []
        defer { Memory.wipe(&form) }
        // ASCII is in form C already, so the usual password never becomes a String.
        if typed.allSatisfy({ $0 < 0x80 }) {
            characters = typed.count
            hasControls = typed.contains { $0 < 0x20 || $0 == 0x7F }
        } else if let text = String(validating: typed, as: UTF8.self)?.precomposedStringWithCanonicalMapping {
            form = Array(text.utf8)
            characters = text.unicodeScalars.count
            hasControls = text.unicodeScalars.contains { $0.properties.generalCategory == .control }
        } else {
            characters = 0
            hasControls = true
        }
        let bytes = form.isEmpty ? typed : form
        count = bytes.count
        guard let memory = unsafe sodium_malloc(bytes.count) else { return nil }
        unsafe start = memory
        // Safe because the memory has as many bytes as are copied.
        unsafe memory.copyMemory(from: bytes, byteCount: bytes.count)
    }

    deinit {
        // Safe because nobody else holds the memory; sodium_free wipes it first.
        unsafe sodium_free(start)
    }

    /// Never the password.
    public var description: String { "(password)" }

    func withCharacters<Result>(_ body: (_ start: UnsafePointer<CChar>, _ count: Int) -> Result) -> Result {
        // Safe because the memory lives as long as this object, and holds that many bytes.
        unsafe body(UnsafePointer(start.assumingMemoryBound(to: CChar.self)), count)
    }

    func equals(_ text: String) -> Bool {
        // Safe because the body stays inside the count.
        unsafe withCharacters { start, count in
            unsafe UnsafeRawBufferPointer(start: start, count: count).elementsEqual(text.utf8)
        }
    }
}
