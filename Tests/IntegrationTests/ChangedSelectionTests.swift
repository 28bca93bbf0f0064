import TestSupport
import Testing

/// A rollback of a selection, where others change what it means between its plan and its turn.
@Suite(.scratchLedger) struct ChangedSelectionTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    for name in ["1_a", "2_b", "3_c", "4_d"] {
      try workspace.write("CREATE TABLE t\(name) ();", section: "DROP TABLE t\(name);", to: name)
    }
    try workspace.runSuccessfully("migrate", "--to", "2_b", "--quiet")
  }

  /// What another run does in its transaction to apply a migration.
  private func applying(_ name: String, dependsOn: String = "") -> String {
    """
    CREATE TABLE t\(name) ();
    SELECT migration_record_apply(gen_random_uuid(), '{"name": "\(name)", "version": "\
    \(name.prefix(1))", "rollback_sql": "DROP TABLE t\(name);", "depends_on": [\(dependsOn)]}', \
    '{}', current_schemas(false))
    """
  }

  private func start(_ arguments: [String]) throws -> ChildProcess {
    try Program.start(
      arguments, environment: ["DATABASE_URL": workspace.database.url],
      directory: workspace.folder.path)
  }

  /// Starts a rollback while another run is at work, which ends when the rollback waits for it.
  private func rollBack(
    _ arguments: [String], while another: String
  ) throws -> ProgramResult {
    let other = try PsqlSession(workspace.database)
    try other.run("BEGIN; SELECT migration_lock(); \(another)")
    let program = try start(["rollback"] + arguments)
    try program.wait(for: "waiting for another runner", on: .error)
    try other.run("COMMIT")
    return try program.waitUntilExit()
  }

  private var applied: String {
    get throws {
      try workspace.database.psql(
        """
        SELECT string_agg(migration_name, ' ' ORDER BY migration_name)
        FROM migration_history WHERE status = 'applied'
        """)
    }
  }

  private func names(_ result: ProgramResult) -> [String] {
    result.stdout.split(separator: "\n").filter { $0.hasPrefix("   ") }
      .map { String($0.dropFirst(3)) }
  }

  @Test(arguments: [
    (["--to", "1_a"], ["4_d", "3_c", "2_b"], "1_a"), (["--last", "2"], ["4_d", "3_c"], "1_a 2_b"),
    (["--all"], ["4_d", "3_c", "2_b", "1_a"], ""),
    (["--all", "--each"], ["4_d", "3_c", "2_b", "1_a"], ""),
  ])
  func whatAnotherAppliedMeanwhileGoesToo(
    selection: [String], gone: [String], standing: String
  ) throws {
    let result = try rollBack(
      selection + ["--yes"], while: "\(applying("3_c")); \(applying("4_d"))")
    #expect(result.status == 0)
    #expect(names(result) == gone)
    #expect(
      result.stderr.contains(
        "note: what is to be rolled back changed meanwhile (now also: '3_c', '4_d'"))
    #expect(result.stderr.contains("): planning again\n"))
    #expect(try applied == standing)
    #expect(
      try workspace.database.psql(
        "SELECT coalesce(string_agg(tablename, ' ' ORDER BY 1), '') FROM pg_tables "
          + "WHERE tablename ~ '^t[1-4]_'")
        == standing.split(separator: " ").map { "t\($0)" }.joined(separator: " "))
  }

  @Test func nothingToRollBackIsLookedAtAgainToo() throws {
    let result = try rollBack(["--to", "2_b", "--yes"], while: applying("3_c"))
    #expect(result.status == 0)
    #expect(result.stdout.hasPrefix("✅ Migration rolled back successfully\n"))
    #expect(result.stdout.contains("\nDROP TABLE t3_c;\n"))
    #expect(try applied == "1_a 2_b")
    let again = try workspace.run(["rollback", "--to", "2_b", "--yes"])
    #expect(again.status == 0)
    #expect(again.stdout == "✅ Nothing to roll back\n")
  }

  @Test func whatNewlyDependsOnItGoesByCascade() throws {
    let result = try rollBack(
      ["1_a", "--cascade", "--yes"], while: applying("3_c", dependsOn: "\"1_a\""))
    #expect(result.status == 0)
    #expect(names(result) == ["3_c", "1_a"])
    #expect(try applied == "2_b")
  }

  @Test func aRefusalOfTheNewPlanRefuses() throws {
    let result = try rollBack(
      ["--last", "1", "--yes"],
      while: "\(applying("3_c")); UPDATE migration_history SET rollback_sql = NULL "
        + "WHERE migration_name = '3_c'")
    #expect(result.status == 1)
    #expect(result.stdout == "")
    #expect(result.stderr.contains("error: No rollback SQL defined for this migration: '3_c'\n"))
    #expect(try applied == "1_a 2_b 3_c")
  }

  @Test func aPointThatIsGoneIsNoPointAnyMore() throws {
    let result = try rollBack(
      ["--to", "1_a", "--yes"],
      while: "UPDATE migration_history SET status = 'rolled_back' WHERE migration_name = '1_a'")
    #expect(result.status == 1)
    #expect(
      result.stderr.contains(
        "error: there is nothing to go back to: '1_a' is 'rolled_back', not applied\n"))
    #expect(try applied == "2_b")
  }

  @Test func theListThatSomeoneAgreedToIsTheListOrNothing() throws {
    let program = try start(["rollback", "--to", "1_a"])
    try program.wait(for: "(yes/no): ", on: .error)
    try workspace.runSuccessfully("migrate", "--quiet")
    try program.write("yes\n".utf8)
    let result = try program.waitUntilExit()
    #expect(result.status == 1)
    #expect(result.stdout == "")
    #expect(
      result.stderr.hasSuffix(
        """
        error: what is to be rolled back changed meanwhile
          now also: '3_c', '4_d'
        hint: run it again: it shows what is to be rolled back now

        """))
    #expect(try applied == "1_a 2_b 3_c 4_d")
  }

  @Test func programsReadTheRefusal() throws {
    let program = try start(["rollback", "--last", "2", "--json"])
    try program.wait(for: "(yes/no): ", on: .error)
    try workspace.runSuccessfully("rollback", "2_b", "--yes", "--quiet")
    try program.write("yes\n".utf8)
    let result = try program.waitUntilExit()
    #expect(result.status == 1)
    let document: Outcomes = try result.document()
    #expect(document.migrations.map(\.name) == ["2_b", "1_a"])
    #expect(document.migrations.map(\.outcome) == ["refused", "refused"])
    #expect(document.error?.code == "refused")
    #expect(document.error?.sqlstate == "MM014")
    #expect(result.stderr.hasSuffix("error: what is to be rolled back changed meanwhile\n"))
    #expect(try applied == "1_a")
  }

  /// A rollback one by one, whose second one finds its table locked; then another one is applied.
  private func rollBackOneByOne(
    _ arguments: [String], answer: String = ""
  ) throws -> (program: ChildProcess, table: PsqlSession) {
    try workspace.runSuccessfully("migrate", "--to", "3_c", "--quiet")
    let table = try PsqlSession(workspace.database)
    try table.run("BEGIN; LOCK TABLE t2_b")
    let program = try start(
      ["rollback", "--each", "--lock-timeout", "100ms", "--lock-retries", "20"] + arguments)
    try program.write(answer.utf8)
    try program.wait(for: "a lock was not to be had in time", on: .error)
    try workspace.database.psql(applying("4_d"))
    return (program, table)
  }

  @Test(arguments: [["--to", "1_a"], ["--last", "2"]])
  func oneByOneTheRestIsPlannedAgain(selection: [String]) throws {
    let (program, table) = try rollBackOneByOne(selection + ["--yes"])
    try program.wait(
      for: "meanwhile (now also: '4_d'\(selection[0] == "--to" ? "" : "; no longer: '2_b'"))",
      on: .error)
    try table.run("COMMIT")
    let result = try program.waitUntilExit()
    #expect(result.status == 0)
    #expect(names(result) == (selection[0] == "--to" ? ["3_c", "4_d", "2_b"] : ["3_c", "4_d"]))
    #expect(result.stderr.contains("[2/\(names(result).count)] 4_d"))
    #expect(try applied == (selection[0] == "--to" ? "1_a" : "1_a 2_b"))
  }

  @Test func oneByOneTheRestOfTheListIsTheListOrNothing() throws {
    let (program, table) = try rollBackOneByOne(["--to", "1_a"], answer: "yes\n")
    let result = try program.waitUntilExit()
    #expect(result.status == 1)
    #expect(result.stdout.contains("\nDROP TABLE t3_c;\n"))
    #expect(
      result.stderr.hasSuffix(
        """
        error: what is to be rolled back changed meanwhile
          now also: '4_d'
          1 of 2 was rolled back before, and is committed; 1 is as before
        hint: run it again: it shows what is to be rolled back now

        """))
    #expect(try applied == "1_a 2_b 4_d")
    _ = table
  }

  @Test func thatThereAreNotSoManyIsSaid() throws {
    let result = try workspace.run(["rollback", "--last", "99", "--yes"])
    #expect(result.status == 0)
    #expect(result.stderr.contains("\nnote: no more than 2 stand: 99 were asked for\n"))
    #expect(names(result) == ["2_b", "1_a"])
  }
}
