import TestSupport
import Testing

/// The fish script, asked by the command that fish has for it.
@Suite("Completions offered by fish")
struct FishCompletionTests {
  @Test("Everything is offered with what it is for, names newest first")
  func offers() throws {
    let folder = try MigrationFolder([
      "migrations/20250101_add_users.sql": "", "migrations/20250102_add_tags.sql": "",
    ])
    func offered(_ line: String) throws -> String {
      let result = try ChildProcess(
        .init(
          executable: "/usr/bin/fish",
          arguments: [
            "--no-config", "-c", "migration-manager completions fish | source; complete -C $argv",
            "migration-manager \(line)",
          ],
          environment: [
            "PATH": try CompletingShell.searchPath, "HOME": folder.path, "LC_ALL": "C.UTF-8",
          ], directory: folder.path)
      ).waitUntilExit()
      #expect(result.stderr == "")
      return result.stdout
    }
    #expect(try offered("ro") == "rollback\troll migrations back\n")
    #expect(try offered("rollback ") == "20250102_add_tags\n20250101_add_users\n")
    #expect(try offered("template 20250102_add_tags ") == "")
    #expect(try offered("check add_") == "20250102_add_tags\n20250101_add_users\n")
    #expect(try offered("check 20250102_add_tags ") == "20250101_add_users\n")
    #expect(
      try offered("show x --").contains(
        "--up\tprint the up SQL: the file with its rollback section blanked out\n"))
    #expect(try offered("show x --").contains("--dry-run") == false)
    #expect(try offered("check --dir ") == "migrations/\tDirectory\n")
    #expect(try offered("completions ") == "bash\nfish\nzsh\n")
  }
}
