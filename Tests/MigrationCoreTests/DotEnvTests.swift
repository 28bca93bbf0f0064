import MigrationCore
import Testing

@Suite(".env files")
struct DotEnvTests {
  private func entries(_ text: String) throws -> [String] {
    try DotEnv.entries(in: text).map { "\($0.key)=\($0.value)" }
  }

  @Test("Quotes, export, comments, blanks, CRLF, a byte order mark")
  func grammar() throws {
    #expect(
      try entries(
        "\u{FEFF}DATABASE_URL=postgres://a@b/c?x=1#frag\r\n# PGUSER=comment\r\n\r\n"
          + "  export PGHOST = localhost # the tunnel\r\nPGPASSWORD='it is # \\ \"mine\"'\r\n"
          + "PGDATABASE=\"a \\\"b\\\" \\n$c\" # quoted\r\nPGPORT=\r\n") == [
          "DATABASE_URL=postgres://a@b/c?x=1#frag", "PGHOST=localhost",
          "PGPASSWORD=it is # \\ \"mine\"", "PGDATABASE=a \"b\" \n$c", "PGPORT=",
        ])
  }

  @Test("Of one that is given twice the last counts")
  func twice() throws {
    #expect(try entries("PGUSER=a\nPGHOST=h\nPGUSER=b") == ["PGHOST=h", "PGUSER=b"])
  }

  @Test("Settings of other programs are passed over, open quotes in them too")
  func others() throws {
    #expect(
      try entries("SECRET='open\nNODE_ENV=production\nPG_FOO=1\nPG=1\npguser=x\nMIGRATIONS_DIR=db")
        == ["MIGRATIONS_DIR=db"])
    #expect(try entries("no equals sign\n=x\n") == [])
  }

  @Test("An open quote is an error with its line")
  func openQuote() {
    let report = #expect(throws: ErrorReport.self) {
      try DotEnv.entries(in: "PGUSER=a\r\nPGPASSWORD=\"secret\r\n")
    }
    #expect(report?.message == "the value of PGPASSWORD has an open quote")
    #expect(report?.location?.description == ".env:2")
    #expect(report?.details == [])
  }
}
