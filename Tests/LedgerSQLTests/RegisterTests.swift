import LedgerSQL
import TestSupport
import Testing

@Suite(.scratchLedger) struct RegisterTests {
  @Test func `a new migration is applied, with its event`() throws {
    let ledger = try LedgerUnderTest.created()
    let call = ledger.registration(
      "20250101_a", rollback: "DROP TABLE t",
      metadata: #"{"up_checksum": "beef", "search_path": "app", "forced": true}"#)
    #expect(try ledger.run(call) == "registered")
    #expect(
      try ledger.send(
        """
        SELECT migration_version, applied_at IS NOT NULL, applied_by, rollback_sql, checksum, status,
          metadata FROM LEDGER.migration_history;
        SELECT migration_name, outcome, os_user, host, tool_version, checksum, rollback_sql,
          up_checksum, reason, details FROM LEDGER.migration_events WHERE operation = 'register';
        """) == """
          20250101|t|postgres|DROP TABLE t|c0ffee|applied|{"forced": true, "sequence": 1, \
          "search_path": "app", "up_checksum": "beef"}
          20250101_a|registered|ada|engine|1.0|c0ffee||beef|because|{"forced": true}
          """)
  }

  @Test func `again refreshes: what describes the file is replaced, the rest stays`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.register(
      "1_a", rollback: nil,
      metadata: #"{"irreversible": "why", "forced": true, "search_path": "app", "own": 1}"#)
    let before = try ledger.value("applied_at, id FROM LEDGER.migration_history")
    #expect(
      try ledger.run(
        ledger.registration("1_a", rollback: "SELECT 2", metadata: #"{"up_checksum": "beef"}"#))
        == "refreshed")
    #expect(try ledger.value("applied_at, id FROM LEDGER.migration_history") == before)
    #expect(
      try ledger.send("SELECT rollback_sql, metadata FROM LEDGER.migration_history;")
        == #"SELECT 2|{"own": 1, "forced": true, "sequence": 1, "search_path": "app", "#
        + #""up_checksum": "beef"}"#)
  }

  @Test func `a refresh keeps what was true when it was registered`() throws {
    let ledger = try LedgerUnderTest.created()
    func metadata() throws -> String { try ledger.value("metadata FROM LEDGER.migration_history") }
    try ledger.register(
      "1_a", rollback: "SELECT 1/0",
      metadata: #"{"search_path": "app", "evidence": "seen", "forced": true}"#)
    let again = #"{"search_path": "mine", "evidence": "none", "forced": false}"#
    let kept = #"{"forced": true, "evidence": "seen", "sequence": 1, "search_path": "app"}"#
    try ledger.register("1_a", rollback: "SELECT 1/0", metadata: again)
    #expect(try metadata() == kept)
    try ledger.execute("1_a")
    #expect(try ledger.status(of: "1_a") == "failed")
    try ledger.register("1_a", metadata: again)
    #expect(try metadata() == kept)
    // The file itself sets a path.
    try ledger.register(
      "1_a", metadata: #"{"search_path": "other", "search_path_from_file": true}"#)
    #expect(
      try metadata()
        == #"{"forced": true, "evidence": "seen", "sequence": 1, "search_path": "other"}"#)
    // Registered as if new: all of it is new.
    try ledger.execute("1_a")
    try ledger.register("1_a", metadata: again)
    #expect(
      try metadata()
        == #"{"forced": false, "evidence": "none", "sequence": 1, "search_path": "mine"}"#)
  }

  @Test func `a row made by hand takes what it lacks`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.run(
      "INSERT INTO LEDGER.migration_history (migration_name, migration_version) VALUES ('1_a', '1')"
    )
    try ledger.register("1_a", metadata: #"{"search_path": "app", "evidence": "seen"}"#)
    #expect(
      try ledger.value("metadata FROM LEDGER.migration_history")
        == #"{"evidence": "seen", "search_path": "app"}"#)
  }

  @Test func `a failed one is applied again, its notes gone`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.register("1_a", rollback: "SELECT 1/0")
    try ledger.execute("1_a")
    #expect(try ledger.status(of: "1_a") == "failed")
    #expect(try ledger.run(ledger.registration("1_a")) == "refreshed")
    #expect(
      try ledger.send("SELECT status, notes FROM LEDGER.migration_history;") == "applied|")
    #expect(
      try ledger.send(
        "SELECT details FROM LEDGER.migration_events WHERE outcome = 'refreshed';")
        == #"{"status_before": "failed"}"#)
  }

  @Test func `a rolled back one is applied as if new`() throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.register("1_a")
    try ledger.register("2_b")
    try ledger.execute("2_b")
    let before = try ledger.value(
      "applied_at FROM LEDGER.migration_history WHERE status <> 'applied'")
    #expect(try ledger.run(ledger.registration("2_b")) == "registered")
    #expect(
      try ledger.send(
        """
        SELECT status, applied_at > '\(before)', rollback_at, rollback_by, notes,
          metadata ->> 'sequence'
        FROM LEDGER.migration_history WHERE migration_name = '2_b';
        """) == "applied|t||||2")
  }

  @Test func `a name is needed`() throws {
    let ledger = try LedgerUnderTest.created()
    let call = "SELECT LEDGER.migration_register(gen_random_uuid(), '{\"name\": \"\"}', NULL)"
    #expect(
      refusal { try ledger.run(call) }
        == .init(sqlState: "22023", message: "a migration to register needs a name"))
  }

  @Test func `older versions take their place before later ones`() throws {
    let ledger = try LedgerUnderTest.created()
    let names = [
      "2025_b", "2027_d", "2026_c", "2026_bb", "20260_late", "0_first", "-_zero", "2024_a",
    ]
    for name in names { try ledger.register(name) }
    #expect(
      try ledger.send(
        """
        SELECT migration_name, metadata ->> 'sequence' FROM LEDGER.migration_history
        ORDER BY (metadata ->> 'sequence')::numeric;
        """) == """
          -_zero|-1
          0_first|0
          2024_a|1
          2025_b|1001
          2026_bb|2000
          2026_c|2001
          2027_d|2002
          20260_late|2003
          """)
  }

  /// `5_(10000 + i)` for every i of 1...6000, upwards or downwards, in one transaction.
  @Test(.timeLimit(.minutes(1)), arguments: ["i", "6001 - i"])
  func `thousands of older ones keep whole numbers and their order`(number: String) throws {
    let ledger = try LedgerUnderTest.created()
    try ledger.register("1_a")
    try ledger.register("9_z")
    try ledger.run(
      """
      SELECT count(LEDGER.migration_register(
        gen_random_uuid(),
        jsonb_build_object('name', '5_' || 10000 + \(number), 'version', '5', 'depends_on', '[]'::jsonb),
        '{}'))
      FROM generate_series(1, 6000) AS i
      """)
    #expect(
      try ledger.value(
        """
        count(DISTINCT metadata -> 'sequence'),
        bool_and(metadata ->> 'sequence' ~ '^[0-9]{1,5}$'),
        array_agg(migration_name ORDER BY (metadata ->> 'sequence')::numeric)
          = array_agg(migration_name ORDER BY migration_name) FROM LEDGER.migration_history
        """) == "6002|t|t")
  }

  @Test(.timeLimit(.minutes(1))) func `ten thousand in one transaction take seconds`() throws {
    let ledger = try LedgerUnderTest.created()
    // Analyzed while empty: the plans made then are kept for the whole session.
    try ledger.send("VACUUM ANALYZE LEDGER.migration_history;")
    try ledger.run(
      """
      SELECT count(LEDGER.migration_register(
        gen_random_uuid(),
        jsonb_build_object(
          'name', 10000 + i || '_a', 'version', (10000 + i)::text,
          'depends_on', CASE WHEN i = 1 THEN '[]' ELSE jsonb_build_array(9999 + i || '_a') END),
        '{}'))
      FROM generate_series(1, 10000) AS i
      """)
    #expect(
      try ledger.value("max((metadata ->> 'sequence')::numeric) FROM LEDGER.migration_history")
        == "10000")
    #expect(try ledger.value("count(*) FROM LEDGER.migration_dependencies") == "9999")
  }

  @Test func `versions compare as numbers of any length`() throws {
    let ledger = try LedgerUnderTest.created()
    #expect(
      try ledger.value(
        """
        LEDGER.migration_version_number('2025_10_20_150000'),
        LEDGER.migration_version_number('0007'), LEDGER.migration_version_number(''),
        LEDGER.migration_version_number('v1'),
        LEDGER.migration_version_number('\(String(repeating: "9", count: 40))')
        """) == "20251020150000|7|0|0|\(String(repeating: "9", count: 40))")
  }
}
