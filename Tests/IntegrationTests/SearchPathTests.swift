import TestSupport
import Testing

/// Rollback SQL runs under the search path that the migration was applied with.
@Suite(.scratchLedger) struct SearchPathTests {
  let workspace: Workspace
  let name = "20250101_create_users"

  init() throws { workspace = try Workspace() }

  static let section = "DROP TABLE IF EXISTS users;"

  @Test func unqualifiedNamesMeanTheConnectionsSchemas() throws {
    try workspace.write("CREATE TABLE users ();", section: Self.section, to: name)
    try workspace.adopt(name)
    #expect(
      try workspace.recorded("metadata ->> 'search_path'", of: name) == "\"public\"")
    let result = try workspace.run(["rollback", name, "--yes"])
    #expect(result.status == 0)
    #expect(!result.stderr.contains("does not exist, skipping"))
    #expect(try !workspace.database.hasTable("users"))
  }

  @Test func orTheFilesOwnSearchPath() throws {
    try workspace.database.psql("CREATE SCHEMA app; CREATE TABLE public.users ();")
    try workspace.write(
      "SET search_path = app, public;\nCREATE TABLE users ();", section: Self.section, to: name)
    try workspace.adopt(name)
    #expect(
      try workspace.recorded("metadata ->> 'search_path'", of: name) == "\"app\", \"public\"")
    #expect(try workspace.run(["rollback", name, "--yes"]).status == 0)
    #expect(try !workspace.database.hasTable("app.users"))
    #expect(try workspace.database.hasTable("public.users"))
  }

  @Test func orTheFunctionForSQLClients() throws {
    try workspace.database.psql("CREATE SCHEMA app; CREATE TABLE public.users ();")
    try workspace.write(
      "SET search_path TO 'app';\nCREATE TABLE users ();", section: Self.section, to: name)
    try workspace.adopt(name)
    #expect(
      try workspace.database.psql(
        "SELECT success, message FROM execute_migration_rollback('\(name)')")
        == "t|Migration rolled back successfully")
    #expect(try !workspace.database.hasTable("app.users"))
    #expect(try workspace.database.hasTable("public.users"))
  }

  @Test func theRolesOwnPathCounts() throws {
    try workspace.database.withRole("deployer", attributes: "LOGIN SUPERUSER") { role in
      try workspace.database.psql(
        """
        CREATE SCHEMA "odd ""name"; CREATE TABLE public.users ();
        ALTER ROLE \(role) IN DATABASE \(workspace.database.name)
          SET search_path = "odd ""name", public;
        """)
      try workspace.write("CREATE TABLE users ();", section: Self.section, to: name)
      try workspace.database.psql("CREATE TABLE users ();", user: role)
      let url = ["DATABASE_URL": Optional(workspace.database.url(user: role))]
      #expect(try workspace.run(["register", name], environment: url).status == 0)
      // Another role, with another path, rolls it back.
      #expect(try workspace.run(["rollback", name, "--yes"]).status == 0)
      #expect(try !workspace.database.hasTable("\"odd \"\"name\".users"))
      #expect(try workspace.database.hasTable("public.users"))
    }
  }

  @Test func aPathThatTheRollbackSetsLastsOnlyForIt() throws {
    try workspace.database.psql("CREATE SCHEMA app;")
    try workspace.write(
      "CREATE TABLE app.users ();", section: "SET search_path = app;\nDROP TABLE users;", to: name)
    try workspace.adopt(name)
    #expect(try workspace.run(["rollback", name, "--yes"]).status == 0)
    #expect(try !workspace.database.hasTable("app.users"))
    #expect(try workspace.database.status(of: name) == "rolled_back")
  }
}
