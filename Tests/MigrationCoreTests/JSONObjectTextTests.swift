import Testing

@testable import MigrationCore

@Suite("What goes to the server by the thousand is JSON")
struct JSONObjectTextTests {
  private func record(_ rollbackSQL: String?, dependsOn: [String] = []) -> RegisteredMigration {
    RegisteredMigration(
      name: "1_a", version: "1", rollbackSQL: rollbackSQL, checksum: "c0ffee",
      metadata: RegisteredMigration.Metadata(
        sectionLine: 7, searchPath: "\"app\"", evidence: "none", forced: false),
      dependsOn: dependsOn, seenStatus: RegisteredMigration.noRow)
  }

  @Test func `members that are nil are left out`() {
    #expect(
      encodedJSON(record(nil)) == #"""
        {"name":"1_a","version":"1","checksum":"c0ffee",\#
        "metadata":{"section_line":7,"search_path":"\"app\"","evidence":"none","forced":false},\#
        "depends_on":[],"seen_status":"none"}
        """#)
  }

  @Test func `what JSON cannot hold as it is, is escaped`() {
    let text = encodedJSON(record("SELECT 'é\\\"/';\r\n\t-- \u{1}\u{1F}\u{7F}"))
    #expect(
      text.contains(#""rollback_sql":"SELECT 'é\\\"/';\u000d\n\u0009-- \u0001\u001f"# + "\u{7F}\""))
  }

  @Test func `an array holds them in their order`() {
    let questions = (1...200).map {
      CatalogQuestion(number: $0, kind: "function", name: "f", arguments: ["text", nil], path: [])
    }
    func text(_ questions: [CatalogQuestion]) -> String {
      String(decoding: encodedJSON(arrayOf: questions).joined(), as: UTF8.self)
    }
    #expect(
      text(questions)
        == "["
        + (1...200).map {
          #"{"number":\#($0),"kind":"function","name":"f","arguments":["text",null],"path":[]}"#
        }.joined(separator: ",") + "]")
    #expect(text([]) == "[]")
  }
}
