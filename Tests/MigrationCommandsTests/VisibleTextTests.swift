@testable import MigrationCore
import MigrationCommands
import Testing

@Suite("What would command a terminal is written out")
struct VisibleTextTests {
  @Test(arguments: [
    ("DROP TABLE a; -- ünï 🍏 ─ €\n\tend\r\n", "DROP TABLE a; -- ünï 🍏 ─ €\n\tend\r\n"),
    ("\u{1B}[2K\u{1B}[1A", #"\x1B[2K\x1B[1A"#), ("\0\u{7}\u{8}\u{7F}", #"\x00\x07\x08\x7F"#),
    ("a\rb\r\r\nc\r", "a\\x0Db\\x0D\r\nc\\x0D"), ("\u{9B}2K\u{85}", #"\u{9B}2K\u{85}"#),
    ("\u{202E}x\u{2066}\u{61C}\u{200F}", #"\u{202E}x\u{2066}\u{61C}\u{200F}"#),
    ("e\u{301}\u{1B}\u{301}", "e\u{301}\\x1B\u{301}"), ("", ""),
  ])
  func written(text: String, shown: String) {
    #expect(Array(VisibleText.of(text).utf8) == Array(shown.utf8))
  }

  @Test("Every line of text, on both streams")
  func everywhere() {
    let evil = "a\u{1B}[8mb\u{202E}"
    let shown = #"a\x1B[8mb\u{202E}"#
    let report = ErrorReport(
      .sql, evil, details: ["DETAIL: \(evil)\n\(evil)"], hint: evil,
      location: ErrorReport.Location(file: evil, line: 1))
    let (output, errors) = printed(in: .terminal(width: 80, allowsColour: true)) {
      $0.print(evil)
      $0.observe(.serverNotice(migration: evil, severity: "NOTICE", message: evil))
      $0.warning(evil)
      $0.error(report)
    }
    #expect(output == "\(shown)\n")
    #expect(
      errors == """
        \(shown): NOTICE: \(shown)
        \u{1B}[1;33mwarning:\u{1B}[0m \(shown)
        \(shown):1: \u{1B}[1;31merror:\u{1B}[0m \(shown)
          DETAIL: \(shown)
          \(shown)
        \u{1B}[36mhint:\u{1B}[0m \(shown)

        """)
  }

  private let plan = rollbackPlan("DROP TABLE a;\u{1B}[1A\u{1B}[2K\r--\u{202E}")

  @Test("SQL with such characters is shown to the letter before it is confirmed, with a warning")
  func confirmation() {
    let rule = String(repeating: "─", count: 76)
    let shown = #"DROP TABLE a;\x1B[1A\x1B[2K\x0D--\u{202E}"#
    let warning =
      "warning: the SQL holds control characters, which are written out above: "
      + #"\x1B, \x0D, \u{202E}"#
    for isJSON in [false, true] {
      let errors = printed(isJSON: isJSON, answers: ["no"]) {
        _ = RollbackRendering.confirm(plan, target: nil, on: $0)
      }.errors
      #expect(
        errors.hasPrefix("SQL to be executed:\n\(rule)\n\(shown)\n\(rule)\n\(warning)\n\n"))
    }
    let dry = printed { RollbackRendering.print(dryRun: plan, to: $0) }
    #expect(dry.output.hasSuffix("\(rule)\n\(shown)\n\(rule)\n"))
    #expect(dry.errors == "\(warning)\n")
    let document = printed(isJSON: true) { RollbackRendering.print(dryRun: plan, to: $0) }.output
    #expect(document.contains(#""sql":"DROP TABLE a;\u001b[1A\u001b[2K\r--"# + "\u{202E}\""))
  }

  @Test("The warning comes once, and not for line ends as Windows writes them")
  func warnedOnce() {
    let result = rollbackOutcome(
      RollbackResult(name: "1_a", sql: plan.steps[0].sql, durationMicroseconds: 1))
    let errors = printed(answers: ["yes"]) {
      _ = RollbackRendering.confirm(plan, target: nil, on: $0)
      RollbackRendering.print(result, to: $0)
    }.errors
    #expect(errors.split(separator: "\n").count { $0.hasPrefix("warning:") } == 1)
    let windows = rollbackOutcome(
      RollbackResult(name: "1_a", sql: "SELECT 1;\r\n", durationMicroseconds: 1))
    #expect(printed { RollbackRendering.print(windows, to: $0) }.errors == "")
  }
}
