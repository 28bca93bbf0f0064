import Testing

@testable import MigrationCore

@Suite("New migrations: names, paths and texts")
struct NewMigrationTests {
  /// 2025-11-20 14:30:00 UTC, in microseconds.
  private static let now = 1_763_649_000_000_000

  private func migration(
    _ words: String, beside files: [String], of runner: RunnerLayout? = nil
  ) throws -> NewMigration {
    try NewMigration(
      words, in: MigrationFolder(path: "db", fileNames: files), of: runner, now: Self.now)
  }

  private func paths(
    _ words: String, beside files: [String], of runner: RunnerLayout? = nil
  ) throws -> [String] {
    let migration = try migration(words, beside: files, of: runner)
    return [migration.path(in: "db"), migration.rollbackPath(in: "db")].compactMap(\.self)
  }

  @Test(
    "It lies as the newest one, or as most of its kind",
    arguments: [
      ([], ["db/20251120143000_add_tags.sql"]),
      (["0007_a.sql"], ["db/0008_add_tags.sql"]),
      (["1-a-b.sql"], ["db/2-add-tags.sql"]),
      (["1_a.up.sql", "1_a.down.sql"], ["db/2_add_tags.up.sql", "db/2_add_tags.down.sql"]),
      (["1_a.up.sql"], ["db/2_add_tags.up.sql", "db/2_add_tags.down.sql"]),
      (["1_a.sql", "1_a.rollback.sql"], ["db/2_add_tags.sql", "db/2_add_tags.rollback.sql"]),
      (
        ["1_a.sql", "1_a.down.sql", "2_b.sql", "2_b.down.sql", "3_c.sql"],
        ["db/4_add_tags.sql", "db/4_add_tags.down.sql"]
      ),
      (["1_a.sql", "1_a.down.sql", "2_b.sql", "3_c.sql"], ["db/4_add_tags.sql"]),
      (["1_a/migration.sql"], ["db/2_add_tags/migration.sql"]),
      (
        ["1_a/migration.sql", "1_a/down.sql"],
        ["db/2_add_tags/migration.sql", "db/2_add_tags/down.sql"]
      ),
      (["1_a/up.sql"], ["db/2_add_tags/up.sql", "db/2_add_tags/down.sql"]),
      (
        ["1_a.sql", "2_b/up.sql", "2_b/rollback.sql"],
        ["db/3_add_tags/up.sql", "db/3_add_tags/rollback.sql"]
      ),
      (["seed.sql"], ["db/20251120143000_add_tags.sql"]),
      (["seed.sql", "1_a.up.sql"], ["db/2_add_tags.up.sql", "db/2_add_tags.down.sql"]),
    ] as [([String], [String])])
  func layouts(files: [String], expected: [String]) throws {
    #expect(try paths("add tags", beside: files) == expected)
  }

  @Test("The halves of the newest pair may bear different names")
  func pairByVersion() throws {
    let pair = ["7_add_inputs.up.sql", "7_add_input.down.sql"]
    let expected = ["db/8_next_one.up.sql", "db/8_next_one.down.sql"]
    #expect(try paths("next one", beside: pair) == expected)
    #expect(try paths("next one", beside: pair.reversed()) == expected)
    // The longer half is the one that undoes.
    #expect(
      try paths("next one", beside: ["7_a.up.sql", "7_add_all_of_it.down.sql"]) == expected)
    // The newest has no other half yet: most of its kind tell.
    #expect(
      try paths("next one", beside: ["6_add_inputs.up.sql", "6_add_input.down.sql", "7_b.up.sql"])
        == expected)
  }

  @Test(
    "Whatever the newest one's files are called, the next one is one migration with its undo",
    arguments: [".sql", ".up.sql", "/migration.sql", "/up.sql"],
    ["", ".down.sql", ".rollback.sql", "/down.sql", "/rollback.sql"])
  func everyLayout(migration: String, rollback: String) throws {
    // A file's undo is a file, a folder's stands in the folder.
    let belongs = rollback.isEmpty || migration.hasPrefix("/") == rollback.hasPrefix("/")
    // Only golang-migrate's pairs are found by their version.
    let others =
      migration == ".up.sql" && rollback == ".down.sql" ? ["7_a", "7_a_b_c", "7_"] : ["7_a"]
    for other in others where belongs {
      let files = ["7_a\(migration)"] + (rollback.isEmpty ? [] : ["\(other)\(rollback)"])
      let written = try paths("next one", beside: files).map { String($0.dropFirst("db/".count)) }
      let undo =
        rollback.isEmpty ? [".up.sql": ".down.sql", "/up.sql": "/down.sql"][migration] : rollback
      #expect(written == ["8_next_one\(migration)"] + (undo.map { ["8_next_one\($0)"] } ?? []))
      let folder = try MigrationFolder(path: "db", fileNames: files + written)
      #expect(folder.warnings == [])
      #expect(
        folder.entries.last
          == MigrationFolder.Entry(
            name: MigrationName("8_next_one"), path: "db/8_next_one\(migration)",
            rollbackPath: undo.map { "db/8_next_one\($0)" }))
      #expect(folder.entries.count == 2)
    }
  }

  @Test(
    "Words that would make another file of it", arguments: ["down", "up", "rollback", "template"])
  func misleadingWords(word: String) {
    let report = #expect(throws: ErrorReport.self) { try migration(word, beside: ["7.a.sql"]) }
    #expect(report?.code == .usage)
    #expect(report?.message == "'8.\(word).sql' would not be read as a migration's file")
  }

  @Test("Empty folders of other runners have their layouts; Supabase's never two files")
  func runners() throws {
    #expect(
      try paths("a", beside: [], of: .prisma) == ["db/20251120143000_a/migration.sql"])
    #expect(try paths("a", beside: [], of: .supabase) == ["db/20251120143000_a.sql"])
    #expect(
      try paths("a", beside: ["1_a.sql", "1_a.down.sql"], of: .supabase) == ["db/2_a.sql"])
  }

  @Test(
    "Words become a name",
    arguments: [
      ("add user settings", "add_user_settings"), (" Add  UserSettings! ", "add_user_settings"),
      ("addHTTPHeader", "add_httpheader"), ("drop users.nick", "drop_users_nick"),
      ("../etc/passwd", "etc_passwd"), ("größe ändern", "größe_ändern"), ("v2 api", "v2_api"),
      ("2nd try", "2nd_try"),
    ])
  func slugs(words: String, slug: String) throws {
    #expect(try migration(words, beside: []).name.text == "20251120143000_\(slug)")
  }

  @Test("Words of which no name can be made", arguments: ["", " ", "!?", "../.."])
  func noWords(words: String) {
    let report = #expect(throws: ErrorReport.self) { try migration(words, beside: []) }
    #expect(report?.code == .usage)
    #expect(
      report?.message == "'\(words)' holds no letter and no digit to make a name of")
  }

  @Test("A name that would be too long, or has another version")
  func badNames() {
    let long = #expect(throws: ErrorReport.self) {
      try migration(String(repeating: "a", count: 190), beside: [])
    }
    #expect(long?.message == "the migration's name would be 205 bytes long, of at most 200")
    let other = #expect(throws: ErrorReport.self) { try migration("10 20", beside: ["0007_a.sql"]) }
    #expect(
      other?.message
        == "the first words of '10 20' would be read as a part of the version, '0008_10_20'")
  }

  @Test("One file with a section: live, and commented for who executes all of it")
  func section() throws {
    let live = try migration("a", beside: ["1_x.sql"])
    #expect(
      live.texts(
        headers: ["Reverts: 1_x"], up: "DROP TABLE x;", rollback: "CREATE TABLE x ();\n\n--"
      )
      .migration == """
        -- Migration: 2_a.sql
        -- Reverts: 1_x

        DROP TABLE x;

        -- ROLLBACK START
        CREATE TABLE x ();

        --
        -- ROLLBACK END

        """)
    let commented = try migration("a", beside: ["1_x/migration.sql"], of: .prisma)
    let texts = commented.texts(
      headers: [], up: "DROP TABLE x;", rollback: "CREATE TABLE x ();\n\n-- all\n  SELECT 1;")
    #expect(texts.rollback == nil)
    #expect(
      texts.migration == """
        -- Migration: 2_a

        DROP TABLE x;

        -- ROLLBACK START
        -- CREATE TABLE x ();
        --
        -- -- all
        --   SELECT 1;
        -- ROLLBACK END

        """)
    let read = try migrationFile(texts.migration, name: "2_a")
    #expect(read.rollbackSQL == "CREATE TABLE x ();\n\n-- all\n  SELECT 1;")
    #expect(!read.isLive)
  }

  @Test("Two files have no markers")
  func twoFiles() throws {
    let texts = try migration("a", beside: ["1_x.up.sql"]).texts(
      headers: ["Depends on: none"], up: "DROP TABLE x;", rollback: "CREATE TABLE x ();")
    #expect(
      texts.migration
        == "-- Migration: 2_a.up.sql\n-- Depends on: none\n\nDROP TABLE x;\n")
    #expect(texts.rollback == "CREATE TABLE x ();\n")
    #expect(try migrationFile(texts.migration).dependencies == [])
  }
}
