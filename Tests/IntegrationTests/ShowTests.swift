import TestSupport
import Testing

/// `show`: exactly the SQL, on standard output.
@Suite(.scratchLedger) struct ShowTests {
  let workspace: Workspace
  let name = "20250101_create_users"
  let offline = ["DATABASE_URL": Optional("postgresql://127.0.0.1:1/nowhere")]

  init() throws { workspace = try Workspace() }

  @Test func theUpSQLHasBlanksForTheSection() throws {
    try workspace.write(
      "-- é\nCREATE TABLE users ();\n\n  -- ROLLBACK START\nDROP TABLE é;\n-- ROLLBACK END\n\nSELECT 1",
      to: name)
    let result = try workspace.run(["show", name, "--up"], environment: offline)
    #expect(result.status == 0)
    #expect(result.stderr == "")
    #expect(
      result.stdout
        == "-- é\nCREATE TABLE users ();\n\n" + String(repeating: " ", count: 19) + "\n"
        + String(repeating: " ", count: 14) + "\n" + String(repeating: " ", count: 15)
        + "\n\nSELECT 1")
  }

  @Test func withoutASectionItIsTheFile() throws {
    for text in ["CREATE TABLE users ();\r\n\r\n", "SELECT 1", "", "-- only\n"] {
      try workspace.write(text, to: name)
      #expect(try workspace.run(["show", name, "--up"], environment: offline).stdout == text)
    }
  }

  @Test func aByteOrderMarkIsLeftOut() throws {
    try workspace.write("\u{FEFF}SELECT 1;\n", to: name)
    #expect(
      try workspace.run(["show", name, "--up"], environment: offline).stdout == "SELECT 1;\n")
  }

  @Test func theRollbackSQLIsUncommentedAndEndsItsLine() throws {
    try workspace.write(
      "CREATE TABLE users ();",
      section: "\n-- -- é\n--   DROP TABLE users -- x\n", to: name)
    let result = try workspace.run(["show", name, "--rollback"], environment: offline)
    #expect(result.status == 0)
    #expect(result.stderr == "")
    #expect(result.stdout == "-- é\n  DROP TABLE users -- x\n")
  }

  @Test func programsGetADocument() throws {
    struct Shown: Decodable, Equatable {
      var name: String
      var direction: String
      var sql: String
    }
    try workspace.write("CREATE TABLE \"ü\\\" ();", section: "DROP TABLE \"ü\\\";", to: name)
    let up = try workspace.run(["show", name, "--up", "--json"], environment: offline)
    #expect(
      try up.document()
        == Shown(
          name: name, direction: "up",
          sql: "CREATE TABLE \"ü\\\" ();\n"
            + [17, 17, 15].map { String(repeating: " ", count: $0) + "\n" }.joined()))
    let rollback = try workspace.run(["show", name, "--rollback", "--json"], environment: offline)
    #expect(
      try rollback.document()
        == Shown(name: name, direction: "rollback", sql: "DROP TABLE \"ü\\\";\n"))
  }

  @Test func oneOfTheTwoMustBeNamed() throws {
    try workspace.write("SELECT 1;", to: name)
    for options in [[], ["--up", "--rollback"]] {
      let result = try workspace.run(["show", name] + options, environment: offline)
      #expect(result.status == 64)
      #expect(result.stdout == "")
      #expect(result.stderr.contains("--up"))
      #expect(result.stderr.contains("--rollback"))
    }
  }

  @Test func aClosedPipeEndsIt() throws {
    try workspace.write(
      (1...20_000).map { "SELECT \($0);\n" }.joined(), to: name)
    let result = try workspace.run(
      ["show", name, "--up"], environment: offline, output: .brokenPipe)
    #expect(result.status == 141)
    #expect(result.stderr == "")
  }
}
