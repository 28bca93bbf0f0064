import TestSupport

/// Ledgers of other runners, made as those runners make them.
extension ScratchDatabase {
  /// The Supabase CLI's, by the statements of `pkg/migration/history.go` of supabase/cli.
  ///
  /// - Parameter isHosted: with the columns that a hosted project's table has besides.
  /// - Throws: ``TestSupportError`` if it cannot be made.
  func makeSupabaseLedger(isHosted: Bool = false) throws {
    try psql(
      """
      CREATE SCHEMA IF NOT EXISTS supabase_migrations;
      CREATE TABLE IF NOT EXISTS supabase_migrations.schema_migrations (version text NOT NULL PRIMARY KEY);
      ALTER TABLE supabase_migrations.schema_migrations ADD COLUMN IF NOT EXISTS statements text[];
      ALTER TABLE supabase_migrations.schema_migrations ADD COLUMN IF NOT EXISTS name text;
      """)
    guard isHosted else { return }
    try psql(
      """
      ALTER TABLE supabase_migrations.schema_migrations
        ADD COLUMN created_by text, ADD COLUMN idempotency_key text UNIQUE, ADD COLUMN rollback text[]
      """)
  }

  /// Records a migration as `supabase db push` does.
  func recordInSupabase(_ version: String, name: String, statements: [String] = []) throws {
    let array = statements.map { "'" + $0.replacing("'", with: "''") + "'" }.joined(separator: ", ")
    try psql(
      """
      INSERT INTO supabase_migrations.schema_migrations(version, name, statements)
      VALUES ('\(version)', '\(name)', ARRAY[\(array)]::text[])
      """)
  }

  /// The versions that stand in the Supabase CLI's ledger.
  func supabaseVersions() throws -> String {
    try psql(
      "SELECT string_agg(version, ' ' ORDER BY version) FROM supabase_migrations.schema_migrations")
  }

  /// Prisma's, by the statement of `postgres/connector.rs` of prisma/prisma-engines.
  func makePrismaLedger(in schema: String = "public") throws {
    try psql(
      """
      CREATE SCHEMA IF NOT EXISTS \(schema);
      SET search_path = \(schema);
      CREATE TABLE _prisma_migrations (
          id                      VARCHAR(36) PRIMARY KEY NOT NULL,
          checksum                VARCHAR(64) NOT NULL,
          finished_at             TIMESTAMPTZ,
          migration_name          VARCHAR(255) NOT NULL,
          logs                    TEXT,
          rolled_back_at          TIMESTAMPTZ,
          started_at              TIMESTAMPTZ NOT NULL DEFAULT now(),
          applied_steps_count     INTEGER NOT NULL DEFAULT 0
      );
      """)
  }

  /// Records a migration as `prisma migrate deploy` does.
  ///
  /// - Parameters:
  ///   - name: the migration's folder.
  ///   - id: the last digits of the row's; the others are zeros.
  ///   - schema: the schema of Prisma's table, quoted where it needs to be.
  /// - Throws: ``TestSupportError`` if it cannot be recorded.
  func recordInPrisma(_ name: String, id: Int = 1, in schema: String = "public") throws {
    let number = String(id)
    let digits = String(repeating: "0", count: 12 - number.count) + number
    try psql(
      """
      INSERT INTO \(schema)._prisma_migrations
        (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
      VALUES ('00000000-0000-4000-8000-\(digits)', repeat('0', 64), '\(name)',
        '2025-01-20 10:00:00Z', '2025-01-20 10:00:01Z', 1)
      """)
  }

  /// `NAME STATE` of Prisma's rows, as `migrate deploy` tells them apart: only what is not rolled
  /// back counts as applied.
  func prismaStates(in schema: String = "public") throws -> [String] {
    try psql(
      """
      SELECT migration_name || CASE
          WHEN rolled_back_at IS NOT NULL THEN ' rolled back'
          WHEN finished_at IS NULL THEN ' unfinished' ELSE ' applied' END
      FROM \(schema)._prisma_migrations ORDER BY id
      """
    ).split(separator: "\n").map(String.init)
  }

  /// What the last rollback's event says of other runners' ledgers.
  func removedRunnerRows(ledger: String = "public") throws -> String {
    try psql(
      """
      SELECT details -> 'runner_ledgers' FROM \(ledger).migration_events
      WHERE operation = 'rollback' ORDER BY id DESC LIMIT 1
      """)
  }
}
