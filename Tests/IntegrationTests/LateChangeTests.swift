import TestSupport
import Testing

/// What happens between the plan and the rollback, and SQL that is not what it seems.
@Suite(.scratchLedger)
struct LateChangeTests {
  private let folder: MigrationFolder
  private let name = "20250101_create_users"
  private var database: ScratchDatabase { .current }

  init() throws {
    folder = try MigrationFolder([
      "migrations/20250101_create_users.sql": """
      CREATE TABLE users ();
      -- ROLLBACK START
      DROP TABLE users;
      -- ROLLBACK END
      """
    ])
  }

  private func register(section: String) throws {
    try folder.write(
      "CREATE TABLE users ();\n-- ROLLBACK START\n\(section)\n-- ROLLBACK END\n",
      to: "migrations/\(name).sql")
    let result = try Program.run(["register", name], directory: folder.path)
    #expect(result.status == 0)
  }

  private func atThePrompt() throws -> ChildProcess {
    let program = try Program.start(["rollback", name], directory: folder.path)
    try program.wait(for: "(yes/no): ", on: .error)
    return program
  }

  private func answer(_ program: ChildProcess) throws -> ProgramResult {
    try program.write("yes\n".utf8)
    program.closeInput()
    return try program.waitUntilExit()
  }

  @Test func ownersAreCheckedAgainAfterAQuestion() throws {
    try database.psql("CREATE TABLE users ()")
    try register(section: "DROP TABLE users;")
    try database.withRole("planter", attributes: "LOGIN") { planter in
      let program = try atThePrompt()
      _ = try database.psql(
        """
        DROP FUNCTION migration_lock();
        CREATE FUNCTION migration_lock() RETURNS void LANGUAGE plpgsql AS
          'BEGIN CREATE TABLE planted (); END';
        ALTER FUNCTION migration_lock() OWNER TO \(planter);
        """)
      // The last look at the owners is a second old.
      _ = try database.psql("SELECT pg_sleep(1.1)")
      let result = try answer(program)
      #expect(result.status == 2)
      #expect(result.stderr.contains("migration_lock"))
      let planted = try database.psql("SELECT to_regclass('planted') IS NULL")
      #expect(planted == "t")
      let users = try database.psql("SELECT to_regclass('users') IS NOT NULL")
      #expect(users == "t")
    }
  }

  @Test func aSyntaxErrorIsNotRecordedOnAMigrationMendedMeanwhile() throws {
    try database.psql("CREATE TABLE users ()")
    try register(section: "DROP TABEL users;")
    let program = try atThePrompt()
    try register(section: "DROP TABLE users;")
    let result = try answer(program)
    #expect(result.status == 2)
    #expect(result.stderr.contains("syntax error at or near \"TABEL\""))
    #expect(
      result.stderr.contains("the failure was not recorded: The recorded rollback SQL changed"))
    #expect(try database.psql("SELECT status FROM migration_history") == "applied")
    let again = try Program.run(["rollback", name, "--yes"], directory: folder.path)
    #expect(again.status == 0)
  }

  @Test func aConnectionThatTheServerClosedAtThePromptIsMadeAnew() throws {
    try database.psql("CREATE TABLE users ()")
    try register(section: "DROP TABLE users;")
    let program = try atThePrompt()
    _ = try database.psql(
      """
      SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
      WHERE application_name = 'migration-manager' AND datname = current_database()
      """)
    let result = try answer(program)
    #expect(result.status == 0)
    #expect(try database.psql("SELECT status FROM migration_history") == "rolled_back")
  }

  @Test func aStateOfTheLedgersRaisedByTheMigrationIsItsOwnFailure() throws {
    try database.psql("CREATE TABLE users ()")
    try register(
      section: "DO $$ BEGIN RAISE EXCEPTION 'mine' USING ERRCODE = 'MM004'; END $$;")
    let result = try Program.run(["rollback", name, "--yes"], directory: folder.path)
    #expect(result.status == 2)
    #expect(result.stderr.contains("error: mine\n"))
    #expect(try database.psql("SELECT status FROM migration_history") == "failed")
  }

  @Test func stringsThatMeanSomethingElseAreRefused() throws {
    try database.psql("CREATE TABLE users ()")
    try register(section: "DROP TABLE users;")
    try database.psql(
      "ALTER DATABASE \"\(database.name)\" SET standard_conforming_strings = off")
    for command in [["rollback", name, "--yes"], ["register", name]] {
      let result = try Program.run(command, directory: folder.path)
      #expect(result.status == 2)
      #expect(result.stderr.contains("standard_conforming_strings is off"))
    }
    #expect(try database.psql("SELECT status FROM migration_history") == "applied")
    #expect(try Program.run(["list"], directory: folder.path).status == 0)
  }

  @Test func aRefreshKeepsTheRecordedPath() throws {
    try database.psql(
      "CREATE SCHEMA app; CREATE TABLE app.users (); CREATE TABLE public.users ()")
    let section = "DROP TABLE IF EXISTS users;"
    try folder.write(
      "CREATE TABLE users ();\n-- ROLLBACK START\n\(section)\n-- ROLLBACK END\n",
      to: "migrations/\(name).sql")
    let first = try Program.run(
      ["register", name], environment: ["DATABASE_URL": database.url(user: "postgres")],
      directory: folder.path)
    #expect(first.status == 0)
    try database.psql(
      "UPDATE migration_history SET metadata = metadata || '{\"search_path\": \"app\"}'")
    try register(section: section)
    let result = try Program.run(["rollback", name, "--yes"], directory: folder.path)
    #expect(result.status == 0)
    #expect(try database.psql("SELECT to_regclass('app.users') IS NULL") == "t")
    #expect(try database.psql("SELECT to_regclass('public.users') IS NOT NULL") == "t")
  }

  @Test func aLongStatementIsRecordedWhateverTheEncoding() throws {
    let name = "\(database.name)_latin"
    try database.psql("CREATE DATABASE \(name) TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
    defer { _ = try? database.psql("DROP DATABASE \(name) WITH (FORCE)") }
    let environment = [
      "DATABASE_URL": database.url.replacing("/\(database.name)?", with: "/\(name)?")
    ]
    let long = Array(repeating: "1", count: 300).joined(separator: " + ")
    try folder.write(
      "CREATE TABLE users ();\n-- ROLLBACK START\nSELECT (\(long)) / 0;\n-- ROLLBACK END\n",
      to: "migrations/\(self.name).sql")
    let registered = try Program.run(
      ["register", self.name, "--force"], environment: environment, directory: folder.path)
    #expect(registered.status == 0)
    let refused = try Program.run(
      ["rollback", self.name, "--yes", "--reason", "日本"], environment: environment,
      directory: folder.path)
    #expect(refused.status == 2)
    #expect(refused.stderr.contains("hint: this database's encoding lacks that character"))
    let result = try Program.run(
      ["rollback", self.name, "--yes"], environment: environment, directory: folder.path)
    #expect(result.status == 2)
    #expect(result.stderr.contains("error: division by zero"))
    #expect(!result.stderr.contains("not recorded"))
    let list = try Program.run(
      ["list", "--all"], environment: environment, directory: folder.path)
    #expect(list.stdout.contains("failed"))
  }
}
