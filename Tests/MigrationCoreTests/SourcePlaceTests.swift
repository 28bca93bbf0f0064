import SQLParsing
import Testing

@testable import MigrationCore

@Suite("Places: lines, columns and carets")
struct SourcePlaceTests {
  @Test("In a file that agrees, places are the file's")
  func inFile() {
    let origin = SQLOrigin.file(path: "db/1_a.sql", firstLine: 10, prefixes: [3, 0])
    #expect(origin.location(line: 1, column: 5).description == "db/1_a.sql:10:8")
    #expect(origin.location(line: 2, column: 5).description == "db/1_a.sql:11:5")
    #expect(origin.location(line: 9, column: 1).description == "db/1_a.sql:18:1")
  }

  @Test("Else they count in the recorded text")
  func recorded() {
    #expect(
      SQLOrigin.recorded(name: "1_a").location(line: 2, column: 5).description
        == "1_a (recorded):2:5")
  }

  private func caret(_ line: String, at column: Int) -> [String] {
    Caret.lines(in: SourceText("first\n" + line), line: 2, column: column)
  }

  @Test("The caret stands under the character, tabs kept")
  func carets() {
    #expect(caret("SELECT x", at: 8) == ["SELECT x", "       ^"])
    #expect(caret("'äöü€', x", at: 9) == ["'äöü€', x", "        ^"])
    #expect(caret("\tSELECT\tx", at: 9) == ["\tSELECT\tx", "\t      \t^"])
    #expect(caret("SELECT", at: 7) == ["SELECT", "      ^"])
    #expect(caret("x", at: 99) == ["x", " ^"])
    #expect(caret("", at: 1) == [])
  }

  @Test("Characters that take two cells move the caret by two")
  func wideCharacters() {
    #expect(caret("'日本', x", at: 7) == ["'日本', x", "        ^"])
  }

  @Test("Long lines are cut around the place")
  func longLine() {
    let line = String(repeating: "a", count: 300) + "X" + String(repeating: "b", count: 300)
    let lines = caret(line, at: 301)
    #expect(
      lines == [
        String(repeating: "a", count: 50) + "X" + String(repeating: "b", count: 49),
        String(repeating: " ", count: 50) + "^",
      ])
  }
}
