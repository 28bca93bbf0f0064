import LedgerSQL
import TestSupport
import Testing

/// A record that is deleted: `migration_forget`.
@Suite(.scratchLedger) struct ForgetTests {
  private func forget(_ name: String, seen: String = "applied") -> String {
    """
    SELECT LEDGER.migration_forget(
      '6f9619ff-8b86-4d01-b42d-00cf4fc964ff', '\(name)', '\(seen)', '{"reason": "squashed"}');
    """
  }

  @Test func `the row goes, the events stay`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.register("1_a")
    try ledger.register("2_b", rollback: "DROP TABLE t", dependsOn: ["1_a"])
    try ledger.run(forget("2_b"))
    #expect(try ledger.send("SELECT migration_name FROM LEDGER.migration_history;") == "1_a")
    #expect(try ledger.send("TABLE LEDGER.migration_dependencies;") == "")
    #expect(
      try ledger.send(
        """
        SELECT operation, outcome, checksum, rollback_sql, reason, details
        FROM LEDGER.migration_events WHERE migration_name = '2_b' ORDER BY id;
        """) == """
          register|registered|c0ffee||because|
          forget|done|c0ffee|DROP TABLE t|squashed|{"status_before": "applied"}
          """)
  }

  @Test func `what stands on it is in the way; what was rolled back waits for the name`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.register("1_a")
    try ledger.register("2_b", dependsOn: ["1_a", "9_z"])
    #expect(
      refusal { try ledger.run(forget("1_a")) }
        == .init(
          sqlState: "MM005", message: "Cannot forget: other migrations depend on this one",
          detail: #"{"reason": "dependents", "status": "applied", "dependents": ["2_b"]}"#,
          hint: "roll those back or forget them first"))
    try ledger.execute("2_b")
    try ledger.run(forget("1_a"))
    #expect(
      try ledger.send(
        "SELECT migration_name, metadata -> 'unregistered_dependencies' "
          + "FROM LEDGER.migration_history;") == #"2_b|["9_z", "1_a"]"#)
    try ledger.register("1_a")
    #expect(
      try ledger.send("SELECT migration_name, depends_on FROM LEDGER.migration_dependencies;")
        == "2_b|1_a")
  }

  @Test func `an operator deletes nothing without a trace`() throws {
    let ledger = try LedgerUnderTest.created(in: "internal")
    try ledger.register("1_a")
    try ledger.register("2_b")
    try ledger.database.withRole("operator") { role in
      try ledger.run("SELECT LEDGER.migration_grant_operator('\(role)')")
      try ledger.run(forget("1_a"), as: role)
      #expect(
        refusal { try ledger.run("DELETE FROM LEDGER.migration_history", as: role) }
          == .init(
            sqlState: "42501",
            message: "the record of migration \"2_b\" is deleted only together with an event "
              + "that says so",
            hint: "use 'migration-manager forget'"))
    }
    #expect(try ledger.send("SELECT migration_name FROM LEDGER.migration_history;") == "2_b")
  }

  @Test func `what is not there, or not as it was seen`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.register("1_a")
    #expect(refusal { try ledger.run(forget("1_x")) }?.sqlState == "MM010")
    let changed = refusal { try ledger.run(forget("1_a", seen: "rolled_back")) }
    #expect(changed?.message == "the record of migration \"1_a\" changed meanwhile")
    #expect(try ledger.status(of: "1_a") == "applied")
  }
}
