import LedgerSQL
import TestSupport
import Testing

/// A record that follows its file: `migration_rename`.
@Suite(.scratchLedger) struct RenameTests {
  private func rename(_ name: String, to newName: String) -> String {
    """
    SELECT LEDGER.migration_rename(
      '6f9619ff-8b86-4d01-b42d-00cf4fc964ff', '\(name)', '\(newName)',
      '\(newName.prefix { $0 != "_" })', '{"reason": "typo"}');
    """
  }

  private let dependencies = """
    SELECT migration_name, depends_on FROM LEDGER.migration_dependencies ORDER BY 1, 2;
    """

  @Test func `the record keeps its place, and what depends on it follows`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.register("1_base")
    try ledger.register("2_typpo", rollback: "DROP TABLE t", dependsOn: ["1_base"])
    try ledger.register("3_c", dependsOn: ["2_typpo"])
    try ledger.register("4_waiting", dependsOn: ["9_typo"])
    try ledger.run(rename("2_typpo", to: "9_typo"))
    #expect(
      try ledger.send(
        """
        SELECT migration_name, migration_version, status, rollback_sql, metadata
        FROM LEDGER.migration_history WHERE migration_name IN ('9_typo', '4_waiting')
        ORDER BY (metadata ->> 'sequence')::numeric;
        """) == """
          9_typo|9|applied|DROP TABLE t|{"sequence": 2}
          4_waiting|4|applied|SELECT 1|{"sequence": 4}
          """)
    #expect(try ledger.send(dependencies) == "3_c|9_typo\n4_waiting|9_typo\n9_typo|1_base")
    #expect(
      try ledger.send(
        """
        SELECT migration_name, operation, outcome, checksum, reason, details
        FROM LEDGER.migration_events WHERE migration_name ~ 'typp?o' ORDER BY id;
        """) == """
          2_typpo|register|registered|c0ffee|because|
          9_typo|rename|done|c0ffee|typo|{"old_name": "2_typpo"}
          """)
  }

  @Test func `what is refused changes nothing`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.register("1_a")
    try ledger.register("2_b", dependsOn: ["1_a", "3_c"])
    #expect(
      refusal { try ledger.run(rename("1_a", to: "2_b")) }
        == .init(
          sqlState: "MM005", message: "migration \"2_b\" is recorded already",
          hint: "give a name that is not recorded, or forget that one first"))
    #expect(
      refusal { try ledger.run(rename("1_x", to: "1_y")) }
        == .init(
          sqlState: "MM010", message: "migration \"1_x\" is not in the ledger in schema \"public\"",
          hint: "'migration-manager list --all' shows what is recorded"))
    // It waits for the very name that it would get, on the way round over another one.
    try ledger.run(
      """
      UPDATE LEDGER.migration_history SET metadata = metadata || '{"unregistered_dependencies": ["9_z"]}'
      WHERE migration_name = '1_a'
      """)
    #expect(refusal { try ledger.run(rename("2_b", to: "9_z")) }?.sqlState == "MM009")
    #expect(refusal { try ledger.run(rename("1_a", to: "")) }?.sqlState == "22023")
    #expect(try ledger.send(dependencies) == "2_b|1_a")
  }

  @Test func `an operator's rights are enough`() throws {
    let ledger = try LedgerUnderTest.created(in: "internal")
    try ledger.register("1_a")
    try ledger.register("2_b", dependsOn: ["1_a"])
    try ledger.database.withRole("operator") { role in
      try ledger.run("SELECT LEDGER.migration_grant_operator('\(role)')")
      try ledger.run(rename("1_a", to: "1_c"), as: role)
    }
    #expect(try ledger.send(dependencies) == "2_b|1_c")
  }
}
