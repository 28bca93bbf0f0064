import SQLParsing
import Testing

@testable import MigrationCore

@Suite("Migrations whose rollback SQL is a file of its own")
struct PairedFilesTests {
  private func file(
    _ text: String, down: String, downPath: String = "db/1_a.down.sql"
  ) throws -> MigrationFile {
    try MigrationFile(
      name: MigrationName("1_a"), path: "db/1_a.up.sql", bytes: Array(text.utf8),
      rollbackFile: RollbackFile(path: downPath, bytes: Array(down.utf8)))
  }

  // MARK: The folder

  @Test("Files and folders of both kinds mix with the native form; the version orders them")
  func folder() throws {
    let folder = try MigrationFolder(
      path: "db",
      fileNames: [
        "5_e.sql", "0004_d.rollback.sql", "0004_d.sql", "10_j/up.sql", "10_j/down.sql",
        "3_c/migration.sql", "3_c/rollback.sql", "2_b.down.sql", "2_b.up.sql", "1_a/up.sql",
        "6_f/migration.sql", "6_f/down.sql", "7_g.up.sql", "7_g.rollback.sql",
        "8_h.sql", "8_h.down.sql", "9_i/rollback.sql", "9_i/up.sql", "9_i/metadata.toml",
      ])
    #expect(
      folder.entries.map { "\($0.name.text) \($0.path) \($0.rollbackPath ?? "-")" } == [
        "1_a db/1_a/up.sql -",
        "2_b db/2_b.up.sql db/2_b.down.sql",
        "3_c db/3_c/migration.sql db/3_c/rollback.sql",
        "0004_d db/0004_d.sql db/0004_d.rollback.sql",
        "5_e db/5_e.sql -",
        "6_f db/6_f/migration.sql db/6_f/down.sql",
        "7_g db/7_g.up.sql db/7_g.rollback.sql",
        "8_h db/8_h.sql db/8_h.down.sql",
        "9_i db/9_i/up.sql db/9_i/rollback.sql",
        "10_j db/10_j/up.sql db/10_j/down.sql",
      ])
    #expect(folder.warnings == [])
  }

  @Test("Rollback SQL without its migration is told, where the name bears a version")
  func lone() throws {
    let folder = try MigrationFolder(
      path: "db",
      fileNames: [
        "1_a.sql", "1_a/down.sql", "3_c.rollback.sql", "2_b/down.sql", "notes.down.sql",
        "down.sql",
      ])
    #expect(folder.entries.map(\.name.text) == ["1_a"])
    #expect(folder.entries.allSatisfy { $0.rollbackPath == nil })
    #expect(
      folder.warnings
        == ["db/1_a/down.sql", "db/2_b/down.sql", "db/3_c.rollback.sql"].map {
          "'\($0)' undoes no migration: the file that it would undo is not beside it"
        } + [
          "'db/down.sql' is taken for no migration: its name begins with no version, as others here do"
        ])
  }

  @Test("Of golang-migrate's pairs the version decides, where only one of each is left")
  func pairedByVersion() throws {
    let folder = try MigrationFolder(
      path: "db",
      fileNames: [
        "1_add_inputs.up.sql", "1_add_input.down.sql",
        "2_a.up.sql", "2_b.up.sql", "2_c.down.sql",
        "3_a.up.sql", "3_b.down.sql", "3_c.down.sql",
        "4_a.sql", "4_b.down.sql",
        "a.up.sql", "b.down.sql",
      ])
    #expect(
      folder.entries.filter { $0.rollbackPath != nil }.map { "\($0.path) \($0.rollbackPath ?? "")" }
        == ["db/1_add_inputs.up.sql db/1_add_input.down.sql"])
    #expect(
      folder.warnings.map { $0.prefix { $0 != " " } }
        == [
          "'db/2_c.down.sql'", "'db/3_b.down.sql'", "'db/3_c.down.sql'", "'db/4_b.down.sql'",
          "'db/a.up.sql'",
        ])
  }

  @Test(
    "What bears no version where others do is no migration, and it is said",
    arguments: [
      ["fill.sql"], ["fill.up.sql", "fill.down.sql"], ["fill/up.sql", "fill/down.sql"],
      ["fill/migration.sql"],
    ],
    [["1_a/up.sql", "1_a/down.sql"], ["1_a.up.sql"], ["1_a.sql", "2_b/migration.sql"]])
  func unversioned(script: [String], others: [String]) throws {
    let folder = try MigrationFolder(path: "db", fileNames: script + others)
    #expect(
      folder.entries.map { "\($0.name.text.first ?? "-")" }
        == (others.contains("1_a.sql") ? ["1", "2"] : ["1"]))
    #expect(folder.entry(named: MigrationName("fill")) == nil)
    #expect(
      folder.warnings == [
        "'db/\(script[0])' is taken for no migration: its name begins with no version, as others here do"
      ])
  }

  @Test("Where none bears a version, all are migrations, by their names")
  func allUnversioned() throws {
    let folder = try MigrationFolder(
      path: "db", fileNames: ["b.sql", "a/up.sql", "c.up.sql", "c.down.sql"])
    #expect(folder.entries.map(\.name.text) == ["a", "b", "c"])
    #expect(folder.warnings == [])
  }

  @Test(
    "Two files of one role are an error that names both",
    arguments: [
      (["1_a.sql", "1_a.down.sql", "1_a.rollback.sql"], "both hold the rollback SQL of '1_a'"),
      (["1_a/up.sql", "1_a/down.sql", "1_a/rollback.sql"], "both hold the rollback SQL of '1_a'"),
      (["1_a/migration.sql", "1_a/up.sql"], "are one migration, '1_a'"),
      (["1_a.up.sql", "1_a/up.sql"], "are one migration, '1_a'"),
    ])
  func twice(files: [String], complaint: String) {
    let report = #expect(throws: ErrorReport.self) {
      try MigrationFolder(path: "db", fileNames: files)
    }
    #expect(
      report?.message == "'db/\(files[files.count - 2])' and 'db/\(files[files.count - 1])' "
        + complaint)
    #expect(report?.hint == "rename or remove one of them")
  }

  // MARK: The files

  @Test("The whole file is the rollback SQL, without its mark, blank ends and carriage returns")
  func whole() throws {
    let file = try file(
      "-- Depends on: 0_z.up.sql, 0_y.down.sql\nCREATE TABLE a ();\n",
      down: "\u{FEFF}\r\n\r\n-- gone\r\nDROP TABLE a;\r\n\r\n")
    #expect(file.rollbackSQL == "-- gone\nDROP TABLE a;")
    #expect(
      file.rollbackOrigin == .file(path: "db/1_a.down.sql", firstLine: 3, prefixes: []))
    #expect(!file.isLive)
    #expect(file.upSQL == file.text.bytes)
    #expect(file.dependencies.map(\.name) == ["0_z", "0_y"])
    #expect(file.remarks == [])
    #expect(file.checksums.file == file.fileChecksum)
    #expect(file.checksums.rollback == FileChecksums.ofText(Array("-- gone\nDROP TABLE a;".utf8)))
  }

  @Test("A BEGIN and COMMIT around it are dropped")
  func wrapped() throws {
    let file = try file("CREATE TABLE a ();", down: "BEGIN;\nDROP TABLE a;\nCOMMIT;\n")
    #expect(file.rollbackSQL == "DROP TABLE a;")
    #expect(
      file.rollbackOrigin == .file(path: "db/1_a.down.sql", firstLine: 2, prefixes: []))
    #expect(
      file.remarks
        == [
          "db/1_a.down.sql:1: the BEGIN and COMMIT around the rollback SQL are dropped: "
            + "it runs in one transaction"
        ])
  }

  @Test(
    "A file of comments is no rollback SQL",
    arguments: ["", "\n", "-- This file should undo anything in `up.sql`\n", "/* DROP */ ;"])
  func empty(down: String) throws {
    let file = try file("CREATE TABLE a ();", down: down)
    #expect(file.rollbackSQL == nil)
    #expect(file.declaration.section?.style == .file)
    #expect(file.remarks == [])
  }

  @Test("A section in it that is commented out is none, and said to be")
  func commentedSection() throws {
    let file = try file(
      "CREATE TABLE a ();", down: "\n-- ROLLBACK START\n-- DROP TABLE a;\n-- ROLLBACK END\n")
    #expect(file.rollbackSQL == nil)
    #expect(
      file.remarks == [
        "db/1_a.down.sql:2: all of this file is rollback SQL: a section that is commented out in it "
          + "counts as none"
      ])
  }

  @Test("Irreversible may stand in either file")
  func irreversible() throws {
    let line = "-- ROLLBACK IRREVERSIBLE: rows are gone\n"
    #expect(try file("DELETE FROM a;", down: line).declaration.irreversible == "rows are gone")
    #expect(
      try file("DELETE FROM a;\n\(line)", down: "").declaration.irreversible == "rows are gone")
  }

  @Test(
    "Two ways to undo it, or none and one, are an error with its place",
    arguments: [
      (
        "CREATE TABLE a ();\n-- ROLLBACK START\n-- ROLLBACK END\n", "",
        "db/1_a.up.sql:2: a rollback section, and 'db/1_a.down.sql' beside the file"
      ),
      (
        "DELETE FROM a;\n-- ROLLBACK IRREVERSIBLE: no\n", "DROP TABLE a;",
        "db/1_a.up.sql:2: 'ROLLBACK IRREVERSIBLE', and rollback SQL in 'db/1_a.down.sql'"
      ),
      (
        "DELETE FROM a;", "DROP TABLE a;\n-- ROLLBACK IRREVERSIBLE: no\n",
        "db/1_a.down.sql:2: rollback SQL and 'ROLLBACK IRREVERSIBLE'"
      ),
    ])
  func contradictions(up: String, down: String, sentence: String) {
    let report = #expect(throws: ErrorReport.self) { try file(up, down: down) }
    #expect(report?.code == .file)
    #expect(report?.sentence == sentence)
    #expect(report?.hint == "keep one of them")
  }

  @Test("Bytes that are no text are told of the file that holds them")
  func encoding() {
    let report = #expect(throws: ErrorReport.self) {
      try RollbackFile(path: "db/1_a.down.sql", bytes: [0x41, 0xFF])
    }
    #expect(report?.message == "'db/1_a.down.sql' is not UTF-8: byte 1 is 0xff")
  }

  @Test("An undo behind a line that is no marker is seen beside a file of rollback SQL too")
  func undoOutsideMarkers() throws {
    let file = try file("CREATE TABLE a ();\n-- DOWN\nDROP TABLE a;\n", down: "DROP TABLE a;")
    #expect(file.undoOutsideMarkers?.line == 2)
  }

  // MARK: Drift

  @Test(
    "Drift of either file",
    arguments: [
      ("CREATE TABLE a ();\n", "DROP TABLE a;\n", nil),
      ("CREATE TABLE a ();\n", "DROP TABLE a;\r\n\r\n", nil),
      ("CREATE TABLE a ();\n", "DROP TABLE IF EXISTS a;\n", .rollback),
      ("CREATE TABLE a ();\n", "", .rollback),
      ("CREATE TABLE a ();\n", "DROP  TABLE a; -- all\n", .comments),
      ("CREATE TABLE a ();\r\n", "DROP TABLE a;\n", .lineEnds),
      ("CREATE TABLE a (b int);\n", "DROP TABLE IF EXISTS a;\n", .up),
    ] as [(String, String, Drift?)])
  func drift(up: String, down: String, drift: Drift?) throws {
    let recorded = try file("CREATE TABLE a ();\n", down: "DROP TABLE a;\n")
    let changed = try file(up, down: down)
    #expect(FileChecksums.drift(of: changed.checksums, from: recorded.checksums) == drift)
    #expect(changed.agrees(with: record(of: recorded)) == (drift == nil))
  }

  @Test("A file of rollback SQL that came or went is drift of the rollback alone")
  func cameOrWent() throws {
    let with = try file("CREATE TABLE a ();\n", down: "DROP TABLE a;\n")
    let without = try MigrationFile(
      name: with.name, path: with.path, bytes: Array("CREATE TABLE a ();\n".utf8))
    for (now, then) in [(with, without), (without, with)] {
      #expect(FileChecksums.drift(of: now.checksums, from: then.checksums) == .rollback)
      #expect(!now.agrees(with: record(of: then)))
    }
  }
}
