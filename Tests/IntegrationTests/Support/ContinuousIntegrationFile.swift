import Foundation
import Testing

/// The scripts in the examples for CI systems: read by their indentation, as far as those files go.
enum ContinuousIntegrationFile {
  /// One step of a GitHub workflow that runs a script.
  struct Step {
    var name: String
    var identifier: String?
    /// What stands behind `if:`.
    var condition: String?
    var script: String
  }

  /// The steps of `docs/examples/github-actions.yml` that run a script, in order.
  static func workflow() throws -> [Step] {
    let lines = try lines(ofFile: "github-actions.yml")
    let start = try #require(lines.firstIndex(of: "    steps:"))
    var steps: [Step] = []
    for (index, line) in lines.enumerated() where index > start {
      if let name = line.after("      - name: ") {
        steps.append(Step(name: name, script: ""))
      } else if let identifier = line.after("        id: ") {
        steps[steps.count - 1].identifier = identifier
      } else if let condition = line.after("        if: ") {
        steps[steps.count - 1].condition = condition
      } else if line == "        run: |" {
        steps[steps.count - 1].script = block(lines[(index + 1)...], indentation: 10)
      }
    }
    return steps
  }

  /// The lines of a job of `docs/examples/gitlab-ci.yml`, joined as GitLab's runner joins them.
  ///
  /// - Parameters:
  ///   - key: such as `after_script`.
  ///   - job: the job's name.
  /// - Returns: a shell script.
  /// - Throws: an expectation's error where the job or the key is not there.
  static func lines(of key: String, in job: String) throws -> String {
    let lines = try lines(ofFile: "gitlab-ci.yml")
    let start = try #require(lines.firstIndex(of: "\(job):"))
    let keyLine = try #require(lines[start...].firstIndex(of: "  \(key):"))
    var script = ""
    for (index, line) in lines.enumerated().dropFirst(keyLine + 1) {
      guard line.isEmpty || line.hasPrefix("    ") else { break }
      guard let item = line.after("    - ") else { continue }
      guard item != "|" else {
        script += block(lines[(index + 1)...], indentation: 6)
        continue
      }
      // What YAML would read otherwise than as it stands.
      let begins = try #require(item.first)
      #expect(!item.contains(": ") && !item.contains(" #"), "\(item)")
      #expect(begins.isLetter || begins == ".", "\(item)")
      script += item + "\n"
    }
    return script
  }

  /// A block scalar: the lines with at least that indentation, less it.
  private static func block(_ lines: ArraySlice<String>, indentation: Int) -> String {
    let indented = String(repeating: " ", count: indentation)
    return lines.prefix { $0.hasPrefix(indented) || $0.isEmpty }
      .map { $0.dropFirst(indentation) + "\n" }.joined()
      .replacing(#/\n+$/#, with: "\n")
  }

  private static func lines(ofFile name: String) throws -> [String] {
    try Documentation.text(of: "docs/examples/\(name)").components(separatedBy: "\n")
  }
}

extension String {
  /// What follows a prefix; nil without it.
  fileprivate func after(_ prefix: String) -> String? {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
  }
}
