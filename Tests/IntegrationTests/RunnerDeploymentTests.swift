import TestSupport
import Testing

/// The deployment of "With `migrate`" in `docs/ci.md`, word for word.
@Suite(.scratchLedger) struct RunnerDeploymentTests {
  private let project: ShellProject
  private let database = ScratchDatabase.current

  init() throws {
    project = try ShellProject()
    try project.writeProgram(
      try Documentation.block("bash", of: "## With `migrate`", in: "docs/ci.md"), to: "deploy")
    try project.writeProgram("echo c0ffee", to: "bin/git")
    try project.writeProgram("echo restored >&2", to: "restore-application")
    try project.writeProgram("exit 0", to: "deploy-application")
    try add("users", version: 1)
    try add("teams", version: 2)
  }

  private func add(_ table: String, version: Int, up: String? = nil) throws {
    let migration = SampleMigration(
      name: "\(version)_\(table)", up: up ?? "CREATE TABLE \(table) (id int);",
      rollback: "DROP TABLE \(table);")
    try project.folder.write(migration.text, to: "migrations/\(migration.fileName)")
  }

  /// Deploys; the application's test passes or fails.
  private func deploy(works: Bool) throws -> ProgramResult {
    try project.writeProgram("exit \(works ? 0 : 1)", to: "smoke-test")
    return try project.bash("exec bash ./deploy", environment: project.connectionVariables)
  }

  private func applied() throws -> [String] {
    try project.bash(
      "migration-manager list --names", environment: project.connectionVariables
    ).stdout.split(separator: "\n").map(String.init)
  }

  @Test func theFirstOneIsTakenBackWhole() throws {
    let result = try deploy(works: false)
    #expect(result.status == 1)
    #expect(result.stderr.contains("restored\n"))
    #expect(try applied() == [])
    #expect(try !database.hasTable("users"))
    #expect(
      try database.psql(
        "SELECT DISTINCT reason FROM migration_events WHERE operation = 'rollback'")
        == "deployment of c0ffee failed")
  }

  @Test func laterOnesGoBackToWhatWasThere() throws {
    #expect(try deploy(works: true).status == 0)
    #expect(try applied() == ["2_teams", "1_users"])
    try add("tags", version: 3)
    // Merged late: it is older than what is applied.
    try add("pages", version: 0)
    #expect(try deploy(works: false).status == 1)
    #expect(try applied() == ["2_teams", "1_users"])
    #expect(try !database.hasTable("tags"))
    #expect(try !database.hasTable("pages"))
    // And once more, after it was mended.
    #expect(try deploy(works: true).status == 0)
    #expect(try applied() == ["3_tags", "0_pages", "2_teams", "1_users"])
  }

  @Test func aMigrationThatFails() throws {
    #expect(try deploy(works: true).status == 0)
    try add("tags", version: 3)
    try add("pages", version: 4, up: "CREATE TABLE pages (id nonsense);")
    let result = try deploy(works: true)
    #expect(result.status == 1)
    #expect(try applied() == ["2_teams", "1_users"])
    #expect(try !database.hasTable("tags"))
  }

  @Test func nothingNewAndNothingToTakeBack() throws {
    #expect(try deploy(works: true).status == 0)
    #expect(try deploy(works: false).status == 1)
    #expect(try applied() == ["2_teams", "1_users"])
  }
}
