import TestSupport
import Testing

/// What `migrate` does not do, though the files seem to ask for it.
@Suite(.scratchLedger) struct MigrateGuardTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private func table(_ name: String, to file: String) throws {
    try workspace.write("CREATE TABLE \(name) ();", section: "DROP TABLE \(name);", to: file)
  }

  @Test func aDatabaseThatWasThereBeforeTheLedger() throws {
    try table("a", to: "1_a")
    try workspace.write("INSERT INTO other VALUES (1);", to: "2_b")
    try workspace.database.psql("CREATE TABLE other (x int)")
    // Nothing of the files is there: they are new to it.
    #expect(try workspace.run(["migrate", "--dry-run"]).status == 0)
    try workspace.apply("1_a")
    let result = try workspace.run(["migrate", "-q"])
    #expect(result.status == 1)
    #expect(
      result.stderr == """
        error: the ledger holds nothing, and 2 migrations may be applied already
          '1_a': it was applied and not recorded: the object that it creates exists
          '2_b': nothing tells whether it was applied
        hint: run 'migration-manager sync', which records what is applied, with \
        '--assume-applied-before NAME' for the files of which nothing tells

        """)
    try workspace.runSuccessfully("init")
    // One that is told of by hand does not hide the other.
    try workspace.runSuccessfully("resolve", "2_b", "--rolled-back", "--yes")
    #expect(try workspace.run(["migrate", "-q"]).status == 1)
    try workspace.runSuccessfully("sync")
    let applied = try workspace.run(["migrate"])
    #expect(applied.stdout == "✅ Applied 1 migration\n")
    #expect(
      applied.stderr.contains(
        #/note: '2_b' was resolved as rolled back 20\S+ \S+ by postgres: it is applied\n/#))
    // From here on the runner is this one.
    try workspace.write("UPDATE other SET x = 2;", to: "3_c")
    #expect(try workspace.run(["migrate"]).stdout == "✅ Applied 1 migration\n")
    #expect(try workspace.database.psql("SELECT x FROM other") == "2")
  }

  @Test func aFolderThatIsNotTheLedgers() throws {
    try table("a", to: "1_a")
    try table("b", to: "2_b")
    try workspace.runSuccessfully("migrate")
    try workspace.folder.remove("migrations/1_a.sql")
    #expect(try workspace.run(["migrate"]).status == 0)
    #expect(try workspace.run(["status", "--exit-code"]).status == 0)
    try workspace.folder.remove("migrations/2_b.sql")
    try table("z", to: "9_z")
    let result = try workspace.run(["migrate", "-q"])
    #expect(result.status == 1)
    #expect(
      result.stderr == """
        error: 'migrations' holds the file of none of the 2 applied migrations
          it may be the folder, or the database, of something else
        hint: name the right folder with --dir; if their files are gone for good, \
        'migration-manager forget NAME' deletes a record

        """)
    try workspace.folder.remove("migrations/9_z.sql")
    let status = try workspace.run(["status", "--exit-code", "-q"])
    #expect(status.status == 1)
    #expect(
      status.stderr == """
        warning: 'migrations' holds the file of none of the 2 applied migrations: is it the right \
        folder (--dir)?

        """)
  }

  @Test func aFileThatIsNotWrittenYet() throws {
    let path = try workspace.run(["create", "add", "users"]).stdout.dropLast()
    let name = path.split(separator: "/")[1].dropLast(4)
    let refused = try workspace.run(["migrate"])
    #expect(refused.status == 1)
    #expect(
      refused.stderr.hasSuffix(
        """
        warning: \(path):8: the rollback section is a comment that is not SQL (syntax error \
        at or near "TODO"): it counts as no rollback SQL

        \(path):5: error: '\(name)' is not written yet: its up SQL is a TODO
        hint: write the change into the file, or delete it

        """))
    try workspace.write("-- nothing\n", to: String(name))
    let applied = try workspace.run(["migrate"])
    #expect(applied.status == 0)
    #expect(
      applied.stderr.contains(
        "warning: '\(path)' holds no SQL: applying it changes nothing\n"))
    // What is written now was never applied.
    try workspace.write("CREATE TABLE users ();", section: "DROP TABLE users;", to: String(name))
    let register = try workspace.run(["register", String(name), "-q"])
    #expect(register.status == 1)
    #expect(
      register.stderr == """
        error: the up SQL of '\(name)' was changed after it was recorded, and the database does not \
        show what it says now
          missing: table users
        hint: restore the file; or, where nothing of it stands, run 'migration-manager resolve \
        \(name) --rolled-back' and 'migration-manager migrate'; --force records it all the same

        """)
    try workspace.runSuccessfully("resolve", String(name), "--rolled-back", "--yes")
    try workspace.runSuccessfully("migrate")
    #expect(try workspace.database.hasTable("users"))
    #expect(try workspace.run(["status", "--exit-code"]).status == 0)
  }

  @Test func rollbackSQLThatCouldNeverRun() throws {
    try workspace.write("CREATE TABLE a ();", section: "DROP TABEL a;", to: "1_a")
    let result = try workspace.run(["migrate", "-q"])
    let isCertain = try workspace.database.psql("SHOW server_version_num") < "160000"
    #expect(result.status == (isCertain ? 1 : 0))
    #expect(
      result.stderr.contains(#"migrations/1_a.sql:3:6: "#)
        && result.stderr.contains(#"syntax error at or near "TABEL""#))
    #expect(try workspace.database.hasTable("a") == !isCertain)
  }

  @Test func whatCannotBeRolledBackIsNamedAtTheEnd() throws {
    try table("a", to: "1_a")
    try workspace.write("CREATE TABLE b ();", to: "2_b")
    try workspace.write("CREATE TABLE c ();\n-- ROLLBACK IRREVERSIBLE: no way back\n", to: "3_c")
    let warning = "warning: no rollback SQL, so it cannot be rolled back: '2_b'\n"
    #expect(try workspace.run(["migrate", "--dry-run"]).stderr.hasSuffix(warning))
    #expect(try workspace.run(["migrate"]).stderr.hasSuffix(" ms\n\(warning)"))
  }

  @Test func aRenamedFileIsToldOf() throws {
    try table("a", to: "1_a")
    try table("b", to: "2_b")
    try workspace.adopt("1_a", "2_b")
    try workspace.folder.remove("migrations/2_b.sql")
    try table("b", to: "02_bee")
    let status = try workspace.run(["status", "--exit-code"])
    #expect(status.status == 1)
    #expect(
      status.stdout == """
        Applied: 2
        Pending: 0
        Renamed: 1
          2_b: its file is '02_bee' now
        Last applied: 2_b

        """)
    #expect(
      status.stderr.hasSuffix(
        "💡 renamed: 'migration-manager rename 2_b 02_bee' lets the record follow\n"))
    #expect(try workspace.run(["migrate"]).status == 1)
    try workspace.runSuccessfully("rename", "2_b", "02_bee")
    #expect(try workspace.run(["status", "--exit-code"]).status == 0)
  }
}
