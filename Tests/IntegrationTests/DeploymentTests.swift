import Foundation
import TestSupport
import Testing

/// The deployments that `docs/ci.md` gives to be copied, each step run as its CI system runs it: one
/// that fails takes back what it brought, and nothing else.
@Suite(.scratchDatabase) struct DeploymentTests {
  private static let history = [
    SampleMigration.table("users"), .table("projects", name: "20250102_create_projects"),
  ]
  private static let news = [
    SampleMigration.table("documents", name: "20250201_create_documents"),
    .table("tags", name: "20250202_create_tags", dependsOn: ["20250201_create_documents"]),
  ]

  private func project(
    _ runner: DocumentedRunner = .supabase, news: [SampleMigration] = Self.news
  ) throws -> DeployedProject {
    let project = try DeployedProject(runner, history: Self.history)
    for migration in news { try project.write(migration) }
    return project
  }

  // What migrates is a part of its own: not every pair has to be tried.
  @Test(arguments: [
    (DocumentedDeployment.github, DocumentedRunner.supabase), (.github, .prisma), (.gitlab, .psql),
    (.script, .supabase),
  ])
  func whatItBroughtIsTakenBackComesAgainAndStays(
    deployment: DocumentedDeployment, runner: DocumentedRunner
  ) throws {
    let project = try project(runner)
    let database = ScratchDatabase.current
    let before = (try database.dump(["--schema-only"]), try project.applied)
    let ledger = try project.runnerLedger
    try project.smokeTest("exit 1")
    let failed = try deployment.run(in: project.shell, with: runner)
    #expect(!failed.passed)
    #expect(failed.takingBack == (deployment == .script ? 1 : 0), "\(failed.log)")
    #expect(try database.dump(["--schema-only"]) == before.0)
    #expect(try project.applied == before.1)
    #expect(try project.runnerLedger == ledger)
    #expect(
      try project.rollbacks == """
        20250202_create_tags: deployment of c0ffee failed
        20250201_create_documents: deployment of c0ffee failed
        """)

    try project.smokeTest("exit 0")
    let again = try deployment.run(in: project.shell, with: runner)
    #expect(again.passed, "\(again.log)")
    #expect(again.takingBack == nil)
    #expect(try project.tables == "documents projects tags users")
    let applied = [
      "20250202_create_tags", "20250201_create_documents", "20250102_create_projects",
      "20250101_create_users",
    ]
    #expect(try project.applied == applied)

    // One with nothing new has nothing to take back, whatever fails in it.
    try project.smokeTest("exit 1")
    #expect(try !deployment.run(in: project.shell, with: runner).passed)
    #expect(try project.applied == applied)
    #expect(try project.tables == "documents projects tags users")
  }

  @Test(arguments: [
    (DocumentedDeployment.github, DocumentedRunner.psql), (.gitlab, .supabase), (.script, .prisma),
  ])
  func oneThatFailsHalfWayIsTakenBack(
    deployment: DocumentedDeployment, runner: DocumentedRunner
  ) throws {
    var broken = SampleMigration.table("broken", name: "20250203_create_broken")
    broken.up += "\nSELECT * FROM nowhere;"
    let project = try project(runner, news: Self.news + [broken])
    try project.shell.writeProgram("echo deployed >&2", to: "deploy-application")
    let result = try deployment.run(in: project.shell, with: runner)
    #expect(!result.passed)
    #expect(!result.log.contains("deployed\n"), "\(result.log)")
    #expect(try project.tables == "projects users")
    #expect(try project.applied == ["20250102_create_projects", "20250101_create_users"])
    #expect(try !project.runnerLedger.contains("tags"))
  }

  @Test(arguments: DocumentedDeployment.allCases)
  func oneThatIsCancelledIsTakenBack(deployment: DocumentedDeployment) throws {
    let project = try project()
    try project.smokeTest("grep -qx bash /proc/$PPID/comm && kill -TERM $PPID")
    let result = try deployment.run(in: project.shell, with: .supabase)
    #expect(!result.passed)
    #expect(result.takingBack != nil, "\(result.log)")
    #expect(try project.tables == "projects users")
  }

  @Test(arguments: [DocumentedDeployment.gitlab, .script])
  func whatWasAppliedByHandBeforeStays(deployment: DocumentedDeployment) throws {
    let project = try project()
    try project.migrateByHand()
    try project.write(.table("teams", name: "20250301_create_teams"))
    try project.smokeTest("exit 1")
    let result = try deployment.run(in: project.shell, with: .supabase)
    #expect(!result.passed)
    #expect(try project.rollbacks == "20250301_create_teams: deployment of c0ffee failed")
    #expect(try project.tables == "documents projects tags users")
    #expect(try project.applied.count == 4)
  }

  /// Also what a wrong URL looks like.
  @Test(arguments: DocumentedDeployment.allCases)
  func withoutALedgerNothingIsDone(deployment: DocumentedDeployment) throws {
    let project = try project()
    let database = ScratchDatabase.current
    try database.psql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    let before = try database.dump()
    let result = try deployment.run(in: project.shell, with: .supabase)
    #expect(!result.passed)
    #expect(result.takingBack == nil)
    #expect(result.log.hasSuffix("hint: run 'migration-manager init'\n"), "\(result.log)")
    #expect(try database.dump() == before)
  }

  /// Where the program fails, nothing is known of what was applied, so nothing is taken back.
  @Test(arguments: [
    (DocumentedDeployment.github, "sync"), (.gitlab, "list"), (.script, "sync"),
  ])
  func aCommandThatFailsTakesNothingBack(
    deployment: DocumentedDeployment, command: String
  ) throws {
    let project = try project()
    try project.smokeTest("exit 1")
    try project.shell.folder.remove("bin/migration-manager")
    try project.shell.writeProgram(
      """
      case " $* " in *" \(command) "*)
        if [ "$(psql "$DATABASE_URL" -XAtc "SELECT to_regclass('tags') IS NOT NULL")" = t ]; then
          echo partial-name
          echo "$0: broken" >&2
          exit 2
        fi ;;
      esac
      exec '\(try Program.path)' "$@"
      """, to: "bin/migration-manager")
    let result = try deployment.run(in: project.shell, with: .supabase)
    #expect(!result.passed)
    #expect(result.takingBack == 2, "\(result.log)")
    #expect(result.log.contains("broken\n"), "\(result.log)")
    #expect(try project.tables == "documents projects tags users")
    #expect(try project.rollbacks == "")
  }

  /// It may be running still, on the new schema.
  @Test(arguments: [DocumentedDeployment.gitlab, .script])
  func anApplicationThatCannotBeRestoredKeepsItsSchema(deployment: DocumentedDeployment) throws {
    let project = try project()
    try project.smokeTest("exit 1")
    try project.shell.writeProgram("echo restored >&2; exit 7", to: "restore-application")
    let result = try deployment.run(in: project.shell, with: .supabase)
    #expect(result.takingBack == 7, "\(result.log)")
    #expect(try project.tables == "documents projects tags users")
    #expect(try project.rollbacks == "")
  }

  @Test(arguments: [DocumentedDeployment.github, .script])
  func itStopsAtOneThatCannotBeUndone(deployment: DocumentedDeployment) throws {
    var documents = Self.news[0]
    documents.rollback = nil
    let project = try project(news: [Self.history[0], documents, Self.news[1]])
    try project.smokeTest("exit 1")
    let result = try deployment.run(in: project.shell, with: .supabase)
    #expect(result.takingBack == 1, "\(result.log)")
    #expect(
      result.log.contains(
        "error: No rollback SQL defined for this migration: '20250201_create_documents'\n"),
      "\(result.log)")
    #expect(try project.tables == "documents projects users")
  }

  /// A section that is not commented out undoes the migration at once, without an error.
  @Test func oneWhoseUndoTheRunnerRanFails() throws {
    let project = try project(news: [Self.news[0]])
    try project.shell.folder.write(
      Self.news[1].text, to: "supabase/migrations/\(Self.news[1].fileName)")
    try project.shell.writeProgram("echo deployed >&2", to: "deploy-application")
    let result = try DocumentedDeployment.github.run(in: project.shell, with: .supabase)
    #expect(!result.passed)
    #expect(!result.log.contains("deployed\n"))
    #expect(result.takingBack == 0, "\(result.log)")
    #expect(try project.tables == "projects users")
    #expect(try project.applied == ["20250102_create_projects", "20250101_create_users"])
  }

  /// Nobody could tell later whether it was applied.
  @Test(arguments: [DocumentedDeployment.github, .gitlab])
  func whatOnlyChangesRowsIsRegisteredAfterPsql(deployment: DocumentedDeployment) throws {
    let change = SampleMigration(
      name: "20250201_first_user", up: "INSERT INTO users VALUES (1);",
      rollback: "DELETE FROM users WHERE id = 1;")
    let project = try project(.psql, news: [change])
    #expect(try deployment.run(in: project.shell, with: .psql).passed)
    #expect(try project.applied.first == "20250201_first_user")
    try project.smokeTest("exit 1")
    #expect(try !deployment.run(in: project.shell, with: .psql).passed)
    #expect(try ScratchDatabase.current.psql("SELECT count(*) FROM users") == "1")
  }

  @Test func theJobToTakeBackLaterUsesTheNamesOfTheDeployment() throws {
    let project = try project()
    #expect(try DocumentedDeployment.gitlab.run(in: project.shell, with: .supabase).passed)
    let result = try project.shell.bash(
      try ContinuousIntegrationFile.lines(of: "before_script", in: "take-back")
        + ContinuousIntegrationFile.lines(of: "script", in: "take-back"),
      options: ["-e", "-o", "pipefail"],
      environment: ["DATABASE_URL": ScratchDatabase.current.url, "CI_COMMIT_SHA": "c0ffee"])
    #expect(result.status == 0, "\(result.stderr)")
    #expect(try project.tables == "projects users")
    #expect(
      try project.rollbacks == """
        20250202_create_tags: deployment of c0ffee taken back
        20250201_create_documents: deployment of c0ffee taken back
        """)
  }

  /// What decides whether the steps above run is not shell, and not run here.
  @Test func theFilesSayWhenToTakeBack() throws {
    let workflow = try Documentation.text(of: "docs/examples/github-actions.yml")
    for part in [
      "\nconcurrency:\n  group: deploy-production\n  cancel-in-progress: false\n",
      "\npermissions:\n  contents: read\n", "\ndefaults:\n  run:\n    shell: bash\n",
      "\n        id: before\n", "\n    environment: production\n",
      "\n        if: (failure() || cancelled()) && steps.before.outcome == 'success'\n",
    ] { #expect(workflow.contains(part), "\(part)") }
    let pipeline = try Documentation.text(of: "docs/examples/gitlab-ci.yml")
    for job in ["deploy", "take-back"] {
      let text = try #require(pipeline.components(separatedBy: "\n\(job):\n").last)
      #expect(text.contains("\n  resource_group: production\n  interruptible: false\n"))
      #expect(text.contains("\n  environment: production\n"))
    }
    #expect(pipeline.contains("\n  artifacts:\n    when: always\n"))
  }

  /// "On a pull request": the undo of each new file is shown, or missed.
  @Test func aPullRequestWithoutAnUndoIsRefused() throws {
    let project = try project()
    let script = try Documentation.block("bash", of: "## On a pull request", in: "docs/ci.md")
    func check() throws -> ProgramResult {
      try project.shell.bash(script, options: ["-e", "-o", "pipefail"])
    }
    func gitPrints(_ migrations: [SampleMigration]) throws {
      let paths = migrations.map { "supabase/migrations/\($0.fileName)" }
      try project.shell.writeProgram(
        "printf '%s\\n' \(paths.joined(separator: " "))", to: "bin/git")
    }
    try gitPrints(Self.news)
    let fine = try check()
    #expect(fine.status == 0, "\(fine.stderr)")
    #expect(fine.stdout == "DROP TABLE documents;\nDROP TABLE tags;\n")
    var silent = Self.news[0]
    silent.rollback = nil
    try project.write(silent)
    let refused = try check()
    #expect(refused.status == 1)
    #expect(
      refused.stderr == """
        error: 'supabase/migrations/20250201_create_documents.sql' has no rollback SQL
        hint: add it between '-- ROLLBACK START' and '-- ROLLBACK END'

        """)
  }
}
