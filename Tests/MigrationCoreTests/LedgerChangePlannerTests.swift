import Testing

@testable import MigrationCore

@Suite("Plans: what the ledger is to say of a migration")
struct LedgerChangePlannerTests {
  private static let text = "CREATE TABLE a();\n-- ROLLBACK START\nDROP TABLE a;\n-- ROLLBACK END\n"

  private func row(
    _ status: MigrationStatus = .applied, dependents: [String] = []
  ) throws -> LedgerRecord {
    var row = record(of: try migrationFile(Self.text), status: status)
    row.dependents = dependents
    return row
  }

  // MARK: resolve

  @Test(
    "Both ways out of failed, and a status that is taken back",
    arguments: [
      (MigrationStatus.failed, MigrationStatus.applied), (.failed, .rolledBack),
      (.applied, .rolledBack), (.rolledBack, .applied),
    ])
  func resolved(before: MigrationStatus, after: MigrationStatus) throws {
    let change = ResolutionPlanner(name: "1_a", status: after, record: try row(before)).plan()
    #expect(change.refusal == nil)
    #expect(change.statusBefore == before)
    #expect(change.statusAfter == after)
    #expect(!change.isNothingToDo)
  }

  @Test("A status that it has already is nothing to do")
  func unchanged() throws {
    for status in [MigrationStatus.applied, .rolledBack] {
      let change = ResolutionPlanner(name: "1_a", status: status, record: try row(status)).plan()
      #expect(change.isNothingToDo)
      #expect(change.refusal == nil)
    }
  }

  @Test("Without a row, only a file can be recorded, and only as not applied")
  func withoutRow() {
    let unknown = ResolutionPlanner(name: "1_a", status: .rolledBack, nearNames: ["1_b"]).plan()
    #expect(unknown.refusal?.message == "Migration not found: '1_a'")
    #expect(unknown.refusal?.details == ["did you mean '1_b'?"])
    let file = ResolutionPlanner(name: "1_a", status: .rolledBack, hasFile: true).plan()
    #expect(file.refusal == nil)
    #expect(file.statusBefore == nil)
    let applied = ResolutionPlanner(name: "1_a", status: .applied, hasFile: true).plan()
    #expect(
      applied.refusal?.message
        == "migration '1_a' was never recorded as applied: there is nothing to go back to")
    #expect(
      applied.refusal?.hint
        == "'migration-manager register 1_a' records it, with its rollback SQL; "
        + "--force does so whatever the database shows")
  }

  @Test("A row that holds nothing of a file cannot become applied")
  func bareRow() throws {
    var bare = try row(.rolledBack)
    bare.checksum = nil
    let change = ResolutionPlanner(name: "1_a", status: .applied, record: bare).plan()
    #expect(change.refusal?.code == .refused)
    bare.status = .failed
    #expect(ResolutionPlanner(name: "1_a", status: .applied, record: bare).plan().refusal == nil)
  }

  @Test("What stands on it is in the way of rolled_back alone")
  func standing() throws {
    let row = try row(.failed, dependents: ["2_b"])
    let change = ResolutionPlanner(name: "1_a", status: .rolledBack, record: row).plan()
    #expect(
      change.refusal?.message
        == "cannot resolve '1_a' as rolled back: other migrations depend on it")
    #expect(change.refusal?.details == ["depends on it: 2_b"])
    #expect(ResolutionPlanner(name: "1_a", status: .applied, record: row).plan().refusal == nil)
  }

  @Test("A database that says otherwise is a warning")
  func contradicted() throws {
    let missing = AppliedVerdict.NotApplied(
      evidence: "1 of 2 objects exist", missing: ["table b"], contradicted: [])
    func warnings(_ status: MigrationStatus, _ verdict: AppliedVerdict) throws -> [String] {
      ResolutionPlanner(name: "1_a", status: status, record: try row(.failed), verdict: verdict)
        .plan().warnings
    }
    #expect(
      try warnings(
        .rolledBack, .applied(evidence: "all 2 objects that it creates exist", remarks: []))
        == ["the database shows that '1_a' is applied: all 2 objects that it creates exist"])
    #expect(
      try warnings(.rolledBack, .partial(missing))
        == ["a part of '1_a' is in the database: 1 of 2 objects exist"])
    #expect(
      try warnings(.applied, .partial(missing))
        == ["the database does not show all of '1_a': 1 of 2 objects exist"])
    #expect(try warnings(.applied, .applied(evidence: "", remarks: [])) == [])
    #expect(try warnings(.rolledBack, .notApplied(missing)) == [])
    #expect(try warnings(.applied, .unknown) == [])
  }

  // MARK: rename

  private func renaming(
    to text: String? = Self.text, oldFile: String? = nil, force: Bool = false
  ) throws -> LedgerChange {
    RenamePlanner(
      name: "1_a", newName: "1_b", record: try row(), oldFile: oldFile,
      newFile: try text.map { .read(try migrationFile($0, name: "1_b")) } ?? .missing,
      filesWithOldName: ["db/2_c.sql"], force: force
    ).plan()
  }

  @Test("A record follows its file")
  func renamed() throws {
    let change = try renaming()
    #expect(change.refusal == nil)
    #expect(change.kind == .rename(to: "1_b"))
    #expect(change.statusAfter == .applied)
    #expect(change.warnings == ["'db/2_c.sql' still says 'Depends on: 1_a'"])
    #expect(change.hint == nil)
  }

  @Test("A folder that shows it otherwise refuses, and is overridden by --force")
  func folderObjects() throws {
    let cases: [(LedgerChange, LedgerChange, String)] = [
      (
        try renaming(to: nil), try renaming(to: nil, force: true),
        "there is no file of '1_b' in the folder"
      ),
      (
        try renaming(oldFile: "db/1_a.sql"), try renaming(oldFile: "db/1_a.sql", force: true),
        "'db/1_a.sql' is still there: without a record it would be applied again"
      ),
      (
        try renaming(to: "CREATE TABLE other();"),
        try renaming(to: "CREATE TABLE other();", force: true),
        "the up SQL of 'db/1_b.sql' is not what was recorded of '1_a'"
      ),
    ]
    for (refused, forced, message) in cases {
      #expect(refused.refusal?.code == .refused)
      #expect(refused.refusal?.message == message)
      #expect(refused.warnings == [])
      #expect(forced.refusal == nil)
      #expect(forced.warnings == [message, "'db/2_c.sql' still says 'Depends on: 1_a'"])
    }
  }

  @Test("A comment that changed with the name is recorded by register")
  func renamedHeader() throws {
    let change = try renaming(to: "-- Migration: 1_b\n" + Self.text)
    #expect(change.refusal == nil)
    #expect(change.hint == "its file changed: 'migration-manager register 1_b' records it anew")
  }

  @Test("What the ledger says against it is not overridden")
  func ledgerObjects() throws {
    let file = RollbackStepPlanner.FileState.read(try migrationFile(Self.text, name: "1_b"))
    var planner = RenamePlanner(
      name: "1_a", newName: "1_b", record: try row(), isNewNameRecorded: true, newFile: file,
      force: true)
    #expect(planner.plan().refusal?.message == "migration '1_b' is recorded already")
    planner.record = nil
    #expect(planner.plan().refusal?.details == ["'1_b' is recorded"])
    planner.isNewNameRecorded = false
    #expect(planner.plan().refusal?.message == "Migration not found: '1_a'")
    #expect(
      planner.plan().refusal?.hint == "'migration-manager list --all' shows what is recorded")
    planner = RenamePlanner(
      name: "1_b", newName: "1_b", record: try row(), isNewNameRecorded: true, newFile: file)
    #expect(planner.plan().refusal == nil)
    #expect(planner.plan().isNothingToDo)
  }

  // MARK: forget

  @Test("A record that is forgotten, and what is lost with it")
  func forgotten() throws {
    let change = ForgetPlanner(name: "1_a", record: try row(), hasFile: true).plan()
    #expect(change.refusal == nil)
    #expect(change.statusBefore == .applied)
    #expect(change.statusAfter == nil)
    #expect(
      change.warnings == [
        "what '1_a' made stays in the database, and 'rollback' cannot undo it any more",
        "its file is still in the folder: without a record it may be applied again",
      ])
    #expect(
      ForgetPlanner(name: "1_a", record: try row(.rolledBack), hasFile: true).plan().warnings == [])
  }

  @Test("What stands on it is in the way")
  func forgettingRefused() throws {
    let change = ForgetPlanner(name: "1_a", record: try row(dependents: ["2_b"])).plan()
    #expect(change.refusal?.message == "cannot forget '1_a': other migrations depend on it")
    #expect(change.refusal?.details == ["depends on it: 2_b"])
    #expect(change.warnings == [])
    #expect(
      ForgetPlanner(name: "1_x").plan().refusal?.message == "Migration not found: '1_x'")
  }
}
