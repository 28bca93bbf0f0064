import MigrationCommands
import Testing

@Suite("Table layout")
struct TableLayoutTests {
  private let columns: [TableLayout.Flexibility] = [
    .cuttable(minimum: 10), .fixed, .wrapping(minimum: 20),
  ]
  private let natural = [30, 12, 50]

  @Test("Without a terminal every cell stands in full, however wide")
  func noTerminal() {
    #expect(
      TableLayout.fitting([400, 12, 500], columns, limit: nil)
        == TableLayout(gap: 2, widths: [400, 12, 500]))
  }

  @Test("On a terminal: in full, closer together, wrapped, below the row, cut")
  func narrower() {
    func fitting(_ limit: Int) -> TableLayout {
      TableLayout.fitting(natural, columns, limit: limit)
    }
    #expect(fitting(96) == TableLayout(gap: 2, widths: natural))
    #expect(fitting(94) == TableLayout(gap: 1, widths: natural))
    #expect(fitting(93) == TableLayout(gap: 2, widths: [30, 12, 47]))
    #expect(fitting(66) == TableLayout(gap: 2, widths: [30, 12, 20]))
    #expect(fitting(64) == TableLayout(gap: 1, widths: [30, 12, 20]))
    #expect(fitting(60) == TableLayout(gap: 2, widths: [30, 12], widthBelow: 56))
    #expect(fitting(43) == TableLayout(gap: 1, widths: [30, 12], widthBelow: 39))
    #expect(fitting(40) == TableLayout(gap: 1, widths: [27, 12], widthBelow: 36))
    #expect(fitting(10) == TableLayout(gap: 1, widths: [10, 12], widthBelow: 20))
  }
}

@Suite("Tables")
struct TableTests {
  private let symbols = Symbols(usesUTF8: true)

  private func table(_ rows: [[String]]) -> Table {
    var table = Table([
      Table.Column("Name", .cuttable(minimum: 8)), Table.Column("OK"),
      Table.Column("Reason", .wrapping(minimum: 12)),
    ])
    for cell in rows.joined() { table.add(cell) }
    return table
  }

  private func text(_ table: Table, limit: Int? = nil) -> String {
    String(decoding: table.rendered(limit: limit, symbols: symbols), as: UTF8.self)
  }

  @Test("Columns are as wide as their widest cell, by display cells")
  func wideCharacters() {
    #expect(
      text(table([["移行_一", "✅", "-"], ["naïve", "❌", "no"]])) == """
        ───────────────────
        Name     OK  Reason
        ───────────────────
        移行_一  ✅  -
        naïve    ❌  no
        ───────────────────

        """)
  }

  @Test("The last column is wrapped under itself on a terminal that is too narrow")
  func wrapped() {
    #expect(
      text(table([["20250120_a", "✅", "other migrations depend on it"]]), limit: 30) == """
        ──────────────────────────────
        Name        OK  Reason
        ──────────────────────────────
        20250120_a  ✅  other
                        migrations
                        depend on it
        ──────────────────────────────

        """)
  }

  @Test("On a very narrow one it stands below the row, and names are cut in the middle")
  func below() {
    let rows = [
      ["20250120_add_user_settings", "❌", "other migrations depend on it"],
      ["20250119_a", "✅", "-"],
    ]
    #expect(
      text(table(rows), limit: 24) == """
        ────────────────────────
        Name                  OK
        ────────────────────────
        20250120_a…r_settings ❌
            other migrations
            depend on it
        20250119_a            ✅
        ────────────────────────

        """)
  }

  @Test("Control characters cannot break the layout or command the terminal")
  func controlCharacters() {
    #expect(
      text(table([["a\u{1B}[2Jb\n", "✅", "\u{7F}\u{202E}"]])).contains(
        "\na\\x1B[2Jb\\x0A  ✅  \\x7F\\u{202E}\n"))
  }

  @Test("A text is cut in its middle by display cells")
  func cut() {
    #expect(DisplayWidth.cut("abcdef", to: 6, ellipsis: "…") == "abcdef")
    #expect(DisplayWidth.cut("abcdefgh", to: 5, ellipsis: "…") == "ab…gh")
    #expect(DisplayWidth.cut("一二三四五", to: 6, ellipsis: "…") == "一…五")
    #expect(DisplayWidth.cut("abcdefgh", to: 5, ellipsis: "...") == "a...h")
  }

  @Test("Text is broken at blanks; a word that is too long stands whole")
  func wrapping() {
    #expect(TextWrapping.lines(of: "", width: 10) == [""])
    #expect(TextWrapping.lines(of: "one two three", width: 7) == ["one two", "three"])
    #expect(
      TextWrapping.lines(of: "one two three", width: 8, firstWidth: 3) == ["one", "two", "three"])
    #expect(TextWrapping.lines(of: "a verylongword b", width: 4) == ["a", "verylongword", "b"])
    #expect(TextWrapping.lines(of: "日本 日本", width: 8) == ["日本", "日本"])
  }
}
