import Testing

@testable import MigrationCore

@Suite("What migrate would apply, in which order, or why nothing")
struct MigrationPlannerTests {
  private func row(
    _ name: String, _ status: MigrationStatus = .applied, isRegistered: Bool = false
  ) -> RecordedMigration {
    RecordedMigration(
      name: name, status: status, checksum: "c", isRegistered: isRegistered,
      rollback: status == .rolledBack ? PastRollback(by: "ada") : nil)
  }

  /// Plans for a folder given as texts by name.
  private func plan(
    _ texts: KeyValuePairs<String, String>, _ rows: [RecordedMigration] = [],
    to target: String? = nil, _ unrecorded: [String: UnrecordedFile] = [:],
    allowsOutOfOrder: Bool = false, requiresOrder: Bool = false
  ) throws -> MigrationPlan {
    var request = MigrationRequest()
    request.target = target
    request.allowsOutOfOrder = allowsOutOfOrder
    request.requiresOrder = requiresOrder
    let files = texts.map { MigrationName($0.key) }.sorted()
    let planner = MigrationPlanner(
      files: files, overview: LedgerOverview(rows), request: request,
      boundary: try request.boundary(among: files))
    var read: [MigrationName: Result<PendingFile, ErrorReport>] = [:]
    for (name, text) in texts {
      do {
        read[MigrationName(name)] = .success(PendingFile(try migrationFile(text, name: name)))
      } catch let report as ErrorReport {
        read[MigrationName(name)] = .failure(report)
      }
    }
    return planner.plan(
      read,
      unrecorded: Dictionary(
        uniqueKeysWithValues: unrecorded.map { (MigrationName($0.key), $0.value) }))
  }

  private func refusals(_ plan: MigrationPlan) -> [String] {
    plan.refusals.map { $0.error.sentence }
  }

  @Test("What does not stand is applied in the order of versions; what was rolled back is again")
  func pending() throws {
    let plan = try plan(
      ["10_c": "SELECT 3", "9_b": "SELECT 2", "1_a": "SELECT 1"],
      [row("9_b"), row("1_a", .rolledBack)])
    #expect(plan.steps.map(\.name) == ["1_a", "10_c"])
    #expect(plan.steps.map(\.sql) == ["SELECT 1", "SELECT 3"])
    #expect(plan.refusals == [])
    #expect(plan.standing == 1)
    #expect(
      plan.notes == [
        "out of order, since '9_b' is applied already: '1_a'",
        "'1_a' was rolled back by ada: it is applied again",
      ])
  }

  @Test(
    "The target is a name, or the last one of a version",
    arguments: [
      ("2_b.sql", ["1_a", "2_b"]), ("2", ["1_a", "2_b", "2_c"]), ("02", ["1_a", "2_b", "2_c"]),
      ("1_a", ["1_a"]), ("9", []), ("2_x", []),
    ])
  func target(target: String, names: [String]) throws {
    var request = MigrationRequest()
    request.target = target
    let files = ["1_a", "2_b", "2_c", "3_d"].map(MigrationName.init)
    let boundary = try request.boundary(among: files)
    #expect(boundary?.text == names.last)
    guard boundary != nil else { return }
    let plan = try plan(
      ["1_a": "", "2_b": "", "2_c": "", "3_d": "BEGIN; ROLLBACK;"], to: target)
    #expect(plan.steps.map(\.name) == names)
    #expect(plan.refusals == [])
  }

  @Test("Where the target stands it says how to go back to it, if there is anything to undo")
  func behind() throws {
    let files: KeyValuePairs = ["1_a": "SELECT 1", "2_b": "SELECT 2", "3_c": "SELECT 3"]
    #expect(
      try plan(files, [row("1_a"), row("2_b")], to: "1").notes == [
        "what was applied after '1_a' stays: 'migration-manager rollback --to 1_a' undoes that"
      ])
    #expect(try plan(files, [row("1_a"), row("2_b")], to: "2_b").notes == [])
  }

  @Test("A file without SQL is applied, and said to change nothing, unless it is a TODO")
  func empty() throws {
    let plan = try plan(["2_b": "", "3_c": "-- nothing\n"])
    #expect(
      plan.warnings == [
        "'db/2_b.sql' holds no SQL: applying it changes nothing",
        "'db/3_c.sql' holds no SQL: applying it changes nothing",
      ])
    #expect(plan.refusals == [])
    let unwritten = try self.plan(["1_a": "-- Migration: 1_a\n\n-- TODO: the change\n", "2_b": ""])
    #expect(
      unwritten.refusals == [
        .init(
          name: "1_a",
          error: ErrorReport(
            .refused, "'1_a' is not written yet: its up SQL is a TODO",
            hint: "write the change into the file, or delete it",
            location: ErrorReport.Location(file: "db/1_a.sql", line: 3)))
      ])
  }

  @Test("What stands against it comes in the order of the files, whatever it is")
  func orderOfRefusals() throws {
    let plan = try plan(
      ["1_a": "-- Depends on: 9_z", "2_b": "VACUUM", "3_c": "", "4_d": "COMMIT"],
      [row("5_e", .failed)], ["3_c": .untold])
    #expect(plan.refusals.map(\.name) == ["5_e", "1_a", "2_b", "3_c", "4_d"])
  }

  @Test("A failed rollback and an uncertain file stop everything, each with the way out")
  func refused() throws {
    let plan = try plan(
      ["1_a": "", "2_b": "", "3_c": "", "4_d": ""], [row("1_a", .failed)],
      [
        "2_b": .untold, "3_c": .partial(evidence: "1 of 2 objects exist", missing: ["table c"]),
        "4_d": .applied(evidence: "the object that it creates exists"),
      ])
    #expect(
      plan.refusals == [
        .init(
          name: "1_a",
          error: ErrorReport(
            .refused,
            "the last rollback of '1_a' failed: nothing is applied until that is settled",
            hint: "'migration-manager check 1_a' says why; mend its rollback section and run "
              + "'migration-manager register 1_a', or 'migration-manager resolve 1_a --applied'")),
        .init(
          name: "2_b",
          error: ErrorReport(
            .refused, "nothing tells whether '2_b' was applied",
            details: [
              "it creates nothing that could be looked for, and another runner keeps a ledger here: "
                + "it may have applied it"
            ],
            hint: "if it was applied, run 'migration-manager register 2_b'; if it was not, "
              + "'migration-manager resolve 2_b --rolled-back', and 'migrate' applies it")),
        .init(
          name: "3_c",
          error: ErrorReport(
            .refused, "'3_c' was applied only in part, or not at all",
            details: ["1 of 2 objects exist", "missing: table c"],
            hint:
              "if it was applied and changed by hand since, run 'migration-manager register 3_c "
              + "--force'; if it was not, 'migration-manager resolve 3_c --rolled-back'")),
        .init(
          name: "4_d",
          error: ErrorReport(
            .refused, "'4_d' was applied and is not recorded",
            details: ["the object that it creates exists"],
            hint: "run 'migration-manager register 4_d', or 'migration-manager sync' for all such "
              + "files")),
      ])
  }

  @Test("Out of order: said on our own ledger, refused where others applied something, or always")
  func order() throws {
    let files: KeyValuePairs = ["1_a": "", "2_b": "", "3_c": ""]
    let own = try plan(files, [row("2_b")])
    #expect(own.notes == ["out of order, since '2_b' is applied already: '1_a'"])
    #expect(own.refusals == [])
    let shared = try plan(files, [row("2_b", isRegistered: true)])
    #expect(refusals(shared) == ["'1_a' is out of order: '2_b' is applied already"])
    #expect(
      shared.refusals.first?.error.hint
        == "records here were made by 'sync' or 'register': another runner may have applied it "
        + "without a record; if it was not applied, give --allow-out-of-order")
    let allowed = try plan(files, [row("2_b", isRegistered: true)], allowsOutOfOrder: true)
    #expect(allowed.refusals == [])
    #expect(allowed.steps.map(\.name) == ["1_a", "3_c"])
    // Of what has a record it is known that it does not stand.
    let known = try plan(files, [row("1_a", .rolledBack), row("2_b", isRegistered: true)])
    #expect(known.refusals == [])
    #expect(known.steps.map(\.name) == ["1_a", "3_c"])
    let strict = try plan(files, [row("2_b")], requiresOrder: true)
    #expect(refusals(strict) == ["'1_a' is out of order: '2_b' is applied already"])
    #expect(
      strict.refusals.first?.error.hint == "give it a later version, or leave --strict-order out")
  }

  @Test("What a file depends on comes before it, or stands; a failed rollback changed nothing")
  func dependencies() throws {
    let kept = try plan(
      ["1_a": "", "2_b": "-- Depends on: 1_a, 0_x", "3_c": "-- Depends on: 2_b.sql"],
      [row("0_x", .applied)])
    #expect(kept.refusals == [])
    let broken = try plan(
      [
        "1_a": "-- Depends on: 3_c", "2_b": "-- Migration: b\n-- Depends on: 0_y, 1_b",
        "3_c": "", "4_d": "-- Depends on: 0_z",
      ],
      [row("0_z", .rolledBack)])
    #expect(
      refusals(broken) == [
        "db/1_a.sql:1: '1_a' depends on '3_c', which comes after it",
        "db/2_b.sql:2: '2_b' depends on '0_y', which is not applied and has no file",
        "db/2_b.sql:2: '2_b' depends on '1_b', which is not applied and has no file",
        "db/4_d.sql:1: '4_d' depends on '0_z', which is not applied and has no file",
      ])
    #expect(
      broken.refusals[2].error.details == [
        "did you mean '1_a'?", "did you mean '2_b'?", "did you mean '3_c'?",
      ])
    let beyond = try plan(["1_a": "-- Depends on: 2_b", "2_b": ""], to: "1_a")
    #expect(refusals(beyond) == ["db/1_a.sql:1: '1_a' depends on '2_b', which comes after it"])
  }

  @Test("A cycle is named in full")
  func cycle() throws {
    let plan = try plan([
      "1_a": "-- Depends on: 3_c", "2_b": "-- Depends on: 1_a", "3_c": "-- Depends on: 2_b",
      "4_d": "-- Depends on: 4_d",
    ])
    #expect(
      refusals(plan) == [
        "db/1_a.sql:1: dependency cycle: 1_a -> 3_c -> 2_b -> 1_a",
        "db/4_d.sql:1: dependency cycle: 4_d -> 4_d",
      ])
  }

  @Test("What cannot run in a transaction, or would undo itself, is refused with its place")
  func unfit() throws {
    let plan = try plan([
      "1_a": "CREATE TABLE a ();\nCOMMIT;", "2_b": "VACUUM;", "3_c": "\\i other.sql\n",
      "4_d": "CREATE TABLE d ();\n-- ROLLBACK BEGIN\nDROP TABLE d;\n",
      "5_e": "SELECT 1;\n-- ROLLBACK START\nCREATE ROLE r PASSWORD 'x';\n-- ROLLBACK END\n",
      "6_f": "-- ROLLBACK END\n",
    ])
    #expect(
      refusals(plan) == [
        "db/1_a.sql:2:1: COMMIT in the up SQL: it runs inside one transaction",
        "db/2_b.sql:1:1: VACUUM cannot run inside a transaction block",
        "db/3_c.sql:1:1: '\\i other.sql' is a psql command, not SQL",
        "db/4_d.sql:2: '-- ROLLBACK BEGIN' is not a rollback marker: what follows it would run too",
        "db/5_e.sql:3:24: a password in the rollback SQL would be kept in the ledger",
        "db/6_f.sql:1: 'ROLLBACK END' without a 'ROLLBACK START' before it",
      ])
  }

  @Test("A transaction around the whole is left out; a password may be in the up SQL, unseen")
  func taken() throws {
    let plan = try plan([
      "1_a": "BEGIN;\nCREATE TABLE a ();\nCOMMIT;\n", "2_b": "CREATE ROLE r PASSWORD 'secret';",
    ])
    #expect(plan.refusals == [])
    #expect(
      plan.notes == [
        "'db/1_a.sql': the transaction around all of it is left out: it gets one of its own"
      ])
    #expect(
      plan.steps.map(\.sql) == [
        "      \nCREATE TABLE a ();\n       \n", "CREATE ROLE r PASSWORD ********;",
      ])
    #expect(plan.steps.last?.file.sql == "CREATE ROLE r PASSWORD 'secret';")
  }

  @Test("What is recorded: no evidence, the file's own path, the sums of both directions")
  func record() throws {
    let file = PendingFile(
      try migrationFile(
        "-- Depends on: 0_x\nSET search_path = app;\nSELECT 1;\n-- ROLLBACK START\nSELECT 2;\n"
          + "-- ROLLBACK END\n"))
    let record = file.record
    #expect(record.metadata.searchPath == "\"app\"")
    #expect(record.metadata.evidence == nil)
    #expect(record.metadata.forced == nil)
    #expect(record.rollbackSQL == "SELECT 2;")
    #expect(record.dependsOn == ["0_x"])
    #expect(record.metadata.sectionLine == 4)
    let other = PendingFile(try migrationFile("SELECT 1;"))
    #expect(other.record.metadata.searchPath == nil)
  }
}
