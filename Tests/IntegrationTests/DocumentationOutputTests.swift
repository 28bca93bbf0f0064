import Foundation
import TestSupport
import Testing

/// What `docs/guide.md` shows is what the program prints, line by line, and what `docs/ledger.md` gives
/// to be run does what is said there.
@Suite(.scratchLedger) struct DocumentationOutputTests {
  private let database = ScratchDatabase.current
  private let folder: MigrationFolder
  private let guide: Set<Substring>

  init() throws {
    folder = try MigrationFolder()
    guide = Set(
      try Documentation.text(of: "docs/guide.md").split(separator: "\n")
        .map { $0.trimmed })
    try runSuccessfully(["init"])
  }

  @Test func aNearMiss() throws {
    try write(
      "20251102100000_near_miss",
      "CREATE TABLE near (id int);\n\n-- ROLLBACK BEGIN\nDROP TABLE near;\n-- ROLLBACK END\n")
    try expectInGuide(["register", "20251102100000_near_miss"], status: 2)
  }

  @Test func anIndexDroppedConcurrently() throws {
    try write(
      "20250208_drop_index",
      """
      CREATE INDEX a8_idx ON a8 (id);

      -- ROLLBACK START
      DROP INDEX CONCURRENTLY a8_idx;
      -- ROLLBACK END

      """)
    try expectInGuide(["register", "20250208_drop_index"], status: 1)
  }

  @Test func aSectionAddedLater() throws {
    let name = "20251019232120_ai_routing_metadata"
    let up = "CREATE TABLE ai_routing_metadata (id int);\n"
    try write(name, up)
    try database.psql(up)
    try run(["register", name], status: 0)
    try expectInGuide(["rollback", name, "--yes"], status: 1)
    try write(
      name, up + "\n-- ROLLBACK START\nDROP TABLE ai_routing_metadata;\n-- ROLLBACK END\n")
    try expectInGuide(["register", name, "--reason", "add the missing rollback"], status: 0)
    try expectInGuide(["check", name], status: 0)
  }

  @Test func aRollbackThatFails() throws {
    let name = "20251101090000_add_user_settings"
    let up = "CREATE TABLE user_settings (id int);" + String(repeating: "\n", count: 10)
    func section(_ sql: String) -> String { "-- ROLLBACK START\n\(sql)\n-- ROLLBACK END\n" }
    try write(name, up + section("DROP TABLE user_settings;"))
    try database.psql(up + "CREATE VIEW dark_users AS SELECT id FROM user_settings")
    try run(["register", name], status: 0)
    try expectInGuide(["rollback", name, "--yes"], status: 2)
    try write(name, up + section("DROP VIEW dark_users;\nDROP TABLE user_settings;"))
    try expectInGuide(["register", name], status: 0)
    try folder.remove("migrations/\(name).sql")
    // What the SQL does in the end is shown elsewhere in the guide.
    try expectInGuide(["rollback", name, "--yes", "--quiet"], status: 0, leavingOut: ["DROP "])
  }

  @Test func everythingThatIsApplied() throws {
    let files = [
      "20250120_add_user_preferences": "CREATE TABLE user_preferences (id int);",
      "20250122_add_themes": "CREATE TABLE themes (id int);",
      "20250123_default_theme": "UPDATE pg_class SET relname = relname WHERE false;",
      "20250124_add_theme_colours":
        "CREATE TABLE theme_colours (theme int);\n"
        + "CREATE INDEX theme_colours_theme ON theme_colours (theme);",
      "20250125_later": "CREATE TABLE later (id int);",
    ]
    for (name, up) in files {
      try write(name, up + "\n-- ROLLBACK START\nSELECT 1;\n-- ROLLBACK END\n")
    }
    try database.psql(
      "CREATE TABLE user_preferences (); CREATE TABLE themes (); CREATE TABLE theme_colours ()")
    try expectInGuide(["sync"], status: 0)
  }

  @Test func aChain() throws {
    try adoptExamples()
    try expectInGuide(["check", "20250110102000_create_documents"], status: 1)
  }

  @Test func theWordsForDrift() throws {
    let name = "20250101_create_users"
    let file = SampleMigration.table("users")
    try database.psql(file.up)
    for (change, status) in [
      (file.text, 0), (file.text.replacing("(id", with: "(x int, id"), 0),
      (file.text.replacing("DROP TABLE", with: "DROP TABLE IF EXISTS"), 1),
      (file.text + "-- Done.\n", 0), (file.text.replacing("\n", with: "\r\n"), 0),
    ] {
      try write(name, change)
      guard change != file.text else {
        try run(["register", name], status: 0)
        continue
      }
      let result = try run(["check", name], status: Int32(status))
      let words = try #require(
        result.stdout.split(separator: "\n").first {
          $0.hasPrefix("Note: ") || $0.hasSuffix("after it was recorded")
        })
      let shown = words.drop { $0 != ":" }.dropFirst(2)
        .replacing("migrations/\(name).sql", with: "FILE").replacing(name, with: "NAME")
      #expect(guide.contains { $0.contains("| `\(shown)` |") }, "\(shown)")
    }
  }

  @Test func theQueryOfAChainGivesTheOrderOfTheHint() throws {
    try adoptExamples()
    let check = try run(["check", "20250108141500_create_projects"], status: 1)
    let hint = try #require(check.stderr.components(separatedBy: "in this order: ").last)
    let rows = try database.psql(try query("WITH RECURSIVE chain"))
    #expect(
      rows.split(separator: "\n").compactMap { $0.split(separator: "|").first }
        == hint.trimmed.components(separatedBy: ", ").map { $0[...] }
        + ["20250108141500_create_projects"])
  }

  @Test(arguments: [
    "interval '7 days'", "status = 'rolled_back'\nORDER", "NOT has_rollback_sql",
    "WHERE status = 'failed'", "LIMIT 20", "error, rollback_sql", "FROM migration_snapshots",
  ])
  func theOtherQueriesRun(words: String) throws {
    try database.psql(try query(words))
  }

  @Test func uninstallingIsAsInstallShows() throws {
    try adoptExamples()
    try run(["rollback", "20250203090000_add_project_archive", "--yes"], status: 0)
    let page = try Documentation.text(of: "docs/install.md")
    let sample = try #require(
      page.components(separatedBy: "$ migration-manager init --drop\n").last?
        .components(separatedBy: "```").first)
    let shown = sample.replacing("(yes/no): yes", with: "(yes/no):").split(separator: "\n")
      .map(\.trimmed).filter { !$0.isEmpty && !$0.hasPrefix("Database: ") && $0 != "…" }
    let result = try Program.run(["init", "--drop"], input: "yes\n", directory: folder.path)
    // The functions are counted, and not all of them are shown.
    let printed = (result.stderr + result.stdout).split(separator: "\n")
      .map(\.trimmed).filter { !$0.isEmpty && !$0.hasPrefix("Database: ") }
    for line in shown { #expect(printed.contains(line), "\(line)") }
    for line in printed where !line.hasPrefix("function ") {
      #expect(shown.contains(line), "\(line)")
    }
  }

  /// The block of `docs/ledger.md` that holds some words.
  private func query(_ words: String) throws -> String {
    let blocks = try Documentation.text(of: "docs/ledger.md")
      .components(separatedBy: "```sql\n").dropFirst()
      .compactMap { $0.components(separatedBy: "```").first }
    return try #require(blocks.first { $0.contains(words) })
  }

  private func adoptExamples() throws {
    let examples = Documentation.root + "/migrations"
    let names = try FileManager.default.contentsOfDirectory(atPath: examples).sorted()
      .filter { $0.hasSuffix(".sql") }
    for name in names {
      let text = try String(contentsOfFile: "\(examples)/\(name)", encoding: .utf8)
      try folder.write(text, to: "migrations/\(name)")
      try database.psql(try run(["show", name, "--up"], status: 0).stdout)
    }
    try run(["register"] + names, status: 0)
  }

  private func write(_ name: String, _ text: String) throws {
    try folder.write(text, to: "migrations/\(name).sql")
  }

  @discardableResult
  private func run(_ arguments: [String], status: Int32) throws -> ProgramResult {
    let result = try Program.run(arguments, directory: folder.path)
    try #require(result.status == status, "\(result.stdout)\(result.stderr)")
    return result
  }

  private func expectInGuide(
    _ arguments: [String], status: Int32, leavingOut known: [String] = []
  ) throws {
    let result = try run(arguments, status: status)
    for line in (result.stdout + result.stderr).split(separator: "\n")
    where !(["Database: ", "────", "SQL executed:"] + known).contains(where: line.hasPrefix) {
      #expect(guide.contains(line.trimmed), "\(line)")
    }
  }
}

extension StringProtocol {
  fileprivate var trimmed: SubSequence {
    var rest = self[...]
    while rest.last?.isWhitespace == true { rest = rest.dropLast() }
    while rest.first?.isWhitespace == true { rest = rest.dropFirst() }
    return rest
  }
}
