import Testing

@testable import LedgerSQL

struct SQLTemplateTests {
  @Test func `placeholders are replaced in one pass`() {
    let template = SQLTemplate(text: "SELECT @a@, @b@, a@b, '@', @a@;")
    #expect(
      template.filled(with: ["a": "'@b@'", "b": "'@a@'"])
        == "SELECT '@b@', '@a@', a@b, '@', '@b@';")
  }

  @Test func `no value gets into a comment, which its line end would end`() {
    let template = SQLTemplate(text: "-- of @a@: text\nSELECT @a@; -- 1-2 @a@\n-- kept\n- @a@")
    #expect(
      template.filled(with: ["a": "'x\n; DROP TABLE t; --'"])
        == "\nSELECT 'x\n; DROP TABLE t; --'; \n-- kept\n- 'x\n; DROP TABLE t; --'")
  }

  @Test func `dollar quotes get tags that no value holds`() {
    let template = SQLTemplate(text: "$ledger$ @x@ $ledger$ $ledger_outer$ $1")
    #expect(template.filled(with: ["x": "1"]) == "$ledger$ 1 $ledger$ $ledger_outer$ $1")
    #expect(
      template.filled(with: ["x": "'$ledger$'"])
        == "$ledger1$ '$ledger$' $ledger1$ $ledger1_outer$ $1")
    #expect(
      template.filled(with: ["x": "'$ledger1'"])
        == "$ledger11$ '$ledger1' $ledger11$ $ledger11_outer$ $1")
    // U+0600 and the dollar after it are one character to Swift.
    #expect(
      template.filled(with: ["x": "'\u{600}$ledger$'"]).hasPrefix("$ledger1$ '\u{600}$ledger$'"))
  }

  @Test func `every statement has its file and every file its statement`() {
    #expect(
      EmbeddedFile.statements.map(\.name).sorted()
        == LedgerStatement.allCases.map(\.rawValue).sorted())
  }

  @Test func `no placeholder is left over`() {
    let schema = LedgerSchemaName(name: "s", quotedIdentifier: "\"s\"", quotedLiteral: "'s'")
    let names = [
      "requirement", "explicit", "run", "client", "names", "objects", "versions", "every_status",
      "limit", "rows", "name", "to", "version", "last", "direction", "statement",
      "question",
    ]
    let values = Dictionary(uniqueKeysWithValues: names.map { ($0, "1") })
    for statement in LedgerStatement.allCases {
      let text = LedgerSQL.statement(statement, in: schema, values: values)
      #expect(!text.contains("@"), "\(statement)")
    }
    // A JSON path has an @ of its own.
    #expect(!LedgerSQL.creation(in: schema).contains(/@[a-z_]+@/))
  }
}
