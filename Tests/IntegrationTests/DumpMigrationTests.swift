import TestSupport
import Testing

/// What `pg_dump` writes, and other scripts for `psql`, as migrations.
@Suite(.scratchLedger) struct DumpMigrationTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private var database: ScratchDatabase { workspace.database }

  /// A schema whose rows hold whatever means something in scripts.
  private static let shop = """
    CREATE SCHEMA shop;
    CREATE TYPE shop.mood AS ENUM ('good', 'bad');
    CREATE TABLE shop.users (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text, mood shop.mood, note text);
    CREATE TABLE shop.orders (user_id bigint REFERENCES shop.users, placed date);
    CREATE INDEX ON shop.users (name);
    CREATE FUNCTION shop.who() RETURNS text LANGUAGE sql AS $$ SELECT 'it''s'::text; $$;
    INSERT INTO shop.users (name, mood, note) VALUES
      (E'tab\\tand\\nline', 'good', '\\.'), ('ä€🍏 it''s', NULL, '\\N'), ('$$; COMMIT;', 'bad', '');
    INSERT INTO shop.orders SELECT 1 + n % 3, DATE '2025-01-01' + n FROM generate_series(1, 500) n;
    CREATE TABLE shop.lines (line text);
    INSERT INTO shop.lines VALUES
      ('-- ROLLBACK START'), ('\\restrict x'), ('\\i other.sql'), ('COPY shop.lines FROM stdin;');
    """

  @Test func aDumpIsAppliedAndRolledBack() throws {
    let source = try ScratchDatabase.create(on: database.server)
    defer { _ = try? source.drop() }
    try source.psql(Self.shop)
    let script = try source.script(["--schema=shop"])
    // What is tried here must be in it.
    for line in ["COPY shop.users ", "\\.\n", "set_config('search_path', '', false)"] {
      #expect(script.contains(line))
    }
    let restricted =
      script.contains("\n\\restrict ") ? script : "\\restrict key\n\(script)\\unrestrict key\n"
    try workspace.write(restricted, section: "DROP SCHEMA shop CASCADE;", to: "20250101_shop")
    // The path that the dump empties is not that of the next file.
    try workspace.write("CREATE TABLE tags ();", section: "DROP TABLE tags;", to: "20250102_tags")

    let applied = try workspace.run(["migrate"])
    #expect(applied.status == 0, "\(applied)")
    #expect(try database.dump(["--schema=shop"]) == source.dump(["--schema=shop"]))
    #expect(try database.hasTable("public.tags"))
    #expect(try workspace.run(["status", "--exit-code"]).status == 0)

    for name in ["20250102_tags", "20250101_shop"] {
      let undone = try workspace.run(["rollback", name, "--yes"])
      #expect(undone.status == 0, "\(undone)")
    }
    #expect(try database.psql("SELECT to_regnamespace('shop'), to_regclass('tags')") == "|")
  }

  @Test(arguments: [
    "COPY users FROM stdin;\n1\tit's\n2\t\\N\n\\.\nANALYZE users;",
    "-- COPY users FROM stdin (FORMAT csv);\n-- 1,it's\n-- 2,\n-- \\.\n-- ANALYZE users;",
  ])
  func rollbackSQLMayCopyToo(section: String) throws {
    try workspace.write(
      "CREATE TABLE users (id int, name text);", section: "", to: "20250101_users")
    try workspace.write("TRUNCATE users;", section: section, to: "20250102_empty")
    #expect(try workspace.run(["migrate"]).status == 0)
    let result = try workspace.run(["rollback", "20250102_empty", "--yes"])
    #expect(result.status == 0, "\(result)")
    #expect(
      try database.psql("SELECT id, name, name IS NULL FROM users ORDER BY id")
        == "1|it's|f\n2||t")
  }

  @Test func anErrorInTheDataNamesItsCopyAndItsLine() throws {
    try workspace.write(
      "CREATE TABLE users (id int);\n\nCOPY users FROM stdin;\n1\nx\n\\.\nSELECT 1;", section: "",
      to: "20250101_users")
    let result = try workspace.run(["migrate"])
    #expect(result.status == 2)
    #expect(
      result.stderr.contains(
        """
        migrations/20250101_users.sql:3:1: error: invalid input syntax for type integer: "x"
          COPY users FROM stdin;
          ^
          STATEMENT: COPY users FROM stdin
          CONTEXT: COPY users, line 2, column id: "x"
        """), "\(result.stderr)")
    #expect(try !database.hasTable("users"))
    #expect(try database.status(of: "20250101_users") == "")
  }

  @Test(arguments: [
    ("CREATE TABLE a ();\n\\i b.sql\n", "2:1: error: '\\i b.sql' is a psql command, not SQL"),
    ("SELECT 1\n  \\gset\n", "2:3: error: '\\gset' is a psql command, not SQL"),
    (
      "\nCOPY a FROM stdin;\n1\n",
      "2:1: error: COPY ... FROM stdin in the up SQL: no line '\\.' ends its data"
    ),
    (
      "COPY a FROM stdin;",
      "1:1: error: COPY ... FROM stdin in the up SQL: no line '\\.' ends its data"
    ),
  ])
  func whatOnlyPsqlCanRunIsRefused(up: String, message: String) throws {
    try workspace.write("CREATE TABLE first ();", to: "20250101_first")
    try workspace.write(up, to: "20250102_second")
    let result = try workspace.run(["migrate"])
    #expect(result.status == 1)
    #expect(
      result.stderr.contains("migrations/20250102_second.sql:\(message)\n"), "\(result.stderr)")
    // Before anything runs.
    #expect(try !database.hasTable("first"))
  }
}
