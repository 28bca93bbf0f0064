import Platform
import Testing

@Suite struct TerminalTests {
  @Test(arguments: [
    ("", 0), ("plain", 5), ("äöü€", 4), ("e\u{301}", 1), ("日本語", 6), ("ｆｕｌｌ", 8), ("한글", 4),
    ("✅", 2), ("❌", 2), ("⚠️", 2), ("⚠", 1), ("📋", 2), ("🔍", 2), ("📝", 2), ("🔄", 2), ("💡", 2),
    ("👩‍👩‍👧", 2), ("🇩🇪", 2), ("👍🏽", 2), ("─", 1), ("✅ Yes", 6), ("a\u{200B}b", 2), ("\u{7}x", 1),
    ("1", 1), ("नि", 2), ("ก็", 1),
  ])
  func cellsAreCounted(text: String, cells: Int) {
    #expect(Terminal.displayWidth(of: text) == cells)
  }
}
