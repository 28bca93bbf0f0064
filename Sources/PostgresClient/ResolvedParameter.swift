import CLibPQ

/// One keyword of what libpq would connect with, and who gives its value.
package struct ResolvedParameter: Hashable, Sendable {
  /// Who gives a value: of those that do, the first (manual, 34.1.1 "Connection Strings", 34.17 "The
  /// Connection Service File", 34.15 "Environment Variables").
  package enum Origin: Hashable, Sendable {
    /// The connection string.
    case string
    /// The connection service file.
    case service
    /// A variable of the environment.
    case variable(String)
    /// libpq itself.
    case standard
  }

  /// The keyword (manual, 34.1.2 "Parameter Key Words").
  package let keyword: String
  /// Its value; `***` for a secret.
  package let value: String
  /// Who gives it.
  package let origin: Origin

  /// Whether it tells which server and database, rather than as whom or how.
  package var isPlace: Bool {
    ["service", "host", "hostaddr", "port", "dbname"].contains(keyword)
  }

  /// `KEYWORD=VALUE` as a connection string holds it.
  package var text: String {
    let isPlain = !value.isEmpty && !value.contains { $0.isWhitespace || "'\\".contains($0) }
    if isPlain { return "\(keyword)=\(value)" }
    return "\(keyword)='" + value.map { "'\\".contains($0) ? "\\\($0)" : "\($0)" }.joined() + "'"
  }
}

extension ConnectionString {
  /// Names all that libpq would connect with, free of passwords; no server is asked.
  ///
  /// - Parameters:
  ///   - text: what a user gave; nil leaves everything to variables and defaults.
  ///   - userName: who runs this program: libpq's default for the role.
  ///   - environment: looks a variable up, as libpq does.
  /// - Returns: host, port, database and role, whoever gives them, then what else the string, the
  ///   service file and variables give.
  /// - Throws: as ``normalizing(_:)``; also where `PGDATABASE` holds a connection string.
  package static func resolving(
    _ text: String?, userName: String, environment: (String) -> String?
  ) throws(ConnectionError) -> [ResolvedParameter] {
    let string: String? = if let text { try normalizing(text).text } else { nil }
    let given: [String: String] = if let string { try parse(string) } else { [:] }
    var (values, host) = ConnectionParameters.resolved(from: string)
    try checkDatabaseName(values["dbname"])
    // libpq looks into the file and forgets the name.
    values["service"] = given["service"] ?? environment("PGSERVICE")
    let hasService = values["service"]?.isEmpty == false
    // As libpq does when it connects (`fe-connect.c`, `connectOptions2`).
    func isOpen(_ keyword: String) -> Bool { values[keyword]?.isEmpty != false }
    var standard = ["user": userName]
    if isOpen("user") { values["user"] = userName }
    if isOpen("dbname") {
      values["dbname"] = values["user"]
      standard["dbname"] = values["user"]
    }
    if isOpen("host"), isOpen("hostaddr") {
      values["host"] = host
      standard["host"] = host
    }
    let known = knownKeywords()
    let usual = ["service", "host", "hostaddr", "port", "dbname", "user", "password"]
    let others = values.keys.filter { !usual.contains($0) }.sorted()
    return (usual + others).compactMap { keyword in
      guard let value = values[keyword], !value.isEmpty else { return nil }
      let variable = known[keyword]?.variable
      let origin: ResolvedParameter.Origin =
        if given[keyword] == value {
          .string
        } else if let variable, environment(variable) == value {
          .variable(variable)
        } else if hasService, value != standard[keyword] ?? known[keyword]?.standard {
          .service
        } else {
          .standard
        }
      guard origin != .standard || ["host", "port", "dbname", "user"].contains(keyword) else {
        return nil
      }
      return ResolvedParameter(
        keyword: keyword, value: isSecret(keyword) ? "***" : value, origin: origin)
    }
  }

  /// The keywords that libpq knows, each with its variable and its default (libpq,
  /// `PQconninfoOption`).
  private static func knownKeywords() -> [String: (variable: String?, standard: String?)] {
    let options = unsafe PQconninfoParse("", nil)
    defer { unsafe PQconninfoFree(options) }
    var known: [String: (variable: String?, standard: String?)] = [:]
    var next = unsafe options
    while let option = unsafe next, let keyword = unsafe option.pointee.keyword {
      unsafe known[String(cString: keyword)] = (
        option.pointee.envvar.map { unsafe String(cString: $0) },
        option.pointee.compiled.map { unsafe String(cString: $0) }
      )
      unsafe next = unsafe option + 1
    }
    return known
  }
}
