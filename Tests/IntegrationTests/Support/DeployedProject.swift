import TestSupport
import Testing

/// A project that is deployed as the documentation says, with one of the runners that it names.
struct DeployedProject {
  let shell: ShellProject
  let runner: DocumentedRunner

  private var database: ScratchDatabase { shell.database }

  /// Makes a checkout whose application can be deployed, and whose history is deployed and adopted.
  init(_ runner: DocumentedRunner, history: [SampleMigration]) throws {
    shell = try ShellProject()
    self.runner = runner
    try shell.writeProgram("exit 0", to: "deploy-application")
    try shell.writeProgram("echo restored >&2", to: "restore-application")
    try smokeTest("exit 0")
    // It runs what the project has installed: here, what stands on the PATH.
    try shell.writeProgram(#"exec "$@""#, to: "bin/npx")
    // Before the ledger, which goes elsewhere where this table is.
    if runner == .prisma { try migrateByHand() }
    for migration in history { try write(migration) }
    try migrateByHand()
    try run("init")
    try run("sync")
  }

  /// Writes a migration's file, with its section as the runner needs it.
  func write(_ migration: SampleMigration) throws {
    switch runner {
    case .supabase:
      try shell.folder.write(
        migration.commentedText, to: "supabase/migrations/\(migration.fileName)")
    case .prisma:
      try shell.folder.write(
        migration.commentedText, to: "prisma/migrations/\(migration.name)/migration.sql")
    case .psql:
      try shell.folder.write(migration.text, to: "migrations/\(migration.fileName)")
    }
  }

  /// Replaces the test that follows the deployment.
  func smokeTest(_ script: String) throws {
    try shell.writeProgram(script, to: "smoke-test")
  }

  /// Applies what is new, as somebody might do without a deployment; registers nothing.
  func migrateByHand() throws {
    // With psql, what is there already fails and stays as it is.
    let script =
      runner == .psql
      ? """
      for file in $(ls migrations 2> /dev/null); do
        migration-manager show "$file" --up | psql "$DATABASE_URL" -Xq1 || continue
      done
      """ : try runner.script
    let result = try shell.bash(
      "shopt -s nullglob\n" + script, options: ["-e"],
      environment: shell.connectionVariables.merging(["DATABASE_URL": database.url]) { $1 })
    guard result.status == 0 else {
      throw UnexpectedResult(arguments: ["migrating"], result: result)
    }
  }

  /// Runs the program in the checkout.
  @discardableResult
  func run(_ arguments: String...) throws -> String {
    try runSuccessfully(
      arguments, environment: ["DATABASE_URL": database.url], directory: shell.folder.path
    ).stdout
  }

  /// The applied names, newest first.
  var applied: [String] {
    get throws { try run("list", "--names").split(separator: "\n").map(String.init) }
  }

  /// The tables beside the ledgers.
  var tables: String {
    get throws {
      try database.psql(
        """
        SELECT string_agg(tablename, ' ' ORDER BY tablename) FROM pg_tables
        WHERE schemaname = 'public' AND tablename NOT LIKE '%migration%'
        """)
    }
  }

  /// What the runner's own ledger holds for applied, in order; empty for psql, which has none.
  var runnerLedger: String {
    get throws {
      switch runner {
      case .supabase:
        try database.psql(
          "SELECT version || '_' || name FROM supabase_migrations.schema_migrations ORDER BY 1")
      case .prisma:
        try database.psql(
          """
          SELECT migration_name FROM _prisma_migrations
          WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY 1
          """)
      case .psql: ""
      }
    }
  }

  /// The migrations rolled back so far and why, in that order.
  var rollbacks: String {
    get throws {
      let schema = runner == .prisma ? "migration_manager" : "public"
      return try database.psql(
        """
        SELECT migration_name || ': ' || reason FROM \(schema).migration_events
        WHERE operation = 'rollback' ORDER BY id
        """)
    }
  }
}

extension SampleMigration {
  /// The file with its section commented out line by line.
  var commentedText: String {
    guard let rollback else { return text }
    let commented = rollback.split(separator: "\n").map { "-- \($0)" }.joined(separator: "\n")
    var migration = self
    migration.rollback = commented
    return migration.text
  }
}
