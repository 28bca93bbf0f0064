internal import LedgerSQL
internal import Platform
internal import PostgresClient

/// The one connection of a session, and what every first query string on it begins with.
///
/// The first string checks in one round trip that the ledger is there, is ours, and may be seen
/// (`session_check.sql`), asks what the session is (`session_facts.sql`), and shuts out whatever
/// the connection's own search path holds (`set_search_path.sql`).
final class Database {
  /// What a command needs of the ledger.
  enum Requirement: String {
    /// To see it.
    case read
    /// To write to it.
    case write
    /// Nothing: there may be none yet.
    case create
  }

  /// Where the connection leads, as shown to the user.
  let target: DatabaseTarget
  /// The ledger's schema.
  private(set) var schema: LedgerSchemaName
  /// What the session is; known after the first read.
  private(set) var facts: SessionFacts?
  private let connection: Connection
  private let schemaIsExplicit: Bool
  private var isChecked = false

  /// Takes an open connection.
  ///
  /// - Parameters:
  ///   - connection: the connection.
  ///   - source: where its settings came from.
  ///   - schema: `--schema`; nil means the default.
  /// - Throws: when the schema's name cannot be quoted.
  init(_ connection: consuming Connection, source: String?, schema: String?) throws {
    let place = connection.target
    target = DatabaseTarget(
      database: place.database, host: place.host, port: String(place.port), user: place.user,
      source: source)
    schemaIsExplicit = schema != nil
    self.schema = try Self.schemaName(schema ?? "public", on: connection)
    self.connection = connection
  }

  /// The ledger's function calls.
  var calls: LedgerCalls { LedgerCalls(schema: schema, quote: quote) }

  /// Where notices go while ``execute(_:)`` runs.
  var onNotice: ((Notice) -> Void)? {
    get { connection.onNotice }
    set { connection.onNotice = newValue }
  }

  /// A text as an SQL literal.
  func quote(_ text: String) throws -> String { try connection.quoteLiteral(text) }

  /// Texts as a literal of type `text[]`, without its cast.
  func quoteArray(_ texts: [String]) throws -> String {
    let elements = texts.map { text in
      var element = String.UnicodeScalarView()
      for scalar in text.unicodeScalars {
        if scalar == "\"" || scalar == "\\" { element.append("\\") }
        element.append(scalar)
      }
      return "\"" + String(element) + "\""
    }
    return try quote("{" + elements.joined(separator: ",") + "}")
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

  /// Whether the transaction has failed and waits for ROLLBACK.
  var isInFailedTransaction: Bool { connection.transactionStatus == .inError }

  /// Runs statements as one string; a signal cancels what the server is at.
  ///
  /// - Throws: `QueryError`, or `InterruptedError` when a signal came before it began.
  func execute(_ sql: String) throws -> [QueryResult] {
    let token = connection.cancelToken
    return try Interrupts.withCancelAction({ _ = token.cancel() }) { try connection.execute(sql) }
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

  private func readOnce(
    _ requirement: Requirement, _ statements: (Database) throws -> [String]
  ) throws -> [QueryResult] {
    var preamble: [String] = []
    if !isChecked { preamble.append(try check(requirement)) }
    preamble += [statement(.sessionFacts), statement(.setSearchPath)]
    let texts = preamble + (try statements(self))
    do {
      let results = try execute(texts.joined(separator: "\n"))
      if requirement != .create { isChecked = true }
      facts = results.lazy.compactMap(SessionFacts.init).first
      return results
    } catch let error as QueryError {
      throw ErrorReport(error, reading: target)
    }
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
    LedgerSQL.statement(statement, in: schema, values: values)
  }

  private static func schemaName(_ name: String, on connection: borrowing Connection) throws
    -> LedgerSchemaName
  {
    LedgerSchemaName(
      name: name, quotedIdentifier: try connection.quoteIdentifier(name),
      quotedLiteral: try connection.quoteLiteral(name))
  }
}
