/// A connection URI cut into pieces where libpq cuts it (`fe-connect.c`,
/// `conninfo_uri_parse_options`), none of them decoded.
struct ConnectionURI {
  /// One `name=value` of the query.
  struct Parameter {
    var name: Substring
    /// Everything between two `&`, the name included.
    var text: Substring
  }

  private let text: String
  /// User, password, host, port and database.
  private let beforeQuery: Substring
  /// Host, port and database.
  private let location: Substring
  /// What follows the `?`, if there is one.
  private let query: Substring?

  /// Cuts a URI.
  ///
  /// - Parameter text: any string; nil is returned if it does not begin as libpq's URIs do.
  init?(_ text: String) {
    guard let scheme = ["postgresql://", "postgres://"].first(where: { text.hasPrefix($0) }) else {
      return nil
    }
    let rest = text.dropFirst(scheme.count)
    // The first "@" before any "/" ends user and password, whatever else stands in them.
    let mark = rest.firstIndex { $0 == "@" || $0 == "/" }
    let start =
      if let mark, rest[mark] == "@" { rest.index(after: mark) } else { rest.startIndex }
    let queryMark = rest[start...].firstIndex(of: "?")

    self.text = text
    location = rest[start..<(queryMark ?? rest.endIndex)]
    beforeQuery = text[..<(queryMark ?? text.endIndex)]
    query = queryMark.map { rest[rest.index(after: $0)...] }
  }

  /// Whether a bare `@` stands in host, port or database: most likely a piece of a password.
  var hasMisplacedAtSign: Bool { location.contains("@") }

  /// Whether a bare `@` stands in the query.
  var hasAtSignInQuery: Bool { query?.contains("@") == true }

  private var parameters: [Parameter] {
    (query ?? "").split(separator: "&").map { text in
      Parameter(name: text.prefix { $0 != "=" }, text: text)
    }
  }

  /// Divides the parameters by their names.
  ///
  /// - Parameter names: names to pick out.
  /// - Returns: the parameters that are not named so, and those that are.
  func partitionParameters(_ names: Set<String>) -> (own: [Parameter], foreign: [Parameter]) {
    let foreign = parameters.filter { names.contains(String($0.name)) }
    let own = parameters.filter { !names.contains(String($0.name)) }
    return (own, foreign)
  }

  /// The URI with another query.
  ///
  /// - Parameter parameters: what to put behind the `?`; none and the `?` goes too.
  /// - Returns: the URI; unchanged if it has just so many parameters.
  func replacingParameters(_ parameters: [Parameter]) -> String {
    if parameters.count == self.parameters.count { return text }
    if parameters.isEmpty { return String(beforeQuery) }
    return beforeQuery + "?" + parameters.map(\.text).joined(separator: "&")
  }
}
