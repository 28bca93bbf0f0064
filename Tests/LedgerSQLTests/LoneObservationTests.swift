import Foundation
import LedgerSQL
import TestSupport
import Testing

/// What the catalog says of the objects of statements that run outside transactions.
@Suite(.scratchDatabase) struct LoneObservationTests {
  let ledger = LedgerUnderTest()

  /// The answer to a question, as a JSON object.
  private func observe(
    _ question: String, behind settings: String = "", as user: String = "postgres"
  ) throws -> [String: Any] {
    let statement = LedgerSQL.statement(
      .loneObservation, in: ledger.schema, values: ["question": question.quoted(with: "'")])
    let text = try ledger.run(settings + statement, as: user)
    let value = try JSONSerialization.jsonObject(with: Data(text.utf8))
    return try #require(value as? [String: Any])
  }

  private func indexes(_ answer: [String: Any]) -> [String] {
    let indexes = answer["indexes"] as? [[String: Any]] ?? []
    return indexes.map { index in
      let isValid = index["is_valid"] as? Bool == true
      return "\(index["identity"] ?? "") \(isValid ? "valid" : "invalid")"
    }
  }

  private func makeTable() throws {
    try ledger.run(
      """
      CREATE SCHEMA app; CREATE TABLE app.t (a int); CREATE INDEX "I" ON app.t (a);
      INSERT INTO app.t VALUES (1), (1)
      """)
  }

  @Test func `an index that a failed build left is there and not valid`() throws {
    try makeTable()
    let question = #"{"kind": "create_index", "name": "u", "owner": "\"app\".\"t\""}"#
    let before = try observe(question)
    #expect(before["named"] is NSNull)
    #expect(indexes(before) == [#"app."I" valid"#])
    #expect(
      refusal { try ledger.send("CREATE UNIQUE INDEX CONCURRENTLY u ON app.t (a);") }?.sqlState
        == "23505")
    let after = try observe(question)
    #expect(indexes(after) == [#"app."I" valid"#, "app.u invalid"])
    #expect(
      after["named"] as? Int == ((after["indexes"] as? [[String: Any]])?.last?["oid"] as? Int))
    #expect(after["kind"] as? String == "create_index")
    #expect(after["name"] as? String == "u")
  }

  @Test func `an index is being built for all that is known while its table is locked so`() throws {
    try makeTable()
    _ = refusal { try ledger.send("CREATE UNIQUE INDEX CONCURRENTLY u ON app.t (a);") }
    try ledger.database.withRole("deploy") { role in
      try ledger.run("GRANT USAGE ON SCHEMA app TO \(role)")
      func isBuilding() throws -> [Bool?] {
        let answer = try observe(
          #"{"kind": "create_index", "name": "u", "owner": "app.t"}"#, as: role)
        return (answer["indexes"] as? [[String: Any]] ?? []).map { $0["is_building"] as? Bool }
      }
      #expect(try isBuilding() == [false, false])
      let other = try PsqlSession(ledger.database)
      try other.run("BEGIN; LOCK TABLE app.t IN SHARE UPDATE EXCLUSIVE MODE")
      #expect(try isBuilding() == [false, true])
      try other.run("COMMIT")
      #expect(try isBuilding() == [false, false])
    }
  }

  @Test func `what was seen once is asked about by its number`() throws {
    try makeTable()
    let first = try observe(
      #"{"kind": "create_index", "name": "u", "owner": "app.t", "roles": ["SET ROLE x"]}"#)
    let table = try #require(first["owner"] as? Int)
    #expect(first["roles"] as? [String] == ["SET ROLE x"])
    try ledger.run("ALTER TABLE app.t RENAME TO old; CREATE TABLE app.t (a int)")
    let again = try observe(
      #"{"kind": "create_index", "name": "u", "owner_number": "\#(table)"}"#)
    #expect(indexes(again) == [#"app."I" valid"#])
    #expect(
      (again["indexes"] as? [[String: Any]])?.first?["definition"] as? String
        == #"CREATE INDEX "I" ON app.old USING btree (a)"#)
  }

  @Test func `names are looked up in the search path`() throws {
    try makeTable()
    let question = #"{"kind": "index", "relation": "\"I\""}"#
    #expect(try observe(question)["named"] is NSNull)
    let found = try observe(question, behind: "SET LOCAL search_path = app;")
    #expect(found["named"] is Int)
    #expect(indexes(found) == [#"app."I" valid"#])
  }

  @Test func `what stands first in the search path is not run`() throws {
    try makeTable()
    try ledger.run(
      """
      CREATE SCHEMA trap;
      CREATE FUNCTION trap.raise(text, text) RETURNS bool LANGUAGE plpgsql
        AS $$ BEGIN RAISE 'trapped'; END $$;
      CREATE OPERATOR trap.= (LEFTARG = text, RIGHTARG = text, FUNCTION = trap.raise);
      CREATE FUNCTION trap.to_regclass(text) RETURNS regclass LANGUAGE plpgsql
        AS $$ BEGIN RAISE 'trapped'; END $$;
      CREATE TABLE trap.pg_index (); CREATE TABLE trap.pg_class ();
      """)
    let answer = try observe(
      #"{"kind": "index", "relation": "\"app\".\"I\""}"#,
      behind: "SET LOCAL search_path = trap, pg_catalog;")
    #expect(indexes(answer) == [#"app."I" valid"#])
  }

  @Test func `the indexes of a table are those of its TOAST table too`() throws {
    try ledger.run("CREATE TABLE t (a int PRIMARY KEY, b text)")
    let answer = try observe(#"{"kind": "table", "relation": "\"t\""}"#)
    let found = indexes(answer)
    #expect(found.count == 2)
    #expect(found.contains { $0.hasPrefix("pg_toast.pg_toast_") && $0.hasSuffix("_index valid") })
    #expect(found.contains("public.t_pkey valid"))
    #expect(try indexes(observe(#"{"kind": "schema", "name": "public"}"#)) == [])
    #expect(try indexes(observe(#"{"kind": "all"}"#)) == [])
  }

  @Test func `a partition is attached or not`() throws {
    try ledger.run(
      """
      CREATE TABLE t (a int) PARTITION BY LIST (a);
      CREATE TABLE p PARTITION OF t FOR VALUES IN (1)
      """)
    let question = #"{"kind": "partition", "relation": "\"p\"", "owner": "\"t\""}"#
    let attached = try #require(try observe(question)["partition"] as? [String: Any])
    #expect(attached["parent"] as? String == "public.t")
    #expect(attached["partition"] as? String == "public.p")
    #expect(attached["is_pending"] as? Bool == false)
    try ledger.send("ALTER TABLE t DETACH PARTITION p CONCURRENTLY;")
    let detached = try observe(question)
    #expect(detached["partition"] is NSNull)
    #expect(detached["named"] is Int)
  }

  @Test func `an index that is built anew is another one`() throws {
    try makeTable()
    let question = #"{"kind": "index", "relation": "\"app\".\"I\""}"#
    let before = try #require(try observe(question)["named"] as? Int)
    try ledger.send("REINDEX INDEX CONCURRENTLY app.\"I\";")
    let after = try #require(try observe(question)["named"] as? Int)
    #expect(after != before)
  }

  /// Who writes is waited for before the new index is built, who reads before the old one is dropped.
  @Test(arguments: [
    ("INSERT INTO app.t VALUES (2)", "I_ccnew"), ("SELECT count(*) FROM app.t", "I_ccold"),
  ])
  func `a rebuilding that is given up leaves an index that is told by its name`(
    sql: String, name: String
  ) throws {
    try makeTable()
    let other = try PsqlSession(ledger.database)
    try other.run("BEGIN; \(sql)")
    let refusal = refusal {
      try ledger.send("SET lock_timeout = '100ms'; REINDEX TABLE CONCURRENTLY app.t;")
    }
    #expect(refusal?.sqlState == "55P03")
    let left = ["app.\"\(name)\" invalid"]
    #expect(
      try indexes(observe(#"{"kind": "table", "relation": "\"app\".\"t\""}"#)).sorted()
        == [#"app."I" valid"#] + left)
    #expect(try indexes(observe(#"{"kind": "schema", "name": "app"}"#)) == left)
    #expect(try indexes(observe(#"{"kind": "schema", "name": "public"}"#)) == [])
    #expect(try indexes(observe(#"{"kind": "all"}"#)) == left)
  }

  @Test func `a partition that is half detached is pending`() throws {
    try ledger.run(
      """
      CREATE TABLE t (a int) PARTITION BY LIST (a);
      CREATE TABLE p PARTITION OF t FOR VALUES IN (1)
      """)
    let reader = try PsqlSession(ledger.database)
    try reader.run("BEGIN; SELECT count(*) FROM t")
    let refusal = refusal {
      try ledger.send(
        "SET lock_timeout = '100ms'; ALTER TABLE t DETACH PARTITION p CONCURRENTLY;")
    }
    #expect(refusal?.sqlState == "55P03")
    try reader.run("COMMIT")
    let question = #"{"kind": "partition", "relation": "\"p\"", "owner": "\"t\""}"#
    let pending = try #require(try observe(question)["partition"] as? [String: Any])
    #expect(pending["is_pending"] as? Bool == true)
    try ledger.send("ALTER TABLE public.t DETACH PARTITION public.p FINALIZE;")
    #expect(try observe(question)["partition"] is NSNull)
  }

  @Test func `databases, tablespaces and subscriptions are there or not, for any role`() throws {
    try ledger.run(
      "CREATE SUBSCRIPTION s CONNECTION 'host=x' PUBLICATION p WITH (connect = false)")
    defer {
      _ = try? ledger.send("ALTER SUBSCRIPTION s SET (slot_name = NONE); DROP SUBSCRIPTION s;")
    }
    try ledger.database.withRole("observer") { observer in
      for (kind, name, isThere) in [
        ("database", "template1", true), ("database", "no such", false),
        ("tablespace", "pg_default", true), ("tablespace", "template1", false),
        ("subscription", "s", true), ("subscription", "t", false),
      ] {
        let answer = try observe(#"{"kind": "\#(kind)", "name": "\#(name)"}"#, as: observer)
        #expect(answer["is_there"] as? Bool == isThere, "\(kind) \(name)")
      }
    }
  }
}
