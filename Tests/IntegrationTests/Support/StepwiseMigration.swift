import TestSupport

/// A migration of five statements, each way, that cannot run in one transaction: what each has done
/// can be told, and one of them must not run twice.
struct StepwiseMigration {
  static let name = "20250102_mixed"

  static let up = [
    "CREATE TABLE audit (id int PRIMARY KEY)",
    "CREATE INDEX CONCURRENTLY items_new_idx ON items (n, id)",
    "UPDATE items SET n = n + 1 WHERE pg_sleep(0.0001) IS NOT NULL",
    "DROP INDEX CONCURRENTLY items_old_idx",
    "VACUUM items",
  ]

  static let rollback = [
    "CREATE INDEX CONCURRENTLY items_old_idx ON items (id, n)",
    "UPDATE items SET n = n - 1 WHERE pg_sleep(0.0001) IS NOT NULL",
    "DROP INDEX CONCURRENTLY items_new_idx",
    "VACUUM items",
    "DROP TABLE audit",
  ]

  /// The tags of ``up`` and ``rollback``, as the server sends them.
  static func tag(of sql: String) -> String {
    if sql.hasPrefix("UPDATE") { return "UPDATE 100" }
    return sql.split(separator: " ").prefix { $0 == $0.uppercased() && $0 != "CONCURRENTLY" }
      .joined(separator: " ")
  }

  /// The file.
  static let text = """
    -- Transaction: none
    \(up.joined(separator: ";\n"));
    -- ROLLBACK START (no transaction)
    \(rollback.joined(separator: ";\n"));
    -- ROLLBACK END

    """

  /// What there is before.
  static let preparation = """
    CREATE TABLE items (id int PRIMARY KEY, n int);
    INSERT INTO items SELECT g, 0 FROM generate_series(1, 100) AS g;
    CREATE INDEX items_old_idx ON items (id, n);
    """

  /// What of it stands: the table, what was added, the indexes, each with `!` where it is INVALID.
  static func state(of database: ScratchDatabase) throws -> String {
    try database.psql(
      """
      SELECT concat_ws(' ', to_regclass('audit'), (SELECT string_agg(DISTINCT n::text, '/') FROM items),
        (SELECT string_agg(indexrelid::regclass || CASE WHEN indisvalid THEN '' ELSE '!' END, ' '
            ORDER BY indexrelid::regclass::text)
          FROM pg_index WHERE indrelid = 'items'::regclass AND NOT indisprimary))
      """)
  }

  static let applied = "audit 1 items_new_idx"
  static let notApplied = "0 items_old_idx"
}
