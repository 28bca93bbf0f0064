import TestSupport
import Testing

/// `-- Depends on:` from the file's header to a rollback that is refused.
@Suite(.scratchLedger) struct DependencyTests {
  let workspace: Workspace
  let base = "20250119_a"
  let other = "20250119_b"

  init() throws {
    workspace = try Workspace()
    for (name, table) in [(base, "a"), (other, "b")] {
      try workspace.write("CREATE TABLE \(table) ();", section: "DROP TABLE \(table);", to: name)
      try workspace.adopt(name)
    }
  }

  private func dependencies(of name: String) throws -> String {
    try workspace.database.psql(
      """
      SELECT string_agg(depends_on, ' ' ORDER BY depends_on) FROM migration_dependencies
      WHERE migration_name = '\(name)'
      """)
  }

  static let headers: [(header: String, names: String)] = [
    ("-- Depends on: 20250119_a.sql", "20250119_a"),
    ("-- depends on: 20250119_a (adds \"b\", see 20250119_b.sql)", "20250119_a"),
    ("-- Depends on: 20250119_a.sql, 20250119_b", "20250119_a 20250119_b"),
    ("-- Depends on: 20250119_a.sql 20250119_b.sql", "20250119_a 20250119_b"),
    ("-- Depends on: 20250119_a.sql\n-- Depends on: 20250119_b.sql", "20250119_a 20250119_b"),
    ("-- Depends on:\n--   - 20250119_a.sql\n--   - 20250119_b.sql", "20250119_a 20250119_b"),
    ("-- Depends on: none", ""), ("/* Depends on: 20250119_a */", ""),
    ("SELECT 1;\n-- Depends on: 20250119_a", ""),
  ]

  @Test(arguments: headers) func everyShapeOfHeader(header: String, names: String) throws {
    try workspace.write("\(header)\nCREATE TABLE c ();", to: "20250120_c")
    try workspace.adopt("20250120_c")
    #expect(try dependencies(of: "20250120_c") == names)
    let rollback = try workspace.run(["rollback", base, "--yes"])
    if names.isEmpty {
      #expect(rollback.status == 0)
    } else {
      #expect(rollback.status == 1)
      #expect(
        rollback.stderr.contains(
          "error: Cannot rollback: other migrations depend on this one: '\(base)'\n"
            + "  depends on it: 20250120_c\n"))
      #expect(try workspace.database.hasTable("a"))
    }
  }

  @Test func anUnknownNameIsAnErrorWithItsLine() throws {
    try workspace.write(
      "-- About c\n-- Depends on: 20250119_b, 20250118_a\nSELECT 1;", to: "20250120_c")
    let result = try workspace.run(["register", "20250120_c"])
    #expect(result.status == 2)
    #expect(result.stdout == "")
    #expect(
      result.stderr.hasSuffix(
        """
        migrations/20250120_c.sql:2: error: depends on '20250118_a', which is no file and not recorded
          did you mean '20250119_a'?
          did you mean '20250119_b'?
          did you mean '20250120_c'?
        hint: mend the 'Depends on:' line

        """))
    let error = try workspace.run(["register", "20250120_c", "--json"]).errorDocument()
    #expect([error.code, error.file] == ["file", "migrations/20250120_c.sql"])
    #expect(error.line == 2)
    #expect(try workspace.database.status(of: "20250120_c") == "")
  }

  @Test func aRecordedNameNeedsNoFile() throws {
    try workspace.folder.remove("migrations/\(base).sql")
    try workspace.write("-- Depends on: 20250119_a\nSELECT 1;", to: "20250120_c")
    try workspace.runSuccessfully("register", "20250120_c")
    #expect(try dependencies(of: "20250120_c") == "20250119_a")
  }

  @Test func aFileThatIsNotRecordedYetIsWaitedFor() throws {
    try workspace.write("SELECT 1;", section: "SELECT 1;", to: "20250120_c")
    try workspace.write("-- Depends on: 20250120_c\nSELECT 1;", to: "20250121_d")
    try workspace.runSuccessfully("register", "20250121_d")
    #expect(try dependencies(of: "20250121_d") == "")
    try workspace.runSuccessfully("register", "20250120_c")
    #expect(try dependencies(of: "20250121_d") == "20250120_c")
    let check: Checks = try workspace.run(["check", "20250120_c", "--json"]).document()
    #expect(check.migrations.map(\.dependents) == [["20250121_d"]])
    #expect(check.migrations.map(\.canRollback) == [false])
  }

  @Test func aCycleIsRefused() throws {
    try workspace.write("-- Depends on: 20250121_d\nSELECT 1;", to: "20250120_c")
    try workspace.write("-- Depends on: 20250120_c\nSELECT 1;", to: "20250121_d")
    try workspace.runSuccessfully("register", "20250120_c")
    let result = try workspace.run(["register", "20250121_d"])
    #expect(result.status == 1)
    #expect(result.stderr.contains("error: dependency cycle: "))
    #expect(result.stderr.contains("20250120_c -> 20250121_d -> 20250120_c"))
    #expect(
      result.stderr.contains(
        "hint: remove one '-- Depends on:' of these files, then register it again\n"))
    #expect(
      try workspace.run(["register", "20250121_d", "--json"]).errorDocument().code == "refused")
    #expect(try workspace.database.status(of: "20250121_d") == "")
  }

  @Test func dependingOnItselfIsACycle() throws {
    try workspace.write("-- Depends on: 20250120_c.sql\nSELECT 1;", to: "20250120_c")
    let result = try workspace.run(["register", "20250120_c"])
    #expect(result.status == 1)
    #expect(result.stderr.contains("dependency cycle: 20250120_c -> 20250120_c"))
    #expect(try workspace.database.status(of: "20250120_c") == "")
  }

  @Test func aDependencyThatIsTakenOutOfTheFileIsTakenOutOfTheLedger() throws {
    try workspace.write("-- Depends on: 20250119_a, 20250119_b\nSELECT 1;", to: "20250120_c")
    try workspace.runSuccessfully("register", "20250120_c")
    try workspace.write("-- Depends on: 20250119_b\nSELECT 1;", to: "20250120_c")
    try workspace.runSuccessfully("register", "20250120_c")
    #expect(try dependencies(of: "20250120_c") == "20250119_b")
    #expect(try workspace.run(["rollback", base, "--yes"]).status == 0)
  }

  @Test func aChainIsRolledBackFromItsEnd() throws {
    try workspace.write("-- Depends on: 20250119_a\nCREATE TABLE c ();", to: "20250120_c")
    try workspace.write(
      "-- Depends on: 20250120_c\nCREATE TABLE d ();", section: "DROP TABLE d;", to: "20250121_d")
    try workspace.write(
      "-- Depends on: 20250119_a\nCREATE TABLE c ();", section: "DROP TABLE c;", to: "20250120_c")
    try workspace.adopt("20250120_c", "20250121_d")
    let check = try workspace.run(["check", base])
    #expect(check.status == 1)
    #expect(
      check.stdout
        == """
        Status: ❌ Cannot rollback
        Reason: Cannot rollback: other migrations depend on this one

        Dependent migrations (must be rolled back first):
          - 20250120_c

        """)
    for name in ["20250121_d", "20250120_c", base] {
      #expect(try workspace.run(["rollback", name, "--yes"]).status == 0)
    }
    #expect(try !workspace.database.hasTable("a"))
  }
}
