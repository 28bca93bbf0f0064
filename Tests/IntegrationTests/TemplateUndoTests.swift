import TestSupport
import Testing

/// `template`: what it writes undoes the migration to the letter, on a real server.
///
/// Each up SQL is applied to the same database, the suggested SQL is run, and `pg_dump` must say the
/// same before and after.
@Suite(.scratchLedger) struct TemplateUndoTests {
  let workspace: Workspace

  /// What stood there before any of the migrations.
  private let older = """
    CREATE SCHEMA app;
    CREATE TYPE app.mood AS ENUM ('sad', 'ok');
    CREATE DOMAIN app.price AS numeric CONSTRAINT positive CHECK (VALUE >= 0);
    CREATE TYPE app.pair AS (a int, b int);
    CREATE TABLE users (id int PRIMARY KEY, email text NOT NULL, nick text, age int);
    CREATE TABLE app."Order" (id int PRIMARY KEY, "user" int, total app.price);
    CREATE TABLE parent (id int, made date) PARTITION BY RANGE (made);
    CREATE TABLE part_old (id int, made date);
    CREATE TABLE plain_parent (id int);
    CREATE TABLE part_same (id int);
    CREATE VIEW user_names AS SELECT id, nick FROM users;
    CREATE SEQUENCE app.counter;
    CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
    CREATE FUNCTION app.add(a int, b int) RETURNS int LANGUAGE sql AS 'SELECT $1 + $2';
    CREATE TRIGGER touched BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION app.touch();
    CREATE POLICY own ON users USING (true);
    CREATE INDEX users_nick ON users (nick);
    CREATE PUBLICATION feed FOR TABLE app."Order";
    INSERT INTO users VALUES (1, 'a@b.c', 'a', 1);
    """

  init() throws {
    workspace = try Workspace()
    try workspace.database.psql(older)
  }

  private struct Template: Decodable {
    struct Todo: Decodable {
      var statement: String
    }
    var sql: String?
    var todos: [Todo]
  }

  /// Applies each, undoes it by its template, and compares.
  ///
  /// - Parameter migrations: up SQL of which all can be undone.
  /// - Throws: what keeps one from being applied.
  private func undoAll(_ migrations: [String]) throws {
    var before = try workspace.database.dump()
    for (index, up) in migrations.enumerated() {
      let name = "\(index)_migration"
      try workspace.write(up, to: name)
      let template: Template = try workspace.runSuccessfully("template", name, "--json").document()
      #expect(template.todos.map(\.statement) == [], "\(up)")
      try workspace.folder.remove("migrations/\(name).sql")
      try workspace.database.psql(up)
      let sql = try #require(template.sql, "\(up)")
      let undone = try workspace.database.psqlOutcome("BEGIN;\n\(sql)\nCOMMIT;")
      let after = try workspace.database.dump()
      let difference = after.split(separator: "\n").difference(from: before.split(separator: "\n"))
      #expect(
        undone.status == 0 && after == before,
        "\(up)\n---\n\(sql)\n---\n\(undone.stderr)\n\(difference.map(String.init(describing:)))")
      before = after
    }
  }

  @Test func relations() throws {
    try undoAll([
      "CREATE TABLE t (id serial PRIMARY KEY, u int REFERENCES users); CREATE INDEX ON t (u);",
      "CREATE TABLE \"My Table\" (id int); COMMENT ON TABLE \"My Table\" IS 'x';",
      "CREATE TABLE Folded (Id int); CREATE INDEX Folded_Idx ON FOLDED (id);",
      "CREATE TABLE t AS SELECT * FROM users; ALTER TABLE t ADD PRIMARY KEY (id);",
      "SELECT id INTO app.copy FROM users;",
      "CREATE UNLOGGED TABLE t (a int); INSERT INTO t VALUES (1); ALTER TABLE t SET LOGGED;",
      "CREATE VIEW app.v AS SELECT id FROM users; COMMENT ON COLUMN app.v.id IS 'x';",
      "CREATE MATERIALIZED VIEW m AS SELECT id FROM users; CREATE UNIQUE INDEX ON m (id);"
        + "REFRESH MATERIALIZED VIEW m;",
      "CREATE SEQUENCE app.s START 5; GRANT USAGE ON SEQUENCE app.s TO pg_monitor;",
      "CREATE SEQUENCE s; CREATE TABLE t (id int DEFAULT nextval('s')); "
        + "ALTER SEQUENCE s OWNED BY t.id;",
      "CREATE SEQUENCE s; ALTER TABLE users ADD k int DEFAULT nextval('s'); "
        + "ALTER SEQUENCE s OWNED BY users.k;",
      "ALTER TABLE users ADD k int; CREATE VIEW v AS SELECT k FROM users; ALTER TABLE users ADD l int;"
        + "CREATE OR REPLACE VIEW v AS SELECT k, l FROM users;",
      "CREATE SCHEMA s CREATE TABLE t (a int) CREATE INDEX ON t (a);",
      "CREATE INDEX ON users ((ARRAY[age]));",
      "CREATE TABLE part_own PARTITION OF parent DEFAULT; CREATE INDEX whole ON ONLY parent (id);"
        + "CREATE INDEX own ON part_own (id); ALTER INDEX whole ATTACH PARTITION own;",
      "CREATE TABLE t (id int); CREATE SEQUENCE t_id_seq OWNED BY t.id; "
        + "ALTER TABLE t ALTER id SET DEFAULT nextval('t_id_seq');",
      "CREATE TABLE part_new PARTITION OF parent FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');",
      "ALTER TABLE parent ATTACH PARTITION part_old FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');",
      "CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE q (a int);"
        + "ALTER TABLE p ATTACH PARTITION q FOR VALUES IN (1);",
      "CREATE TABLE q (a int); CREATE TABLE p (a int) PARTITION BY LIST (a);"
        + "ALTER TABLE p ATTACH PARTITION q FOR VALUES IN (1);",
      "CREATE INDEX CONCURRENTLY by_email ON users (email);",
      "CREATE INDEX ON users (lower(email), age) INCLUDE (nick);",
      "CREATE INDEX ON users ((age + 1), (age + 2)); CREATE INDEX ON users ((age + 1), (age + 2));",
      "CREATE INDEX ON app.\"Order\" (\"user\");",
      "CREATE STATISTICS app.st ON id, age FROM users;",
    ])
  }

  @Test func partsOfTablesThatWereThere() throws {
    try undoAll([
      "ALTER TABLE users ADD COLUMN \"Birth Day\" date, ADD phone text DEFAULT 'x';"
        + "UPDATE users SET phone = 'y'; ALTER TABLE users ALTER phone SET NOT NULL;",
      "ALTER TABLE users ADD COLUMN o int CONSTRAINT positive CHECK (o > 0);"
        + "CREATE INDEX ON users (o); COMMENT ON COLUMN users.o IS 'x';",
      "ALTER TABLE users ADD CONSTRAINT adult CHECK (age > 0), ADD UNIQUE (email, nick);",
      "ALTER TABLE users ADD CHECK (age > 0); ALTER TABLE users ADD CHECK (age < 200);",
      "ALTER TABLE users ADD CHECK (age >= id);",
      "ALTER TABLE app.\"Order\" ADD FOREIGN KEY (\"user\") REFERENCES users;",
      "ALTER TABLE users ADD EXCLUDE (email WITH =);",
      "CREATE UNIQUE INDEX by_nick ON users (nick);"
        + "ALTER TABLE users ADD CONSTRAINT one_nick UNIQUE USING INDEX by_nick;",
      "ALTER TABLE part_old ADD o int; ALTER TABLE part_old ADD PRIMARY KEY (o);",
      "ALTER TABLE users ALTER nick SET NOT NULL; ALTER TABLE users ALTER email DROP NOT NULL;",
      "ALTER TABLE users ALTER id ADD GENERATED ALWAYS AS IDENTITY;",
      "ALTER TABLE users ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;"
        + "CREATE POLICY \"See own\" ON users FOR SELECT USING (id = 1);",
      "ALTER TABLE users DISABLE TRIGGER touched;",
      "CREATE TRIGGER again AFTER INSERT ON users EXECUTE FUNCTION app.touch();",
      "CREATE RULE none AS ON DELETE TO users DO INSTEAD NOTHING;"
        + "ALTER TABLE users DISABLE RULE none;",
      "CREATE TABLE child (id int); ALTER TABLE child INHERIT plain_parent;",
      "ALTER TABLE part_same INHERIT plain_parent;",
      "ALTER TABLE users SET UNLOGGED;",
      "ALTER PUBLICATION feed ADD TABLE users; CREATE TABLE n (); ALTER PUBLICATION feed ADD TABLE n;",
      "ALTER TYPE app.pair ADD ATTRIBUTE c text; ALTER TYPE app.pair RENAME ATTRIBUTE a TO aa;",
      "ALTER DOMAIN app.price ADD CHECK (VALUE < 1000);",
      "ALTER DOMAIN app.price ADD CONSTRAINT cheap CHECK (VALUE < 10);",
    ])
  }

  @Test func otherObjects() throws {
    try undoAll([
      "CREATE SCHEMA s; CREATE TABLE s.t (a int); CREATE FUNCTION s.f() RETURNS int RETURN 1;"
        + "GRANT USAGE ON SCHEMA s TO pg_monitor;",
      "CREATE SCHEMA made CREATE TABLE t (a int) CREATE VIEW v AS SELECT a FROM t;",
      "CREATE TYPE app.size AS ENUM ('s', 'm'); ALTER TYPE app.size ADD VALUE 'l';"
        + "CREATE TABLE t (s app.size);",
      "CREATE TYPE pair AS (a int, b text); CREATE TYPE span AS RANGE (subtype = date);",
      "CREATE DOMAIN short AS text CONSTRAINT len CHECK (length(VALUE) < 9);"
        + "ALTER DOMAIN short SET NOT NULL;",
      "CREATE FUNCTION f(a int, b varchar(10)[] DEFAULT '{}', OUT c text) LANGUAGE sql AS 'SELECT ''x''';"
        + "COMMENT ON FUNCTION f(int, varchar[]) IS 'x';",
      "CREATE FUNCTION f(\"left\" app.mood, VARIADIC r numeric[]) RETURNS SETOF users "
        + "LANGUAGE sql AS 'SELECT * FROM users'; REVOKE ALL ON FUNCTION f FROM public;",
      "CREATE FUNCTION f(INT, \"int\" int8, c Char(3), d \"char\", e float, f DEC(5, 2), g TIME, "
        + "h bit) RETURNS Varchar LANGUAGE sql AS 'SELECT ''x''';",
      "CREATE PROCEDURE app.p(INOUT a timestamptz) LANGUAGE sql AS 'SELECT now()';",
      "CREATE AGGREGATE total(int) (sfunc = app.add, stype = int, initcond = '0');"
        + "CREATE AGGREGATE many(*) (sfunc = int8inc, stype = int8, initcond = '0');",
      "CREATE OPERATOR app.@+ (leftarg = int, rightarg = int, function = app.add);",
      "CREATE CAST (text AS app.pair) WITH INOUT;",
      "CREATE COLLATION app.c (locale = 'C'); CREATE TABLE t (a text COLLATE app.c);",
      "CREATE TEXT SEARCH CONFIGURATION app.english2 (COPY = pg_catalog.english);",
      "CREATE OPERATOR CLASS app.ints FOR TYPE int USING btree AS OPERATOR 1 <, FUNCTION 1 btint4cmp(int, int);",
      "CREATE FUNCTION app.ev() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';"
        + "CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION app.ev();",
      "CREATE PUBLICATION p FOR TABLE users;",
      "CREATE EXTENSION IF NOT EXISTS pgcrypto; CREATE TABLE t (id uuid DEFAULT gen_random_uuid());",
      "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER sv FOREIGN DATA WRAPPER w;"
        + "CREATE USER MAPPING FOR CURRENT_USER SERVER sv; CREATE FOREIGN TABLE ft (a int) SERVER sv;",
    ])
  }

  @Test func renamesMovesAndPrivileges() throws {
    try undoAll([
      "ALTER TABLE users RENAME TO people; ALTER TABLE people RENAME COLUMN nick TO \"Nick Name\";"
        + "ALTER TABLE people RENAME CONSTRAINT users_pkey TO people_pkey;"
        + "ALTER INDEX users_nick RENAME TO people_nick; CREATE INDEX ON people (\"Nick Name\");",
      "ALTER VIEW user_names RENAME COLUMN nick TO name; ALTER VIEW user_names RENAME TO names;",
      "ALTER TYPE app.mood RENAME VALUE 'sad' TO 'it''s sad'; ALTER TYPE app.mood RENAME TO feeling;",
      "ALTER FUNCTION app.add(int, int) RENAME TO plus; ALTER FUNCTION app.plus SET SCHEMA public;",
      "ALTER TRIGGER touched ON users RENAME TO was_touched; ALTER POLICY own ON users RENAME TO mine;",
      "ALTER SEQUENCE app.counter RENAME TO meter; ALTER SCHEMA app RENAME TO application;",
      "ALTER TABLE app.\"Order\" SET SCHEMA public; ALTER TABLE \"Order\" RENAME TO orders;",
      "ALTER DOMAIN app.price RENAME CONSTRAINT positive TO not_negative;",
      "CREATE TABLE a (id int); ALTER TABLE a RENAME TO b; ALTER TABLE b SET SCHEMA app;"
        + "CREATE INDEX ON app.b (id);",
      "GRANT SELECT, UPDATE (nick) ON users TO pg_monitor, pg_read_all_data WITH GRANT OPTION;"
        + "GRANT SELECT ON users, app.\"Order\" TO PUBLIC;",
      "GRANT ALL ON ALL TABLES IN SCHEMA app TO pg_monitor; GRANT USAGE ON SCHEMA app TO pg_monitor;",
      "GRANT EXECUTE ON FUNCTION app.add(int, int) TO pg_monitor;",
      "ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO pg_monitor;",
      "COMMENT ON TABLE users IS 'People'; COMMENT ON COLUMN users.nick IS 'x';"
        + "COMMENT ON FUNCTION app.add(int, int) IS E'it\\'s';",
    ])
  }

  @Test func whatNeedsSomethingThatCameLater() throws {
    try undoAll([
      "CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END';"
        + "CREATE TRIGGER g AFTER INSERT ON t EXECUTE FUNCTION f();",
      "CREATE TABLE t (a int); CREATE FUNCTION ok(int) RETURNS bool IMMUTABLE LANGUAGE sql AS 'SELECT true';"
        + "ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (ok(a));"
        + "CREATE INDEX i ON t (ok(a)); ALTER TABLE t ADD CONSTRAINT c CHECK (ok(a));",
      "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a);"
        + "ALTER TABLE a ADD COLUMN b int REFERENCES b; ALTER TABLE a ADD FOREIGN KEY (id) REFERENCES b;",
      "CREATE TABLE t (a int); CREATE TYPE late AS ENUM ('x'); ALTER TABLE t ADD COLUMN l late;",
      "CREATE TABLE a (id int); CREATE TABLE b (id int);"
        + "CREATE POLICY p ON a USING (EXISTS (SELECT FROM b WHERE b.id = a.id));",
      "CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t; CREATE FUNCTION f(t) RETURNS int "
        + "LANGUAGE sql AS 'SELECT 1';",
      "CREATE TABLE t (a int); CREATE SEQUENCE s; ALTER TABLE t ALTER a SET DEFAULT nextval('s');",
      "CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';"
        + "ALTER TABLE t ALTER a SET DEFAULT f(); ALTER TABLE t ADD COLUMN b int DEFAULT f();",
      "CREATE TABLE t (f int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END';"
        + "CREATE TRIGGER f AFTER INSERT ON t EXECUTE FUNCTION f(); ALTER TRIGGER f ON t RENAME TO g;",
    ])
  }

  @Test func aFileThatSetsItsSearchPath() throws {
    try workspace.write(
      """
      SET search_path = app;
      CREATE TABLE first (a int);
      SET search_path = public;
      CREATE TABLE second (a int);
      CREATE INDEX ON app.first (a);
      """, to: "1_paths")
    let template: Template = try workspace.runSuccessfully("template", "1_paths", "--json")
      .document()
    #expect(template.sql == "DROP TABLE second;\nDROP TABLE app.first;")
  }
}
