import Foundation
import TestSupport
import Testing

/// `template`: what it prints and what it writes; it needs no database.
@Suite struct TemplateCommandTests {
  let folder: MigrationFolder
  let name = "20250120_add_user_settings"
  let up = """
    CREATE TABLE user_settings (id int PRIMARY KEY, user_id int REFERENCES users (id));
    UPDATE users SET nick = NULL;

    """

  init() throws {
    folder = try MigrationFolder([
      "migrations/20250119_add_users.sql": "CREATE TABLE users (id int PRIMARY KEY, nick text);\n",
      "migrations/20250120_add_user_settings.sql": up,
    ])
  }

  private func run(_ arguments: String...) throws -> ProgramResult {
    try Program.run(
      ["template"] + arguments, environment: ["DATABASE_URL": "postgresql://127.0.0.1:1/nowhere"],
      directory: folder.path)
  }

  private func text(_ path: String) throws -> String {
    try String(contentsOfFile: folder.path(of: path), encoding: .utf8)
  }

  private let section = """
    -- ROLLBACK START
    -- TODO: UPDATE users (line 2): the rows as they were are not in this file
    DROP TABLE user_settings;
    -- ROLLBACK END

    """

  @Test func itPrintsTheSectionBetweenRules() throws {
    let result = try run("\(name).sql")
    #expect(result.status == 0)
    let rule = String(repeating: "─", count: 76)
    #expect(result.stdout == "Suggested rollback template:\n\(rule)\n\(section)\(rule)\n")
    #expect(
      result.stderr == """
        📝 Generating rollback template for: \(name)


        💡 Add this to your migration file and adjust as needed
        💡 it needs what earlier migrations create: '-- Depends on: 20250119_add_users'

        """)
    #expect(try text("migrations/\(name).sql") == up)
  }

  @Test func aFileThatIsDeclaredIrreversibleIsNotAddedTo() throws {
    try folder.write(
      up + "-- ROLLBACK IRREVERSIBLE: rows are gone\n", to: "migrations/\(name).sql")
    let result = try run(name)
    #expect(result.status == 0)
    #expect(
      result.stderr.contains(
        "\n💡 the file says that it is irreversible: if it can be undone after all, put this in "
          + "place of that line\n"))
    #expect(!result.stderr.contains("Add this"))
  }

  @Test func programsGetADocument() throws {
    struct Template: Decodable, Equatable {
      struct Todo: Decodable, Equatable {
        var line: Int
        var statement: String
        var reason: String
        var suggestion: String?
      }
      var name: String
      var path: String
      var section: String
      var sql: String?
      var commented: Bool
      var written: Bool
      var todos: [Todo]
      var depends_on: [String]
    }
    let result = try run(name, "--json")
    #expect(result.stderr == "")
    #expect(
      try result.document()
        == Template(
          name: name, path: "migrations/\(name).sql", section: section,
          sql: section.split(separator: "\n").dropFirst().dropLast().joined(separator: "\n"),
          commented: false, written: false,
          todos: [
            .init(
              line: 2, statement: "UPDATE users",
              reason: "the rows as they were are not in this file",
              suggestion: nil)
          ],
          depends_on: ["20250119_add_users"]))
  }

  @Test func itWritesTheSection() throws {
    let result = try run(name, "--write")
    #expect(result.status == 0)
    #expect(
      result.stdout.hasSuffix("\n\n✅ Wrote the rollback section to migrations/\(name).sql\n"))
    #expect(
      result.stderr.contains(
        "💡 work through the TODO, then run 'migration-manager migrate', or where it is applied "
          + "already, 'migration-manager register \(name)'\n"))
    #expect(try text("migrations/\(name).sql") == "\(up)\n\(section)")
  }

  @Test func aFileThatHasASectionIsRefused() throws {
    try folder.write("\(up)\n\(section)", to: "migrations/\(name).sql")
    let result = try run(name, "--write")
    #expect(result.status == 1)
    #expect(
      result.stderr == """
        📝 Generating rollback template for: \(name)
        migrations/\(name).sql:4: error: 'migrations/\(name).sql' has a rollback section already
        hint: edit it by hand, or remove it and run the command again

        """)
    #expect(try text("migrations/\(name).sql") == "\(up)\n\(section)")
    #expect(try run(name).status == 0)
  }

  @Test func whatIsOpenAtTheEndOfTheFileTakesNoSection() throws {
    try folder.write("CREATE TABLE t ();\n/* open", to: "migrations/1_open.sql")
    let result = try run("1_open", "--write")
    #expect(result.status == 2)
    #expect(
      result.stderr.contains(
        """
        migrations/1_open.sql:2:1: error: unterminated /* comment
        hint: close it, so that the rollback section can be told from what it holds

        """))
    #expect(try text("migrations/1_open.sql") == "CREATE TABLE t ();\n/* open")
  }

  @Test func anUnknownNameIsAnError() throws {
    let result = try run("20250120_add_user_setting")
    #expect(result.status == 2)
    #expect(result.stderr.contains("did you mean '\(name)'?"))
  }

  @Test(
    "Where the runner executes the whole file the section is commented out",
    arguments: [
      ("supabase/migrations", "1_a.sql"), ("prisma/migrations", "1_a/migration.sql"),
    ])
  func commentedByDefault(directory: String, file: String) throws {
    try folder.write("CREATE TABLE a ();\n", to: "\(directory)/\(file)")
    let result = try run("1_a", "--write", "--dir", directory)
    #expect(result.status == 0)
    #expect(
      try text("\(directory)/\(file)") == """
        CREATE TABLE a ();

        -- ROLLBACK START
        -- DROP TABLE a;
        -- ROLLBACK END

        """)
    #expect(
      result.stderr.contains("warning: Prisma keeps a checksum") == directory.hasPrefix("prisma"))
  }

  @Test func itIsCommentedOutOnDemand() throws {
    let result = try run("20250119_add_users", "--commented")
    #expect(result.stdout.contains("-- ROLLBACK START\n-- DROP TABLE users;\n-- ROLLBACK END\n"))
  }

  @Test(.enabled(if: getuid() == 0, "only root may become someone else"))
  func whatMayNotBeWrittenStays() throws {
    for path in [
      "", "/migrations", "/migrations/\(name).sql", "/migrations/20250119_add_users.sql",
    ] {
      try FileManager.default.setAttributes(
        [.posixPermissions: path.hasSuffix(".sql") ? 0o644 : 0o755],
        ofItemAtPath: folder.path + path)
    }
    let child = try ChildProcess(
      .init(
        executable: "/usr/bin/setpriv",
        arguments: [
          "--reuid=65534", "--regid=65534", "--clear-groups", try Program.path, "template", name,
          "--write",
        ],
        environment: ["LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"], directory: folder.path))
    let result = try child.waitUntilExit()
    #expect(result.status == 2)
    #expect(
      result.stderr.contains(
        """
        error: cannot write 'migrations/\(name).sql': Permission denied
        hint: check that you may write the file and its folder
        """))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path(of: "migrations")).sorted()
        == [
          "20250119_add_users.sql", "\(name).sql",
        ])
  }
}
