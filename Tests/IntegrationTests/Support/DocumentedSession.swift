import Foundation
import TestSupport
import Testing

/// What a person types in a section of the documentation and sees there, in order: files to be
/// written (blocks of SQL whose first line is `-- PATH`) and sessions of a shell (`console`).
struct DocumentedSession {
  /// One thing to be done.
  enum Step {
    case write(path: String, text: String)
    case type(command: String, shown: [String])
  }
  let steps: [Step]

  /// Reads a section of a page.
  ///
  /// - Parameters:
  ///   - heading: with its `#`s.
  ///   - path: the page.
  ///   - next: a line at which to stop; nil reads the section to its end.
  /// - Throws: as ``Documentation/section(_:of:)``.
  init(_ heading: String, of path: String, before next: String? = nil) throws {
    var section = try Documentation.section(heading, of: path)
    if let next { section = section.components(separatedBy: "\n\(next)\n")[0] }
    steps = Documentation.blocks(in: section)
      .flatMap { language, body in
        switch language {
        case "console": Self.typed(in: body)
        case "sql": Self.file(body).map { [$0] } ?? []
        default: [Step]()
        }
      }
  }

  /// Does it all in a checkout, and compares what is shown with what the page shows.
  ///
  /// A command that the page shows nothing of is only run. A question is answered as on the page. What
  /// differs each time (times, the database and its user) and the length of rules do not count; `...` stands
  /// for any lines.
  ///
  /// - Parameters:
  ///   - project: the checkout.
  ///   - statuses: the exit statuses other than 0, by how the command begins.
  ///   - omitted: how commands begin that are left out: what they prepare is there already.
  /// - Throws: what keeps it from being run at all.
  func run(
    in project: ShellProject, statuses: [String: Int32] = [:], leavingOut omitted: [String] = []
  ) throws {
    for step in steps {
      switch step {
      case .write(let path, let text):
        try project.folder.write(text, to: path)
      case .type(let command, _) where omitted.contains(where: command.hasPrefix): continue
      case .type(let command, let shown):
        let answers = shown.compactMap { $0.components(separatedBy: "(yes/no): ").dropFirst().last }
        let result = try project.bash(
          "{ \(command)\n} 2>&1", environment: project.connectionVariables,
          input: answers.map { $0 + "\n" }.joined())
        let status = statuses.first { command.hasPrefix($0.key) }?.value ?? 0
        #expect(result.status == status, "\(command)\n\(result.stdout)")
        guard !shown.isEmpty else { continue }
        // What is typed at a terminal is not in a pipe's output.
        let printed = result.stdout.replacing("(yes/no): ", with: "(yes/no): yes")
        #expect(
          Self.agree(Self.comparable(shown)[...], Self.comparable(printed.lines)[...]),
          "\(command)\nprints\n\(printed)\ninstead of\n\(shown.joined(separator: "\n"))")
      }
    }
  }

  private static func file(_ body: String) -> Step? {
    guard let first = body.lines.first, first.hasPrefix("-- "), first.hasSuffix(".sql"),
      first.contains("/")
    else { return nil }
    return .write(path: String(first.dropFirst(3)), text: body)
  }

  /// The commands of a shell session: `$ ` begins one, `> ` goes on with it, as does the text of a
  /// here-document.
  private static func typed(in body: String) -> [Step] {
    var steps: [(command: String, shown: [String])] = []
    var delimiter: String?
    for line in body.lines {
      if let end = delimiter {
        steps[steps.count - 1].command += "\n" + line
        if line == end { delimiter = nil }
      } else if line.hasPrefix("$ ") {
        steps.append((String(line.dropFirst(2)), []))
        delimiter = line.firstMatch(of: #/<<'(\w+)'/#).map { String($0.1) }
      } else if line.hasPrefix("> "), !steps.isEmpty, steps[steps.count - 1].shown.isEmpty {
        steps[steps.count - 1].command += "\n" + line.dropFirst(2)
      } else if !steps.isEmpty {
        steps[steps.count - 1].shown.append(line)
      }
    }
    return steps.map { .type(command: $0.command, shown: $0.shown) }
  }

  private static func comparable(_ lines: [String]) -> [String] {
    let lines = lines.map { line in
      line.replacing(#/─+…?/#, with: "─")
        .replacing(#/\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d(\.\d+)?)?/#, with: "TIME")
        .replacing(#/^Database: .*/#, with: "Database:")
        .replacing(#/ of \S+ on \S+:\d+ as \w+ \(from \w+\)/#, with: " of DATABASE")
        .replacing(#/ by (ana|postgres)\b/#, with: " by USER")
        .replacing(#/… \d+ ms$/#, with: "… MS")
        .replacing(#/\| (ana|postgres) +\|/#, with: "| USER |")
        .replacing(#/ +$/#, with: "")
    }
    // A block ends where its last line does.
    return Array(lines.reversed().drop { $0.isEmpty }.reversed())
  }

  private static func agree(_ shown: ArraySlice<String>, _ printed: ArraySlice<String>) -> Bool {
    guard let first = shown.first else { return printed.isEmpty }
    if first == "..." {
      return printed.indices.contains { agree(shown.dropFirst(), printed[$0...]) }
        || shown.count == 1
    }
    return first == printed.first && agree(shown.dropFirst(), printed.dropFirst())
  }
}

extension String {
  fileprivate var lines: [String] {
    var lines = components(separatedBy: "\n")
    if lines.last == "" { lines.removeLast() }
    return lines
  }
}
