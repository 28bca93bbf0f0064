import SQLParsing
import Testing

@testable import MigrationCore

@Suite("Whether a statement that ran alone was carried out")
struct LoneVerdictTests {
  private func lone(_ sql: String) throws -> LoneStatement {
    try #require(SQLParser.parse(SourceText(sql)).statements.first?.lone)
  }

  private func judge(
    _ sql: String, _ before: Observation?, _ now: Observation?
  ) throws -> LoneVerdict {
    try LoneVerdict.judge(lone(sql), before: before, now: now)
  }

  private func index(
    _ oid: Int64, _ name: String = "i", isValid: Bool = true, isBuilding: Bool = false
  ) -> Observation.Index {
    Observation.Index(
      oid: oid, name: name, identity: "public.\(name)", isValid: isValid, isBuilding: isBuilding)
  }

  // MARK: CREATE INDEX

  private let create = "CREATE INDEX CONCURRENTLY i ON t (a)"

  @Test func anIndexThatIsThereSince() throws {
    let before = observation(named: nil, indexes: [index(1, "other", isValid: false)])
    let others = before.indexes
    #expect(try judge(create, before, before) == .again(cleanup: []))
    #expect(
      try judge(create, before, observation(named: 2, indexes: others + [index(2)]))
        == .done(cleanup: []))
    #expect(
      try judge(
        create, before, observation(named: 2, indexes: others + [index(2, isValid: false)]))
        == .again(cleanup: ["DROP INDEX CONCURRENTLY public.i"]))
    #expect(
      try judge(
        create, before,
        observation(named: 2, indexes: [index(2, isValid: false, isBuilding: true)]))
        == .running)
  }

  @Test func anIndexOfThatNameWhichIsAnother() throws {
    let before = observation(named: nil)
    var made = index(2)
    made.definition = "CREATE INDEX i ON public.t USING btree (a)"
    let now = observation(named: 2, indexes: [made])
    let unique = "CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)"
    #expect(try judge(unique, before, now) == .ask)
    #expect(try judge(create, before, now) == .done(cleanup: []))
    // After an error only what it left counts.
    var failed = before
    failed.left = []
    #expect(try judge(create, failed, now) == .again(cleanup: []))
    failed.left = [index(2, isValid: false)]
    #expect(try judge(create, failed, now) == .done(cleanup: []))
  }

  @Test func anIndexThatWasThereBefore() throws {
    let valid = observation(named: 1, indexes: [index(1)])
    let invalid = observation(named: 1, indexes: [index(1, isValid: false)])
    let orNot = "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a)"
    // The server says that it exists.
    #expect(try judge(create, valid, valid) == .again(cleanup: []))
    #expect(try judge(orNot, valid, valid) == .done(cleanup: []))
    // It is not this migration's to drop.
    #expect(try judge(orNot, invalid, invalid) == .again(cleanup: []))
  }

  @Test func anIndexThatTheServerNames() throws {
    let sql = "CREATE INDEX CONCURRENTLY ON t (a)"
    func seen(_ indexes: Observation.Index...) -> Observation {
      observation(name: nil, defaultName: "t_a_idx", named: nil, indexes: indexes)
    }
    let old = index(1, "t_a_idx")
    let others = index(7, "t_a_idx_gin")
    #expect(try judge(sql, seen(old), seen(old, others)) == .again(cleanup: []))
    #expect(try judge(sql, seen(old), seen(old, index(2, "t_a_idx1"))) == .done(cleanup: []))
    #expect(
      try judge(sql, seen(old), seen(old, index(2, "t_a_idx1", isValid: false)))
        == .again(cleanup: ["DROP INDEX CONCURRENTLY public.t_a_idx1"]))
    #expect(
      try judge(sql, seen(), seen(index(2, "t_a_idx"), index(3, "t_a_idx1"))) == .ask)
  }

  @Test func anIndexThatIsOfNoUseThoughNoErrorWasReported() throws {
    let statement = try lone("CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a)")
    let now = observation(named: 1, indexes: [index(1, isValid: false)])
    let others = LoneVerdict.invalidIndex(after: statement, before: now, now: now)
    #expect(others?.index.identity == "public.i")
    #expect(others?.isOwn == false)
    let own = LoneVerdict.invalidIndex(after: statement, before: observation(named: nil), now: now)
    #expect(own?.isOwn == true)
    let valid = observation(named: 1, indexes: [index(1)])
    #expect(LoneVerdict.invalidIndex(after: statement, before: nil, now: valid) == nil)
    #expect(try LoneVerdict.invalidIndex(after: lone("VACUUM"), before: nil, now: now) == nil)
    // Without IF NOT EXISTS it is another's: of an unnamed one the server has chosen the next name.
    let unnamed = observation(
      name: nil, defaultName: "t_a_idx", named: nil,
      indexes: [index(1, "t_a_idx", isValid: false), index(2, "t_a_idx1")])
    #expect(
      try LoneVerdict.invalidIndex(
        after: lone("CREATE INDEX CONCURRENTLY ON t (a)"), before: nil, now: unnamed) == nil)
  }

  // MARK: Others of indexes

  @Test func anIndexThatIsGone() throws {
    let sql = "DROP INDEX CONCURRENTLY i"
    func seen(_ named: Int64?) -> Observation { observation(kind: "index", named: named) }
    #expect(try judge(sql, seen(1), seen(1)) == .again(cleanup: []))
    #expect(try judge(sql, seen(1), seen(nil)) == .done(cleanup: []))
    // Another of its name, further on in the search path or made since.
    #expect(try judge(sql, seen(1), seen(2)) == .done(cleanup: []))
    #expect(try judge(sql, seen(nil), seen(nil)) == .again(cleanup: []))
    #expect(
      try judge("DROP INDEX CONCURRENTLY IF EXISTS i", seen(nil), seen(nil)) == .done(cleanup: []))
  }

  @Test func anIndexThatIsBuiltAnew() throws {
    let sql = "REINDEX INDEX CONCURRENTLY i"
    func seen(_ named: Int64, _ indexes: Observation.Index...) -> Observation {
      observation(kind: "index", name: nil, named: named, indexes: indexes)
    }
    let before = seen(1, index(1))
    #expect(try judge(sql, before, before) == .again(cleanup: []))
    #expect(
      try judge(sql, before, seen(1, index(1), index(2, "i_ccnew", isValid: false)))
        == .again(cleanup: ["DROP INDEX CONCURRENTLY public.i_ccnew"]))
    #expect(try judge(sql, before, seen(2, index(2))) == .done(cleanup: []))
    #expect(
      try judge(sql, before, seen(2, index(2), index(1, "i_ccold", isValid: false)))
        == .done(cleanup: ["DROP INDEX CONCURRENTLY public.i_ccold"]))
    // What an earlier one left stays: it was there before.
    let left = index(5, "i_ccnew1", isValid: false)
    #expect(try judge(sql, seen(1, index(1), left), seen(2, index(2), left)) == .done(cleanup: []))
  }

  @Test func theIndexesOfATable() throws {
    let sql = "REINDEX TABLE CONCURRENTLY t"
    func seen(_ indexes: Observation.Index...) -> Observation {
      observation(kind: "table", name: nil, named: 9, indexes: indexes)
    }
    let before = seen(index(1, "a"), index(2, "b"), index(3, "c", isValid: false))
    #expect(
      try judge(sql, before, seen(index(11, "a"), index(12, "b"), index(3, "c", isValid: false)))
        == .done(cleanup: []))
    #expect(
      try judge(
        sql, before,
        seen(
          index(11, "a"), index(1, "a_ccold", isValid: false), index(2, "b"),
          index(12, "b_ccnew", isValid: false)))
        == .again(
          cleanup: [
            "DROP INDEX CONCURRENTLY public.a_ccold", "DROP INDEX CONCURRENTLY public.b_ccnew",
          ]))
    #expect(try judge("REINDEX SCHEMA app", nil, nil) == .again(cleanup: []))
  }

  // MARK: Others

  @Test func aPartition() throws {
    let sql = "ALTER TABLE t DETACH PARTITION p CONCURRENTLY"
    func seen(named: Int64? = 1, isPending: Bool? = nil) -> Observation {
      observation(
        kind: "partition", name: nil, named: named,
        partition: isPending.map {
          Observation.Partition(parent: "app.t", partition: "app.p", isPending: $0)
        })
    }
    #expect(try judge(sql, seen(isPending: false), seen(isPending: false)) == .again(cleanup: []))
    #expect(
      try judge(sql, seen(isPending: false), seen(isPending: true))
        == .done(cleanup: ["ALTER TABLE app.t DETACH PARTITION app.p FINALIZE"]))
    #expect(try judge(sql, seen(isPending: false), seen()) == .done(cleanup: []))
    #expect(try judge(sql, seen(isPending: false), seen(named: nil)) == .ask)
    #expect(try judge(sql, seen(), seen()) == .again(cleanup: []))
  }

  @Test func aDatabase() throws {
    let there = observation(kind: "database", named: nil, isThere: true)
    let gone = observation(kind: "database", named: nil)
    #expect(try judge("CREATE DATABASE d", gone, there) == .done(cleanup: []))
    #expect(try judge("CREATE DATABASE d", gone, gone) == .again(cleanup: []))
    #expect(try judge("CREATE DATABASE d", there, there) == .again(cleanup: []))
    #expect(try judge("DROP DATABASE d", there, gone) == .done(cleanup: []))
    #expect(try judge("DROP DATABASE d", there, there) == .again(cleanup: []))
    #expect(try judge("DROP DATABASE d", gone, gone) == .again(cleanup: []))
    #expect(try judge("DROP DATABASE IF EXISTS d", gone, gone) == .done(cleanup: []))
  }

  @Test func whatDoesNoHarmTwiceAndWhatNobodyCanTell() throws {
    #expect(try judge("VACUUM", nil, nil) == .again(cleanup: []))
    #expect(try judge("CALL p()", nil, nil) == .ask)
    // The journal lacks what was seen before.
    #expect(try judge(create, nil, observation(named: 1, indexes: [index(1)])) == .ask)
  }

  @Test func whatIsAskedOfTheCatalog() throws {
    func question(_ sql: String) throws -> String? {
      try ObservationQuestion(of: lone(sql)).map { encodedJSON($0) }
    }
    #expect(
      try question("CREATE INDEX CONCURRENTLY i ON app.\"T\"\"\" (a)")
        == #"{"kind":"create_index","name":"i","owner":"\"app\".\"T\"\"\""}"#)
    #expect(
      try question("CREATE INDEX CONCURRENTLY ON t (a)")
        == #"{"kind":"create_index","default_name":"t_a_idx","owner":"\"t\""}"#)
    #expect(
      try question("ALTER TABLE t DETACH PARTITION p CONCURRENTLY")
        == #"{"kind":"partition","relation":"\"p\"","owner":"\"t\""}"#)
    #expect(try question("REINDEX SCHEMA app") == nil)
    #expect(
      try question("REINDEX SCHEMA CONCURRENTLY app") == #"{"kind":"schema","name":"app"}"#)
    #expect(try question("DROP DATABASE d") == #"{"kind":"database","name":"d"}"#)
    #expect(try question("VACUUM") == nil)
  }

  @Test func theAnswerIsReadBackAsItCame() throws {
    let json = """
      {"kind" : "create_index", "name" : "i", "default_name" : null, "named" : 7, "indexes" : \
      [{"oid" : 7, "name" : "i", "identity" : "public.i", "is_valid" : false, "is_building" : true}], \
      "partition" : null, "is_there" : false}
      """
    var expected = observation(
      named: 7, indexes: [index(7, isValid: false, isBuilding: true)])
    expected.json = json
    #expect(Observation(json: json) == expected)
    #expect(Observation(json: "{}") == nil)
    #expect(Observation(json: nil) == nil)
  }
}
