import TestSupport
import Testing

/// `register` believes nothing: the catalog must hold what the up SQL creates.
@Suite(.scratchDatabase) struct RegisterEvidenceTests {
  let workspace: Workspace
  let name = "20250101_create_app"

  init() throws { workspace = try Workspace() }

  static let up = """
    CREATE SCHEMA app;
    CREATE TABLE app."Users" (id int PRIMARY KEY);
    ALTER TABLE app."Users" ADD COLUMN email text;
    CREATE INDEX users_email ON app."Users" (email);
    CREATE VIEW app.everyone AS SELECT id FROM app."Users";
    CREATE MATERIALIZED VIEW app.counts AS SELECT count(*) FROM app."Users";
    CREATE SEQUENCE app.numbers;
    CREATE FUNCTION app.twice(n int, OUT m int) LANGUAGE sql AS 'SELECT 2 * n';
    CREATE TYPE app.mood AS ENUM ('good');
    CREATE DOMAIN app.word AS text;
    """

  @Test func allOfItIsThere() throws {
    try workspace.write(Self.up, section: "DROP SCHEMA app CASCADE;", to: name)
    try workspace.apply(name)
    let result = try workspace.run(["register", name])
    #expect(result.status == 0)
    #expect(
      result.stdout
        == "✅ Migration registered successfully\n   Rollback SQL: ✅ Available\n"
        + "   Evidence: all 10 objects that it creates exist\n")
    #expect(
      result.stderr == """
        📝 Registering migration: \(name)
        note: created the ledger in schema 'public' of \(workspace.databaseLine.dropFirst(10))
        \(workspace.databaseLine)

        """)
    #expect(
      try workspace.recorded(
        "concat_ws('|', migration_version, status, metadata ->> 'evidence', metadata -> 'forced')",
        of: name) == "20250101|applied|all 10 objects that it creates exist|false")
  }

  /// What is taken away again, and what is then missing.
  static let missing: [(undone: String, missing: [String])] = [
    ("DROP INDEX app.users_email", ["index app.users_email"]),
    ("ALTER TABLE app.\"Users\" RENAME email TO mail", ["column email of app.Users"]),
    (
      "DROP FUNCTION app.twice; CREATE FUNCTION app.twice(a int, b int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
      ["function app.twice(integer)"]
    ),
    (
      "DROP VIEW app.everyone; CREATE TABLE app.everyone (); DROP TYPE app.mood",
      ["view app.everyone", "type app.mood"]
    ),
    (
      "ALTER TABLE app.\"Users\" RENAME TO users; DROP SEQUENCE app.numbers",
      ["table app.Users", "column email of app.Users", "sequence app.numbers"]
    ),
  ]

  @Test(arguments: missing) func someOfItIsMissing(undone: String, missing: [String]) throws {
    try workspace.write(Self.up, to: name)
    try workspace.apply(name)
    try workspace.database.psql(undone)
    let result = try workspace.run(["register", name])
    #expect(result.status == 1)
    #expect(result.stdout == "")
    #expect(
      result.stderr
        == "📝 Registering migration: \(name)\n\(workspace.databaseLine)\n"
        + "error: migration '\(name)' was applied only in part, or not at all\n"
        + missing.map { "  missing: \($0)\n" }.joined()
        + "hint: apply it first, or give --force if it was applied and changed by hand since\n")
    let json: Outcomes = try workspace.run(["register", name, "--json"]).document()
    #expect(json.migrations.map(\.outcome) == ["partial"])
    #expect(json.error?.code == "refused")
    #expect(try !workspace.database.hasTable("migration_history"))
  }

  @Test func noneOfItIsThere() throws {
    try workspace.write("CREATE TABLE users ();\nCREATE TABLE tags ();", to: name)
    let result = try workspace.run(["register", name])
    #expect(result.status == 1)
    #expect(
      result.stderr.contains(
        "error: migration '\(name)' was not applied: nothing that it creates exists\n"
          + "  missing: table users\n  missing: table tags\n"))
    let json: Outcomes = try workspace.run(["register", name, "--json"]).document()
    #expect(json.migrations.map(\.outcome) == ["not_applied"])
    #expect(try !workspace.database.hasTable("migration_history"))
  }

  @Test func forceRecordsItAndThatItWasForced() throws {
    try workspace.write("CREATE TABLE users ();\nCREATE TABLE tags ();", to: name)
    try workspace.database.psql("CREATE TABLE users ()")
    let result = try workspace.run(["register", name, "--force", "--reason", "by hand"])
    #expect(result.status == 0)
    #expect(result.stdout.contains("   Evidence: forced: 1 of 2 objects exist\n"))
    #expect(result.stderr.contains("missing: table tags\n"))
    #expect(try workspace.recorded("metadata ->> 'forced'", of: name) == "true")
    #expect(
      try workspace.database.psql(
        "SELECT details ->> 'forced', reason FROM migration_events WHERE operation = 'register'")
        == "true|by hand")
  }

  @Test func forceThatWasNotNeededIsNotRecorded() throws {
    try workspace.write("CREATE TABLE users ();", to: name)
    try workspace.apply(name)
    try workspace.runSuccessfully("register", name, "--force")
    #expect(try workspace.recorded("metadata ->> 'forced'", of: name) == "false")
  }

  @Test func nothingToTellBy() throws {
    try workspace.write("DO $$ BEGIN CREATE TABLE hidden (); END $$;", to: name)
    let result = try workspace.run(["register", name])
    #expect(result.status == 0)
    #expect(result.stdout.contains("   Evidence: none\n"))
    #expect(
      result.stderr.contains(
        "note: nothing in it tells whether it was applied: recorded on your word\n"))
    #expect(try workspace.database.status(of: name) == "applied")
  }

  @Test func whatLaterFilesTakeAwayDoesNotCount() throws {
    try workspace.write(
      """
      CREATE TABLE kept (); CREATE TABLE dropped (); CREATE TABLE renamed (x int);
      CREATE TABLE moved (); CREATE INDEX renamed_x ON renamed (x); CREATE VIEW v AS SELECT 1;
      """, to: name)
    try workspace.write(
      """
      DROP TABLE dropped;
      ALTER TABLE renamed RENAME TO other;
      CREATE SCHEMA old; ALTER TABLE public.moved SET SCHEMA old;
      DROP VIEW IF EXISTS public.v;
      """, to: "20250102_later")
    try workspace.apply(name, "20250102_later")
    let result = try workspace.run(["register", name])
    #expect(result.status == 0)
    #expect(result.stdout.contains("   Evidence: all 4 objects that it creates exist\n"))
  }

  @Test func aLaterFileThatIsNotAppliedItselfTakesNothingAway() throws {
    try workspace.write("CREATE TABLE a (x int); CREATE TABLE b ();", to: name)
    try workspace.write(
      "ALTER TABLE a RENAME TO c; ALTER TABLE c ADD y int; DROP TABLE b;", to: "20250102_later")
    try workspace.write("ALTER TABLE c ADD CONSTRAINT k CHECK (y > 0);", to: "20250103_last")
    let refused = try workspace.run(["register", name])
    #expect(refused.status == 1)
    #expect(
      refused.stderr.contains(
        "was not applied: nothing that it creates exists\n  missing: table a\nhint: "))
    try workspace.apply(name)
    let result = try workspace.run(["register", name])
    #expect(result.status == 0)
    #expect(result.stdout.contains("   Evidence: all 2 objects that it creates exist\n"))
    #expect(try workspace.run(["register", "20250102_later"]).status == 1)
  }

  @Test func anInvalidIndexIsNone() throws {
    try workspace.write("CREATE INDEX CONCURRENTLY i ON a (x);", to: name)
    // As it is left behind when it fails half-way.
    try workspace.database.psql(
      "CREATE TABLE a (x int); CREATE INDEX i ON a (x);"
        + "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'i'::regclass")
    let result = try workspace.run(["register", name])
    #expect(result.status == 1)
    #expect(result.stderr.contains("  missing: index i\n"))
  }

  @Test func whatEarlierFilesAndRollbackSectionsTakeAwayCounts() throws {
    try workspace.write("DROP TABLE IF EXISTS users;", to: "20240101_earlier")
    try workspace.write("CREATE TABLE users ();", to: name)
    try workspace.write("CREATE TABLE tags ();", section: "DROP TABLE users;", to: "20250102_later")
    #expect(try workspace.run(["register", name]).status == 1)
  }

  @Test func temporaryObjectsDoNotCount() throws {
    try workspace.write(
      "CREATE TEMP TABLE scratch AS SELECT 1; CREATE TABLE users AS TABLE scratch;", to: name)
    try workspace.apply(name)
    #expect(try !workspace.database.hasTable("scratch"))
    #expect(try workspace.run(["register", name]).status == 0)
  }

  @Test func unqualifiedNamesAreLookedForWhereTheFileLooks() throws {
    try workspace.database.psql("CREATE SCHEMA app; CREATE TABLE public.users ()")
    try workspace.write("SET search_path = app;\nCREATE TABLE users ();", to: name)
    let result = try workspace.run(["register", name])
    #expect(result.status == 1)
    #expect(result.stderr.contains("  missing: table users\n"))
    try workspace.apply(name)
    #expect(try workspace.run(["register", name]).status == 0)
  }

  @Test func elseWhereTheConnectionLooks() throws {
    try workspace.database.psql("CREATE SCHEMA elsewhere; CREATE TABLE elsewhere.users ()")
    try workspace.write("CREATE TABLE users ();", to: name)
    #expect(try workspace.run(["register", name]).status == 1)
    try workspace.database.psql(
      "ALTER DATABASE \(workspace.database.name) SET search_path = elsewhere")
    #expect(try workspace.run(["register", name]).status == 0)
  }
}
