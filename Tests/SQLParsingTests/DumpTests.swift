import SQLParsing
import Testing

@Suite("What stands in the output of pg_dump besides SQL")
struct DumpTests {
  /// For each stretch of data: the number of its statement, what is sent, whether it is ended.
  private func copyData(_ sql: String) -> [String] {
    let text = SourceText(sql)
    return SQLParser.parse(text).copyData.map { data in
      "\(data.statement): \(text.text(in: data.content))\(data.isEnded ? "" : "...")"
    }
  }

  @Test("Each COPY knows its data, whatever else stands around it")
  func data() {
    #expect(
      copyData(
        """
        SET x = 1;
        COPY a FROM stdin; -- rows
        1\t;
        \\N\t\\\\.
        \\.x
        \\.


        COPY b (c) FROM STDIN WITH (FORMAT csv); SELECT 1;
        "it's

        "
        \\.
        COPY c FROM stdin;
        \\.
        """
      ) == ["1: 1\t;\n\\N\t\\\\.\n\\.x\n", "2: \"it's\n\n\"\n", "4: "])
  }

  @Test("Data with carriage returns keeps them")
  func carriageReturns() {
    #expect(copyData("COPY a FROM stdin;\r\n1\r\n\\.\r\nSELECT 1;") == ["0: 1\r\n"])
  }

  @Test("Data without an end is told")
  func openData() {
    #expect(copyData("COPY a FROM stdin;\n1\n2\n") == ["0: 1\n2\n..."])
    #expect(copyData("COPY a FROM stdin;\n1\n\\.x") == ["0: 1\n\\.x..."])
    #expect(copyData("COPY a FROM stdin;\n\\.") == ["0: "])
    #expect(copyData("COPY a FROM stdin;\n") == [])
  }

  @Test("Where the grammar refuses a statement, the data still belongs to its COPY")
  func besideSyntaxErrors() {
    #expect(
      copyData("CREATE TABEL x;\nCOPY a FROM stdin OPTION 17;\n1\n\\.\nSELECT") == ["1: 1\n"])
  }

  @Test("The lines that pg_dump guards psql with are left out, other commands are not")
  func restrictions() {
    let text = SourceText(
      """
      \\restrict Ab1
      SELECT 1;
      COPY a FROM stdin;
      \\restrict no
      \\.
      \\restricted x
        \\unrestrict Ab1\r
      SELECT 2;
      """)
    let parsed = SQLParser.parse(text)
    #expect(parsed.syntaxError == nil)
    #expect(parsed.metaCommands.map(\.text) == ["\\restricted x"])
    #expect(
      parsed.restrictions.map { text.text(in: $0) } == ["\\restrict Ab1", "\\unrestrict Ab1"])
    #expect(
      parsed.omissions.map { text.text(in: $0) } == [
        "\\restrict Ab1", "\\restrict no\n\\.", "\\unrestrict Ab1",
      ])
    #expect(parsed.statements.map(\.tag) == ["SELECT", "COPY", "SELECT"])
  }
}
