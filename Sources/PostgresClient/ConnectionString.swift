import CLibPQ

/// What a user gives to name a database: a URI or keyword/value pairs
/// (manual, "Connection Strings").
package enum ConnectionString {
  /// Parameters that other tools (Prisma and its poolers) put into connection URIs and that libpq
  /// would refuse.
  package static let foreignParameters: Set<String> = [
    "schema", "pgbouncer", "connection_limit", "pool_timeout", "sslaccept", "socket_timeout",
    "statement_cache_size",
  ]

  /// Makes a connection string fit for libpq and lets libpq judge it.
  ///
  /// - Parameter text: a URI (`postgres://` or `postgresql://`) or keyword/value pairs.
  /// - Returns: the string without foreign parameters, and which they were.
  /// - Throws: `ConnectionError` of kind `invalidConnectionString` if libpq (`PQconninfoParse`)
  ///   refuses it, or if it is a URI whose password seems to have an unescaped `@` or `/` in it,
  ///   which libpq would take for parts of the host and then repeat in its messages.
  package static func normalizing(
    _ text: String
  ) throws(ConnectionError) -> NormalizedConnectionString {
    guard !text.utf8.contains(0) else { throw invalid("it holds a zero byte") }
    // A line end from a file or a variable would become part of the database's name.
    let text = text.withoutOuterWhitespace
    guard !text.isEmpty else { throw invalid("it is empty") }
    guard let uri = ConnectionURI(text) else {
      try checkDatabaseName(try parse(text)["dbname"])
      return NormalizedConnectionString(text: text, droppedParameters: [])
    }
    guard !uri.hasMisplacedAtSign else {
      throw invalid("it has more than one \"@\"; \(escapingAdvice)")
    }
    let (own, foreign) = uri.partitionParameters(foreignParameters)
    let normalized = uri.replacingParameters(own)
    let values = try parse(normalized)
    if let ports = values["port"], !ports.isListOfPorts {
      throw invalid("the port is not a number from 1 to 65535; \(escapingAdvice)")
    }
    try checkDatabaseName(values["dbname"])
    return NormalizedConnectionString(
      text: normalized,
      droppedParameters: foreign.map { String($0.name) })
  }

  /// Lets libpq take a string apart.
  ///
  /// - Parameter text: a string without zero bytes.
  /// - Returns: the values that the string gives, by keyword.
  /// - Throws: `ConnectionError` with words of our own: libpq's repeat pieces of the string.
  static func parse(_ text: String) throws(ConnectionError) -> [String: String] {
    var message: UnsafeMutablePointer<CChar>?
    let options = unsafe PQconninfoParse(text, &message)
    defer { unsafe PQconninfoFree(options) }
    if let message = unsafe message {
      defer { unsafe PQfreemem(message) }
      throw invalid(explanation(of: unsafe String(cString: message), in: text))
    }
    return unsafe optionValues(options)
  }

  /// Whether a string gives a password, as far as libpq or, where it cannot read it, a glance tells.
  ///
  /// - Parameter text: what a user gave.
  /// - Returns: true where it holds one that is not empty, and for what has a URI of any scheme in it
  ///   with a `:` before its last `@`.
  package static func holdsPassword(_ text: String) -> Bool {
    if let normalized = try? normalizing(text), let values = try? parse(normalized.text) {
      return ["password", "sslpassword"].contains { values[$0]?.isEmpty == false }
    }
    if mayRevealPassword(text) { return true }
    guard let scheme = text.firstRange(of: "://"), let end = text.lastIndex(of: "@"),
      scheme.upperBound < end
    else { return false }
    return text[scheme.upperBound..<end].contains(":")
  }

  /// Refuses what libpq would take for the name of a database, password and all, and others for a
  /// connection string.
  ///
  /// - Parameter name: the database's name; nil for none.
  /// - Throws: `ConnectionError` of kind `invalidConnectionString`.
  static func checkDatabaseName(_ name: String?) throws(ConnectionError) {
    guard let name, name.contains("://") || (name.contains("=") && (try? parse(name)) != nil)
    else { return }
    throw invalid("the name of its database is a connection string itself: give that one alone")
  }

  /// Whether a keyword's value must not be shown.
  static func isSecret(_ keyword: String) -> Bool {
    ["password", "secret", "scram"].contains { keyword.contains($0) }
  }

  private static func invalid(_ reason: String) -> ConnectionError {
    ConnectionError(
      kind: .invalidConnectionString, message: "invalid connection string: \(reason)")
  }

  private static let escapingAdvice = """
    in a password write "@" as %40, "/" as %2F, ":" as %3A, "%" as %25, "#" as %23, "&" as %26
    """

  /// Says in words of our own what libpq found wrong (`fe-connect.c`, `conninfo_parse` and
  /// `conninfo_uri_parse_options`).
  private static func explanation(of message: String, in text: String) -> String {
    let isURI = ConnectionURI(text) != nil
    func matches(_ beginning: String) -> Bool { message.hasPrefix(beginning) }

    if matches("missing \"=\"") {
      return text.contains("=")
        ? "a value that holds blanks must stand in single quotes: password='two words'"
        : "it is neither a URI (postgres://USER@HOST:PORT/DATABASE) nor KEYWORD=VALUE pairs"
    }
    if matches("unterminated quoted string") { return "a single quote is not closed" }
    if matches("invalid percent-encoded") {
      return "a \"%\" is not followed by two hexadecimal digits; \(escapingAdvice)"
    }
    if matches("forbidden value %00") { return "%00 is not allowed" }
    if matches("unexpected character") {
      return "\":PORT\", \"/DATABASE\" or \"?\" is expected after the host; \(escapingAdvice)"
    }
    if matches("end of string reached") { return "an IPv6 address has no closing \"]\"" }
    if matches("IPv6 host address may not be empty") { return "the IPv6 address is empty" }
    if matches("extra key/value separator") || matches("missing key/value separator") {
      return "what follows \"?\" must be NAME=VALUE pairs with \"&\" between; \(escapingAdvice)"
    }
    if matches("invalid URI query parameter") || matches("invalid connection option") {
      let subject = isURI ? "parameter" : "keyword"
      guard let name = message.quotedPart, !mayRevealPassword(text) else {
        return "PostgreSQL knows no such \(subject) as one of those in it"
      }
      return "PostgreSQL knows no \(subject) \"\(name)\""
    }
    return "libpq cannot read it"
  }

  /// Whether a name that libpq took out of the string might be a piece of a password: it is not if
  /// the string gives none, or ends it by the only `@`.
  private static func mayRevealPassword(_ text: String) -> Bool {
    if text.lowercased().contains("password") { return true }
    guard let uri = ConnectionURI(text) else { return false }
    return uri.hasMisplacedAtSign || uri.hasAtSignInQuery
  }
}

/// A connection string that libpq accepts.
package struct NormalizedConnectionString: Hashable, Sendable {
  /// What to connect with; holds the password, if one was given: never print it.
  package var text: String
  /// The names of the parameters that were left out, in their order.
  package var droppedParameters: [String]
}

extension String {
  /// What stands in the first pair of double quotes.
  fileprivate var quotedPart: Substring? {
    let parts = split(separator: "\"", maxSplits: 2, omittingEmptySubsequences: false)
    return parts.count == 3 ? parts[1] : nil
  }

  fileprivate var withoutOuterWhitespace: String {
    var rest = drop(while: \.isWhitespace)
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return String(rest)
  }

  /// Whether the text is port numbers with commas between; a port may be left out.
  fileprivate var isListOfPorts: Bool {
    split(separator: ",", omittingEmptySubsequences: false).allSatisfy { port in
      port.isEmpty || Int(port).map { (1...65535).contains($0) } == true
    }
  }
}
