import Foundation
import TestSupport
import Testing

/// TAB, pressed in the real shells.
@Suite("Completions, typed at a terminal")
struct CompletionTypingTests {
  private let folder: MigrationFolder

  init() throws {
    folder = try MigrationFolder([
      "migrations/20250101_add_users.sql": "", "migrations/20250102_add_tags.sql": "",
      "migrations/20250103_it's.sql": "", "migrations/20250104_two words.sql": "",
      "migrations/2025_$(touch pwned).sql": "", "migrations/2026_`touch pwned`.sql": "",
      "migrations/2027:1_x.sql": "", "migrations/2027:2_y.sql": "", "migrations/3000=1_v.sql": "",
      "migrations/7_a*b&c{d,e}.sql": "", "migrations/8_ünï.sql": "",
      "other/1_a.sql": "", "my folder/9_b.sql": "",
    ])
  }

  @Test(
    "Commands, options, values and names are completed, and nothing in them is run",
    arguments: CompletingShell.all)
  func completes(shell: String) throws {
    let person = try CompletingShell(shell, in: folder.path)
    for (typed, line) in [
      ("ro\t", "rollback "),
      ("rollback --us\t", "rollback --use-recorded "),
      ("--js\tli\t", "--json list "),
      ("show a --u\t", "show a --up "),
      ("help sh\t", "help show "),
      ("completions z\t", "completions zsh "),
      ("rollback 20250101\t", "rollback 20250101_add_users "),
      // Users think of the name behind the date.
      ("rollback add_t\t", "rollback 20250102_add_tags "),
      (
        "sync --assume-applied-before=20250102\t", "sync --assume-applied-before=20250102_add_tags "
      ),
      (
        "sync --assume-applied-before=add_t\t",
        "sync --assume-applied-before=" + (shell == "fish" ? "add_t" : "20250102_add_tags ")
      ),
      // One is given already.
      ("check 20250101_add_users 20250101\t", "check 20250101_add_users 20250101"),
      (
        "check 20250101_add_users.sql 20250102\t", "check 20250101_add_users.sql 20250102_add_tags "
      ),
      // Names that a shell would take apart, or run.
      ("check 20250104\t", #"check 20250104_two\ words "#),
      ("check 20250103\t", #"check 20250103_it\'s "#),
      ("check 2025_\t", #"check 2025_\$\(touch\ pwned\) "#),
      (#"check "2025_"# + "\t", #"check "2025_\$(touch pwned)" "#),
      (
        "check 2026_\t",
        shell == "fish" ? "check 2026_`touch\\ pwned` " : #"check 2026_\`touch\ pwned\` "#
      ),
      ("check 7\t", shell == "bash" ? #"check 7_a\*b\&c\{d\,e\} "# : #"check 7_a\*b\&c\{d,e\} "#),
      ("check 8\t", "check 8_ünï "),
      // Where bash takes words apart.
      ("check 2027\t", "check 2027:"),
      ("check 2027:1\t", "check 2027:1_x "),
      ("check 2027:1_x 2027:\t", "check 2027:1_x 2027:2_y "),
      ("check 3000=\t", "check 3000=1_v "),
      // Another folder.
      ("--dir other check \t", "--dir other check 1_a "),
      ("check --dir=other \t", "check --dir=other 1_a "),
      (#"check --dir my\ folder "# + "\t", #"check --dir my\ folder 9_b "#),
      ("check --dir 'my folder' \t", "check --dir 'my folder' 9_b "),
      ("check --dir=o\t", "check --dir=other/"),
      ("check --dir $(touch pwned) \t", "check --dir $(touch pwned) "),
      ("check --dir `touch pwned` \t", "check --dir `touch pwned` "),
    ] {
      #expect(
        try person.line(after: "migration-manager \(typed)") == "migration-manager \(line)",
        "\(shell): \(typed)")
    }
    #expect(!FileManager.default.fileExists(atPath: folder.path(of: "pwned")))
  }

  @Test(
    "Installed where the shell looks, they are loaded by themselves", arguments: CompletingShell.all
  )
  func loadsByItself(shell: String) throws {
    let person = try CompletingShell(shell, .installed, in: folder.path)
    for (typed, line) in [
      ("ro\t", "rollback "), ("rollback --dr\t", "rollback --dry-run "),
      ("rollback 20250101\t", "rollback 20250101_add_users "),
    ] {
      #expect(
        try person.line(after: "migration-manager \(typed)") == "migration-manager \(line)",
        "\(shell): \(typed)")
    }
  }

  @Test("zsh and fish show what commands and options are for", arguments: ["zsh", "fish"])
  func showsSummaries(shell: String) throws {
    let person = try CompletingShell(shell, in: folder.path)
    try person.types("migration-manager r\t\t", andSees: "roll migrations back")
    try person.types("\u{15}migration-manager rollback --\t\t", andSees: "why, for the audit trail")
  }

  @Test("bash lists what has the typed words in it, and keeps them")
  func listsInnerMatches() throws {
    let person = try CompletingShell("bash", in: folder.path)
    try person.types("migration-manager check add_\t\t", andSees: "20250101_add_users")
    #expect(try person.line(after: "") == "migration-manager check add_")
  }
}
