import Glibc
import TestSupport
import Testing

/// `init --drop`: all of the ledger goes, and nothing else.
@Suite(.scratchDatabase) struct LedgerDropTests {
  let database = ScratchDatabase.current

  /// Makes a ledger with rows in every table, and with roles that may use it.
  private func fillLedger(in schema: String, for role: String) throws {
    let ledger = ["--schema", schema]
    try database.adopt(
      [
        SampleMigration(name: "1_a", up: "CREATE TABLE a ();", rollback: "DROP TABLE a;"),
        SampleMigration(name: "2_b", up: "SELECT 1;", rollback: "SELECT 1;", dependsOn: ["1_a"]),
      ], options: ledger + ["--force"])
    try runSuccessfully(["init", "--reader", role, "--operator", role] + ledger)
    let identifier = schema.replacing("\"", with: "\"\"")
    try database.psql("SELECT \"\(identifier)\".create_migration_snapshot('1_a')")
  }

  @Test(arguments: ["public", "deployments", #"a"b$$c"#, "it's $ledger$ @run@ --x"])
  func theCatalogIsAsBeforeInit(schema: String) throws {
    try database.withRole("deployer") { role in
      try database.psql(
        """
        CREATE FUNCTION migration_count() RETURNS int LANGUAGE sql AS 'SELECT 1';
        CREATE TABLE migration_notes (); CREATE VIEW migration_report AS TABLE migration_notes;
        COMMENT ON TABLE migration_notes IS 'migration-manager: not the ledger''s all the same';
        ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO \(role);
        ALTER DEFAULT PRIVILEGES GRANT ALL ON FUNCTIONS TO \(role);
        """)
      let before = try database.catalog()
      let dumped = try database.dump()
      try fillLedger(in: schema, for: role)
      #expect(try database.catalog() != before)
      try database.psql("DROP TABLE a")

      let result = try Program.run(["init", "--drop", "--yes", "--schema", schema, "--json"])
      #expect(result.status == 0, "\(result.stderr)")
      let document: DropDocument = try result.document()
      #expect(document.outcome == "dropped")
      #expect(document.schema == schema)
      #expect(document.dropsSchema == (schema != "public"))
      #expect(document.tables.map(\.name) == DropDocument.tableNames)
      #expect(document.tables.map(\.rows) == [2, 1, 6, 1, 0, 0])
      #expect(try database.catalog() == before)
      #expect(try database.dump() == dumped)
    }
  }

  @Test func itShowsWhatGoesAndAsks() throws {
    try runSuccessfully(["init"])
    let target =
      "Database: \(database.name) on \(database.socketDirectory):\(database.port) as postgres "
      + "(from DATABASE_URL)\n"
    let functions = try database.psql(
      """
      SELECT string_agg(
        format(E'  function  %s(%s)\\n', proname, oidvectortypes(proargtypes)), ''
        ORDER BY proname COLLATE "C")
      FROM pg_proc WHERE pronamespace = 'public'::regnamespace
      """)
    let result = try Program.run(["init", "--drop"], input: "yes\n")
    #expect(result.status == 0)
    #expect(
      result.stderr == """
        ⚠️ Dropping the ledger...
        \(target)
        Objects to be dropped from schema 'public':
          table     migration_history       0 rows
          table     migration_dependencies  0 rows
          table     migration_events        1 row
          table     migration_snapshots     0 rows
          table     migration_steps         0 rows
          table     migration_lease         0 rows
          view      migration_visibility
          view      migration_overview
          view      migration_order
          view      migration_event_log
          view      migration_open_steps
          \(functions)

        warning: the audit trail (1 event) goes with it, and so does every recorded rollback SQL
          nothing brings them back but a backup, such as pg_dump makes; what the migrations made stays

        ⚠️  Are you sure you want to drop the migration ledger? (yes/no):\u{20}

        💡 what the migrations made is untouched; 'migration-manager init' starts afresh

        """)
    let count = functions.split(separator: "\n").count
    #expect(
      result.stdout == """
        ✅ Ledger dropped from schema 'public'
           6 tables, 5 views, \(count) functions

        """)
    #expect(try Program.run(["list"]).stderr.contains("there is no migration ledger"))
  }

  @Test func withYesNobodyIsAsked() throws {
    try runSuccessfully(["init", "--schema", "ours"])
    let result = try Program.run(["init", "--drop", "--yes", "--quiet", "--schema", "ours"])
    #expect(result.status == 0)
    #expect(result.stdout.hasPrefix("✅ Ledger dropped from schema 'ours'\n   6 tables, 5 views, "))
    #expect(result.stdout.hasSuffix(" functions, 1 schema\n"))
    #expect(
      result.stderr == """
        warning: the audit trail (1 event) goes with it, and so does every recorded rollback SQL
          nothing brings them back but a backup, such as pg_dump makes; what the migrations made stays

        """)
  }

  @Test(arguments: ["", "\n", "y\n", "YES\n", "no\n"])
  func nothingButYesGoesOn(answer: String) throws {
    try runSuccessfully(["init"])
    let before = try database.dump()
    let result = try Program.run(["init", "--drop"], input: answer)
    #expect(result.status == 1)
    #expect(result.stdout == "")
    #expect(
      result.stderr.hasSuffix(
        """
        (yes/no):\u{20}

        error: dropping the ledger in schema 'public' was not confirmed; nothing was changed
        hint: only the answer 'yes' goes on; '--yes' answers it beforehand

        """))
    let document: DropDocument = try Program.run(["init", "--drop", "--json"], input: answer)
      .document()
    #expect(document.outcome == "declined")
    #expect(document.error?.code == "refused")
    #expect(try database.dump() == before)
  }

  @Test func withoutALedgerThereIsNothingToDo() throws {
    try database.psql("CREATE TABLE migration_notes (); CREATE SCHEMA empty")
    let before = try database.dump()
    for schema in ["public", "empty", "nowhere"] {
      let result = try Program.run(["init", "--drop", "--schema", schema])
      #expect(result.status == 0)
      #expect(
        result.stdout
          == "✅ There is no migration ledger in schema '\(schema)': nothing to drop\n")
    }
    let document: DropDocument = try Program.run(["init", "--drop", "--json"]).document()
    #expect(document.outcome == "absent")
    #expect(try database.dump() == before)
  }

  /// What has lost some of its parts goes as well.
  @Test(arguments: [
    "DROP FUNCTION list_rollbackable_migrations()",
    "DROP VIEW migration_overview",
    "DROP TABLE migration_snapshots, migration_dependencies CASCADE",
    "DROP TABLE migration_history CASCADE",
    "DROP TABLE migration_history, migration_dependencies, migration_events, migration_snapshots "
      + "CASCADE",
    "COMMENT ON TABLE migration_history IS 'migration-manager ledger, version 0: older'",
  ])
  func partsOfALedger(damage: String) throws {
    let before = try database.catalog()
    try runSuccessfully(["init"])
    try database.psql(damage)
    let result = try Program.run(["init", "--drop", "--yes"])
    #expect(result.status == 0, "\(result.stderr)")
    #expect(result.stdout.hasPrefix("✅ Ledger dropped from schema 'public'\n   "))
    #expect(try database.catalog() == before)
  }

  @Test(arguments: [
    (
      "CREATE VIEW report AS SELECT migration_name FROM migration_history",
      "view report depends on table migration_history"
    ),
    (
      "CREATE TABLE report (name text REFERENCES migration_history (migration_name))",
      "constraint report_name_fkey on table report depends on table migration_history"
    ),
    (
      "CREATE FUNCTION report(migration_overview) RETURNS int LANGUAGE sql AS 'SELECT 1'",
      "function report(migration_overview) depends on type migration_overview"
    ),
    (
      "CREATE TABLE report (n numeric DEFAULT migration_version_number('1'))",
      "default value for column n of table report depends on function "
        + "migration_version_number(text)"
    ),
  ])
  func whatDependsOnItIsNamedAndNothingGoes(statement: String, words: String) throws {
    try runSuccessfully(["init"])
    try database.psql(statement)
    let before = try database.dump()
    let result = try Program.run(["init", "--drop", "--yes"])
    #expect(result.status == 1)
    #expect(result.stdout == "")
    // The server qualifies names by a search_path that holds nothing of ours.
    #expect(
      result.stderr.replacing("public.", with: "").hasSuffix(
        """
        error: other objects depend on the migration ledger in schema 'public'
          \(words)
        hint: drop or change them first; nothing was changed

        """), "\(result.stderr)")
    let error = try Program.run(["init", "--drop", "--yes", "--json"]).errorDocument()
    #expect(error.code == "refused")
    #expect(error.sqlstate == "2BP01")
    #expect(try database.dump() == before)
  }

  @Test(arguments: [
    "CREATE TABLE ours.notes ()", "CREATE TYPE ours.mood AS ENUM ('good')",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA ours GRANT SELECT ON TABLES TO PUBLIC",
  ])
  func aSchemaThatHoldsMoreStays(statement: String) throws {
    try runSuccessfully(["init", "--schema", "ours"])
    try database.psql(statement)
    let result = try Program.run(["init", "--drop", "--yes", "--schema", "ours"])
    #expect(result.status == 0)
    #expect(result.stdout.hasSuffix(" functions\n"))
    #expect(
      result.stderr.contains(
        "note: schema 'ours' stays: it holds other objects, or is another role's\n"))
    #expect(try database.psql("SELECT to_regnamespace('ours') IS NOT NULL") == "t")
  }

  @Test func aSchemaThatWasThereBeforeStays() throws {
    try database.psql("CREATE SCHEMA ours")
    let before = try database.catalog()
    try runSuccessfully(["init", "--schema", "ours"])
    let result = try Program.run(["init", "--drop", "--yes", "--schema", "ours"])
    #expect(result.status == 0)
    #expect(!result.stderr.contains("stays:"))
    #expect(try database.catalog() == before)
  }

  @Test func thePrismaSchemaIsFound() throws {
    try database.psql("CREATE TABLE _prisma_migrations ()")
    let before = try database.catalog()
    try runSuccessfully(["init"])
    #expect(try database.hasTable("migration_manager.migration_history"))
    let result = try Program.run(["init", "--drop", "--yes"])
    #expect(result.stdout.hasPrefix("✅ Ledger dropped from schema 'migration_manager'\n"))
    #expect(try database.catalog() == before)
  }

  @Test func settingsThatChangeHowNamesAreShownChangeNothing() throws {
    try database.psql("ALTER DATABASE \(database.name) SET quote_all_identifiers = on")
    let before = try database.catalog()
    try runSuccessfully(["init", "--schema", "ours"])
    try runSuccessfully(["init", "--drop", "--yes", "--schema", "ours"])
    #expect(try database.catalog() == before)
  }
}

/// What `init --drop --json` prints.
struct DropDocument: Decodable {
  struct Table: Decodable {
    var name: String
    var rows: Int?
  }
  var outcome: String
  var schema: String
  var dropsSchema: Bool
  var tables: [Table]
  var views: [String]
  var functions: [String]
  var error: ErrorDocument.Content?

  static let tableNames = [
    "migration_history", "migration_dependencies", "migration_events", "migration_snapshots",
    "migration_steps", "migration_lease",
  ]

  enum CodingKeys: String, CodingKey {
    case outcome, schema, tables, views, functions, error
    case dropsSchema = "drops_schema"
  }
}

extension ScratchDatabase {
  /// Every object that a user can make and a ledger is made of, with owners, rights and comments.
  func catalog() throws -> String {
    try psql(
      """
      SELECT * FROM (
        SELECT 'class', relnamespace::regnamespace::text, relname::text, relacl::text FROM pg_class
        UNION ALL SELECT 'proc', pronamespace::regnamespace::text, oid::regprocedure::text,
          proacl::text FROM pg_proc
        UNION ALL SELECT 'type', typnamespace::regnamespace::text, typname, typacl::text FROM pg_type
        UNION ALL SELECT 'namespace', nspname, '', nspacl::text FROM pg_namespace
        UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname, '' FROM pg_trigger
        UNION ALL SELECT 'policy', polrelid::regclass::text, polname, '' FROM pg_policy
        UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, '' FROM pg_constraint
        UNION ALL SELECT 'default', defaclnamespace::text, defaclobjtype::text, defaclacl::text
          FROM pg_default_acl
        UNION ALL SELECT 'description', classoid::regclass::text, objoid::text, description
          FROM pg_description
        UNION ALL SELECT 'shared', dbid::text, classid::regclass::text, objid::text
          FROM pg_shdepend
          WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
        UNION ALL SELECT 'depend', classid::regclass::text, objid::text, refobjid::text
          FROM pg_depend
      ) AS object ORDER BY 1, 2, 3, 4
      """)
  }
}
