import Testing

@testable import MigrationCore

@Suite("Plans: can it be rolled back, and what would run?")
struct RollbackStepPlannerTests {
  private static let file = """
    CREATE TABLE a();
    -- ROLLBACK START
    DROP TABLE a;
    -- ROLLBACK END

    """

  private func planner(
    _ recorded: String = Self.file, file: String? = Self.file, status: MigrationStatus = .applied,
    useRecorded: Bool = false
  ) throws -> RollbackStepPlanner {
    RollbackStepPlanner(
      name: "1_a", record: record(of: try migrationFile(recorded), status: status),
      file: try file.map { .read(try migrationFile($0)) } ?? .missing, useRecorded: useRecorded)
  }

  @Test("File and ledger agree")
  func agreed() throws {
    let plan = try planner().step()
    #expect(plan.refusal == nil)
    #expect(plan.sql == "DROP TABLE a;")
    #expect(plan.searchPath == "app, public")
    #expect(plan.sqlChecksum == FileChecksums.ofBytes(of: "DROP TABLE a;"))
    #expect(plan.origin == .file(path: "db/1_a.sql", firstLine: 3, prefixes: []))
    #expect(plan.drift == nil)
    #expect(plan.warnings == [])
    #expect(!plan.fileMissing)
  }

  @Test("The ledger's text is what runs, and the file's is refused where it differs")
  func otherRollback() throws {
    let changed = Self.file.replacing("DROP TABLE a", with: "DROP TABLE IF EXISTS a")
    let plan = try planner(file: changed).step()
    let refusal = try #require(plan.refusal)
    #expect(plan.sql == "DROP TABLE a;")
    #expect(plan.origin == .recorded(name: "1_a"))
    #expect(refusal.code == .refused)
    #expect(refusal.message == "the rollback SQL of '1_a' was changed after it was recorded")
    let sums = [
      FileChecksums.ofText(Array("DROP TABLE a;".utf8)),
      FileChecksums.ofText(Array("DROP TABLE IF EXISTS a;".utf8)),
    ].map { $0.prefix(6) + "…" }
    #expect(
      refusal.details == [
        "recorded \(sums[0]), file \(sums[1]): what runs is always the recorded SQL"
      ])
    #expect(
      refusal.hint
        == "run 'migration-manager register 1_a' to accept the file's, or give --use-recorded")
    let going = try planner(file: changed, useRecorded: true).step()
    #expect(going.refusal == nil)
    #expect(
      going.warnings == ["the rollback SQL of 'db/1_a.sql' differs: the recorded SQL is used"])
  }

  @Test("A section that is gone differs, for a role too that may not see the recorded SQL")
  func sectionGone() throws {
    var planner = try planner(file: "CREATE TABLE a();\n")
    planner.record?.rollbackSQL = nil
    #expect(
      planner.check().reason == "the rollback SQL of '1_a' was changed after it was recorded")
    planner.file = .read(try migrationFile(Self.file))
    #expect(planner.check().canRollback)
  }

  @Test("Other differences are told, and stop nothing")
  func otherDrift() throws {
    let up = try planner(file: Self.file.replacing("a();", with: "a(id int);")).step()
    #expect(up.refusal == nil)
    #expect(up.drift == .up)
    #expect(up.warnings == ["the up SQL of 'db/1_a.sql' was changed after it was recorded"])
    let comments = try planner(file: "-- x\n" + Self.file).step()
    #expect(comments.refusal == nil)
    #expect(comments.warnings == ["only comments or white space of 'db/1_a.sql' have changed"])
    #expect(comments.origin == .file(path: "db/1_a.sql", firstLine: 4, prefixes: []))
    let ends = try planner(file: Self.file.replacing("\n", with: "\r\n")).step()
    #expect(ends.warnings == ["only the line ends of 'db/1_a.sql' have changed"])
    #expect(ends.origin == .file(path: "db/1_a.sql", firstLine: 3, prefixes: []))
  }

  @Test("A rollback runs as it was recorded, and the file's other way is refused")
  func otherMode() throws {
    let stepwise = Self.file.replacing("START", with: "START (no transaction)")
    let planner = try planner(file: stepwise)
    let refusal = try #require(planner.step().refusal)
    #expect(refusal.message == "how '1_a' is rolled back was changed after it was recorded")
    #expect(
      refusal.details == [
        "recorded in one transaction, file statement by statement: it runs as it is recorded"
      ])
    #expect(
      refusal.hint
        == "run 'migration-manager register 1_a' to accept the file's, or give --use-recorded")
    #expect(planner.drift == .rollback)
    #expect(!planner.check().canRollback)
    #expect(planner.check().reason == refusal.message)
    let back = try self.planner(stepwise, file: Self.file).step()
    #expect(
      back.refusal?.details == [
        "recorded statement by statement, file in one transaction: it runs as it is recorded"
      ])
    let going = try self.planner(stepwise, file: Self.file, useRecorded: true).step()
    #expect(going.refusal == nil)
    #expect(going.units.map(\.sql) == ["DROP TABLE a"])
    #expect(
      going.warnings == [
        "'db/1_a.sql' asks for another way to roll back: it runs as it is recorded"
      ])
  }

  @Test("What cannot run in a transaction is refused by how it is recorded")
  func modeOfTheRecord() throws {
    let section =
      "-- ROLLBACK START (no transaction)\nDROP INDEX CONCURRENTLY i;\n-- ROLLBACK END\n"
    let stepwise = try planner("SELECT 1;\n" + section, file: nil)
    #expect(stepwise.step().refusal == nil)
    #expect(stepwise.step().units.map(\.line) == [1])
    #expect(stepwise.check().canRollback)
    var single = stepwise
    single.record?.metadata.rollbackMode = .single
    let refusal = try #require(single.step().refusal)
    #expect(
      refusal.message == "DROP INDEX CONCURRENTLY cannot run inside a transaction block")
    #expect(
      refusal.hint
        == "write '-- ROLLBACK START (no transaction)': its statements then run one by one; and run "
        + "'migration-manager register 1_a'")
    #expect(single.step().units == [])
    // Without the right to see the recorded SQL, the file's tells.
    var reader = try planner("SELECT 1;\n" + section, file: "SELECT 1;\n" + section)
    reader.record?.rollbackSQL = nil
    #expect(reader.check().canRollback)
  }

  @Test("Texts that look alike and are not the same bytes differ")
  func canonicalEquivalence() throws {
    let plan = try planner(
      Self.file.replacing("DROP TABLE a", with: "DROP TABLE \u{E9}"),
      file: Self.file.replacing("DROP TABLE a", with: "DROP TABLE e\u{301}")
    ).step()
    #expect(plan.refusal?.code == .refused)
    #expect(plan.origin == .recorded(name: "1_a"))
  }

  @Test("Other up SQL does not hide other rollback SQL")
  func bothDiffer() throws {
    let changed = Self.file.replacing("a();", with: "a(id int);")
      .replacing("DROP TABLE a", with: "DROP TABLE IF EXISTS a")
    let plan = try planner(file: changed).step()
    #expect(plan.drift == .up)
    #expect(
      plan.refusal?.message == "the rollback SQL of '1_a' was changed after it was recorded")
  }

  @Test("A file that is gone is said to be gone, and the ledger's text runs")
  func gone() throws {
    let plan = try planner(file: nil).step()
    #expect(plan.refusal == nil)
    #expect(plan.fileMissing)
    #expect(plan.origin == .recorded(name: "1_a"))
    #expect(
      plan.warnings == [
        "the file of '1_a' is not in the folder: the SQL recorded in the ledger is used"
      ])
  }

  @Test("A file with broken markers stops it, unless the recorded SQL is asked for")
  func unreadable() throws {
    let report = ErrorReport(
      .file, "a second 'ROLLBACK START'", location: .init(file: "db/1_a.sql", line: 5))
    var planner = try planner()
    planner.file = .unreadable(report)
    #expect(planner.step().refusal == report)
    planner.useRecorded = true
    #expect(planner.step().refusal == nil)
    #expect(
      planner.step().warnings == [
        "db/1_a.sql:5: a second 'ROLLBACK START': the SQL recorded in the ledger is used"
      ])
  }

  @Test("Each status, with its way out")
  func statuses() throws {
    let rolledBack = try #require(try planner(status: .rolledBack).step().refusal)
    #expect(rolledBack.message == "Migration status is rolled_back, not applied: '1_a'")
    #expect(
      rolledBack.hint
        == "nothing is left to undo; 'migration-manager list --all' shows every status")
    let failed = try #require(try planner(status: .failed).step().refusal)
    #expect(
      failed.hint
        == "mend its rollback section, run 'migration-manager register 1_a', then roll back again")
    #expect([rolledBack.code, failed.code] == [.refused, .refused])
  }

  @Test("A name without a row: is there a file, or a name like it?")
  func unknown() throws {
    var planner = RollbackStepPlanner(
      name: "1_b", record: nil, file: .missing, nearNames: ["1_a", "1_bb"])
    let refusal = try #require(planner.step().refusal)
    #expect(refusal.message == "Migration not found: '1_b'")
    #expect(refusal.details == ["did you mean '1_a'?", "did you mean '1_bb'?"])
    #expect(refusal.hint == "'migration-manager list --all' shows what is recorded")
    #expect(planner.check().reason == "Migration not found")
    #expect(planner.check().remarks == ["did you mean '1_a'?", "did you mean '1_bb'?"])
    planner.file = .read(try migrationFile(Self.file, name: "1_b"))
    #expect(
      planner.step().refusal?.hint
        == "its file is there but it is not recorded: if it was applied, "
        + "run 'migration-manager register 1_b'")
  }

  @Test("No rollback SQL, and none to come")
  func irreversible() throws {
    var without = try planner("CREATE TABLE a();", file: "CREATE TABLE a();")
    without.record?.reason = "No rollback SQL defined for this migration"
    #expect(
      without.step().refusal?.hint
        == "add a rollback section to its file and run 'migration-manager register 1_a'")
    let section = "CREATE TABLE a();\n-- ROLLBACK START\n-- TODO: x\n-- ROLLBACK END\n"
    without.file = .read(try migrationFile(section))
    #expect(
      without.step().refusal?.hint
        == "its rollback section holds no SQL yet: write it and run "
        + "'migration-manager register 1_a'")
    without.file = .read(try migrationFile(section.replacing("-- TODO: x", with: "DROP TABLE a;")))
    #expect(
      without.step().refusal?.hint
        == "its file has rollback SQL that is not recorded: run 'migration-manager register 1_a'")
    let text = "DROP TABLE a;\n-- ROLLBACK IRREVERSIBLE: rows are gone\n"
    var planner = try planner(text, file: text)
    planner.record?.reason = "No rollback SQL defined for this migration"
    let refusal = try #require(planner.step().refusal)
    #expect(refusal.message == "No rollback SQL defined for this migration: '1_a'")
    #expect(refusal.details == ["irreversible: rows are gone"])
    #expect(refusal.hint == "write a new migration that moves on from here")
    #expect(planner.check().irreversible == "rows are gone")
  }

  @Test("Dependents, and with which to begin")
  func dependents() throws {
    var planner = try planner()
    planner.record?.canRollback = false
    planner.record?.reason = "Cannot rollback: other migrations depend on this one"
    planner.record?.dependents = ["2_b", "3_c"]
    let plan = planner.step()
    #expect(plan.dependents == ["2_b", "3_c"])
    #expect(plan.refusal?.details == ["depends on it: 2_b", "depends on it: 3_c"])
    #expect(
      plan.refusal?.hint
        == "'migration-manager rollback 1_a --cascade' rolls back first, in this order: 2_b, 3_c")
    planner.chain.names = ["9_z", "3_c", "2_b"]
    #expect(
      planner.step().refusal?.hint
        == "'migration-manager rollback 1_a --cascade' rolls back first, in this order: 9_z, 3_c, 2_b"
    )
    planner.record?.dependents = ["2_b"]
    planner.chain.stuck = ["9_z"]
    #expect(
      planner.step().refusal?.hint
        == "roll none of them back: '9_z', which must go first too, cannot be rolled back, as "
        + "'migration-manager check 9_z' says; write a new migration that moves on from here")
    planner.chain = DependentsChain()
    #expect(
      planner.step().refusal?.hint
        == "'migration-manager rollback 1_a --cascade' rolls back first: 2_b")
    #expect(planner.check().reason == "Cannot rollback: other migrations depend on this one")
    #expect(!planner.check().canRollback)
  }

  @Test("check says what rollback would say")
  func check() throws {
    let check = try planner(
      Self.file.replacing("DROP TABLE a;", with: "COMMIT;"),
      file: Self.file.replacing("DROP TABLE a;", with: "COMMIT;")
    ).check()
    #expect(!check.canRollback)
    #expect(
      check.reason == "db/1_a.sql:3:1: COMMIT in the rollback SQL: it runs inside one transaction")
    #expect(try planner().check().reason == "Migration can be safely rolled back")
  }
}
