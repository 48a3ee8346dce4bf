extension HTML: ExpressibleByStringInterpolation {
    /// Collects literals as they are and values escaped.
    public struct StringInterpolation: StringInterpolationProtocol {
        private(set) var bytes: [UInt8] = []

        /// Makes room; called by the compiler.
        public init(literalCapacity: Int, interpolationCount: Int) {
            bytes.reserveCapacity(literalCapacity + interpolationCount * 16)
        }

        /// Takes markup as it is; called by the compiler.
        public mutating func appendLiteral(_ literal: String) {
            bytes.append(contentsOf: literal.utf8)
        }

        /// Text, escaped.
        public mutating func appendInterpolation(_ text: String) {
            HTML.appendEscaped(text, to: &bytes)
        }

        /// A whole number.
        public mutating func appendInterpolation(_ number: some BinaryInteger) {
            bytes.append(contentsOf: String(number).utf8)
        }

        /// Markup that is safe already.
        public mutating func appendInterpolation(_ html: HTML) {
            bytes.append(contentsOf: html.bytes)
        }
    }

    /// Markup with values in it; called by the compiler.
    public init(stringInterpolation: StringInterpolation) {
        self.init(bytes: stringInterpolation.bytes)
    }

    /// Markup without values; called by the compiler.
    public init(stringLiteral markup: String) {
        self.init(raw: markup)
    }
}
