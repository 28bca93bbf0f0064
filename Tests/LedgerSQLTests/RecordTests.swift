import LedgerSQL
import TestSupport
import Testing

/// What the command line records of a rollback that it ran itself.
@Suite(.scratchLedger) struct RecordTests {
  private let run = "'6f9619ff-8b86-4d01-b42d-00cf4fc964ff'"
  private let client =
    #"'{"os_user": "ada", "host": "engine", "tool_version": "1.0", "reason": "slow", "#
    + #""details": {"ticket": 7}}'"#

  @Test func `a rollback`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.register("1_a", rollback: "DROP TABLE t")
    try ledger.run("SELECT LEDGER.migration_record_rollbacks(\(run), '{1_a}', \(client))")
    #expect(
      try ledger.send(
        """
        SELECT status, rollback_by, rollback_at IS NOT NULL FROM LEDGER.migration_history;
        SELECT run_id, outcome, os_user, host, tool_version, checksum, rollback_sql, reason, details
        FROM LEDGER.migration_events WHERE operation = 'rollback';
        """) == """
          rolled_back|postgres|t
          6f9619ff-8b86-4d01-b42d-00cf4fc964ff|done|ada|engine|1.0|c0ffee|DROP TABLE t|slow|\
          {"ticket": 7}
          """)
    let committed = LedgerSQL.statement(
      .runEvent, in: ledger.schema, values: ["run": run, "name": "'1_a'"])
    #expect(try ledger.send(committed) == "rollback|done")
    #expect(
      refusal { try ledger.run("SELECT LEDGER.migration_record_rollbacks(\(run), '{x}', NULL)") }
        == .init(
          sqlState: "MM010", message: "migration \"x\" is not in the ledger in schema \"public\"",
          hint: "rollback SQL must leave the ledger's own tables alone"))
  }

  @Test func `a failure`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.register("1_a", rollback: "DROP TABLE t")
    let error =
      #"'{"sqlstate": "42P01", "message": "no such table", "detail": "d", "line": 3}'"#
    let call =
      "SELECT LEDGER.migration_record_failure(\(run), 'rollback', '1_a', \(error), \(client));"
    #expect(try ledger.send(call) == "failed")
    #expect(
      try ledger.send(
        """
        SELECT status, notes FROM LEDGER.migration_history;
        SELECT outcome, error, rollback_sql, reason, details
        FROM LEDGER.migration_events WHERE operation = 'rollback';
        SELECT details FROM LEDGER.migration_event_log WHERE operation = 'rollback';
        """) == """
          failed|Rollback failed: no such table (SQLSTATE 42P01)
          d
          fail|no such table|DROP TABLE t|slow|{"error": {"line": 3, "detail": "d", \
          "message": "no such table", "sqlstate": "42P01"}, "ticket": 7, "transient": false}
          {"ticket": 7, "transient": false}
          """)
  }

  @Test func `a failure that comes late leaves what another session settled`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.register("1_a")
    try ledger.execute("1_a")
    #expect(
      try ledger.send(
        """
        SELECT LEDGER.migration_record_failure(
          \(run), 'rollback', '1_a', '{"sqlstate": "42P01", "message": "gone"}', NULL);
        SELECT notes IS NULL FROM LEDGER.migration_history;
        """) == "rolled_back\nt")
  }

  @Test func `which errors pass by themselves`() throws {
    let ledger = try LedgerUnderTest.created()
    let states = [
      "55P03", "40001", "40P01", "57014", "57P01", "57P05", "08006", "53300", "42P01", "23503",
      "40002", "55006", "57000", "XX000",
    ]
    let transient = try ledger.send(
      """
      SELECT state FROM unnest('{\(states.joined(separator: ","))}'::text[]) WITH ORDINALITY s(state, n)
      WHERE LEDGER.migration_error_is_transient(state) ORDER BY n;
      """)
    #expect(transient.split(separator: "\n").map(String.init) == Array(states.prefix(8)))
    try ledger.register("1_a")
    #expect(
      try ledger.send(
        """
        SELECT LEDGER.migration_record_failure(
          \(run), 'rollback', '1_a', '{"sqlstate": "57014", "message": "cancelled"}', \(client));
        SELECT notes IS NULL FROM LEDGER.migration_history;
        """) == "applied\nt")
  }
}
