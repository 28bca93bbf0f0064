import LedgerSQL
import TestSupport
import Testing

@Suite(.scratchLedger) struct DependencyTests {
  @Test func `names that are registered later become dependencies then`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.register("3_c", dependsOn: ["1_a", "2_b"])
    let waiting = """
      SELECT metadata -> 'unregistered_dependencies' FROM LEDGER.migration_history
      WHERE migration_name = '3_c';
      SELECT depends_on FROM LEDGER.migration_dependencies ORDER BY depends_on;
      """
    #expect(try ledger.send(waiting) == #"["1_a", "2_b"]"#)
    try ledger.register("2_b")
    #expect(try ledger.send(waiting) == "[\"1_a\"]\n2_b")
    #expect(
      try ledger.send("SELECT dependent_migrations FROM LEDGER.can_rollback_migration('2_b');")
        == "{3_c}")
    try ledger.register("1_a")
    #expect(try ledger.send(waiting) == "1_a\n2_b")
  }

  @Test func `registering again replaces the set`() throws {
    let ledger = try LedgerUnderTest.created()
    for name in ["1_a", "2_b"] { try ledger.register(name) }
    try ledger.register("3_c", dependsOn: ["1_a", "0_x"])
    try ledger.register("3_c", dependsOn: ["2_b", "2_b"])
    #expect(
      try ledger.send(
        """
        SELECT migration_name, depends_on FROM LEDGER.migration_dependencies;
        SELECT metadata FROM LEDGER.migration_history WHERE migration_name = '3_c';
        """) == "3_c|2_b\n{\"sequence\": 3}")
  }

  @Test func `a cycle is refused, and shown in full`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.register("1_a")
    try ledger.register("2_b", dependsOn: ["1_a"])
    try ledger.register("3_c", dependsOn: ["2_b"])
    #expect(
      refusal { try ledger.register("1_a", dependsOn: ["3_c"]) }
        == .init(
          sqlState: "MM009", message: "dependency cycle: 1_a -> 3_c -> 2_b -> 1_a",
          detail: #"["1_a", "3_c", "2_b", "1_a"]"#,
          hint: "remove one '-- Depends on:' of these files, then register it again"))
    #expect(
      refusal { try ledger.register("1_a", dependsOn: ["1_a"]) }?.detail == #"["1_a", "1_a"]"#)
    #expect(
      refusal {
        try ledger.run(
          """
          INSERT INTO LEDGER.migration_dependencies (migration_name, depends_on)
          VALUES ('1_a', '2_b')
          """)
      }?.detail == #"["1_a", "2_b", "1_a"]"#)
  }

  @Test func `a cycle that closes when a name is registered is refused`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.register("1_a", dependsOn: ["2_b"])
    #expect(refusal { try ledger.register("2_b", dependsOn: ["1_a"]) }?.sqlState == "MM009")
    #expect(try ledger.value("count(*) FROM LEDGER.migration_history") == "1")
  }

  @Test func `many ways to one place are no cycle`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.run(
      """
      INSERT INTO LEDGER.migration_history (migration_name, migration_version)
      SELECT 'm' || n, n FROM generate_series(1, 60) AS n;
      INSERT INTO LEDGER.migration_dependencies (migration_name, depends_on)
      SELECT 'm' || n, 'm' || m FROM generate_series(1, 60) AS n, generate_series(1, 60) AS m
      WHERE m IN (n - 1, n - 2, n - 3) ORDER BY n DESC
      """)
    #expect(
      refusal {
        try ledger.run(
          """
          INSERT INTO LEDGER.migration_dependencies (migration_name, depends_on)
          VALUES ('m1', 'm60')
          """)
      }?.sqlState == "MM009")
  }

  @Test func `a renamed migration keeps its dependencies`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.register("1_a")
    try ledger.register("2_b", dependsOn: ["1_a"])
    try ledger.run(
      "UPDATE LEDGER.migration_history SET migration_name = '1_z' WHERE migration_name = '1_a'")
    #expect(
      try ledger.send("SELECT migration_name, depends_on FROM LEDGER.migration_dependencies;")
        == "2_b|1_z")
  }
}
