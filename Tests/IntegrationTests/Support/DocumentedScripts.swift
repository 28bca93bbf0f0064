import Foundation
import Testing

/// The shell scripts that stand in the documentation, run as someone who copied them would.
enum DocumentedScript: String, CaseIterable {
  /// "In CI" in `docs/guide.md`.
  case guide
  /// `docs/examples/github-actions.yml`.
  case workflow

  /// The checkout that the tests are built from.
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  /// What one deployment runs, to be run by bash.
  var deployment: String {
    get throws {
      switch self {
      case .guide:
        let page = try Self.text(of: "docs/guide.md")
        let blocks = page.components(separatedBy: "```bash\n").dropFirst()
          .compactMap { $0.components(separatedBy: "```").first }
        return try #require(blocks.first { $0.contains("register-new") })
      case .workflow:
        // What GitHub does: each step by itself, the last one only after a failure.
        return """
          step() { bash --noprofile --norc -eo pipefail -c "$1"; }
          step '\(try Self.step("Migrate"))' || exit 1
          if ! step '\(try Self.step("Deploy the application"))'; then
            step '\(try Self.step("Take the migrations back"))'
            exit 1
          fi
          """
      }
    }
  }

  /// The variables of the environment that it is written for.
  func environment(url: String) -> [String: String] {
    switch self {
    case .guide: ["DATABASE_URL": url, "GITHUB_SHA": "c0ffee"]
    case .workflow: ["SUPABASE_DB_URL": url, "GITHUB_SHA": "c0ffee", "RUNNER_TEMP": "."]
    }
  }

  static func text(of path: String) throws -> String {
    try String(contentsOfFile: "\(root)/\(path)", encoding: .utf8)
  }

  /// What a step of the workflow runs, quoted for a shell.
  private static func step(_ name: String) throws -> String {
    let lines = try text(of: "docs/examples/github-actions.yml").components(separatedBy: "\n")
    let start = try #require(lines.firstIndex(of: "      - name: \(name)"))
    let run = try #require(lines[start...].firstIndex { $0.hasPrefix("        run: ") })
    let first = String(lines[run].dropFirst("        run: ".count))
    let script =
      first == "|"
      ? lines[(run + 1)...].prefix { $0.hasPrefix("          ") }.joined(separator: "\n") : first
    return script.replacing("'", with: "'\\''")
  }
}
