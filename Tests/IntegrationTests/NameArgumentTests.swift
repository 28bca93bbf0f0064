import TestSupport
import Testing

/// Names as they are typed.
@Suite(.scratchLedger) struct NameArgumentTests {
  let workspace: Workspace
  let name = "20250101_create_users"

  init() throws {
    workspace = try Workspace()
    try workspace.write("CREATE TABLE users ();", section: "DROP TABLE users;", to: name)
    try workspace.adopt(name)
  }

  static let commands: [[String]] = [
    ["check"], ["show", "--up"], ["show", "--rollback"], ["register"], ["rollback", "--yes"],
    ["rollback", "--dry-run"],
  ]

  private func run(_ command: [String], _ name: String) throws -> ProgramResult {
    try Program.run(command + ["--", name], directory: workspace.folder.path)
  }

  private func expectNothingChanged() throws {
    #expect(try workspace.database.hasTable("users"))
    #expect(try workspace.database.status(of: name) == "applied")
    #expect(try workspace.database.events(of: name) == ["register registered"])
  }

  @Test func aMisspeltNameListsTheNearest() throws {
    for command in Self.commands {
      let result = try run(command, "20250101_create_usres")
      #expect(result.status == (command[0] == "show" || command[0] == "register" ? 2 : 1))
      let shown = command[0] == "check" ? result.stdout : result.stderr
      #expect(shown.contains("did you mean '20250101_create_users'?\n"))
    }
    try expectNothingChanged()
  }

  @Test func theLedgersNamesAreNearToo() throws {
    try workspace.folder.remove("migrations/\(name).sql")
    let result = try run(["rollback", "--yes"], "create_users")
    #expect(result.status == 1)
    #expect(
      result.stderr.hasSuffix(
        """
        error: Migration not found: 'create_users'
          did you mean '20250101_create_users'?
        hint: 'migration-manager list --all' shows what is recorded

        """))
  }

  @Test(arguments: ["../20250101_create_users", "migrations/20250101_create_users.sql", ".."])
  func pathsAreNoNames(argument: String) throws {
    for command in Self.commands {
      let result = try run(command, argument)
      #expect(result.status == 64)
      #expect(result.stdout == "")
      #expect(result.stderr.contains("error: '\(argument)' is a path, not a migration's name\n"))
      #expect(result.stderr.contains("hint: give the name alone and the folder with --dir\n"))
      let document = try run(command + ["--json"], argument).errorDocument()
      #expect(document.code == "usage")
      #expect(document.message == "'\(argument)' is a path, not a migration's name")
    }
    try expectNothingChanged()
  }

  @Test(arguments: ["", ".sql"]) func nothingIsNoName(argument: String) throws {
    for command in Self.commands {
      let result = try run(command, argument)
      #expect(result.status == 64)
      #expect(result.stdout == "")
      #expect(try run(command + ["--json"], argument).errorDocument().code == "usage")
    }
    try expectNothingChanged()
  }

  static let oddNames = [
    String(repeating: "a", count: 300), "x'; DROP TABLE users; --", "a\"b\\{c},d; SELECT 1",
    "x\n; DROP TABLE users; --", "$$x$$ @names@ ä€ %s",
    "a\"\u{301},b\\\u{301}\"",
  ]

  @Test(arguments: oddNames) func oddNamesAreUnknownNames(argument: String) throws {
    let rollback = try run(["rollback", "--yes"], argument)
    #expect(rollback.status == 1)
    #expect(
      rollback.stderr.hasSuffix(
        "error: Migration not found: '\(argument)'\n"
          + "hint: 'migration-manager list --all' shows what is recorded\n"))
    let document = try run(["rollback", "--yes", "--json"], argument).document(
      Outcomes.self)
    #expect(document.migrations.map(\.name) == [argument])
    #expect(document.migrations.map(\.outcome) == ["refused"])
    #expect(document.migrations.map(\.sql) == [nil])
    #expect(document.error?.code == "refused")
    #expect(document.error?.message == "Migration not found: '\(argument)'")
    let check = try run(["check"], argument)
    #expect(check.status == 1)
    #expect(check.stdout == "Status: ❌ Cannot rollback\nReason: Migration not found\n")
    for command in [["register"], ["show", "--up"], ["show", "--rollback"]] {
      let result = try run(command, argument)
      #expect(result.status == 2)
      #expect(
        result.stderr.hasSuffix(
          "error: no migration '\(argument)' in 'migrations'\n"
            + "hint: neither \(argument).sql nor \(argument)/migration.sql is there: "
            + "check the name\n"))
      #expect(try run(command + ["--json"], argument).errorDocument().code == "file")
    }
    try expectNothingChanged()
  }

  @Test(arguments: ["2 it's; \"odd\",b{c}\\d ä", "2x\n; DROP TABLE users; --"])
  func oddNamesOfFilesWorkAsAnyOther(name: String) throws {
    try workspace.write("CREATE TABLE odd ();", section: "DROP TABLE odd;", to: name)
    try workspace.adopt(name)
    #expect(try workspace.recorded("rollback_sql", of: name) == "DROP TABLE odd;")
    #expect(try run(["check"], name).status == 0)
    #expect(try run(["rollback", "--yes"], name).status == 0)
    #expect(try !workspace.database.hasTable("odd"))
    #expect(try workspace.recorded("status", of: name) == "rolled_back")
    try expectNothingChanged()
  }

  @Test func aVersionIsItsMigration() throws {
    for command in [["check"], ["show", "--up"], ["register"], ["history"], ["template"]] {
      let result = try run(command, "20250101")
      #expect(result.status == 0)
      #expect(result.stderr.contains("note: '20250101' is '\(name)'\n"))
      #expect(try run(command, name).stdout == result.stdout || command == ["history"])
    }
    try workspace.folder.remove("migrations/\(name).sql")
    #expect(try run(["show", "--rollback"], "20250101").stdout == "DROP TABLE users;\n")
    let rollback = try run(["rollback", "--yes"], "20250101")
    #expect(rollback.status == 0)
    #expect(try workspace.database.status(of: name) == "rolled_back")
    #expect(try run(["resolve", "--applied", "--yes"], "20250101").status == 0)
    #expect(try workspace.database.status(of: name) == "applied")
    #expect(try run(["forget", "--yes"], "20250101").status == 0)
    #expect(try workspace.database.psql("SELECT count(*) FROM migration_history") == "0")
  }

  @Test func theVersionOfSeveralIsRefused() throws {
    try workspace.write("CREATE TABLE tags ();", section: "DROP TABLE tags;", to: "20250101_tags")
    for command in [["check"], ["rollback", "--yes"], ["show", "--up"], ["register"]] {
      let result = try run(command, "20250101")
      #expect(result.status == 1)
      #expect(
        result.stderr.hasSuffix(
          """
          error: 2 migrations have the version '20250101'
            '20250101_create_users'
            '20250101_tags'
          hint: give the name of the one that you mean

          """))
    }
    // A name comes first, and a version is meant as it is written.
    try workspace.write("CREATE TABLE bare ();", section: "DROP TABLE bare;", to: "20250101")
    #expect(try run(["show", "--rollback"], "20250101").stdout == "DROP TABLE bare;\n")
    #expect(try run(["rollback", "--yes"], "020250101").status == 1)
    try expectNothingChanged()
  }

  @Test func theEndingIsOptional() throws {
    #expect(try run(["check"], name + ".sql").status == 0)
    #expect(try run(["show", "--rollback"], name + ".sql").stdout == "DROP TABLE users;\n")
    #expect(
      try run(["show", "--rollback", "--json"], name + ".sql").stdout.hasPrefix(
        #"{"name":"\#(name)","#))
    #expect(try run(["register"], name + ".sql").status == 0)
    #expect(try workspace.database.psql("SELECT migration_name FROM migration_history") == name)
    let result = try run(["rollback", "--yes"], name + ".sql")
    #expect(result.status == 0)
    #expect(result.stderr.hasPrefix("⚠️ Rolling back: \(name)\n"))
    #expect(try workspace.database.status(of: name) == "rolled_back")
  }
}
