import TestSupport
import Testing
import reference_pages

@Suite("Text in manual pages")
struct RoffTests {
  @Test("What roff would interpret is escaped, a dot only where it begins a line")
  func escapes() {
    #expect(
      Roff.text(#"a\b - 'c' "d" `e` ^~ x.y"#)
        == #"a\eb \- \(aqc\(aq \(dqd\(dq \(gae\(ga \(ha\(ti x.y"#)
    #expect(Roff.text(".env") == #"\&.env"#)
    #expect(Roff.text("'x") == #"\(aqx"#)
  }

  @Test("Sentences begin lines, and a line that a dot would begin does not begin with it")
  func lines() {
    #expect(Roff.lines("One. Two, three.") == "One.\nTwo, three.\n")
    #expect(
      Roff.lines(String(repeating: "word ", count: 15) + "then .env again")
        == String(repeating: "word ", count: 14) + "word\nthen .env again\n")
    #expect(
      Roff.lines(String(repeating: "word ", count: 15) + "now .env")
        == String(repeating: "word ", count: 14) + "word now\n\\&.env\n")
  }

  @Test("Values stand in italics, what is typed in bold")
  func synopsis() {
    #expect(
      Roff.synopsis("show NAME... --up|--rollback [--limit N] [global options]")
        == #"\fBshow\fR \fINAME\fR... \fB\-\-up\fR|\fB\-\-rollback\fR "#
        + #"[\fB\-\-limit\fR \fIN\fR] [global options]"#)
  }

  @Test("A reader sees the characters that were meant", arguments: ["groff", "mandoc"])
  func readBack(formatter: String) throws {
    let words = #".env 'a' "b" \fB \n -- ^ ~/x `c` --dir"#
    let page = ".TH T 1 2026-01-01\n.SH NAME\nt \\- x\n.SH TEXT\n\(Roff.text(words))\n"
    let options = formatter == "groff" ? ["-man", "-Tascii"] : ["-Tascii"]
    let shown = try formatted(page, by: formatter, options + ["page.1"])
    #expect(shown.status == 0)
    #expect(shown.stderr == "")
    #expect(shown.stdout.split(separator: "\n").contains { $0.hasSuffix(words) }, "\(shown.stdout)")
  }
}

/// Runs a program on a page.
///
/// - Parameters:
///   - page: the page's source; it becomes the file `page.1` in the working directory.
///   - program: its name.
///   - arguments: its arguments.
/// - Returns: how it ended, and what it wrote.
/// - Throws: `TestSupportError` if it cannot be started or takes too long.
func formatted(
  _ page: String, by program: String, _ arguments: [String]
) throws -> ProgramResult {
  let folder = try MigrationFolder(["page.1": page])
  return try ChildProcess(
    .init(
      executable: "/usr/bin/\(program)", arguments: arguments,
      environment: [
        "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "MANWIDTH": "100", "GROFF_NO_SGR": "1",
        "HOME": folder.path,
      ], directory: folder.path)
  ).waitUntilExit()
}
