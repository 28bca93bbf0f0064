/// Everything needed to explain a failure to a person or, as JSON, to a program.
///
/// The words are lower case without a final period, names stand in quotes, and ``hint`` is the
/// next thing to type.
public struct ErrorReport: Error, Hashable, Sendable {
  /// The kind of failure, the same words as `error.code` in JSON.
  public enum Code: String, Sendable, CaseIterable {
    /// The command line itself is wrong.
    case usage
    /// The server could not be reached, refused the connection, or went away.
    case connection
    /// The role lacks a right.
    case permission
    /// The ledger is absent, foreign, incomplete, or of another version.
    case ledger
    /// A migration file or folder is missing, unreadable, or malformed.
    case file
    /// The answer is no: nothing was changed.
    case refused
    /// The server rejected or failed to run SQL.
    case sql
    /// A lock could not be had in time.
    case lock
    /// SIGINT, SIGTERM or SIGHUP, and the server said that the work was undone.
    case interrupted
    /// The connection was lost and the server stayed away: whether it committed is not known.
    case fateUnknown = "fate_unknown"
    /// A defect of this program.
    case internalError = "internal"
  }

  /// The place of an error in a file, or in recorded SQL.
  public struct Location: Hashable, Sendable {
    /// The path as shown to the user, or `NAME (recorded)`.
    public var file: String
    /// The line, counted from 1.
    public var line: Int
    /// The column in characters, counted from 1; nil when only the line is known.
    public var column: Int?

    /// Names a place.
    public init(file: String, line: Int, column: Int? = nil) {
      self.file = file
      self.line = line
      self.column = column
    }

    /// `FILE:LINE:COL`, or `FILE:LINE` without a column.
    public var description: String {
      column.map { "\(file):\(line):\($0)" } ?? "\(file):\(line)"
    }
  }

  /// The kind of failure.
  public var code: Code
  /// One line: what is wrong, with names in quotes.
  public var message: String
  /// Further lines, shown indented below the message: caret lines, DETAIL, what is missing.
  public var details: [String]
  /// The next thing to do or to type.
  public var hint: String?
  /// Where in a file, when there is such a place.
  public var location: Location?
  /// The server's SQLSTATE, when the server said it.
  public var sqlState: String?

  /// Describes a failure.
  public init(
    _ code: Code, _ message: String, details: [String] = [], hint: String? = nil,
    location: Location? = nil, sqlState: String? = nil
  ) {
    self.code = code
    self.message = message
    self.details = details
    self.hint = hint
    self.location = location
    self.sqlState = sqlState
  }
}
