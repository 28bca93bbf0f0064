/// Reads libpq's account of a failed connection.
///
/// libpq 15 keeps no error code of a failed connection, only text. libpq's own sentences are
/// English here: they follow `LC_MESSAGES`, which this program never sets. A server speaks the
/// language of its `lc_messages`; its codes can be had by connecting once more with verbose
/// errors (`PQsetErrorVerbosity`, `PQreset`), which `Connection.open` does only for a text that
/// none of the known sentences explains.
struct ConnectionFailure {
  /// What kind of trouble it is, or nil if no known sentence tells.
  var kind: ConnectionError.Kind?
  /// The server's error code, if the text is verbose and holds one.
  var sqlState: SQLState?
  /// The text without codes and source locations, without a final line end.
  var message: String

  /// Reads a text.
  ///
  /// - Parameter text: what `PQerrorMessage` returned; with several hosts it holds a paragraph for
  ///   each one tried.
  init(text: String) {
    var lines: [Substring] = []
    for line in text.split(whereSeparator: \.isNewline) {
      if line.hasPrefix("LOCATION:") { continue }
      let (shortened, code) = Self.takeCode(from: line)
      sqlState = code ?? sqlState
      lines.append(shortened)
    }
    message = lines.joined(separator: "\n").replacingTabs()
    let kinds = lines.compactMap { Self.kind(ofLine: $0) }
    // With several hosts, one that is only starting up is worth waiting for.
    kind = kinds.contains(.serverStarting) ? .serverStarting : kinds.last
    if let sqlState { kind = Self.kind(of: sqlState) ?? kind }
  }

  /// Cuts `28P01: ` out of `... failed: FATAL:  28P01: password authentication failed`.
  private static func takeCode(from line: Substring) -> (Substring, SQLState?) {
    var rest = line
    while let marker = rest.firstRange(of: ":  ") {
      let code = rest[marker.upperBound...].prefix(5)
      let after = rest[code.endIndex...]
      if code.count == 5, code.allSatisfy(\.isCodeCharacter), after.hasPrefix(": ") {
        let sqlState = SQLState(rawValue: String(code))
        return (line[..<marker.upperBound] + after.dropFirst(2), sqlState)
      }
      rest = rest[marker.upperBound...]
    }
    return (line, nil)
  }

  private static func kind(of sqlState: SQLState) -> ConnectionError.Kind? {
    switch sqlState {
    case .invalidCatalogName: .databaseMissing
    case .tooManyConnections: .tooManyConnections
    case .cannotConnectNow, .adminShutdown, .crashShutdown: .serverStarting
    // 42501: the role may not CONNECT to this database.
    case .insufficientPrivilege: .authenticationFailed
    default: sqlState.classCode == "28" ? .authenticationFailed : nil
    }
  }

  private static func kind(ofLine line: Substring) -> ConnectionError.Kind? {
    // What the server says follows its severity; a role could be named like a sentence below.
    if let server = line.firstRange(of: "FATAL:  ") {
      let words = line[server.upperBound...]
      return serverSentences.first { $0.matches(words) }?.kind
    }
    return clientSentences.first { $0.matches(line) }?.kind
  }
}

/// A sentence that is known to mean a kind of trouble.
private struct KnownSentence {
  var kind: ConnectionError.Kind
  var beginning = ""
  var part = ""

  func matches(_ line: Substring) -> Bool {
    line.hasPrefix(beginning) && (part.isEmpty || line.contains(part))
  }
}

/// PostgreSQL's (`postmaster.c`, `postinit.c`, `auth.c`) and PgBouncer's and Supavisor's.
private let serverSentences: [KnownSentence] = [
  KnownSentence(kind: .authenticationFailed, beginning: "no pg_hba.conf entry"),
  KnownSentence(kind: .authenticationFailed, beginning: "pg_hba.conf rejects connection"),
  KnownSentence(kind: .authenticationFailed, beginning: "role ", part: " does not exist"),
  KnownSentence(kind: .authenticationFailed, beginning: "role ", part: " is not permitted to log"),
  KnownSentence(kind: .authenticationFailed, beginning: "permission denied for database"),
  KnownSentence(kind: .authenticationFailed, beginning: "Tenant or user not found"),
  KnownSentence(kind: .authenticationFailed, beginning: "no such user"),
  KnownSentence(kind: .databaseMissing, beginning: "database ", part: " does not exist"),
  KnownSentence(kind: .databaseMissing, beginning: "no such database"),
  KnownSentence(kind: .tooManyConnections, beginning: "sorry, too many clients already"),
  KnownSentence(kind: .tooManyConnections, beginning: "remaining connection slots are reserved"),
  KnownSentence(kind: .tooManyConnections, beginning: "too many connections for"),
  KnownSentence(kind: .tooManyConnections, beginning: "no more connections allowed"),
  KnownSentence(kind: .serverStarting, beginning: "the database system is"),
  KnownSentence(kind: .authenticationFailed, part: " authentication failed for user "),
]

/// libpq's own (`fe-connect.c`, `fe-auth.c`) and, in them, the C library's words for errors.
private let clientSentences: [KnownSentence] = [
  KnownSentence(kind: .authenticationFailed, part: "no password supplied"),
  KnownSentence(kind: .timedOut, part: "timeout expired"),
  KnownSentence(kind: .timedOut, part: "Connection timed out"),
  KnownSentence(kind: .serverUnreachable, part: "could not translate host name"),
  KnownSentence(kind: .serverUnreachable, part: "Connection refused"),
  KnownSentence(kind: .serverUnreachable, part: "No such file or directory"),
  KnownSentence(kind: .serverUnreachable, part: "No route to host"),
  KnownSentence(kind: .serverUnreachable, part: "Network is unreachable"),
  KnownSentence(kind: .serverUnreachable, part: "Connection reset by peer"),
  KnownSentence(kind: .serverUnreachable, part: "server closed the connection unexpectedly"),
  KnownSentence(kind: .serverUnreachable, beginning: "\tIs the server running"),
  KnownSentence(kind: .invalidConnectionString, beginning: "invalid "),
  KnownSentence(kind: .invalidConnectionString, beginning: "could not match "),
  KnownSentence(kind: .invalidConnectionString, beginning: "definition of service "),
  KnownSentence(kind: .invalidConnectionString, beginning: "service file "),
  KnownSentence(kind: .invalidConnectionString, beginning: "syntax error in service file "),
  KnownSentence(kind: .invalidConnectionString, part: "Unix-domain socket path"),
]

extension Character {
  fileprivate var isCodeCharacter: Bool {
    isASCII && (isNumber || (isLetter && isUppercase))
  }
}

extension String {
  /// The text with each tab, by which libpq indents what follows a first line, as two blanks.
  fileprivate func replacingTabs() -> String {
    var text = ""
    for character in self { text += character == "\t" ? "  " : String(character) }
    return text
  }
}
