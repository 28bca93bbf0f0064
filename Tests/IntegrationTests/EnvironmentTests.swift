import TestSupport
import Testing

/// `migration-manager.json` and its environments, on a real server.
@Suite(.scratchDatabase) struct EnvironmentTests {
  private let database = ScratchDatabase.current
  private let folder: MigrationFolder
  private static let nowhere = "postgresql://nobody@127.0.0.1:1/nothing"

  init() throws { folder = try MigrationFolder() }

  private func write(_ text: String, to path: String = "migration-manager.json") throws {
    try folder.write(text.replacing("@", with: database.url), to: path)
  }

  private func run(
    _ arguments: String..., environment: [String: String?] = [:]
  ) throws -> ProgramResult {
    try Program.run(
      arguments, environment: environment.merging(["DATABASE_URL": nil]) { own, _ in own },
      directory: folder.path)
  }

  private func expectConnected(_ result: ProgramResult, from source: String) {
    let place = "\(database.name) on \(database.socketDirectory):\(database.port) as postgres"
    #expect(result.status == 0)
    #expect(result.stderr.contains("\nDatabase: \(place) (from \(source))\n"), "\(result.stderr)")
  }

  @Test func theFilesOwnDatabaseComesAfterVariables() throws {
    try write("{\"url\": \"@\"}")
    expectConnected(try run("init"), from: "migration-manager.json")
    expectConnected(
      try run("init", environment: ["PGDATABASE": "nothing"]), from: "migration-manager.json")
    expectConnected(
      try run("init", environment: ["DATABASE_URL": database.url]), from: "DATABASE_URL")
    try write("{\"url\": \"\(Self.nowhere)\"}")
    expectConnected(
      try run("init", environment: ["DATABASE_URL": database.url]), from: "DATABASE_URL")
  }

  @Test func aChosenEnvironmentComesBeforeVariables() throws {
    try write(
      """
      {"url": "\(Self.nowhere)", "environments": {"staging": {"url": "$STAGING_URL"}}}
      """)
    let source = "migration-manager.json, environment staging"
    let variables: [String: String?] = [
      "DATABASE_URL": Self.nowhere, "STAGING_URL": database.url,
    ]
    expectConnected(try run("--env", "staging", "init", environment: variables), from: source)
    expectConnected(
      try run(
        "init",
        environment: variables.merging(["MIGRATION_MANAGER_ENV": "staging"]) { $1 }),
      from: source)
    expectConnected(
      try run("init", "--env", "staging", "--database-url", database.url), from: "--database-url")
    try folder.write("STAGING_URL='\(database.url)'\nMIGRATION_MANAGER_ENV=staging\n", to: ".env")
    let passedOver = try run("init", environment: ["DATABASE_URL": Self.nowhere])
    expectConnected(passedOver, from: source)
    #expect(
      passedOver.stderr.contains(
        "note: DATABASE_URL is set, but environment 'staging' (from MIGRATION_MANAGER_ENV in .env) "
          + "counts\n"))
  }

  @Test func libpqsVariablesBesideAnEnvironmentAreSaid() throws {
    try write(
      """
      {"environments": {
        "staging": {"url": "postgresql:///\(database.name)"},
        "production": {"url": "postgresql://db.example.com:1/shop"}
      }}
      """)
    expectConnected(
      try run(
        "init", "--env", "staging",
        environment: ["PGHOST": database.socketDirectory, "PGUSER": "postgres"]),
      from: "migration-manager.json, environment staging")
    let elsewhere = try run(
      "init", "--env", "production", environment: ["PGHOSTADDR": "127.0.0.1"])
    #expect(elsewhere.status == 2)
    #expect(
      elsewhere.stderr.contains(
        "warning: the url of environment 'production' is completed by PGHOSTADDR=127.0.0.1: "))
    #expect(
      elsewhere.stderr.contains(
        "error: no server answers at db.example.com:1 (hostaddr 127.0.0.1) (from "
          + "migration-manager.json, environment production)\n"))
  }

  @Test func anEnvironmentWithoutItsURLReachesNoDatabase() throws {
    try write(
      """
      {"url": "@", "environments": {"staging": {"url": "$STAGING_URL"}, "production": {}}}
      """)
    let unset = try run("init", "--env=staging", environment: ["DATABASE_URL": database.url])
    #expect(unset.status == 2)
    #expect(
      unset.stderr.hasSuffix(
        """
        error: the url of environment 'staging' is in the variable 'STAGING_URL', which is not set
          'migration-manager.json' names it
        hint: set it in the environment or in .env, or give --database-url

        """))
    let none = try run("init", "--env=production", environment: ["DATABASE_URL": database.url])
    #expect(none.status == 2)
    #expect(
      none.stderr.hasSuffix(
        """
        error: environment 'production' has no url in 'migration-manager.json'
        hint: give it one, such as "url": "$DATABASE_URL", or give --database-url

        """))
    #expect(try !database.hasTable("migration_history"))
  }

  @Test func folderSchemaAndTimesComeFromTheFile() throws {
    let users = SampleMigration.table("users")
    let tags = (name: "20250102_tags", fileName: "20250102_tags.sql")
    try folder.write(users.text, to: "changes/\(users.fileName)")
    try folder.write(
      "CREATE TABLE tags AS SELECT current_setting('lock_timeout') AS lock_timeout;\n",
      to: "other/\(tags.fileName)")
    try write(
      """
      {
        "url": "@", "dir": "changes", "schema": "ops", "lock_timeout": 50, "lock_retries": 0,
        "environments": {"other": {"url": "@", "dir": "other"}}
      }
      """)
    #expect(try run("migrate").status == 0)
    #expect(try run("migrate", "--env", "other", "--schema", "o").status == 0)
    #expect(
      try database.psql(
        """
        SELECT 'ops', migration_name FROM ops.migration_history
        UNION ALL SELECT 'o', migration_name FROM o.migration_history
        """) == "ops|\(users.name)\no|\(tags.name)")
    let session = try PsqlSession(database)
    try session.run("BEGIN; LOCK TABLE users;")
    let blocked = try run("rollback", users.name, "--yes")
    try session.run("ROLLBACK;")
    #expect(blocked.status == 2)
    // Tried once, under the file's timeout.
    #expect(try database.psql("SELECT lock_timeout FROM tags") == "50ms")
    #expect(
      blocked.stderr.hasSuffix(
        """
        as postgres (from migration-manager.json)

        changes/\(users.fileName):6:1: error: canceling statement due to lock timeout
          DROP TABLE users;
          ^
          STATEMENT: DROP TABLE users
        hint: nothing was changed: try again, or give a longer --lock-timeout or more --lock-retries

        """), "\(blocked.stderr)")
    #expect(try run("rollback", users.name, "--yes").status == 0)
  }

  @Test func mistakesInTheFileAreErrorsAtTheirPlace() throws {
    try write("{\n  \"environments\": {\n    \"staging\": {\"urll\": \"@\"}\n  }\n}\n")
    let result = try run("list")
    #expect(result.status == 2)
    #expect(
      result.stderr.hasSuffix(
        """
        migration-manager.json:3:17: error: unknown key 'environments.staging.urll'
        hint: did you mean 'environments.staging.url'?

        """))
    let error = try run("list", "--json").errorDocument()
    #expect(error.code == "file")
    #expect(error.file == "migration-manager.json")
    #expect(error.line == 3)
    // What needs neither folder nor database does without the file.
    #expect(try run("completions", "bash").status == 0)
    #expect(try run("help").status == 0)
  }

  @Test func anUnknownEnvironmentIsAWrongCommandLine() throws {
    try write("{\"environments\": {\"staging\": {}, \"production\": {}}}")
    let result = try run("list", "--env", "stagin")
    #expect(result.status == 64)
    #expect(
      result.stderr.hasSuffix(
        """
        error: 'migration-manager.json' has no environment 'stagin'
          it has 'staging', 'production'
          --env asks for it
        hint: did you mean 'staging'?
        usage: migration-manager list [--names] [--limit N] [--all] [global options]

        """))
  }

  @Test func aVariableThatChoosesWrongIsNoWrongCommandLine() throws {
    try write("{\"url\": \"@\", \"environments\": {\"staging\": {\"url\": \"@\"}}}")
    let unknown = try run("init", environment: ["MIGRATION_MANAGER_ENV": "stagin"])
    #expect(unknown.status == 2)
    #expect(
      unknown.stderr.hasSuffix(
        """
        error: 'migration-manager.json' has no environment 'stagin'
          it has 'staging'
          MIGRATION_MANAGER_ENV asks for it
        hint: did you mean 'staging'?

        """))
    let empty = try run("init", environment: ["MIGRATION_MANAGER_ENV": ""])
    #expect(empty.status == 64)
    #expect(
      empty.stderr.contains(
        """
        error: MIGRATION_MANAGER_ENV is set, but empty: it should name an environment
        hint: set it to the environment's name, or unset it, or give --env

        """))
    #expect(try !database.hasTable("migration_history"))
  }

  @Test func anotherFileIsNamedByTheOption() throws {
    try write("{}")
    try write("{\"url\": \"@\"}", to: "ci/config.json")
    expectConnected(try run("init", "--config", "ci/config.json"), from: "ci/config.json")
    let gone = try run("init", "--config", "gone.json")
    #expect(gone.status == 2)
    #expect(
      gone.stderr.hasSuffix(
        """
        error: cannot read the configuration file 'gone.json': No such file or directory
        hint: name an existing file with --config

        """))
  }

  @Test func theFileOfAFolderAboveDoesNotCount() throws {
    try write("{\"url\": \"@\", \"environments\": {\"staging\": {\"url\": \"@\"}}}")
    try folder.write("", to: "below/.keep")
    let result = try Program.run(
      ["list", "--env", "staging"], environment: ["DATABASE_URL": database.url],
      directory: folder.path + "/below")
    #expect(result.status == 2)
    #expect(
      result.stderr.hasSuffix(
        """
        error: there is no 'migration-manager.json' here, which would tell what environment 'staging' is
          --env asks for it
        hint: run it in the folder of that file, or name the file with --config

        """))
  }

  @Test func aVariableWithinAURLIsNone() throws {
    try write(
      """
      {
        "url": "@", "environments": {"other": {"url": "postgres://ana:$PASSWORD@db/shop"}}
      }
      """)
    #expect(
      try run("init").stderr.contains(
        "warning: migration-manager.json:2: 'environments.other.url' holds a '$' with a name behind "
          + "it, which is taken as it stands: put all of the URL into a variable and write \"$NAME\"\n"
      ))
  }

  @Test func aPasswordInTheFileIsWarnedAboutAndNotShown() throws {
    let url = "postgresql://postgres:s3cret@/\(database.name)?host=\(database.socketDirectory)"
    try folder.write(
      """
      {
        "url": "\(url)&port=\(database.port)",
        "environments": {"other": {"url": "host=h password=s3cret"}, "safe": {"url": "host=h"}}
      }
      """, to: "migration-manager.json")
    let result = try run("init", "--verbose")
    expectConnected(result, from: "migration-manager.json")
    #expect(result.hides("s3cret"))
    let advice =
      "put the URL into a variable and write \"$NAME\", or leave the password to PGPASSWORD or "
      + "~/.pgpass\n"
    #expect(
      result.stderr.split(separator: "\n").filter { $0.hasPrefix("warning: ") }.joined(
        separator: "\n") + "\n"
        == "warning: migration-manager.json:2: 'url' holds a password: " + advice
        + "warning: migration-manager.json:3: 'environments.other.url' holds a password: "
        + advice)
  }
}
