import TestSupport
import Testing

/// `register` of what is recorded already, was rolled back, or comes in company.
@Suite(.scratchLedger) struct RegisterAgainTests {
  let workspace: Workspace
  let name = "20250101_create_users"

  init() throws {
    workspace = try Workspace()
    try workspace.write("CREATE TABLE users ();", section: "DROP TABLE users;", to: name)
    try workspace.adopt(name)
  }

  @Test func refreshesWhatTheFileSays() throws {
    let appliedAt = try workspace.recorded("applied_at", of: name)
    try workspace.write("SELECT 1;", to: "0_base")
    try workspace.write(
      "-- Depends on: 0_base\nCREATE TABLE users (\n);\n-- ROLLBACK START\n-- DROP TABLE users CASCADE;\n"
        + "-- ROLLBACK END\n", to: name)
    let result = try workspace.run(["register", name])
    #expect(result.status == 0)
    #expect(
      result.stdout
        == "✅ Migration refreshed successfully\n   Rollback SQL: ✅ Available\n")
    #expect(
      try workspace.recorded(
        """
        concat_ws('|', rollback_sql, status, metadata ->> 'section_style',
          metadata ->> 'section_line', metadata -> 'unregistered_dependencies')
        """, of: name)
        == "DROP TABLE users CASCADE;|applied|commented_lines|4|[\"0_base\"]")
    #expect(try workspace.recorded("applied_at", of: name) == appliedAt)
    #expect(
      try workspace.run(["check", name, "--json"]).document(Checks.self)
        .migrations.map(\.drift) == [nil])
    #expect(
      try workspace.database.events(of: name) == ["register registered", "register refreshed"])
  }

  @Test func aRefreshDoesNotAskTheCatalogAgain() throws {
    try workspace.database.psql("ALTER TABLE users RENAME TO people")
    #expect(try workspace.run(["register", name]).status == 0)
  }

  @Test func aSectionThatWasTakenOutIsForgotten() throws {
    try workspace.write("CREATE TABLE users ();\n", to: name)
    let result = try workspace.run(["register", name])
    #expect(result.stdout.contains("   Rollback SQL: ❌ Not available\n"))
    #expect(try workspace.recorded("rollback_sql IS NULL", of: name) == "t")
    #expect(try workspace.recorded("metadata ? 'rollback_checksum'", of: name) == "f")
    #expect(try workspace.run(["rollback", name, "--yes"]).status == 1)
  }

  @Test func whatWasRolledBackMustBeAppliedAgain() throws {
    try workspace.runSuccessfully("rollback", name, "--yes")
    let refused = try workspace.run(["register", name])
    #expect(refused.status == 1)
    #expect(refused.stderr.contains("error: migration '\(name)' was not applied: "))
    #expect(try workspace.database.status(of: name) == "rolled_back")
    try workspace.apply(name)
    let result = try workspace.run(["register", name])
    #expect(result.status == 0)
    #expect(result.stdout.hasPrefix("✅ Migration registered successfully\n"))
    #expect(
      try workspace.recorded("concat_ws('|', status, rollback_at, rollback_by, notes)", of: name)
        == "applied")
    #expect(try workspace.run(["rollback", name, "--yes"]).status == 0)
    #expect(
      try workspace.database.events(of: name) == [
        "register registered", "rollback done", "register registered", "rollback done",
      ])
  }

  @Test func severalAtOnce() throws {
    for number in 2...4 {
      try workspace.write(
        "CREATE TABLE t\(number) ();", section: "DROP TABLE t\(number);", to: "2025010\(number)_t")
      try workspace.apply("2025010\(number)_t")
    }
    let result = try workspace.run(
      ["register", "20250104_t", "20250102_t.sql", "20250103_t", "20250102_t"])
    #expect(result.status == 0)
    let block =
      "✅ Migration registered successfully\n   Rollback SQL: ✅ Available\n"
      + "   Evidence: the object that it creates exists\n"
    #expect(
      result.stdout
        == ["20250104_t", "20250102_t", "20250103_t"].map { "Migration: \($0)\n\(block)" }
        .joined(separator: "\n"))
    #expect(
      try workspace.database.psql(
        "SELECT string_agg(migration_name, ' ' ORDER BY (metadata ->> 'sequence')::numeric) "
          + "FROM migration_history")
        == "20250101_create_users 20250102_t 20250103_t 20250104_t")
    #expect(
      try workspace.database.psql(
        "SELECT count(DISTINCT run_id) FROM migration_events WHERE migration_name LIKE '%\\_t'")
        == "1")
  }

  @Test func allOrNone() throws {
    try workspace.write("CREATE TABLE a ();", to: "20250102_a")
    try workspace.write("CREATE TABLE b ();", to: "20250103_b")
    try workspace.apply("20250102_a")
    let result = try workspace.run(["register", "20250102_a", "20250103_b"])
    #expect(result.status == 1)
    #expect(
      result.stderr.contains(
        "error: migration '20250103_b' was not applied: nothing that it creates exists\n"))
    #expect(try workspace.database.status(of: "20250102_a") == "")
    let json = try workspace.run(["register", "20250102_a", "20250103_b", "--json"])
    #expect(json.status == 1)
    let document: Outcomes = try json.document()
    #expect(document.migrations.map(\.name) == ["20250102_a", "20250103_b"])
    #expect(document.migrations.map(\.outcome) == ["skipped", "not_applied"])
    #expect(document.migrations.map { $0.error?.code } == [nil, "refused"])
    #expect(document.error?.message.contains("20250103_b") == true)
  }

  @Test func programsGetADocument() throws {
    try workspace.write("SELECT 1;", to: "20250102_a")
    let result = try workspace.run(["register", "20250102_a", name, "--json"])
    #expect(result.status == 0)
    let document: Outcomes = try result.document()
    #expect(document.migrations.map(\.name) == ["20250102_a", name])
    #expect(document.migrations.map(\.outcome) == ["registered", "refreshed"])
    #expect(document.migrations.allSatisfy { $0.error == nil })
    #expect(document.error == nil)
    #expect(!document.isDryRun)
  }
}
