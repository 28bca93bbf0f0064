import TestSupport
import Testing

/// What a failed statement left is cleared away, and nothing else.
@Suite(.scratchDatabase) struct StepwiseRemainsTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    try workspace.database.psql(
      """
      CREATE TABLE t (a int); INSERT INTO t VALUES (1), (1);
      CREATE TABLE u (a int); INSERT INTO u VALUES (1), (1);
      """)
    try workspace.runSuccessfully("init")
  }

  private var database: ScratchDatabase { workspace.database }

  private func write(_ up: String) throws {
    try workspace.write(
      "-- Transaction: none\n\(up)", section: "DROP TABLE t;", to: "20250102_index")
  }

  /// The indexes, each with `!` where it is INVALID and `*` where it is unique.
  private var indexes: String {
    get throws {
      try database.psql(
        """
        SELECT string_agg(
            indexrelid::regclass || CASE WHEN indisvalid THEN '' ELSE '!' END
              || CASE WHEN indisunique THEN '*' ELSE '' END, ' ' ORDER BY indexrelid::regclass::text)
        FROM pg_index WHERE indrelid IN ('t'::regclass, 'u'::regclass)
        """)
    }
  }

  @Test func whereTheStatementMovedOn() throws {
    try write("CREATE UNIQUE INDEX CONCURRENTLY i ON t (a);")
    #expect(try workspace.run(["migrate"]).status == 2)
    #expect(try indexes == "i!*")
    try write(
      """
      DELETE FROM t WHERE ctid = (SELECT min(ctid) FROM t);
      CREATE UNIQUE INDEX CONCURRENTLY i ON t (a);
      """)
    let result = try workspace.run(["migrate"])
    #expect(result.status == 0, "\(result.stderr)")
    #expect(try indexes == "i*")
  }

  @Test func andNoneThatIsAnothers() throws {
    _ = try database.psqlOutcome("CREATE UNIQUE INDEX CONCURRENTLY j ON u (a)")
    try write("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a);")
    #expect(try workspace.run(["migrate"]).status == 2)
    #expect(try indexes == "i!* j!*")
    try write("CREATE INDEX CONCURRENTLY IF NOT EXISTS j ON u (a);")
    let result = try workspace.run(["migrate"])
    #expect(result.status == 1)
    #expect(
      result.stderr.contains("error: the index 'public.j' is there and INVALID"), "\(result.stderr)"
    )
    #expect(try indexes == "j!*")
  }

  /// After an error that was seen, another index of that name is not what was to be made.
  @Test func anotherOfThatNameIsNotIt() throws {
    try write("CREATE UNIQUE INDEX CONCURRENTLY i ON t (a);")
    #expect(try workspace.run(["migrate"]).status == 2)
    try database.psql("DROP INDEX i; CREATE INDEX i ON t (a)")
    let result = try workspace.run(["migrate"])
    #expect(result.status == 2)
    #expect(result.stderr.contains("error: relation \"i\" already exists\n"), "\(result.stderr)")
  }

  @Test func theSameMadeByHandIs() throws {
    try write("CREATE UNIQUE INDEX CONCURRENTLY i ON t (a);")
    #expect(try workspace.run(["migrate"]).status == 2)
    try database.psql("DROP INDEX i; DELETE FROM t WHERE ctid = '(0,1)'")
    try database.psql("CREATE UNIQUE INDEX i ON t (a)")
    let result = try workspace.run(["migrate"])
    #expect(result.status == 0, "\(result.stderr)")
    #expect(
      result.stderr.contains("note: statement 1 of 1 was found carried out\n"), "\(result.stderr)")
  }

  @Test func underTheRoleThatMadeIt() throws {
    try database.withRole("owner", attributes: "NOLOGIN") { owner in
      try database.withRole("deploy") { deploy in
        try database.psql(
          """
          GRANT \(owner) TO \(deploy); ALTER ROLE \(deploy) NOINHERIT;
          ALTER TABLE t OWNER TO \(owner); GRANT CREATE ON SCHEMA public TO \(owner), \(deploy);
          SELECT migration_grant_operator('\(deploy)');
          """)
        try write("SET ROLE \(owner);\nCREATE UNIQUE INDEX CONCURRENTLY i ON t (a);")
        let url = ["DATABASE_URL": Optional(database.url(user: deploy))]
        #expect(try workspace.run(["migrate"], environment: url).status == 2)
        #expect(try indexes == "i!*")
        try database.psql("DELETE FROM t WHERE ctid = '(0,1)'")
        let result = try workspace.run(["migrate"], environment: url)
        #expect(result.status == 0, "\(result.stderr)")
        #expect(try indexes == "i*")
        try database.psql("DROP TABLE t; REVOKE ALL ON SCHEMA public FROM \(owner), \(deploy)")
      }
    }
  }
}
