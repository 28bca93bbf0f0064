import Foundation
import TestSupport
import Testing

/// What `docs/guide.md` gives to be typed: the first rollback and the workflows, word for word.
@Suite(.scratchDatabase) struct WorkflowTests {
  private let project: ShellProject
  private let database = ScratchDatabase.current

  init() throws { project = try ShellProject() }

  @Test func theFirstRollbackInFiveMinutes() throws {
    try project.link("migrations", to: Documentation.root + "/migrations")
    try session("## First rollback in five minutes")
      .run(in: project, leavingOut: ["createdb ", "export "])
    #expect(
      try database.psql("SELECT count(*) FROM migration_history WHERE status = 'applied'") == "7")
  }

  @Test func theTasteInTheReadme() throws {
    try project.link("migrations", to: Documentation.root + "/migrations")
    try DocumentedSession(
      "## A taste", of: "README.md",
      before:
        "Or back to any point: `rollback --last 3`, or `rollback --to NAME`, which leaves that one applied."
    )
    .run(in: project, leavingOut: ["createdb ", "export "])
  }

  @Test func aNewMigrationAndItsRollback() throws {
    try database.psql("CREATE TABLE users (id bigint PRIMARY KEY)")
    try runInProject("init")
    let before = try database.dump(["--schema-only"])
    // What stands below it, for another runner, is typed elsewhere.
    try session("### A new migration with its rollback", before: "#### With the Supabase CLI")
      .run(in: project)
    #expect(try database.hasTable("user_preferences"))
    try session("### Roll back a recent migration").run(in: project)
    #expect(try database.dump(["--schema-only"]) == before)
    #expect(
      try database.psql(
        "SELECT reason FROM migration_events WHERE operation = 'rollback'") == "incident 42")
  }

  @Test func aNewMigrationAndItsRollbackWithSupabase() throws {
    try database.psql("CREATE TABLE users (id bigint PRIMARY KEY)")
    try runInProject("init")
    try session("#### With the Supabase CLI").run(in: project)
    #expect(try database.hasTable("user_preferences"))
    // 'check' says besides that Supabase's ledger has it too.
    try session("### Roll back a recent migration")
      .run(in: project, leavingOut: ["migration-manager check"])
    #expect(try !database.hasTable("user_preferences"))
  }

  @Test func anIndexThatIsCreatedConcurrently() throws {
    try database.psql("CREATE TABLE user_preferences (user_id bigint)")
    try runInProject("init")
    let before = try database.dump(["--schema-only"])
    try session("#### What cannot run in a transaction").run(in: project)
    #expect(try database.dump(["--schema-only"]) != before)
    try runInProject("rollback", "20250121_index_user_preferences", "--yes")
    #expect(try database.dump(["--schema-only"]) == before)
  }

  @Test func aRollbackAddedLater() throws {
    let up = "CREATE TABLE ai_routing_metadata (id int);\n"
    try project.folder.write(up, to: "migrations/20251019232120_ai_routing_metadata.sql")
    try database.psql(up)
    try runInProject("register", "20251019232120_ai_routing_metadata")
    try session(
      "### Add a rollback to an existing migration", before: "#### In supabase/migrations"
    ).run(in: project, statuses: ["migration-manager rollback": 1])
    try runInProject("rollback", "20251019232120_ai_routing_metadata", "--yes")
    #expect(try !database.hasTable("ai_routing_metadata"))
  }

  @Test func aRollbackAddedLaterWithSupabase() throws {
    try project.folder.write(
      "CREATE TABLE ai_routing_metadata (id int);\n",
      to: "supabase/migrations/20251019232120_ai_routing_metadata.sql")
    try push()
    try runInProject("register", "20251019232120_ai_routing_metadata")
    try session("#### In supabase/migrations").run(in: project)
    // Nothing happens: the file is applied.
    try push()
    try runInProject(
      "rollback", "20251019232120_ai_routing_metadata", "--yes", "--runner-ledger", "remove")
    #expect(try !database.hasTable("ai_routing_metadata"))
    #expect(try database.supabaseVersions() == "")
  }

  @Test func aTemplateToStartFrom() throws {
    try session("### A template to start from").run(in: project)
  }

  @Test func nothingToUndo() throws {
    let section = try Documentation.block("sql", of: "### Nothing to undo", in: "docs/guide.md")
    try project.folder.write(
      "CREATE TABLE a ();\n-- ROLLBACK START\nDROP TABLE a;\n-- ROLLBACK END\n",
      to: "migrations/1_a.sql")
    try project.folder.write(
      "UPDATE pg_class SET relname = relname WHERE false;\n\(section)", to: "migrations/2_b.sql")
    try runInProject("migrate")
    try runInProject("rollback", "--all", "--yes")
    #expect(try !database.hasTable("a"))
  }

  @Test func aChainOfDependentMigrations() throws {
    for (name, text) in try examples() {
      try project.folder.write(text, to: "migrations/\(name)")
      try database.psql(try runInProject("show", name, "--up").stdout)
      try runInProject("register", name)
    }
    try rollBackTheChain()
  }

  @Test func aChainOfDependentMigrationsWithSupabase() throws {
    for (name, text) in try examples() {
      try project.folder.write(commented(text), to: "supabase/migrations/\(name)")
    }
    try push()
    try runInProject("sync")
    try rollBackTheChain()
  }

  @Test func theOutputForScripts() throws {
    for (name, text) in try examples() {
      try project.folder.write(text, to: "migrations/\(name)")
      try database.psql(try runInProject("show", name, "--up").stdout)
    }
    try runInProject("sync")
    // jq need not be there.
    try DocumentedSession("## For scripts", of: "docs/ci.md")
      .run(in: project, leavingOut: ["migration-manager list --json | jq"])
  }

  private func rollBackTheChain() throws {
    try session("### Roll back a chain").run(in: project, statuses: ["migration-manager check": 1])
    #expect(
      try runInProject("list", "--names").stdout == """
        20250124094500_hash_api_keys
        20250119083000_add_analytics_queue
        20250106093000_create_users

        """)
  }

  /// The example schema's files, in order.
  private func examples() throws -> [(name: String, text: String)] {
    let folder = Documentation.root + "/migrations"
    return try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map { name in
      (name, try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8))
    }
  }

  /// A file with its section commented out, unless it is so already.
  private func commented(_ text: String) -> String {
    let lines = text.components(separatedBy: "\n")
    guard let start = lines.firstIndex(of: "-- ROLLBACK START"),
      let end = lines.firstIndex(of: "-- ROLLBACK END")
    else { return text }
    let body = lines[(start + 1)..<end]
    guard body.contains(where: { !$0.hasPrefix("--") }) else { return text }
    return (lines[...start] + body.map { "-- \($0)" } + lines[end...]).joined(separator: "\n")
  }

  private func push() throws {
    let result = try project.bash("supabase db push", environment: project.connectionVariables)
    guard result.status == 0 else {
      throw UnexpectedResult(arguments: ["supabase db push"], result: result)
    }
  }

  private func session(_ heading: String, before next: String? = nil) throws -> DocumentedSession {
    try DocumentedSession(heading, of: "docs/guide.md", before: next)
  }

  @discardableResult
  private func runInProject(_ arguments: String...) throws -> ProgramResult {
    try runSuccessfully(arguments, directory: project.folder.path)
  }
}
