internal import LedgerSQL
internal import Platform
internal import PostgresClient

/// The one connection of a session, and what every first query string on it begins with.
///
/// The first string asks in one round trip what the session is (`session_facts.sql`), shuts out
/// whatever the connection's own search path holds (`set_search_path.sql`), and sees that the ledger
/// is there, is ours, and may be used (`ledger_glance.sql`; where that does not do, a second string
/// tells what is wrong: `session_check.sql`).
final class Database {
  /// What a command needs of the ledger.
  enum Requirement: String {
    /// To see it.
    case read
    /// To write to it.
    case write
    /// Nothing: there may be none yet.
    case create
    /// To know what it consists of; there may be none.
    case drop
  }

  /// Where the connection leads, as shown to the user.
  let target: DatabaseTarget
  /// The ledger's schema.
  private(set) var schema: LedgerSchemaName
  /// What the session is; known after the first read.
  private(set) var facts: SessionFacts?
  private let connection: Connection
  private let schemaIsExplicit: Bool
  /// When the ledger's owners were last checked, by the monotonic clock; nil for never.
  private var checkedAt: Int?

  /// Takes an open connection.
  ///
  /// - Parameters:
  ///   - connection: the connection.
  ///   - source: where its settings came from.
  ///   - protection: whether the database is protected.
  ///   - schema: the ledger's schema; nil means the default.
  /// - Throws: when the schema's name cannot be quoted.
  init(
    _ connection: consuming Connection, source: String?, protection: Protection?, schema: String?
  ) throws {
    let place = connection.target
    target = DatabaseTarget(
      database: place.database, host: place.host, address: place.address, port: String(place.port),
      user: place.user,
      source: source, protection: protection)
    schemaIsExplicit = schema != nil
    self.schema = try Self.schemaName(schema ?? "public", on: connection)
    self.connection = connection
  }

  /// The ledger's function calls.
  var calls: LedgerCalls {
    LedgerCalls(schema: schema, quote: quote(_:), quoteJoined: quote(joining:))
  }

  /// Where notices go while ``execute(_:)`` runs.
  var onNotice: ((Notice) -> Void)? {
    get { connection.onNotice }
    set { connection.onNotice = newValue }
  }

  /// A text as an SQL literal.
  func quote(_ text: String) throws -> String { try connection.quoteLiteral(text) }

  /// A text that comes in pieces of UTF-8 as one SQL literal.
  func quote(joining pieces: [[UInt8]]) throws -> String {
    try connection.quoteLiteral(joining: pieces)
  }

  /// Texts as a literal of type `text[]`, without its cast.
  func quoteArray(_ texts: [String]) throws -> String {
    try quote(TextArray.literal(texts))
  }

  /// Why nothing can be written here, where that is known before it is tried.
  var writeImpediment: ErrorReport? {
    guard facts?.isInRecovery == true else { return nil }
    return ErrorReport(
      .connection,
      "the server at \(target.host):\(target.port) is a standby, which takes no writing statements",
      hint: "connect to the primary server")
  }

  /// Whether a transaction is open, working or failed.
  var isInTransaction: Bool {
    switch connection.transactionStatus {
    case .inTransaction, .inError, .active: true
    case .idle, .unknown: false
    }
  }

  /// Runs statements as one string; a signal cancels what the server is at.
  ///
  /// - Throws: `QueryError`, or `InterruptedError` when a signal came before it began.
  func execute(_ sql: String) throws -> [QueryResult] {
    let token = connection.cancelToken
    return try Interrupts.withCancelAction({ _ = token.cancel() }) { try connection.execute(sql) }
  }

  /// Runs statements as one string and drops the rows that they return: rollback SQL may return
  /// more than fits into memory.
  ///
  /// - Parameters:
  ///   - sql: the statements.
  ///   - copyData: what the server gets for each `COPY ... FROM stdin`, in order.
  /// - Throws: as ``execute(_:)``.
  func run(_ sql: String, copyData: [ArraySlice<UInt8>] = []) throws {
    let token = connection.cancelToken
    try Interrupts.withCancelAction({ _ = token.cancel() }) {
      try connection.run(sql, copyData: copyData)
    }
  }

  /// Runs statements that put things right after a failure: no signal cancels them.
  @discardableResult
  func conclude(_ sql: String) throws(QueryError) -> [QueryResult] {
    try connection.execute(sql)
  }

  /// Runs reading statements, the first time behind the checks, in one round trip.
  ///
  /// - Parameters:
  ///   - requirement: what is needed of the ledger.
  ///   - statements: statements of the ledger and their values, quoted.
  /// - Returns: all results; those of `statements` are the last.
  /// - Throws: ``ErrorReport``.
  func read(
    _ requirement: Requirement, _ statements: (Database) throws -> [String]
  ) throws -> [QueryResult] {
    do {
      return try readOnce(requirement, statements)
    } catch let error as ErrorReport where error.sqlState == LedgerState.belongsElsewhere.rawValue {
      schema = try Self.schemaName("migration_manager", on: connection)
      return try readOnce(requirement, statements)
    }
  }

  // A glance first; only where that does not do, once more behind the whole check, which tells why.
  private func readOnce(
    _ requirement: Requirement, looksClosely: Bool = false,
    _ statements: (Database) throws -> [String]
  ) throws -> [QueryResult] {
    var preamble = [statement(.sessionFacts), statement(.setSearchPath)]
    if requirement != .read, let obstacle = stringObstacle { throw obstacle }
    let mayGlance = requirement == .read || requirement == .write
    if checkedAt == nil {
      if mayGlance && !looksClosely {
        preamble.append(try glance(requirement))
      } else {
        preamble.insert(try check(requirement), at: 0)
      }
    }
    let texts = preamble + (try statements(self))
    do {
      let results = try execute(texts.joined(separator: "\n"))
      if requirement == .read || requirement == .write {
        checkedAt = checkedAt ?? MonotonicClock.nowMicroseconds
      }
      facts =
        results.lazy.compactMap {
          SessionFacts($0, serverProcessID: self.connection.serverProcessID)
        }.first
      return results
    } catch let error as QueryError {
      if mayGlance, !looksClosely, isLookingCloserAskedFor(by: error) {
        return try readOnce(requirement, looksClosely: true, statements)
      }
      throw ErrorReport(error, reading: target)
    }
  }

  /// Whether a glance did not do: it says so itself, or the role may not even look names up in the
  /// ledger's schema.
  private func isLookingCloserAskedFor(by error: QueryError) -> Bool {
    guard let error = error.serverError else { return false }
    return error.sqlState == .insufficientPrivilege
      || error.message.contains(LedgerSQL.glanceMarker)
  }

  /// The statement that sees at a glance whether the ledger is there, is ours, and may be used.
  private func glance(_ requirement: Requirement) throws -> String {
    statement(.ledgerGlance, ["requirement": try quote(requirement.rawValue)])
  }

  /// The statement that checks that the ledger is there, is ours, and may be used.
  func check(_ requirement: Requirement) throws -> String {
    statement(
      .sessionCheck,
      [
        "requirement": try quote(requirement.rawValue),
        "explicit": try quote(schemaIsExplicit ? "true" : "false"),
      ])
  }

  /// The check again, where a second or more has passed since the last: someone may have thought
  /// about a question meanwhile, and someone else have replaced what the ledger's names mean.
  func lateCheck(_ requirement: Requirement) throws -> String? {
    if let checkedAt, MonotonicClock.nowMicroseconds - checkedAt < 1_000_000 { return nil }
    return try check(requirement).trimmed.droppingLast(";")
  }

  /// Notes that a ``lateCheck(_:)`` went well.
  func noteCheck() { checkedAt = MonotonicClock.nowMicroseconds }

  /// Takes over what is known of the session that this one stands in for, whose ledger was checked
  /// over this connection.
  func takeOver(_ lost: Database) {
    facts = lost.facts
    noteCheck()
  }

  /// The settings that a transaction of ours runs under here.
  func settings(_ options: SessionSettings) -> TransactionSettings {
    TransactionSettings(options, facts)
  }

  /// Whether the server counts bytes, not characters, in its error positions.
  var countsBytesInPositions: Bool {
    connection.parameterStatus("server_encoding") == "SQL_ASCII"
  }

  /// Whether a session of the server is this connection's own: no pooler stands between, that hands
  /// it to others after each transaction. Known after the first read.
  var isDirect: Bool { facts?.isDirect ?? false }

  /// Whether the connection stands, as far as can be told without asking the server.
  var isAlive: Bool { connection.isAlive }

  /// Why SQL cannot be trusted to mean here what it seems to: with this setting off, a backslash
  /// hides the end of a string from the server and not from the parser (manual, chapter 20.13).
  private var stringObstacle: ErrorReport? {
    guard connection.parameterStatus("standard_conforming_strings") == "off" else { return nil }
    return ErrorReport(
      .connection,
      "standard_conforming_strings is off for '\(target.user)' in '\(target.database)'",
      details: ["with it, strings in SQL do not mean what they seem to"],
      hint: "switch it on for this role or database (ALTER ROLE or ALTER DATABASE ... SET "
        + "standard_conforming_strings = on) and try again")
  }

  /// Asks the server to cancel what this session is at, even if its connection is lost: the request
  /// goes over one of its own.
  func cancel() { connection.cancelToken.cancel() }

  /// A statement of the ledger, for this session's schema.
  ///
  /// - Parameters:
  ///   - statement: which one.
  ///   - values: its placeholders, quoted.
  /// - Returns: SQL, ended by a semicolon.
  func statement(_ statement: LedgerStatement, _ values: [String: String] = [:]) -> String {
    LedgerSQL.statement(
      statement, in: schema, values: values,
      isSuperuser: connection.parameterStatus("is_superuser") == "on")
  }

  private static func schemaName(_ name: String, on connection: borrowing Connection) throws
    -> LedgerSchemaName
  {
    LedgerSchemaName(
      name: name, quotedIdentifier: try connection.quoteIdentifier(name),
      quotedLiteral: try connection.quoteLiteral(name))
  }
}
