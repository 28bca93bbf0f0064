import Foundation
import TestSupport
import Testing

/// Migrations that cannot run in one transaction: how they say so, and what is refused before anything
/// runs.
@Suite(.scratchDatabase) struct TransactionDirectiveTests {
  let workspace: Workspace
  let name = "20250101_index_users"

  init() throws { workspace = try Workspace() }

  private func metadata(_ key: String) throws -> String {
    try workspace.recorded("metadata ->> '\(key)'", of: name)
  }

  @Test func registerNamesTheDirectiveAndTakesWhatAsksForIt() throws {
    let up = "CREATE TABLE users (id int);\nCREATE INDEX users_id ON users (id);"
    try workspace.write(up, section: "DROP INDEX CONCURRENTLY users_id;", to: name)
    try workspace.apply(name)
    let refused = try workspace.run(["register", name])
    #expect(refused.status == 1)
    #expect(
      refused.stderr.contains(
        """
        migrations/\(name).sql:4:1: error: DROP INDEX CONCURRENTLY cannot run inside a transaction block
          DROP INDEX CONCURRENTLY users_id;
          ^
        hint: write '-- ROLLBACK START (no transaction)': its statements then run one by one

        """))
    try workspace.folder.write(
      "\(up)\n-- ROLLBACK START (no transaction)\nDROP INDEX CONCURRENTLY users_id;\n"
        + "-- ROLLBACK END\n",
      to: "migrations/\(name).sql")
    try workspace.runSuccessfully("register", name)
    #expect(try metadata("rollback_transaction") == "none")
    #expect(try metadata("up_transaction") == "")
  }

  @Test func migrateNamesTheLineThatAnotherToolReads() throws {
    try workspace.folder.write(
      "-- +goose NO TRANSACTION\nSELECT 1;\nCREATE INDEX CONCURRENTLY i ON t (a);\n",
      to: "migrations/\(name).sql")
    for command in [["migrate"], ["migrate", "--dry-run"]] {
      let result = try workspace.run(command)
      #expect(result.status == 1)
      #expect(
        result.stderr.contains(
          """
          migrations/\(name).sql:3:1: error: CREATE INDEX CONCURRENTLY cannot run inside a \
          transaction block
            CREATE INDEX CONCURRENTLY i ON t (a);
            ^
          hint: line 1, '-- +goose NO TRANSACTION', does not say so here: put '-- Transaction: none' \
          into the file's header: its statements then run one by one

          """))
    }
  }

  @Test(arguments: [
    ("ROLLBACK;", "ROLLBACK in a migration that runs statement by statement"),
    ("BEGIN; VACUUM; COMMIT;", "VACUUM cannot run inside a transaction block"),
    (
      "DROP INDEX CONCURRENTLY a, b;", "DROP INDEX CONCURRENTLY drops one index, not several"
    ),
    (
      "CREATE TEMP TABLE t ();",
      "what is temporary would be gone before the next statement runs"
    ),
  ])
  func whatStatementByStatementDoesNotAllow(sql: String, message: String) throws {
    try workspace.folder.write(
      "-- Transaction: none\nCREATE TABLE users ();\n\(sql)\n", to: "migrations/\(name).sql")
    let result = try workspace.run(["migrate"])
    #expect(result.status == 1)
    #expect(result.stderr.contains("migrations/\(name).sql:3:"))
    #expect(result.stderr.contains("error: \(message)\n"))
    #expect(try !workspace.database.hasTable("users"))
  }

  @Test func anotherValueIsAnErrorWithItsLine() throws {
    try workspace.folder.write(
      "-- x\n-- Transaction: off\nSELECT 1;\n", to: "migrations/\(name).sql")
    let result = try workspace.run(["migrate"])
    #expect(
      result.stderr.contains(
        """
        migrations/\(name).sql:2: error: 'off' is no way to run a migration
        hint: write '-- Transaction: none' for statement by statement, and nothing for one transaction

        """))
  }

  @Test func aNewValueOfAnEnumIsNotUsedInTheSameTransaction() throws {
    try workspace.database.psql("CREATE TYPE mood AS ENUM ('ok'); CREATE TABLE t (m mood)")
    try workspace.folder.write(
      "ALTER TYPE mood ADD VALUE 'sad';\nINSERT INTO t VALUES ('sad');\n",
      to: "migrations/\(name).sql")
    let result = try workspace.run(["migrate"])
    #expect(result.status == 1)
    #expect(
      result.stderr.contains(
        """
        migrations/\(name).sql:2:23: error: 'sad' of type 'mood' cannot be used in the transaction \
        that adds it (line 1)
          INSERT INTO t VALUES ('sad');
                                ^
        hint: add the value in a migration of its own, before this one; or put '-- Transaction: none' \
        into the file's header: its statements then run one by one

        """))
  }

  /// What the text does not tell, the server does.
  @Test func whatTheServerSaysOfTransactionsNamesTheDirectiveToo() throws {
    try workspace.database.psql(
      """
      CREATE TYPE mood AS ENUM ('ok'); CREATE TABLE t (m mood);
      CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$
      """)
    for sql in [
      "ALTER TYPE mood ADD VALUE 'sad';\nINSERT INTO t SELECT ('s' || 'ad')::mood;", "CALL p();",
    ] {
      try workspace.folder.write(sql, to: "migrations/\(name).sql")
      let result = try workspace.run(["migrate"])
      #expect(result.status == 2)
      #expect(
        result.stderr.contains(
          "hint: nothing of it remains: put '-- Transaction: none' into the file's header, then run "
            + "'migration-manager migrate' again\n"), "\(result.stderr)")
    }
  }

  @Test func dieselsSettingsAreRead() throws {
    try workspace.folder.write("CREATE TABLE users ();", to: "migrations/\(name)/up.sql")
    try workspace.folder.write("VACUUM;", to: "migrations/\(name)/down.sql")
    try workspace.folder.write(
      "run_in_transaction = false\n", to: "migrations/\(name)/metadata.toml")
    try workspace.database.psql("CREATE TABLE users ()")
    try workspace.runSuccessfully("register", name)
    #expect(try metadata("rollback_transaction") == "none")
    #expect(try metadata("up_transaction") == "none")
  }
}
