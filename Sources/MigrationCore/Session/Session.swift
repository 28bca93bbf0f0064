internal import LedgerSQL
internal import Platform
internal import PostgresClient
internal import SQLParsing

/// One database, one folder, one set of options: what every command works on.
///
/// The connection is opened by the first method that needs it and closed with the session.
/// Methods throw ``ErrorReport``.
///
/// ```swift
/// let session = Session(options: options) { event in show(event) }
/// let request = RollbackRequest(.names(["20250120_add_tags"], cascade: false))
/// let plan = try session.planRollback(request)
/// if plan.obstacle == nil { _ = try session.rollback(plan, reason: nil) }
/// ```
public final class Session {
  /// What the command line said.
  let options: SessionOptions
  /// Told of notes, warnings and notices as they come.
  let observe: (SessionEvent) -> Void
  /// What is in force, once it was read; see `Session+Configuration.swift`.
  var knownConfiguration: Configuration?
  private var knownConnection: ConnectionSettings?
  private var openDatabase: Database?

  /// Prepares a session; nothing is opened yet.
  ///
  /// - Parameters:
  ///   - options: what the command line said.
  ///   - observe: told of notes, warnings and notices as they come.
  public init(options: SessionOptions, observe: @escaping (SessionEvent) -> Void) {
    self.options = options
    self.observe = observe
  }

  /// The version of this program.
  public static let toolVersion = "0.1.0"

  /// The versions of libpq and of the parser, for `--version`: pairs of name and version.
  public static var libraryVersions: [(name: String, version: String)] {
    [("libpq", Connection.libpqVersion), ("libpg_query", SQLParser.version)]
  }

  /// The server, database and role; nil until the connection was opened.
  public var target: DatabaseTarget? { openDatabase?.target }

  /// The folder of migration files.
  ///
  /// - Throws: ``ErrorReport`` of code `file`.
  func folder() throws -> MigrationDirectory {
    // Threads read folders: what .env says is taken over before. What is wrong with the connection is
    // told when it is needed.
    _ = try? connectionSettings()
    let named = try configuration().entries[.directory]
    return try MigrationDirectory(
      named?.value.text, namedBy: named?.origin.folderNamer,
      warn: { [observe] in observe(.warning($0)) })
  }

  /// The folder, where a command can do without: nil when none is named and none of the usual is
  /// there.
  func folderIfAny() throws -> MigrationDirectory? {
    let named = try configuration().entries[.directory]
    return try named == nil && MigrationDirectory.usualPath == nil ? nil : folder()
  }

  /// The settings in force.
  func settings() throws -> SessionSettings { try configuration().settings() }

  /// The open connection; opens it first.
  func database() throws -> Database {
    if let openDatabase { return openDatabase }
    try remarkOnConnection()
    let database = try connect(waiting: try self.settings().connectWaitSeconds)
    openDatabase = database
    return database
  }

  /// The open connection; another one to the same ledger, where the server has closed it while
  /// someone thought about a question.
  func livingDatabase() throws -> Database {
    let database = try database()
    if database.isAlive { return database }
    let other = try connect(
      waiting: try settings().connectWaitSeconds, schema: database.schema.name)
    openDatabase = other
    return other
  }

  /// Goes on over another connection to the same database.
  func adopt(_ database: Database) { openDatabase = database }

  /// Makes a connection.
  ///
  /// - Parameters:
  ///   - seconds: how long to go on trying while no server answers.
  ///   - schema: the ledger's schema, where it is known already; nil means the options' or default.
  /// - Returns: the connection.
  /// - Throws: ``ErrorReport`` of code `connection`, and of code `refused` where `--confirm` names
  ///   another database.
  func connect(waiting seconds: Int, schema: String? = nil) throws -> Database {
    let configuration = try configuration()
    let settings = try configuration.settings()
    let place = try connectionSettings()
    let deadline = MonotonicClock.nowMicroseconds + seconds * 1_000_000
    var isAnnounced = false
    while true {
      do {
        let connection = try Connection.open(
          ConnectionRequest(
            connectionString: place.connectionString,
            connectTimeoutSeconds: settings.connectTimeoutSeconds))
        let database = try Database(
          connection, source: place.source, protection: configuration.protection,
          schema: schema ?? settings.schema)
        try checkName(of: database.target)
        return database
      } catch let error as ConnectionError {
        let mayPass = error.kind == .serverUnreachable || error.kind == .serverStarting
        let report = ErrorReport(error, source: place.source)
        guard mayPass, MonotonicClock.nowMicroseconds < deadline else { throw report }
        if !isAnnounced {
          isAnnounced = true
          observe(.note("\(report.message): trying again for \(seconds) s"))
        }
        MonotonicClock.sleep(milliseconds: 200)
      }
    }
  }

  /// Refuses another database than the one that was meant, before anything is asked of it.
  private func checkName(of target: DatabaseTarget) throws(ErrorReport) {
    guard let name = options.confirmedDatabase, name != target.database else { return }
    throw ErrorReport(
      .refused, "this is the database '\(target.database)', not '\(name)'; nothing was changed",
      details: ["Database: \(target.description)"],
      hint: "correct --confirm, or connect to the database that you mean")
  }

  /// Which database, and who says so; found out once. libpq's variables of `.env` are taken over into
  /// the environment, which may be changed only while there is one thread (setenv(3)).
  func connectionSettings() throws -> ConnectionSettings {
    if let knownConnection { return knownConnection }
    let connection = try configuration().connection
    let chosen = try ConnectionSettings.choose(
      option: options.databaseURL, file: connection, environment: Environment.value(for:),
      dotEnv: try dotEnvEntries(with: connection?.url?.variable))
    assert(!ConcurrentMap.hasThreads, "the environment is changed beside threads that read it")
    for variable in chosen.variablesToSet {
      Environment.setIfAbsent(variable.key, to: variable.value)
    }
    knownConnection = chosen
    return chosen
  }

  /// Who runs this invocation.
  func newRun(reason: String?) -> RunIdentity {
    RunIdentity(
      id: UniqueIdentifier.random(), osUser: HostInformation.userName,
      host: HostInformation.hostName, toolVersion: Self.toolVersion, reason: reason)
  }
}
