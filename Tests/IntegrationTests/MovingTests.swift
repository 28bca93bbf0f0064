import TestSupport
import Testing

/// What `docs/moving.md` gives to be typed makes files of other runners into files of this one.
@Suite(.scratchLedger) struct MovingTests {
  private let project: ShellProject
  private let database = ScratchDatabase.current

  init() throws { project = try ShellProject() }

  /// Converts files as the page says, where everything was applied by another runner.
  ///
  /// - Returns: the names that are recorded, newest first.
  private func move(
    _ heading: String, _ files: [String: String], folder: String = "migrations"
  ) throws -> [String] {
    for (path, text) in files { try project.folder.write(text, to: path) }
    try database.psql("CREATE TABLE users (id int); CREATE TABLE teams (id int)")
    let block = try Documentation.block("bash", of: "## \(heading)", in: "docs/moving.md")
    let result = try project.bash(
      "set -eu\n(\n\(block)\n)\nexport MIGRATIONS_DIR=\(folder)\n"
        + "migration-manager sync --exit-code >&2\nmigration-manager list --names",
      environment: project.connectionVariables)
    #expect(result.status == 0, "\(result.stderr)")
    return result.stdout.split(separator: "\n").map(String.init)
  }

  /// Takes back the table `users`, which the migration of that name made.
  private func rollBack(_ name: String, folder: String = "migrations") throws {
    let result = try project.bash(
      "migration-manager rollback --yes --dir '\(folder)' '\(name)'",
      environment: project.connectionVariables)
    #expect(result.status == 0, "\(result.stderr)")
    #expect(try !database.hasTable("users"))
  }

  @Test func fromDbmate() throws {
    let names = try move(
      "dbmate",
      [
        "db/migrations/20250101120000_users.sql":
          "-- migrate:up\nCREATE TABLE users (id int);\n\n-- migrate:down\nDROP TABLE users;",
        "db/migrations/20250102120000_teams.sql":
          "-- migrate:up transaction:false\nCREATE TABLE teams (id int);\n\n-- migrate:down\n\n",
      ], folder: "db/migrations")
    #expect(names == ["20250102120000_teams", "20250101120000_users"])
    try rollBack("20250101120000_users", folder: "db/migrations")
  }

  @Test(arguments: ["goose", "sql-migrate"]) func fromGooseAndSQLMigrate(tool: String) throws {
    let mark = tool == "goose" ? "-- +goose" : "-- +migrate"
    let names = try move(
      tool,
      [
        "migrations/00001_users.sql": """
        \(mark) Up
        \(mark) StatementBegin
        CREATE TABLE users (id int);
        \(mark) StatementEnd

        \(mark) Down
        \(mark) StatementBegin
        DROP TABLE users;
        \(mark) StatementEnd
        """,
        "migrations/00002_teams.sql": "\(mark) Up\nCREATE TABLE teams (id int);\n",
      ])
    #expect(names == ["00002_teams", "00001_users"])
    try rollBack("00001_users")
  }

  @Test func fromFlyway() throws {
    let names = try move(
      "Flyway",
      [
        "sql/V2__create_users.sql": "CREATE TABLE users (id int);\n",
        "sql/U2__create_users.sql": "DROP TABLE users;\n",
        "sql/V10__create_teams.sql": "CREATE TABLE teams (id int);\n",
      ], folder: "sql")
    #expect(names == ["10_create_teams", "2_create_users"])
    try rollBack("2_create_users", folder: "sql")
  }

  @Test func fromSqitch() throws {
    let names = try move(
      "Sqitch",
      [
        "sqitch.plan": """
        %syntax-version=1.0.0
        %project=shop

        users 2025-01-01T00:00:00Z Ana <ana@example.org> # Users.
        @v1 2025-01-02T00:00:00Z Ana <ana@example.org> # Released.

        app/teams [users] 2025-01-03T00:00:00Z Ana <ana@example.org> # Teams.

        """,
        "deploy/users.sql": "-- Deploy users\nBEGIN;\nCREATE TABLE users (id int);\nCOMMIT;\n",
        "revert/users.sql": "-- Revert users\nBEGIN;\nDROP TABLE users;\nCOMMIT;\n",
        "deploy/app/teams.sql": "BEGIN;\nCREATE TABLE teams (id int);\nCOMMIT;\n",
      ])
    #expect(names == ["0002_app_teams", "0001_users"])
    try rollBack("0001_users")
  }

  @Test func whatCannotRunInATransaction() throws {
    for (path, text) in [
      "migrations/003_orders.up.sql": "CREATE TABLE orders (day date);\n",
      "migrations/003_orders.down.sql": "DROP TABLE orders;\n",
      "migrations/004_orders_by_day.up.sql":
        "CREATE INDEX CONCURRENTLY orders_by_day ON orders (day);\n",
      "migrations/004_orders_by_day.down.sql": "DROP INDEX orders_by_day;\n",
      "migrations/005_items.up.sql": "CREATE TABLE items ();\n",
      "migrations/005_items.down.sql": "DROP TABLE items;\n",
    ] {
      try project.folder.write(text, to: path)
    }
    let refused = try project.bash(
      "migration-manager migrate", environment: project.connectionVariables)
    #expect(refused.status == 1)
    #expect(
      refused.stderr.contains(
        """
        migrations/004_orders_by_day.up.sql:1:1: error: CREATE INDEX CONCURRENTLY cannot run inside \
        a transaction block
          CREATE INDEX CONCURRENTLY orders_by_day ON orders (day);
          ^
        hint: put '-- Transaction: none' into the file's header: its statements then run one by one

        """))
    let block = try Documentation.block(
      "bash", of: "## What cannot run in a transaction", in: "docs/moving.md")
    let result = try project.bash(
      "set -eu\n\(block)\nmigration-manager list --names",
      environment: project.connectionVariables.merging(["DATABASE_URL": database.url]) { $1 })
    #expect(result.status == 0, "\(result.stderr)")
    #expect(
      result.stdout.split(separator: "\n").suffix(3)
        == ["005_items", "004_orders_by_day", "003_orders"])
    let back = try project.bash(
      "migration-manager rollback --all --yes", environment: project.connectionVariables)
    #expect(back.status == 0)
    #expect(try !database.hasTable("orders"))
  }
}
