import Foundation
import Testing

@testable import MigrationCore

@Suite("Commands in hints are safe to paste")
struct ShellWordTests {
  @Test(arguments: [
    ("20250120_add-tags.v2", "20250120_add-tags.v2"), ("0001_größe_移行", "0001_größe_移行"),
    ("a b", "'a b'"), ("1;reboot", "'1;reboot'"), ("it's", #"'it'\''s'"#),
    ("$(id)`id`", "'$(id)`id`'"), ("", "''"), ("~", "'~'"), ("a\\b", #"'a\b'"#),
    ("a\n\u{1B}'\\b", #"$'a\012\033\'\\b'"#), ("x\u{202E}y", #"$'x\342\200\256y'"#),
    ("a\u{A0}b", "'a\u{A0}b'"),
  ])
  func quoted(word: String, shown: String) throws {
    #expect(ShellWord.quoted(word) == shown)
    let shell = Process()
    shell.executableURL = URL(filePath: "/bin/bash")
    shell.arguments = ["-c", "printf %s \(shown)"]
    let pipe = Pipe()
    shell.standardOutput = pipe
    try shell.run()
    let read = try pipe.fileHandleForReading.readToEnd() ?? Data()
    shell.waitUntilExit()
    #expect(Array(read) == Array(word.utf8))
  }

  @Test("Outer quotes only where the word has none of its own")
  func commands() {
    #expect(ShellWord.command("register", "1_a") == "'migration-manager register 1_a'")
    #expect(ShellWord.command("register", "1 a") == "migration-manager register '1 a'")
    #expect(ShellWord.command("register", "--json") == "'migration-manager register -- --json'")
    #expect(
      ShellWord.command("init --operator", "-q") == "'migration-manager init --operator=-q'")
    #expect(
      ShellWord.command("init --operator", "a b") == "migration-manager init --operator 'a b'")
    #expect(
      ShellWord.command("resolve", "1_a", option: "--applied")
        == "'migration-manager resolve 1_a --applied'")
    #expect(
      ShellWord.command("resolve", "-1", option: "--applied")
        == "'migration-manager resolve --applied -- -1'")
  }

  @Test("A planner's hints quote the name")
  func hints() throws {
    let file = try migrationFile(section: "DROP TABLE a;", name: "1;reboot")
    let planner = RollbackStepPlanner(name: "1;reboot", record: nil, file: .read(file))
    #expect(
      planner.step().refusal?.hint
        == "its file is there but it is not recorded: if it was applied, "
        + "run migration-manager register '1;reboot'")
  }
}
