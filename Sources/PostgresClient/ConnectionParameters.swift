import CLibPQ

/// Keywords and values for `PQconnectdbParams`; of two with one keyword the later one counts.
struct ConnectionParameters {
  private(set) var entries: [(keyword: String, value: String)] = []
  /// The database that the user named, wherever it was said; nil for none.
  private(set) var databaseName: String?

  /// Works out what to connect with.
  ///
  /// What the user said wins, wherever it was said: in the string, in a `PG*` variable or in the
  /// service file. Start-up `options` are never added: poolers refuse them.
  ///
  /// - Parameter request: what the caller wants; its string must be normalized.
  init(_ request: ConnectionRequest) {
    self.init(from: request.connectionString)
    let given = optionsGivenByUser()
    databaseName = given["dbname"]

    set("client_encoding", to: "UTF8")
    set("fallback_application_name", to: request.applicationName)
    // A server that vanishes without a word must be noticed in half a minute.
    let defaults = [
      ("keepalives", "1"), ("keepalives_idle", "15"), ("keepalives_interval", "5"),
      ("keepalives_count", "3"), ("tcp_user_timeout", "30000"), ("connect_timeout", "10"),
    ]
    for (keyword, value) in defaults where given[keyword] == nil { set(keyword, to: value) }
    if let seconds = request.connectTimeoutSeconds { set("connect_timeout", to: String(seconds)) }
  }

  private init(from string: String?) {
    if let string { set("dbname", to: string) }
  }

  /// All that libpq would connect with, its own defaults included.
  ///
  /// - Parameter string: a normalized connection string; nil leaves everything to variables.
  /// - Returns: the values by keyword, and the host that libpq takes where they name none: the folder
  ///   of a socket.
  static func resolved(from string: String?) -> (values: [String: String], host: String?) {
    let parameters = Self(from: string)
    var values = parameters.optionsGivenByUser()
    // More ports than there can be hosts are refused, too.
    let places = parameters.probe([("port", String(repeating: ",", count: 1_000))])
    for keyword in ["host", "hostaddr"] { values[keyword] = places.options[keyword] }
    return (values, places.host)
  }

  private mutating func set(_ keyword: String, to value: String) {
    entries.append((keyword, value))
  }

  /// Resolves string, environment and service file as libpq does, without reaching for a server:
  /// two addresses for one host are refused before that, and `PQconninfo` then tells the rest.
  /// Errors are left for the real attempt to report.
  private func optionsGivenByUser() -> [String: String] {
    probe([("host", "probe"), ("hostaddr", "0.0.0.0,0.0.0.0")]).options
      .filter { $0.key != "host" && $0.key != "hostaddr" }
  }

  /// Lets libpq begin to connect with what it must refuse.
  private func probe(
    _ refused: [(keyword: String, value: String)]
  ) -> (options: [String: String], host: String?) {
    var probe = self
    for (keyword, value) in refused { probe.set(keyword, to: value) }
    let handle = unsafe probe.withCArrays { keywords, values in
      unsafe PQconnectStartParams(keywords, values, 1)
    }
    guard let handle = unsafe handle else { return ([:], nil) }
    defer { unsafe PQfinish(handle) }
    let options = unsafe PQconninfo(handle)
    defer { unsafe PQconninfoFree(options) }
    return unsafe (optionValues(options), PQhost(handle).map { unsafe String(cString: $0) })
  }

  /// Lends the parameters as the two C arrays that libpq wants, ended by null.
  ///
  /// - Parameter body: what to do with keywords and values; the pointers end with it.
  /// - Returns: what `body` returns.
  func withCArrays<Result>(
    _ body: (
      _ keywords: UnsafePointer<UnsafePointer<CChar>?>,
      _ values: UnsafePointer<UnsafePointer<CChar>?>
    ) -> Result?
  ) -> Result? {
    var characters: [CChar] = []
    var offsets: [(keyword: Int, value: Int)] = []
    for (keyword, value) in entries {
      offsets.append((characters.count, characters.count + keyword.utf8.count + 1))
      characters += keyword.utf8CString
      characters += value.utf8CString
    }
    return unsafe characters.withUnsafeBufferPointer { buffer -> Result? in
      guard let base = buffer.baseAddress else { return nil }
      var keywords = unsafe offsets.map { unsafe Optional(base + $0.keyword) }
      var values = unsafe offsets.map { unsafe Optional(base + $0.value) }
      unsafe keywords.append(nil)
      unsafe values.append(nil)
      return unsafe body(keywords, values)
    }
  }
}

/// Reads an array of options (libpq, `PQconninfoOption`), which ends with one without keyword.
///
/// - Parameter options: what `PQconninfoParse` or `PQconninfo` returned; may be null.
/// - Returns: the values that are set, by keyword.
func optionValues(_ options: UnsafeMutablePointer<PQconninfoOption>?) -> [String: String] {
  var values: [String: String] = [:]
  var next = unsafe options
  while let option = unsafe next, let keyword = unsafe option.pointee.keyword {
    if let value = unsafe option.pointee.val {
      unsafe values[String(cString: keyword)] = unsafe String(cString: value)
    }
    unsafe next = unsafe option + 1
  }
  return values
}
