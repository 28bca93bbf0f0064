internal import CLibPGQuery

/// Spells names as a statement does: `Users` where it says so, though the name is `users`.
package struct WrittenNames: Sendable {
  /// The first spelling of each name.
  private var spellings: [String: String] = [:]
  /// The names in the order in which they come.
  private var order: [String: Int] = [:]

  /// Reads the identifiers of a statement.
  ///
  /// - Parameters:
  ///   - bytes: The text.
  ///   - range: Where the statement stands in it.
  package init(_ bytes: [UInt8], in range: Range<Int>) {
    var scanner = LexicalScanner(bytes, range: range)
    while let token = try? scanner.next() {
      guard token.kind == .word || token.kind == .quotedIdentifier else { continue }
      let written = String(decoding: bytes[token.range], as: UTF8.self)
      guard let name = identifiers(in: written).first, spellings[name] == nil else { continue }
      spellings[name] = written
      order[name] = order.count
    }
  }

  /// A name as the statement spells it; in quotes where it does not name it, or where its spelling
  /// would be read as a key word.
  ///
  /// - Parameter name: The name.
  /// - Returns: An identifier.
  package func spelling(of name: String) -> String {
    let standard = quotedIfNeeded(name)
    guard let written = spellings[name] else { return standard }
    // The word may be a key word of the statement that happens to be the name.
    return written.hasPrefix("\"") || !standard.hasPrefix("\"") ? written : standard
  }

  /// The type of an argument as the statement spells it: `int` or `INT4` where that is what it says
  /// of an `integer`. Any spelling of a type means the same type.
  ///
  /// - Parameter type: As `format_type` writes it.
  /// - Returns: The type; as it was given where the statement spells it in several words.
  package func spelling(ofType type: String) -> String {
    guard !type.contains("\""), !type.hasSuffix("%TYPE") else { return type }
    let suffix = type.hasSuffix("[]") ? "[]" : ""
    let name = type.dropLast(suffix.count)
    if let aliases = Self.typeAliases[String(name)] {
      let first = aliases.filter { spellings[$0]?.hasPrefix("\"") == false }
        .min { order[$0, default: 0] < order[$1, default: 0] }
      let written = first.flatMap { spellings[$0] }
      return (written ?? String(name)) + suffix
    }
    return name.split(separator: ".").map { spelling(of: String($0)) }.joined(separator: ".")
      + suffix
  }

  /// The words for the types that have names of SQL's own (`SystemTypeName` in `gram.y`).
  private static let typeAliases = [
    "bigint": ["int8", "bigint"],
    "bit varying": ["varbit"],
    "boolean": ["bool", "boolean"],
    "character": ["bpchar", "char", "character"],
    "character varying": ["varchar"],
    "double precision": ["float8", "float"],
    "integer": ["int", "int4", "integer"],
    "interval": ["interval"],
    "numeric": ["numeric", "decimal", "dec"],
    "real": ["float4", "real"],
    "smallint": ["int2", "smallint"],
    "time with time zone": ["timetz"],
    "time without time zone": ["time"],
    "timestamp with time zone": ["timestamptz"],
    "timestamp without time zone": ["timestamp"],
  ]

  /// A name with its schema, if it has one.
  ///
  /// - Parameter name: The name.
  /// - Returns: One identifier, or two parted by a period.
  package func spelling(of name: ObjectName) -> String {
    let schema = name.schema.map { spelling(of: $0) + "." } ?? ""
    return schema + spelling(of: name.name)
  }
}

/// An identifier in double quotes where it would be read otherwise without them (`quote_identifier`
/// in `ruleutils.c`).
///
/// - Parameter name: The name.
/// - Returns: The identifier.
func quotedIfNeeded(_ name: String) -> String {
  let isPlain =
    name.utf8.first?.startsIdentifier == true
    && name.utf8.allSatisfy {
      $0.isDigit || $0 == UInt8(ascii: "_") || ($0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z"))
    }
  if isPlain, !isKeyword(name) { return name }
  let doubled = name.split(separator: "\"", omittingEmptySubsequences: false).joined(
    separator: "\"\"")
  return "\"\(doubled)\""
}

/// Whether a word means something to the grammar that keeps it from being any name.
private func isKeyword(_ word: String) -> Bool {
  var isReserved = false
  let result = unsafe word.withCString { word in
    unsafe withLentMessage(PgQuery__ScanResult.self) { reader, context in
      unsafe clibpgquery_scan(word, reader, context)
    } _: { scanned in
      guard unsafe scanned.pointee.n_tokens == 1, let token = unsafe scanned.pointee.tokens[0]
      else { return }
      let kind = unsafe token.pointee.keyword_kind
      isReserved =
        kind != PG_QUERY__KEYWORD_KIND__NO_KEYWORD
        && kind != PG_QUERY__KEYWORD_KIND__UNRESERVED_KEYWORD
    }
  }
  unsafe pg_query_free_scan_result(result)
  return isReserved
}
