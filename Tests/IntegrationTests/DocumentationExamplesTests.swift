import Foundation
import TestSupport
import Testing

/// The scripts that the documentation gives to be copied: a deployment that fails takes back what it
/// brought, and nothing else.
@Suite(.scratchDatabase) struct DocumentationExamplesTests {
  private let history = [SampleMigration.table("users"), .table("projects")]
  private let news = [
    SampleMigration.table("documents", name: "20250201_create_documents"),
    .table(
      "tags", name: "20250202_create_tags", dependsOn: ["20250201_create_documents"]),
  ]
  private let database = ScratchDatabase.current
  /// A checkout as the scripts expect it, with a Supabase CLI that has nothing to do.
  private let folder: MigrationFolder

  init() throws {
    folder = try MigrationFolder()
    for (name, target) in [
      ("docs", DocumentedScript.root + "/docs"), ("scripts", DocumentedScript.root + "/scripts"),
      ("bin/migration-manager", try Program.path), ("bin/supabase", "/bin/true"),
    ] { try link(name, to: target) }
    try deployApplication("exit 1")
  }

  @Test(arguments: DocumentedScript.allCases)
  func whatAFailedDeploymentBroughtIsTakenBack(script: DocumentedScript) throws {
    try apply(history)
    #expect(try registerNew().status == 0)
    try apply(news)
    let result = try deploy(script)
    #expect(result.status == 1)
    #expect(result.stderr.hasSuffix("rollback-batch: rolled back: 2\n"), "\(result.stderr)")
    #expect(try tables() == "projects users")
    #expect(
      try database.psql("SELECT DISTINCT reason FROM migration_events WHERE operation = 'rollback'")
        == "deployment of c0ffee failed")
  }

  @Test(arguments: DocumentedScript.allCases)
  func whatASuccessfulDeploymentBroughtStays(script: DocumentedScript) throws {
    try deployApplication("exit 0")
    try apply(history)
    #expect(try registerNew().status == 0)
    try apply(news)
    #expect(try deploy(script).status == 0)
    #expect(try tables() == "documents projects tags users")
    #expect(try statuses() == "applied 4")
  }

  /// There was no ledger before, so the history is new to it, but not the deployment's.
  @Test(arguments: DocumentedScript.allCases)
  func anAdoptedHistoryStays(script: DocumentedScript) throws {
    try apply(history + news)
    let result = try deploy(script)
    #expect(result.status == 1)
    #expect(result.stderr.contains("perhaps older than this deployment: 4\n"), "\(result.stderr)")
    #expect(try tables() == "documents projects tags users")
    #expect(try statuses() == "applied 4")
  }

  /// The first deployment after somebody had tried the program with the newest migration.
  @Test(arguments: DocumentedScript.allCases)
  func aHistoryThatWasRegisteredInPartStays(script: DocumentedScript) throws {
    try apply(history + news)
    let migrations = folder.path(of: "supabase/migrations")
    try runSuccessfully(["register", "--dir", migrations, "20250201_create_documents"])
    let result = try deploy(script)
    #expect(result.status == 1)
    #expect(result.stderr.contains("perhaps older than this deployment: 2\n"), "\(result.stderr)")
    #expect(try tables() == "documents projects users")
  }

  /// Nothing is known of what was applied, so nothing is taken back and nothing deployed.
  @Test(arguments: DocumentedScript.allCases, ["init", "list", "register"])
  func aCommandThatFailsStopsTheDeployment(script: DocumentedScript, command: String) throws {
    try deployApplication("echo deployed; exit 1")
    try apply(history)
    #expect(try registerNew().status == 0)
    try apply(news)
    try folder.remove("bin/migration-manager")
    try write(
      """
      case " $* " in *" \(command) "*) echo "$0: broken" >&2; exit 2 ;; esac
      exec '\(try Program.path)' "$@"
      """, to: "bin/migration-manager")
    let result = try deploy(script)
    #expect(result.status != 0)
    #expect(!result.stdout.contains("deployed"), "\(result.stdout)")
    #expect(result.stderr.contains("broken\n"), "\(result.stderr)")
    #expect(try tables() == "documents projects tags users")
    #expect(try database.psql("SELECT count(*) FROM migration_history") == "2")
  }

  @Test func theStepThatTakesBackRunsOnlyAfterARegistration() throws {
    let workflow = try DocumentedScript.text(of: "docs/examples/github-actions.yml")
    #expect(
      workflow.contains(
        """
              - name: Take the migrations back
                if: failure() && steps.migrate.outcome == 'success'

        """), "\(workflow)")
    // Without it, GitHub's bash takes the status of a pipeline's last part alone.
    #expect(workflow.contains("\ndefaults:\n  run:\n    shell: bash\n"))
  }

  /// The names that come out are what a deployment takes back: newest first, and nothing else.
  @Test func registerNewPrintsTheNames() throws {
    try apply(history)
    let adoption = try registerNew()
    #expect(adoption.status == 0)
    #expect(adoption.stdout == "")
    try apply(news)
    let deployment = try registerNew()
    #expect(deployment.status == 0)
    #expect(deployment.stdout == "20250202_create_tags\n20250201_create_documents\n")
    let again = try registerNew()
    #expect(again.status == 0)
    #expect(again.stdout == "")
    #expect(again.stderr.hasSuffix("register-new: nothing new\n"))
  }

  @Test func registerNewPassesOverWhatIsNoMigration() throws {
    try apply(history)
    for name in [
      "20250103_a.template.sql", "20250103_b.down.sql", "20250103_c.rollback.sql",
      "ROLLBACK_20250103.sql", ".hidden.sql", "#20250103.sql#", "#20250103.sql", "notes.md",
    ] { try folder.write("not SQL", to: "supabase/migrations/\(name)") }
    try folder.write(
      "CREATE TABLE teams (id int);\n", to: "supabase/migrations/20250104_create_teams.up.sql")
    try database.psql("CREATE TABLE teams (id int)")
    #expect(try registerNew().status == 0)
    #expect(
      try database.psql(
        "SELECT string_agg(migration_name, ' ' ORDER BY migration_name) FROM migration_history")
        == "20250101_create_projects 20250101_create_users 20250104_create_teams")
  }

  @Test func registerNewNeedsAFolderAndStandsAnEmptyOne() throws {
    let missing = try bash("docs/examples/register-new nowhere", [:])
    #expect(missing.status == 64)
    #expect(missing.stderr == "register-new: 'nowhere' is not a folder\n")
    try folder.write("", to: "supabase/migrations/notes.md")
    let empty = try registerNew()
    #expect(empty.status == 0)
    #expect(empty.stderr.hasSuffix("register-new: nothing new\n"))
  }

  private func apply(_ migrations: [SampleMigration]) throws {
    for migration in migrations {
      try folder.write(migration.text, to: "supabase/migrations/\(migration.fileName)")
      try database.psql(migration.up)
    }
  }

  private func deploy(_ script: DocumentedScript) throws -> ProgramResult {
    try bash(script.deployment, script.environment(url: database.url))
  }

  private func registerNew() throws -> ProgramResult {
    try bash(
      "docs/examples/register-new supabase/migrations", ["DATABASE_URL": database.url])
  }

  private func bash(_ script: String, _ environment: [String: String]) throws -> ProgramResult {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
    let variables = [
      "PATH": "\(folder.path)/bin:\(path)", "HOME": folder.path, "LC_ALL": "C.UTF-8",
    ]
    let child = try ChildProcess(
      .init(
        executable: "/bin/bash", arguments: ["--noprofile", "--norc", "-c", script],
        environment: variables.merging(environment) { $1 }, directory: folder.path))
    return try child.waitUntilExit()
  }

  private func tables() throws -> String {
    try database.psql(
      """
      SELECT string_agg(tablename, ' ' ORDER BY tablename) FROM pg_tables
      WHERE schemaname = 'public' AND tablename NOT LIKE 'migration\\_%'
      """)
  }

  private func statuses() throws -> String {
    try database.psql(
      "SELECT string_agg(line, ' ') FROM (SELECT status || ' ' || count(*) AS line "
        + "FROM migration_history GROUP BY status ORDER BY status) AS lines")
  }

  private func deployApplication(_ script: String) throws {
    try write(script, to: "deploy-application")
  }

  /// By a program of its own: what is open for writing here would be so too in a child that another
  /// test starts just then, and cannot be run meanwhile (ETXTBSY).
  private func write(_ script: String, to name: String) throws {
    let made = try bash(
      #"printf '#!/bin/bash\n%s\n' "$TEXT" > "$FILE" && chmod +x "$FILE""#,
      ["TEXT": script, "FILE": name])
    #expect(made.status == 0, "\(made.stderr)")
  }

  private func link(_ name: String, to target: String) throws {
    let path = URL(filePath: folder.path(of: name))
    try FileManager.default.createDirectory(
      at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: path.path, withDestinationPath: target)
  }
}
