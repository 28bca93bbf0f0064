import TestSupport
import Testing

/// Tables that bear the name of another runner's ledger must not run anyone's code with our rights,
/// and what this role may not do is told before anything runs.
@Suite(.scratchLedger) struct RunnerLedgerTrustTests {
  let workspace: Workspace
  let name = "20250120101500_create_users"
  let table = "supabase_migrations.schema_migrations"
  var database: ScratchDatabase { workspace.database }

  init() throws {
    workspace = try Workspace()
    try workspace.write("CREATE TABLE users ();", section: "DROP TABLE users;", to: name)
    try workspace.adopt(name)
    try database.makeSupabaseLedger()
    try database.recordInSupabase("20250120101500", name: "create_users")
  }

  private func rollback(as user: String = "postgres", _ options: [String]) throws -> ProgramResult {
    try workspace.run(
      ["rollback", name] + options, environment: ["DATABASE_URL": database.url(user: user)])
  }

  private func expectNothingHappened() throws {
    #expect(try database.hasTable("users"))
    #expect(try database.supabaseVersions() == "20250120101500")
    #expect(try database.events(of: name) == ["register registered"])
  }

  @Test func aTableOfAStrangerIsNotRead() throws {
    try database.withRole("stranger") { stranger in
      try database.psql("ALTER TABLE \(table) OWNER TO \(stranger)")
      let shown = try rollback(["--dry-run"])
      #expect(
        shown.stderr.contains(
          "warning: what \(table) says of '\(name)' is not known: it belongs to '\(stranger)'\n"))
      for options in [["--dry-run"], ["--yes"]] {
        let refused = try rollback(options + ["--runner-ledger", "remove"])
        #expect(refused.status == 1)
        #expect(
          refused.stderr.hasSuffix(
            """
            error: cannot take '\(name)' off \(table): it belongs to '\(stranger)', whose code \
            could run with your rights
            hint: connect as '\(stranger)', or give --runner-ledger keep, and see to that ledger by hand

            """))
      }
      try expectNothingHappened()
      try database.psql("ALTER TABLE \(table) OWNER TO postgres")
    }
  }

  @Test func neitherIsOneInAStrangersSchema() throws {
    try database.withRole("stranger") { stranger in
      try database.psql("ALTER SCHEMA supabase_migrations OWNER TO \(stranger)")
      let refused = try rollback(["--yes", "--runner-ledger", "remove"])
      #expect(refused.status == 1)
      #expect(refused.stderr.contains("it belongs to '\(stranger)', whose code"))
      try expectNothingHappened()
      try database.psql("ALTER SCHEMA supabase_migrations OWNER TO postgres")
    }
  }

  /// The functions of an index run when a query is planned.
  @Test func noCodeOfAStrangerRuns() throws {
    try database.withRole("stranger") { stranger in
      try database.psql(
        """
        CREATE SCHEMA shop AUTHORIZATION \(stranger);
        SET ROLE \(stranger);
        CREATE TABLE shop._prisma_migrations (
          migration_name text, finished_at timestamptz, rolled_back_at timestamptz);
        CREATE FUNCTION shop.trap(text) RETURNS text IMMUTABLE LANGUAGE plpgsql
          AS 'BEGIN IF current_user = ''postgres'' THEN RAISE ''sprung''; END IF; RETURN $1; END';
        CREATE INDEX ON shop._prisma_migrations (shop.trap('x'::text));
        """)
      let planned = try database.psqlOutcome("SELECT FROM shop._prisma_migrations")
      #expect(planned.stderr.contains("sprung"))
      let result = try rollback(["--yes"])
      #expect(result.status == 0)
      #expect(
        result.stderr.contains(
          "warning: what shop._prisma_migrations says of '\(name)' is not known: "
            + "it belongs to '\(stranger)'\n"))
      try database.psql("DROP SCHEMA shop CASCADE")
    }
  }

  @Test(arguments: [
    (
      "CREATE TRIGGER spy BEFORE DELETE ON LEDGER EXECUTE FUNCTION "
        + "suppress_redundant_updates_trigger()",
      "spy"
    ),
    ("CREATE RULE quiet AS ON DELETE TO LEDGER DO INSTEAD NOTHING", "quiet"),
    (
      "CREATE TABLE spies (v text CONSTRAINT follows REFERENCES LEDGER ON DELETE CASCADE)",
      "follows"
    ),
  ])
  func whatWouldRunOnADeletionForbidsIt(sql: String, reaction: String) throws {
    try database.psql(sql.replacing("LEDGER", with: table))
    let refused = try rollback(["--yes", "--runner-ledger", "remove"])
    #expect(refused.status == 1)
    #expect(
      refused.stderr.hasSuffix(
        """
        error: cannot take '\(name)' off \(table): its trigger, rule or foreign key '\(reaction)' \
        would run with your rights
        hint: give --runner-ledger keep, and see to that ledger by hand

        """))
    try expectNothingHappened()
    #expect(try rollback(["--yes"]).status == 0)
  }

  /// An operator of the ledger who owns the tables, and to whom Supabase's ledger is closed or open.
  @Test func whatTheRoleMayDo() throws {
    try database.withRole("deployer") { deployer in
      try workspace.runSuccessfully("init", "--operator", deployer)
      try database.psql("ALTER TABLE users OWNER TO \(deployer)")
      let unread = try rollback(as: deployer, ["--dry-run"])
      #expect(
        unread.stderr.contains(
          "warning: what \(table) says of '\(name)' is not known: "
            + "role '\(deployer)' may not read it\n"))
      let hint =
        "hint: GRANT SELECT, DELETE ON \(table) to that role, "
        + "or give --runner-ledger keep, and see to that ledger by hand\n"
      for (grant, word) in [
        ("GRANT USAGE ON SCHEMA supabase_migrations TO \(deployer)", "read"),
        ("GRANT SELECT ON \(table) TO \(deployer)", "change"),
      ] {
        try database.psql(grant)
        let refused = try rollback(as: deployer, ["--yes", "--runner-ledger", "remove"])
        #expect(refused.status == 2)
        #expect(
          refused.stderr.hasSuffix(
            "error: cannot take '\(name)' off \(table): role '\(deployer)' may not \(word) it\n"
              + hint))
        let document = try rollback(
          as: deployer, ["--dry-run", "--runner-ledger", "remove", "--json"])
        #expect(try document.errorDocument().code == "permission")
        try expectNothingHappened()
      }
      try database.psql("GRANT DELETE ON \(table) TO \(deployer)")
      #expect(try rollback(as: deployer, ["--yes", "--runner-ledger", "remove"]).status == 0)
      #expect(try database.supabaseVersions() == "")
      #expect(try !database.hasTable("users"))
    }
  }

  @Test func rowsThatAPolicyHidesAreNotTakenForAbsent() throws {
    try database.withRole("deployer") { deployer in
      try workspace.runSuccessfully("init", "--operator", deployer)
      try database.psql(
        """
        ALTER TABLE users OWNER TO \(deployer);
        GRANT USAGE ON SCHEMA supabase_migrations TO \(deployer);
        GRANT SELECT, DELETE ON \(table) TO \(deployer);
        ALTER TABLE \(table) ENABLE ROW LEVEL SECURITY;
        """)
      let shown = try rollback(as: deployer, ["--dry-run"])
      #expect(
        shown.stderr.contains(
          "warning: what \(table) says of '\(name)' is not known: "
            + "row security hides rows from role '\(deployer)'\n"))
      let refused = try rollback(as: deployer, ["--yes", "--runner-ledger", "remove"])
      #expect(refused.status == 1)
      #expect(refused.stderr.contains("hint: connect as the table's owner, or give"))
      try expectNothingHappened()
    }
  }
}
