import Foundation
import PostgresClient
import TestSupport
import Testing

@Suite(.scratchDatabase) struct QueryTests {
  private let database = ScratchDatabase.current

  private func open() throws -> Connection {
    try Connection.open(ConnectionRequest(connectionString: database.connectionString))
  }

  /// Runs what must fail.
  private func failure(_ sql: String, on connection: borrowing Connection) throws -> QueryError {
    do {
      try connection.execute(sql)
    } catch {
      return error
    }
    throw Missing(description: "no error from \(sql)")
  }

  private struct Missing: Error, CustomStringConvertible {
    let description: String
  }

  @Test func eachStatementHasAResult() throws {
    let connection = try open()
    let results = try connection.execute(
      """
      CREATE TABLE fruit (name text, weight int);
      INSERT INTO fruit VALUES ('äpfel', 3), (NULL, NULL), ('', 0);
      SELECT name, weight FROM fruit ORDER BY weight
      """)
    #expect(results.map(\.rowCount) == [0, 0, 3])
    let fruit = results[2]
    #expect(fruit.columnNames == ["name", "weight"])
    #expect(fruit.columnIndex(named: "weight") == 1)
    #expect(fruit.columnIndex(named: "Weight") == nil)
    #expect((0..<3).map { fruit.value(row: $0, column: 0) } == ["", "äpfel", nil])
    #expect((0..<3).map { fruit.value(row: $0, column: 1) } == ["0", "3", nil])
    #expect(fruit.text(row: 2, column: 1) == "")
  }

  @Test func nullsAndEmptyTextsKeepTheirPlaces() throws {
    let result = try open().execute("SELECT NULL, 'a', NULL, '', 'bc', NULL")[0]
    #expect((0..<6).map { result.value(row: 0, column: $0) } == [nil, "a", nil, "", "bc", nil])
  }

  @Test(arguments: ["", ";", "-- nothing"])
  func aStringWithoutStatementsHasNoResult(sql: String) throws {
    #expect(try open().execute(sql).isEmpty)
  }

  @Test func anErrorCarriesItsFieldsAndWhatWasDoneBefore() throws {
    let connection = try open()
    try connection.execute(
      "CREATE SCHEMA app; CREATE TABLE app.t (n int CONSTRAINT small CHECK (n < 9))")
    let error = try failure(
      "BEGIN; SELECT 42; INSERT INTO app.t VALUES (10); SELECT 43", on: connection)
    #expect(error.completedStatements == 2)
    #expect(error.results[1].value(row: 0, column: 0) == "42")
    let server = try #require(error.serverError)
    #expect(server.severity == "ERROR")
    #expect(server.sqlState == SQLState(rawValue: "23514"))
    #expect(
      server.message == "new row for relation \"t\" violates check constraint \"small\"")
    #expect(server.detail == "Failing row contains (10).")
    #expect(connection.transactionStatus == .inError)
    try connection.execute("ROLLBACK")
    #expect(connection.transactionStatus == .idle)
  }

  @Test func aPositionCountsCharactersOfTheWholeString() throws {
    let error = try failure("SELECT 'äöü€🍏'; SELECT nothing", on: open())
    let server = try #require(error.serverError)
    #expect(server.sqlState == SQLState(rawValue: "42703"))
    #expect(server.position == 24)
    #expect(error.completedStatements == 1)
  }

  @Test func anErrorInsideAFunctionShowsWhere() throws {
    let error = try failure(
      "DO $$ BEGIN EXECUTE 'SELECT * FROM nowhere'; END $$", on: open())
    let server = try #require(error.serverError)
    #expect(server.sqlState == SQLState(rawValue: "42P01"))
    #expect(server.position == nil)
    #expect(server.internalQuery == "SELECT * FROM nowhere")
    #expect(server.context == "PL/pgSQL function inline_code_block line 1 at EXECUTE")
  }

  @Test func noticesComeWhileTheStringRuns() throws {
    let connection = try open()
    try connection.execute("DO $$ BEGIN RAISE NOTICE 'nobody listens'; END $$")
    final class Heard {
      var notices: [Notice] = []
    }
    let heard = Heard()
    connection.onNotice = { heard.notices.append($0) }
    try connection.execute(
      """
      DO $$ BEGIN RAISE WARNING 'careful' USING DETAIL = 'very', HINT = 'look', ERRCODE = '01ABC';
      END $$
      """)
    #expect(heard.notices.count == 1)
    let notice = try #require(heard.notices.first)
    #expect(notice.severity == "WARNING")
    #expect(notice.sqlState == SQLState(rawValue: "01ABC"))
    #expect(notice.message == "careful")
    #expect(notice.detail == "very")
    #expect(notice.hint == "look")
    connection.onNotice = nil
    try connection.execute("DROP TABLE IF EXISTS nowhere")
    #expect(heard.notices.count == 1)
  }

  @Test func copyFromTheClientIsRefusedAndDoesNotHang() throws {
    let connection = try open()
    let error = try failure(
      "CREATE TABLE t (n int); COPY t FROM STDIN; SELECT 1", on: connection)
    let server = try #require(error.serverError)
    #expect(server.sqlState == .featureNotSupported)
    #expect(server.message == "COPY from stdin failed: the client sends no COPY data")
    #expect(error.completedStatements == 1)
    #expect(try connection.execute("SELECT to_regclass('t')")[0].value(row: 0, column: 0) == nil)
  }

  @Test func eachCopyGetsItsData() throws {
    let connection = try open()
    let rows = (1...40_000).map { "\($0)\tä\\t\($0)\n" }.joined()
    let sql = """
      CREATE TABLE a (n int, name text); CREATE TABLE b (LIKE a);
      COPY a FROM STDIN; SELECT count(*) FROM a; COPY b FROM STDIN CSV;
      SELECT sum(n), min(length(name)), string_agg(name, '|') FILTER (WHERE n = 7) FROM a;
      SELECT count(*) FROM b; COPY b FROM STDIN
      """
    let data = [rows, "7,\"it's\n\"\n8,", ""].map(\.utf8Bytes)
    let results = try connection.execute(sql, copyData: data)
    #expect(results.count == 8)
    #expect(results[3].value(row: 0, column: 0) == "40000")
    #expect((0..<3).map { results[5].value(row: 0, column: $0) } == ["800020000", "3", "ä\t7"])
    #expect(results[6].value(row: 0, column: 0) == "2")
    try connection.run("TRUNCATE a; COPY a FROM STDIN", copyData: ["1\tx".utf8Bytes])
    #expect(try connection.execute("TABLE a")[0].value(row: 0, column: 1) == "x")
  }

  @Test func anErrorInCopiedDataSaysWhere() throws {
    let connection = try open()
    try connection.execute("CREATE TABLE t (n int)")
    let good = String(repeating: "1\n", count: 200_000)
    let error = #expect(throws: QueryError.self) {
      try connection.execute(
        "SELECT 1; COPY t FROM STDIN; SELECT 2", copyData: ["1\n2\nx\n\(good)".utf8Bytes])
    }
    #expect(error?.completedStatements == 1)
    #expect(error?.serverError?.sqlState == SQLState(rawValue: "22P02"))
    #expect(error?.serverError?.message == "invalid input syntax for type integer: \"x\"")
    #expect(error?.serverError?.context == "COPY t, line 3, column n: \"x\"")
    #expect(try connection.execute("SELECT count(*) FROM t")[0].value(row: 0, column: 0) == "0")
  }

  @Test func aCopyBeyondTheDataIsRefused() throws {
    let connection = try open()
    try connection.execute("CREATE TABLE t (n int)")
    let error = #expect(throws: QueryError.self) {
      try connection.execute("COPY t FROM STDIN; COPY t FROM STDIN", copyData: ["1\n".utf8Bytes])
    }
    #expect(error?.serverError?.sqlState == .featureNotSupported)
    #expect(error?.completedStatements == 1)
    #expect(try connection.execute("SELECT count(*) FROM t")[0].value(row: 0, column: 0) == "0")
  }

  @Test func aServerThatDiesWhileItIsCopiedToIsALostConnection() throws {
    let connection = try open()
    let process = try connection.execute("SELECT pg_backend_pid()")[0].text(row: 0, column: 0)
    try connection.execute(
      """
      CREATE TABLE t (n int);
      CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN PERFORM pg_terminate_backend(\(process)); RETURN NEW; END $$;
      CREATE TRIGGER die BEFORE INSERT ON t FOR EACH ROW WHEN (NEW.n = 2) EXECUTE FUNCTION die();
      """)
    let rows = "1\n2\n" + String(repeating: "3\n", count: 4_000_000)
    let error = #expect(throws: QueryError.self) {
      try connection.execute("COPY t FROM STDIN", copyData: [rows.utf8Bytes])
    }
    #expect(error?.isConnectionLost == true, "\(error as Any)")
    #expect(connection.isAlive == false)
  }

  @Test func copyToTheClientIsDropped() throws {
    let results = try open().execute(
      "COPY (SELECT generate_series(1, 50000)) TO STDOUT; SELECT 1")
    #expect(results.map(\.rowCount) == [0, 1])
  }

  @Test func aZeroByteIsRefusedBeforeAnythingRuns() throws {
    let connection = try open()
    let error = try failure("CREATE TABLE t (); \0 SELECT 1", on: connection)
    #expect(error.serverError?.sqlState == .characterNotInRepertoire)
    #expect(try connection.execute("SELECT to_regclass('t')")[0].value(row: 0, column: 0) == nil)
  }

  @Test func aSessionEndedByTheServerIsALostConnection() throws {
    let connection = try open()
    let error = try failure(
      "BEGIN; SELECT 1; SELECT pg_terminate_backend(pg_backend_pid())", on: connection)
    guard case .connectionLost(let reason) = error.cause else {
      Issue.record("\(error)")
      return
    }
    #expect(reason == "terminating connection due to administrator command")
    #expect(error.completedStatements <= 2)
    #expect(connection.isAlive == false)
    #expect(try failure("SELECT 1", on: connection).isConnectionLost)
  }

  @Test func aSessionEndedWhileIdleIsALostConnection() throws {
    let connection = try open()
    let process = try connection.execute("SELECT pg_backend_pid()")[0].text(row: 0, column: 0)
    try database.psql("SELECT pg_terminate_backend(\(process), 10000)")
    let error = try failure("SELECT 1", on: connection)
    guard case .connectionLost(let reason) = error.cause else {
      Issue.record("\(error)")
      return
    }
    #expect(reason == "terminating connection due to administrator command")
  }

  @Test func aServerThatDiesIsALostConnection() throws {
    let server = try TestServer.start()
    let connection = try Connection.open(
      ConnectionRequest(
        connectionString: "host=\(server.socketDirectory) user=postgres dbname=postgres"))
    server.stopImmediately()
    let error = try failure("SELECT 1", on: connection)
    #expect(error.isConnectionLost, "\(error)")
    #expect(connection.isAlive == false)
  }

  @Test func aRunningStatementCanBeCancelledFromAnotherThread() throws {
    let connection = try open()
    let token = connection.cancelToken
    let database = database
    let process = try connection.execute("SELECT pg_backend_pid()")[0].text(row: 0, column: 0)
    Thread.detachNewThread {
      try? waitUntil("the statement runs") {
        try database.psql(
          "SELECT 1 FROM pg_stat_activity WHERE pid = \(process) AND wait_event = 'PgSleep'")
          == "1"
      }
      token.cancel()
    }
    let error = try failure("SELECT pg_sleep(60)", on: connection)
    #expect(error.serverError?.sqlState == .queryCanceled)
    #expect(connection.isAlive == true)
  }

  @Test func cancellingAnEndedConnectionDoesNoHarm() throws {
    let token = try open().cancelToken
    _ = token.cancel()
  }

  @Test func rowsThatNobodyWantsAreDroppedAsTheyCome() throws {
    let connection = try open()
    let sql = "SELECT n FROM generate_series(1, 3) AS n; SELECT 2; SELECT 1 / 0"
    let kept = #expect(throws: QueryError.self) { try connection.execute(sql) }
    #expect(kept?.results.map(\.rowCount) == [3, 1])
    let dropped = #expect(throws: QueryError.self) { try connection.run(sql) }
    #expect(dropped?.results.map(\.rowCount) == [0, 0])
    #expect(dropped?.completedStatements == 2)
    #expect(dropped?.serverError?.message == "division by zero")
    #expect(try connection.execute("SELECT 1")[0].rowCount == 1)
  }

  @Test func tenThousandRowsArriveWhole() throws {
    let result = try open().execute(
      """
      SELECT n, n::text || '€', NULL, '', n % 2 = 0, n * 2, 'x', n + 1
      FROM generate_series(1, 10000) AS n
      """)[0]
    #expect(result.rowCount == 10_000)
    #expect(result.columnCount == 8)
    for row in [0, 4_999, 9_999] {
      #expect(result.value(row: row, column: 1) == "\(row + 1)€")
      #expect(result.value(row: row, column: 2) == nil)
      #expect(result.value(row: row, column: 7) == "\(row + 2)")
    }
  }
}

extension String {
  /// The text as data for `COPY`.
  fileprivate var utf8Bytes: ArraySlice<UInt8> { ArraySlice(utf8) }
}

@Suite(.scratchDatabase) struct QuotingTests {
  @Test func identifiersAndLiteralsSurviveTheServer() throws {
    let connection = try Connection.open(
      ConnectionRequest(connectionString: ScratchDatabase.current.connectionString))
    #expect(try connection.quoteIdentifier("a\"b$$c") == "\"a\"\"b$$c\"")
    #expect(try connection.quoteLiteral("it's") == "'it''s'")
    for text in ["it's", "back\\slash", "a\"b$$c", "ünï🍏", "two\nlines", ""] {
      let sql = "SELECT \(try connection.quoteLiteral(text))"
      #expect(try connection.execute(sql)[0].value(row: 0, column: 0) == text)
    }
    let pieces = ["it's", "", "'", "back\\slash", "ünï🍏\n"]
    for setting in ["on", "off"] {
      try connection.execute(
        "SET standard_conforming_strings = \(setting); SET escape_string_warning = on")
      let literal = try connection.quoteLiteral(joining: pieces.map { Array($0.utf8) })
      let answer = try connection.execute("SELECT \(literal)")
      #expect(answer[0].value(row: 0, column: 0) == pieces.joined())
    }
    #expect(try connection.quoteLiteral(joining: []) == "''")
    #expect(throws: QuotingError.zeroByte) {
      try connection.quoteLiteral(joining: [[0x61], [0x61, 0, 0x62]])
    }
    #expect(throws: QuotingError.zeroByte) { try connection.quoteIdentifier("a\0b") }
    #expect(throws: QuotingError.zeroByte) { try connection.quoteLiteral("a\0b") }
  }
}
