internal import Platform
internal import PostgresClient

/// The SQLSTATEs that the ledger's own SQL raises (class `MM`).
enum LedgerState: String {
  case absent = "MM001"
  case foreignObject = "MM002"
  case invisible = "MM003"
  case lockHeld = "MM004"
  case refused = "MM005"
  case incomplete = "MM006"
  case newer = "MM007"
  case belongsElsewhere = "MM008"
  case dependencyCycle = "MM009"
  case unknownMigration = "MM010"
  case wrongIsolation = "MM011"
  case readOnlyRole = "MM012"
  case appliedMeanwhile = "MM013"
  case selectionChanged = "MM014"
  case leaseLost = "MM015"

  /// The state of a server's error, when it is one of ours.
  init?(_ error: PostgresError?) {
    guard let error else { return nil }
    self.init(rawValue: error.sqlState.rawValue)
  }
}

/// Who holds the lock of all runners, or the lease of a run that goes statement by statement: DETAIL of
/// `MM004`.
struct LockHolder: Decodable, Equatable {
  var pid: Int?
  var user: String?
  var application: String?
  var query: String?
  /// Its transaction, by `pg_locks.virtualtransaction`, which every role may see; of a lease its
  /// statement.
  var transaction: String?
  /// When its transaction began, or its lease was taken: microseconds since 1970-01-01 00:00 UTC.
  var since: Int?
  /// Of a lease: the number of the statement that it is at.
  var statement: Int?
  /// Of a lease: the operating system's user who runs it.
  var osUser: String?
  /// Of a lease: the machine that it runs on.
  var host: String?
  /// Of a lease: it has run out, and whether the run lives this role may not see.
  var isHidden: Bool?

  enum CodingKeys: String, CodingKey {
    case pid, user, application, query, transaction, since, statement, host
    case osUser = "os_user"
    case isHidden = "is_hidden"
  }

  /// Reads it from an error; nil where there is none in it.
  init?(_ error: PostgresError) {
    guard let holder = decodedJSON(Self.self, from: error.detail) else { return nil }
    self = holder
  }

  /// Whether another look found the same transaction.
  func isSameTransaction(as other: Self) -> Bool {
    pid == other.pid && transaction == other.transaction && since == other.since
  }

  /// One line for people.
  var description: String {
    // Behind a pooler no process is the holder's own.
    var parts = ["held by " + (pid.map { "pid \($0)" } ?? (isLease ? "a run" : "pid unknown"))]
    if let osUser, let host { parts.append("'\(osUser)' on '\(host)'") }
    if let user { parts.append("user '\(user)'") }
    if let application, !application.isEmpty { parts.append("application '\(application)'") }
    if let since { parts.append("since \(LocalTime.format(microsecondsSince1970: since))") }
    return parts.joined(separator: ", ")
  }

  /// What it runs, on one line, cut when it is long. Nil where this role may not see it.
  var shownQuery: String? {
    guard var query else { return nil }
    // One of ours says itself what it is.
    if let title = TransactionScript.title(of: query) { query = String(title) }
    let text = query.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return text.count > 200 ? text.prefix(199) + "…" : text
  }

  /// What to do about it.
  var wayOut: String {
    if isHidden == true {
      return "whether it still runs, this role may not see: run the same command as "
        + "'\(user ?? "its role")', or as a member of pg_read_all_stats"
    }
    return "wait until it is done, or give a longer --wait; "
      + (isLease && pid == nil
        ? "if it hangs, end it there: it is passed over 30 seconds after its last statement"
        : "if it hangs, end it with SELECT pg_terminate_backend(\(pid.map(String.init) ?? "PID"))")
  }

  private var isLease: Bool { statement != nil }
}

/// What the guard refused: an element of DETAIL of `MM005`.
struct GuardRefusal: Decodable, Equatable {
  var name: String
  var reason: String
  var status: String?
  var dependents: [String]?
}

/// How what is to be rolled back changed: DETAIL of `MM014`.
struct SelectionChange: Decodable, Equatable {
  var added: [String]
  var gone: [String]

  /// Lines for people.
  var words: [String] {
    (added.isEmpty ? [] : ["now also: \(Self.list(added))"])
      + (gone.isEmpty ? [] : ["no longer: \(Self.list(gone))"])
  }

  private static func list(_ names: [String]) -> String {
    names.prefix(8).map { "'\($0)'" }.joined(separator: ", ")
      + (names.count > 8 ? ", … (\(names.count) in all)" : "")
  }
}

/// An object of our names that is not ours: an element of DETAIL of `MM002`.
struct ForeignObject: Decodable, Equatable {
  var kind: String
  var identity: String
  var owner: String?
  var why: String?
}
