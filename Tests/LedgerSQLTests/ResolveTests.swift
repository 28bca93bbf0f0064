import LedgerSQL
import TestSupport
import Testing

/// A status that is set by hand: `migration_resolve`.
@Suite(.scratchLedger) struct ResolveTests {
  private func resolve(_ name: String, _ status: String, seen: String) -> String {
    """
    SELECT LEDGER.migration_resolve(
      '6f9619ff-8b86-4d01-b42d-00cf4fc964ff', '\(name)', '\(name.prefix { $0 != "_" })',
      '\(status)', '\(seen)', '{"reason": "by hand"}');
    """
  }

  private let row = """
    SELECT status, rollback_at IS NULL, rollback_by, notes, metadata -> 'sequence'
    FROM LEDGER.migration_history;
    """
  private let event = """
    SELECT operation, outcome, migration_name, reason, details
    FROM LEDGER.migration_events ORDER BY id DESC LIMIT 1;
    """

  @Test func `both ways out of failed`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.register("1_a", rollback: "DROP TABLE nothing")
    try ledger.execute("1_a")
    #expect(try ledger.status(of: "1_a") == "failed")
    try ledger.run(resolve("1_a", "applied", seen: "failed"))
    #expect(try ledger.send(row) == "applied|t|||1")
    #expect(
      try ledger.send(event)
        == "resolve|done|1_a|by hand|{\"status_after\": \"applied\", \"status_before\": \"failed\"}"
    )
    try ledger.execute("1_a")
    try ledger.run(resolve("1_a", "rolled_back", seen: "failed"))
    #expect(try ledger.send(row) == "rolled_back|f|postgres||1")
    try ledger.run(resolve("1_a", "applied", seen: "rolled_back"))
    #expect(try ledger.send(row) == "applied|t|||1")
  }

  @Test func `a name without a row`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.register("2_b", dependsOn: ["1_a"])
    try ledger.run(resolve("1_a", "rolled_back", seen: "none"))
    #expect(
      try ledger.send(
        """
        SELECT migration_version, status, applied_at, applied_by, rollback_by, checksum, metadata
        FROM LEDGER.migration_history WHERE migration_name = '1_a';
        """) == "1|rolled_back|||postgres||{\"resolved\": true}")
    // What waited for the name has its key now.
    #expect(
      try ledger.send("SELECT migration_name, depends_on FROM LEDGER.migration_dependencies;")
        == "2_b|1_a")
    for seen in ["rolled_back", "none"] {
      let name = seen == "none" ? "3_c" : "1_a"
      #expect(
        refusal { try ledger.run(resolve(name, "applied", seen: seen)) }
          == .init(
            sqlState: "MM005",
            message: "migration \"\(name)\" was never recorded as applied: "
              + "there is nothing to go back to",
            hint: "run 'migration-manager register \(name)'"))
    }
    // Registered after all, it is like any other.
    try ledger.register("1_a")
    #expect(try ledger.status(of: "1_a") == "applied")
  }

  @Test func `what stands on it is in the way`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.register("1_a")
    try ledger.register("2_b", dependsOn: ["1_a"])
    #expect(
      refusal { try ledger.run(resolve("1_a", "rolled_back", seen: "applied")) }
        == .init(
          sqlState: "MM005",
          message: "Cannot resolve as rolled back: other migrations depend on this one",
          detail: #"{"reason": "dependents", "status": "applied", "dependents": ["2_b"]}"#,
          hint: "roll those back first, or resolve them first"))
    try ledger.run(resolve("2_b", "rolled_back", seen: "applied"))
    try ledger.run(resolve("1_a", "rolled_back", seen: "applied"))
    #expect(try ledger.status(of: "1_a") == "rolled_back")
  }

  @Test func `what changed meanwhile is left alone`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.register("1_a")
    #expect(
      refusal { try ledger.run(resolve("1_a", "rolled_back", seen: "failed")) }
        == .init(
          sqlState: "MM005", message: "the record of migration \"1_a\" changed meanwhile",
          detail: #"{"reason": "changed meanwhile", "status": "applied"}"#,
          hint: "look at it again, and run the command again if it is still right"))
    #expect(
      refusal { try ledger.run(resolve("1_a", "failed", seen: "applied")) }?.sqlState == "22023")
  }

  @Test func `one that comes back without a place gets one`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.register("1_a")
    try ledger.register("2_b")
    try ledger.run(
      "UPDATE LEDGER.migration_history SET status = 'rolled_back', metadata = '{}' "
        + "WHERE migration_name = '2_b'")
    try ledger.run(resolve("2_b", "applied", seen: "rolled_back"))
    #expect(
      try ledger.value(
        "metadata ->> 'sequence' FROM LEDGER.migration_history WHERE migration_name = '2_b'")
        == "2")
  }
}
