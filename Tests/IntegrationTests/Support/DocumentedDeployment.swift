import Foundation
import TestSupport
import Testing

/// The runner that a documented deployment migrates with: `docs/ci.md` has the step for each.
enum DocumentedRunner: String, CaseIterable {
  case supabase = "### Supabase CLI"
  case prisma = "### Prisma"
  case psql = "### psql"

  /// What migrates, to stand in the place of `supabase db push`.
  var script: String {
    get throws { try Documentation.block("bash", of: rawValue, in: "docs/ci.md") }
  }
}

/// A deployment as the documentation gives it to be copied, run as its CI system would run it.
enum DocumentedDeployment: String, CaseIterable {
  /// `docs/examples/github-actions.yml`.
  case github
  /// `docs/examples/gitlab-ci.yml`.
  case gitlab
  /// "Anywhere else" in `docs/ci.md`.
  case script

  /// How a deployment ended.
  struct Result {
    /// Whether the CI system shows it as passed.
    var passed: Bool
    /// How what takes it back ended; nil where that did not run.
    var takingBack: Int32?
    /// What all steps wrote to standard error.
    var log: String
  }

  /// Runs one deployment in a checkout.
  ///
  /// Ended by SIGTERM, it counts as cancelled.
  func run(in project: ShellProject, with runner: DocumentedRunner) throws -> Result {
    let environment = project.connectionVariables.merging([
      "DATABASE_URL": project.database.url, "GITHUB_SHA": "c0ffee", "CI_COMMIT_SHA": "c0ffee",
    ]) { $1 }
    switch self {
    case .github: return try runWorkflow(in: project, with: runner, environment)
    case .gitlab: return try runPipeline(in: project, with: runner, environment)
    case .script:
      let page = try Documentation.block("bash", of: "## Anywhere else", in: "docs/ci.md")
      try project.writeProgram(try Self.replaceRunner(in: page, by: runner), to: "deploy")
      // A commit to be named.
      try project.writeProgram("echo c0ffee", to: "bin/git")
      let result = try project.bash("exec bash ./deploy", environment: environment)
      let tookBack = result.stderr.contains("restored\n")
      return Result(
        passed: result.status == 0, takingBack: tookBack ? result.status : nil, log: result.stderr)
    }
  }

  /// As GitHub does: each step in a shell of its own, in order until one fails; then the one that has
  /// a condition, which tests hold by value.
  private func runWorkflow(
    in project: ShellProject, with runner: DocumentedRunner, _ environment: [String: String]
  ) throws -> Result {
    let workflow = try ContinuousIntegrationFile.workflow()
    var result = Result(passed: true, log: "")
    var succeeded: Set<String> = []
    func run(_ step: ContinuousIntegrationFile.Step) throws -> Int32 {
      let script = step.name == "Migrate" ? try runner.script : step.script
      let ended = try project.bash(
        script, options: ["-e", "-o", "pipefail"], environment: environment)
      result.log += ended.stderr
      return ended.status
    }
    for step in workflow where step.condition == nil && result.passed {
      result.passed = try run(step) == 0
      if result.passed, let identifier = step.identifier { succeeded.insert(identifier) }
    }
    for step in workflow where step.condition != nil && !result.passed {
      if succeeded.contains("before") { result.takingBack = try run(step) }
    }
    return result
  }

  /// As GitLab's runner does: the lines of `before_script` and `script` as one script, then those of
  /// `after_script` in a shell of its own, whose end changes nothing.
  private func runPipeline(
    in project: ShellProject, with runner: DocumentedRunner, _ environment: [String: String]
  ) throws -> Result {
    let lines =
      try ContinuousIntegrationFile.lines(of: "before_script", in: "deploy")
      + ContinuousIntegrationFile.lines(of: "script", in: "deploy")
    let job = try project.bash(
      try Self.replaceRunner(in: lines, by: runner), options: ["-e", "-o", "pipefail"],
      environment: environment)
    let status = job.status == 0 ? "success" : job.signal == nil ? "failed" : "canceled"
    let after = try project.bash(
      try ContinuousIntegrationFile.lines(of: "after_script", in: "deploy"),
      options: ["-e", "-o", "pipefail"],
      environment: environment.merging(["CI_JOB_STATUS": status]) { $1 })
    let log = job.stderr + after.stderr
    return Result(
      passed: job.status == 0, takingBack: log.contains("restored\n") ? after.status : nil, log: log
    )
  }

  private static func replaceRunner(in script: String, by runner: DocumentedRunner) throws -> String
  {
    let parts = script.components(separatedBy: try DocumentedRunner.supabase.script)
    try #require(parts.count == 2, "one place where it migrates")
    return parts.joined(separator: try runner.script)
  }
}
