/// Rows of text under headers, without boxes; wide enough for the longest value of each column.
struct Table {
    private let headers: [String]
    private var rows: [[String]] = []

    init(_ headers: [String]) { self.headers = headers }

    mutating func add(_ row: [String]) { rows.append(row.map(Console.harmless)) }

    /// Writes it to standard output; the headers only when asked for.
    func print(headers showsHeaders: Bool) {
        var widths = showsHeaders ? headers.map(Self.width) : headers.map { _ in 0 }
        for row in rows {
            for (column, text) in row.enumerated() { widths[column] = max(widths[column], Self.width(text)) }
        }
        if showsHeaders { Console.print(Console.paint(line(headers, widths), .dim, on: 1)) }
        for row in rows { Console.print(line(row, widths)) }
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        var line = ""
        for (column, cell) in cells.enumerated() {
            line += cell
            if column < cells.count - 1 {
                line += String(repeating: " ", count: widths[column] - Self.width(cell) + 2)
            }
        }
        return line
    }

    /// The columns of a terminal that a text takes, nearly: the wide letters of East Asia take two.
    private static func width(_ text: String) -> Int {
        text.reduce(0) { sum, character in
            let first = character.unicodeScalars.first?.value ?? 0
            let isWide =
                0x1100...0x115F ~= first || 0x2E80...0xA4CF ~= first || 0xAC00...0xD7A3 ~= first
                || 0xF900...0xFAFF ~= first || 0xFE30...0xFE6F ~= first || 0xFF00...0xFF60 ~= first
                || 0x1F300...0x1FAFF ~= first
            return sum + (isWide ? 2 : 1)
        }
    }
}
