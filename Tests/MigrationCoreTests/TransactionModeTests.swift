import SQLParsing
import Testing

@testable import MigrationCore

@Suite("How a file asks to be run statement by statement")
struct TransactionModeTests {
  @Test(
    "The header's line, in any case, with blanks and remarks",
    arguments: [
      "-- Transaction: none", "--transaction:NONE", "  --  TRANSACTION :  None  ",
      "-- Transaction: none (the index is built concurrently)", "-- Transaction: none.",
      "-- Migration: 1_a\n-- Depends on: 0_b\n\n-- Transaction: none -- index",
    ])
  func header(_ header: String) throws {
    let file = try migrationFile(header + "\nCREATE TABLE a();\n")
    #expect(file.upMode == .none)
    #expect(file.rollbackMode == .single)
  }

  @Test(
    "What is no such line",
    arguments: [
      "CREATE TABLE a();\n-- Transaction: none",
      "-- In a transaction: none of this", "-- Transactions: none",
      "-- Transaction: the table of payments",
      "SELECT '\n-- Transaction: none\n'",
      "-- ROLLBACK START\n-- Transaction: none\nDROP TABLE a;\n-- ROLLBACK END\nCREATE TABLE a();",
    ])
  func otherLines(_ text: String) throws {
    let file = try migrationFile(text)
    #expect(file.upMode == .single)
    #expect(file.rollbackMode == .single)
  }

  @Test(
    "Any other value is an error with its line",
    arguments: [
      ("-- Transaction: single", "single"), ("-- transaction: no", "no"),
      ("-- Transaction:", "Transaction:"), ("-- Transaction: nonesuch", "nonesuch"),
      ("-- Transaction: none of these needs one", "none of these needs one"),
    ])
  func otherValues(line: String, value: String) {
    #expect(
      throws: ErrorReport(
        .file, "'\(value)' is no way to run a migration",
        hint: "write '-- Transaction: none' for statement by statement, and nothing for one "
          + "transaction",
        location: ErrorReport.Location(file: "db/1_a.sql", line: 2))
    ) {
      try migrationFile("-- Migration: 1_a\n\(line)\nSELECT 1;")
    }
  }

  private func section(_ words: String, _ body: String = "VACUUM;") throws -> MigrationFile {
    try migrationFile("SELECT 1;\n-- ROLLBACK START\(words)\n\(body)\n-- ROLLBACK END\n")
  }

  @Test(
    "The marker's words",
    arguments: [
      " (no transaction)", " (NO  Transaction)", "(no-transaction)", " no transaction",
      " (no_transaction)", " (without transaction)", " -- without a transaction",
      " (Transaction: none)", " (no transaction: the index is in use)", "(no transaction, #12)",
    ])
  func marker(_ words: String) throws {
    let file = try section(words)
    #expect(file.rollbackMode == .none)
    #expect(file.upMode == .single)
    #expect(file.remarks == [])
  }

  @Test(
    "Other words behind the marker are passed over",
    arguments: ["", " -------", " (in one transaction)", " of the notification table"])
  func otherWords(_ words: String) throws {
    let file = try section(words)
    #expect(file.rollbackMode == .single)
    #expect(file.remarks == [])
  }

  @Test(
    "Words that may mean it are told",
    arguments: [" (outside transaction)", " transaction:false", " -- atlas:txmode none"])
  func unclearWords(_ words: String) throws {
    let file = try section(words)
    #expect(file.rollbackMode == .single)
    #expect(
      file.remarks == [
        "db/1_a.sql:2: '-- ROLLBACK START\(words)' means one transaction: for statement by statement "
          + "write '-- ROLLBACK START (no transaction)'"
      ])
  }

  @Test func BEGINAndCOMMITStayWhereTheyMeanSomething() throws {
    let body = "BEGIN;\nDROP TABLE b;\nDROP TABLE a;\nCOMMIT;"
    #expect(try section(" (no transaction)", body).rollbackSQL == body)
    #expect(try section("", body).rollbackSQL == "DROP TABLE b;\nDROP TABLE a;")
    let commented = "-- BEGIN;\n-- DROP TABLE a;\n-- COMMIT;"
    #expect(
      try section(" (no transaction)", commented).rollbackSQL == "BEGIN;\nDROP TABLE a;\nCOMMIT;")
  }

  private func pair(
    _ up: String, _ down: String, defaultMode: TransactionMode = .single
  ) throws -> MigrationFile {
    try MigrationFile(
      name: MigrationName("1_a"), path: "db/1_a/up.sql", bytes: Array(up.utf8),
      rollbackFile: RollbackFile(path: "db/1_a/down.sql", bytes: Array(down.utf8)),
      defaultMode: defaultMode)
  }

  @Test func eachFileOfAPairSaysItOfItself() throws {
    let up = try pair("-- Transaction: none\nVACUUM;", "SELECT 1;")
    #expect([up.upMode, up.rollbackMode] == [.none, .single])
    let down = try pair("SELECT 1;", "-- Transaction: none\nBEGIN;\nSELECT 1;\nCOMMIT;")
    #expect([down.upMode, down.rollbackMode] == [.single, .none])
    #expect(down.rollbackSQL == "-- Transaction: none\nBEGIN;\nSELECT 1;\nCOMMIT;")
    #expect(throws: ErrorReport.self) { try pair("SELECT 1;", "-- Transaction: yes\nSELECT 1;") }
  }

  @Test func dieselsSettingsHoldForBothFiles() throws {
    let file = try pair("SELECT 1;", "SELECT 1;", defaultMode: .none)
    #expect([file.upMode, file.rollbackMode] == [.none, .none])
    #expect(DieselSettings.path(beside: "db/1_a/up.sql") == "db/1_a/metadata.toml")
    #expect(DieselSettings.path(beside: "db/1_a.up.sql") == nil)
    for text in [
      "run_in_transaction = false", "# why\n  run_in_transaction=false # index\n",
      "a = 1\n\"run_in_transaction\" = false\r\n",
    ] {
      #expect(DieselSettings.mode(in: text) == .none)
    }
    for text in [
      "", "run_in_transaction = true", "# run_in_transaction = false",
      "[other]\nrun_in_transaction = false",
    ] {
      #expect(DieselSettings.mode(in: text) == .single)
    }
  }

  @Test func theModeIsRecordedWhereItIsNone() throws {
    let both = try migrationFile(
      """
      -- Transaction: none
      VACUUM;
      -- ROLLBACK START (no transaction)
      VACUUM;
      -- ROLLBACK END
      """)
    func metadata(_ file: MigrationFile) -> RegisteredMigration.Metadata {
      RegisteredMigration(file, file.checksums, searchPath: nil, setsPath: false).metadata
    }
    #expect(metadata(both).upTransaction == "none")
    #expect(metadata(both).rollbackTransaction == "none")
    let neither = metadata(try migrationFile(section: "DROP TABLE a;"))
    #expect([neither.upTransaction, neither.rollbackTransaction] == [nil, nil])
  }

  @Test func anotherModeIsAnotherRollback() throws {
    let single = try section("", "DROP TABLE a;")
    let none = try section(" (no transaction)", "DROP TABLE a;")
    #expect(!none.agrees(with: record(of: single)))
    #expect(record(of: single).drift(of: none.checksums) == .rollback)
    #expect(record(of: none).drift(of: single.checksums) == .rollback)
    #expect(none.agrees(with: record(of: none)))
    // Told by diesel's settings alone: the same bytes.
    let pairs = try [
      pair("SELECT 1;", "SELECT 2;"), pair("SELECT 1;", "SELECT 2;", defaultMode: .none),
    ]
    #expect(!pairs[0].agrees(with: record(of: pairs[1])))
    #expect(record(of: pairs[1]).drift(of: pairs[0].checksums) == .rollback)
  }
}
