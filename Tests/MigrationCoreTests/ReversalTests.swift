import Testing

@testable import MigrationCore

@Suite("Revert: a migration turned round")
struct ReversalTests {
  private let name = MigrationName("1_a")
  private static let text = """
    -- Migration: 1_a.sql
    -- Depends on: 0_z
    -- the first table
    CREATE TABLE a ();

    -- ROLLBACK START
    DROP TABLE a;
    -- ROLLBACK END
    """

  private func reversal(
    of text: String = ReversalTests.text, change: (inout LedgerRecord) -> Void = { _ in },
    isThere: Bool = true
  ) throws -> Reversal {
    let file = try migrationFile(text)
    var record = record(of: file)
    change(&record)
    return try Reversal(of: name, record: record, file: isThere ? file : nil)
  }

  @Test("The recorded rollback SQL goes up, the file's up SQL down, without its headers")
  func turned() throws {
    let reversal = try reversal()
    #expect(reversal.up == "DROP TABLE a;")
    #expect(reversal.rollback == "-- the first table\nCREATE TABLE a ();")
    #expect(reversal.warnings == [])
  }

  @Test("What the file sets for itself is set again")
  func searchPath() throws {
    let reversal = try reversal(
      of: "SET search_path TO app, public;\nCREATE TABLE a ();\n"
        + "-- ROLLBACK START\nDROP TABLE a;\n-- ROLLBACK END\n")
    #expect(reversal.up == "SET search_path TO app, public;\nDROP TABLE a;")
  }

  @Test("Without its file there is nothing to undo it by, and it is said")
  func missing() throws {
    let reversal = try reversal(isThere: false)
    #expect(reversal.rollback == nil)
    #expect(
      reversal.warnings == [
        "the file of '1_a' is not in the folder: what would undo the new one must be written"
      ])
  }

  @Test("Changes since, and those that depend on it, are told")
  func warnings() throws {
    #expect(
      try reversal(change: {
        $0.checksum = "0"; $0.metadata.upChecksum = "0"; $0.metadata.upCodeChecksum = "0"
      })
      .warnings == [
        "the up SQL of 'db/1_a.sql' was changed after it was recorded: the new one's rollback SQL is "
          + "the file's"
      ])
    #expect(
      try reversal(change: { $0.dependents = ["2_b", "3_c"] }).warnings
        == ["these depend on '1_a' and must be reverted before it: 2_b, 3_c"])
  }

  @Test("What cannot be undone is refused, with the way out")
  func refusals() throws {
    func refusal(_ change: (inout LedgerRecord) -> Void) -> [String?] {
      let report = #expect(throws: ErrorReport.self) { try reversal(change: change) }
      return [report?.code.rawValue, report?.message, report?.hint]
    }
    #expect(
      refusal { $0.status = .rolledBack } == [
        "refused", "Migration status is rolled_back, not applied: '1_a'", "nothing is left to undo",
      ])
    #expect(
      refusal { $0.status = .failed } == [
        "refused", "Migration status is failed, not applied: '1_a'",
        "its rollback SQL failed: mend it and run 'migration-manager register 1_a'",
      ])
    #expect(
      refusal { $0.metadata.irreversible = "rows are gone" } == [
        "refused", "'1_a' cannot be undone", "write a new migration that moves on from here",
      ])
    #expect(
      refusal { $0.rollbackSQL = nil } == [
        "refused", "No rollback SQL defined for this migration: '1_a'",
        "its file has some that is not recorded: run 'migration-manager register 1_a'",
      ])
    let unrecorded = #expect(throws: ErrorReport.self) {
      try Reversal(of: name, record: nil, file: migrationFile(Self.text))
    }
    #expect(unrecorded?.message == "Migration not found: '1_a'")
  }

  @Test("What ran statement by statement is undone, and done again, in the same way")
  func modes() throws {
    let turned = try reversal(
      of: "-- Transaction: none\nVACUUM;\n-- ROLLBACK START\nDROP TABLE a;\n-- ROLLBACK END\n")
    #expect([turned.upMode, turned.rollbackMode] == [.single, .none])
    #expect(turned.rollback == "VACUUM;")
    let other = try reversal(
      of: "VACUUM;\n-- ROLLBACK START (no transaction)\nVACUUM;\n-- ROLLBACK END\n")
    #expect([other.upMode, other.rollbackMode] == [.none, .single])
    #expect(try reversal(isThere: false).rollbackMode == .single)
  }

  @Test("The header that says so is read, whatever its case", arguments: ["Reverts", "REVERTS "])
  func header(keyword: String) throws {
    let file = try migrationFile(
      "-- Migration: 2_b\n--\(keyword): 1_a.sql (see #3)\nDROP TABLE a;\n-- Reverts: 0_z\n")
    #expect(file.reverts == "1_a")
    #expect(try migrationFile("DROP TABLE a;\n-- Reverts: 1_a\n").reverts == nil)
  }
}
