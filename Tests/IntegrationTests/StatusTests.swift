import TestSupport
import Testing

/// `status`: the folder, the ledger and, where others applied something, the catalog.
@Suite(.scratchLedger) struct StatusTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private func table(_ name: String, to file: String) throws {
    try workspace.write("CREATE TABLE \(name) ();", section: "DROP TABLE \(name);", to: file)
  }

  @Test(.scratchDatabase) func withoutALedgerEverythingIsPendingAndNothingIsMade() throws {
    try table("a", to: "1_a")
    try table("b", to: "2_b")
    let result = try workspace.run(["status"])
    #expect(result.status == 0)
    #expect(
      result.stdout == "Applied: 0\nPending: 2\n  1_a\n  2_b\nLast applied: none\n")
    #expect(
      result.stderr == """
        🔍 Comparing migration files with the ledger...
        note: there is no ledger yet in schema 'public' of \
        \(workspace.databaseLine.dropFirst(10)): nothing is recorded
        \(workspace.databaseLine)

        💡 'migration-manager migrate' applies what is pending

        """)
    #expect(
      try workspace.database.psql("SELECT count(*) FROM pg_class WHERE relname ~ '^migration'")
        == "0")
    #expect(try workspace.run(["status", "--exit-code", "--json"]).status == 1)
  }

  @Test func whatIsRecordedAndWhatChangedSince() throws {
    for number in 1...6 { try table("t\(number)", to: "\(number)_t") }
    try workspace.adopt("1_t", "2_t", "3_t", "4_t", "5_t", "6_t")
    #expect(
      try workspace.run(["status", "--exit-code", "-q"]).stdout
        == "Applied: 6\nPending: 0\nLast applied: 6_t\n")
    try workspace.runSuccessfully("rollback", "6_t", "--yes")
    try workspace.write("CREATE TABLE t1 (x int);", section: "DROP TABLE t1;", to: "1_t")
    try workspace.write("CREATE TABLE t2 ();", section: "DROP TABLE IF EXISTS t2;", to: "2_t")
    try workspace.write("CREATE TABLE t3 (); -- so", section: "DROP TABLE t3;", to: "3_t")
    try workspace.write(
      "CREATE TABLE t4 ();\r\n-- ROLLBACK START\r\nDROP TABLE t4;\r\n-- ROLLBACK END\r\n",
      to: "4_t")
    try workspace.folder.remove("migrations/5_t.sql")
    let result = try workspace.run(["status", "--json", "--exit-code"])
    #expect(result.status == 1)
    #expect(
      result.stdout == #"""
        {"applied":["1_t","2_t","3_t","4_t","5_t"],"pending":[{"name":"6_t","last_error":null}],"rolled_back":["6_t"],"failed":[],"half_applied":[],"half_rolled_back":[],"drifted":[{"name":"1_t","kind":"up"},{"name":"2_t","kind":"rollback"},{"name":"3_t","kind":"comments"},{"name":"4_t","kind":"line_ends"}],"missing":["5_t"],"renamed":[],"unknown":[],"last_applied":"5_t"}

        """#)
  }

  @Test func aPairDriftsByEitherFile() throws {
    for name in ["1_a", "2_b", "3_c"] {
      try workspace.write("CREATE TABLE t\(name) ();", to: name)
      try workspace.write("DROP TABLE t\(name);", to: "\(name).down")
    }
    try workspace.adopt("1_a", "2_b", "3_c")
    #expect(
      try workspace.run(["status", "-q"]).stdout
        == "Applied: 3\nPending: 0\nLast applied: 3_c\n")
    try workspace.write("DROP TABLE IF EXISTS t1_a;", to: "1_a.down")
    try workspace.write("CREATE TABLE t2_b (x int);", to: "2_b")
    try workspace.folder.remove("migrations/3_c.down.sql")
    #expect(
      try workspace.run(["status", "-q"]).stdout == """
        Applied: 3
        Pending: 0
        Drifted: 3
          1_a: the rollback SQL was changed after it was recorded
          2_b: the up SQL was changed after it was recorded
          3_c: the rollback SQL was changed after it was recorded
        Last applied: 3_c

        """)
  }

  @Test func whereOthersAppliedSomethingTheCatalogIsAsked() throws {
    try table("a", to: "1_a")
    try table("b", to: "2_b")
    try workspace.write("CREATE TABLE c (); CREATE TABLE d ();", to: "3_c")
    try workspace.write("INSERT INTO a DEFAULT VALUES;", to: "4_d")
    try table("e", to: "5_e")
    try workspace.write("-- ROLLBACK END\n", to: "6_f")
    try workspace.adopt("1_a")
    try workspace.apply("2_b")
    try workspace.database.psql("CREATE TABLE c ()")
    let result = try workspace.run(["status", "-q"])
    #expect(
      result.stdout == """
        Applied: 1
        Pending: 1
          5_e
        Unknown: 4
          2_b: it was applied and not recorded: the object that it creates exists
          3_c: it was applied only in part: 1 of 2 objects exist
          4_d: nothing tells whether it was applied
          6_f: migrations/6_f.sql:1: 'ROLLBACK END' without a 'ROLLBACK START' before it
        Last applied: 1_a

        """)
    #expect(result.stderr == "")
  }

  @Test func aReaderMayAsk() throws {
    try table("a", to: "1_a")
    try workspace.adopt("1_a")
    try workspace.database.withRole("reader") { role in
      let environment = ["DATABASE_URL": Optional(workspace.database.url(user: role))]
      #expect(try workspace.run(["status"], environment: environment).status == 2)
      try workspace.runSuccessfully("init", "--reader", role)
      #expect(
        try workspace.run(["status", "-q"], environment: environment).stdout
          == "Applied: 1\nPending: 0\nLast applied: 1_a\n")
    }
  }
}
