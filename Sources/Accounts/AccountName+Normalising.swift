public import AccountsClient
internal import Foundation

extension AccountName {
    /// Makes the one spelling of a name that was typed: Unicode form C, everything else as given.
    ///
    /// Nothing is trimmed, folded or repaired beyond that; a name that breaks a rule is refused with the rule. The rules follow PRECIS's
    /// UsernameCasePreserved (RFC 8265 section 3.4), with symbols allowed and the colon refused, as in htpasswd and in Basic
    /// credentials.
    public init(normalising typed: String) throws(AccountNameProblem) {
        // A bound before the work: form C of 1,024 bytes can be at most that many code points.
        guard typed.utf8.count <= AccountsWireFormat.maximumNameBytes else { throw .tooLong }
        let text = typed.precomposedStringWithCanonicalMapping
        try Self.check(text.unicodeScalars)
        // Full-width letters, ligatures, superscripts: other code points for the same word.
        guard text.precomposedStringWithCompatibilityMapping.utf8.elementsEqual(text.utf8) else {
            throw .compatibilityForm
        }
        self.init(canonical: text)
    }

    /// The same for bytes off the wire; nil when they cannot be a name.
    package init?(typed: [UInt8]) {
        guard let text = String(validating: typed, as: UTF8.self),
            let name = try? AccountName(normalising: text)
        else { return nil }
        self = name
    }

    /// What two names have in common that people would take for each other: case folded, form KC.
    ///
    /// Kept beside the name and unique, so the second of two twins cannot be added. Never used to find who signs in.
    package var twin: String {
        text.uppercased().lowercased().precomposedStringWithCompatibilityMapping
    }

    private static func check(_ scalars: String.UnicodeScalarView) throws(AccountNameProblem) {
        guard let first = scalars.first, let last = scalars.last else { throw .empty }
        guard scalars.count <= 64 else { throw .tooLong }
        guard first != " ", last != " " else { throw .space }
        guard first != "-" else { throw .leadingHyphen }
        // A leading mark would melt into whatever stands before the name in a page or a log line.
        guard first.properties.canonicalCombiningClass == .notReordered,
            ![.nonspacingMark, .enclosingMark, .spacingMark].contains(first.properties.generalCategory)
        else { throw .invisible(first) }
        var scripts: Set<Script> = []
        var previous: Unicode.Scalar = first
        for (index, scalar) in scalars.enumerated() {
            if scalar == ":" { throw .colon }
            if scalar == " ", index > 0, previous == " " { throw .space }
            if scalar != " ", isInvisible(scalar) { throw .invisible(scalar) }
            if let script = Script(scalar) { scripts.insert(script) }
            previous = scalar
        }
        guard scripts.count <= 1 else { throw .mixedAlphabets }
    }

    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        let properties = scalar.properties
        if properties.isWhitespace || properties.isDefaultIgnorableCodePoint { return true }
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
            return true
        default: return false
        }
    }

    // The three alphabets whose letters look alike; a name in two of them is a disguise far more often than a name.
    private enum Script {
        case latin, greek, cyrillic

        init?(_ scalar: Unicode.Scalar) {
            guard scalar.properties.isAlphabetic else { return nil }
            switch scalar.value {
            case 0x41...0x5A, 0x61...0x7A, 0xC0...0x24F, 0x1E00...0x1EFF: self = .latin
            case 0x370...0x3FF, 0x1F00...0x1FFF: self = .greek
            case 0x400...0x52F, 0x1C80...0x1C8F, 0x2DE0...0x2DFF, 0xA640...0xA69F: self = .cyrillic
            default: return nil
            }
        }
    }
}
