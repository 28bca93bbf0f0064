internal import SQLParsing

/// A statement of the up SQL, and the words to undo it in.
struct StatementWords {
  /// The statement.
  let statement: Statement
  /// The line on which it begins, counted from 1.
  let line: Int
  /// The schema that must be added to names without one; nil where they are found as they are.
  private let schema: String?
  private let names: WrittenNames
  private let bytes: [UInt8]
  /// Its tokens, without comments.
  let tokens: [Token]

  /// Takes a statement.
  ///
  /// - Parameters:
  ///   - statement: the statement.
  ///   - text: the text that holds it.
  ///   - schema: the schema to add to names without one.
  init(_ statement: Statement, in text: SourceText, addingSchema schema: String?) {
    self.statement = statement
    self.schema = schema
    line = text.position(atByte: statement.range.lowerBound).line
    bytes = text.bytes
    names = WrittenNames(text.bytes, in: statement.range)
    var scanner = LexicalScanner(text.bytes, range: statement.range)
    var tokens: [Token] = []
    while let token = try? scanner.next() {
      if !token.kind.isComment { tokens.append(token) }
    }
    self.tokens = tokens
  }

  /// Whether names without a schema need one.
  var isAddingSchema: Bool { schema != nil }

  /// A name without a schema, as written.
  func part(_ name: String) -> String { names.spelling(of: name) }

  /// A name in a schema, as written; with the schema of the search path where that is another one at
  /// the end of the file.
  func name(_ name: ObjectName) -> String {
    if name.schema == nil, let schema { return "\(part(schema)).\(part(name.name))" }
    return names.spelling(of: name)
  }

  /// An object as `DROP` and `ALTER` name it: a routine with the types of its arguments.
  func name(_ object: DatabaseObject) -> String {
    switch object.kind {
    case .operator:
      let symbol = object.name.name
      let name = (object.name.schema ?? schema).map { "\(part($0)).\(symbol)" } ?? symbol
      return "\(name) (\(written(object.argumentTypes ?? [])))"
    case .cast: return "(\(object.name.name))"
    case .transform: return object.name.name
    case _ where object.kind.isRoutine:
      let types = object.argumentTypes.map { types in
        object.kind == .aggregate && types.isEmpty ? "(*)" : "(\(written(types)))"
      }
      return name(object.name) + (types ?? "")
    case _ where object.kind.hasSchema: return name(object.name)
    default: return part(object.name.name)
    }
  }

  private func written(_ types: [String]) -> String {
    types.map { names.spelling(ofType: $0) }.joined(separator: ", ")
  }

  /// What stands behind a key word, such as `btree` behind `USING`.
  ///
  /// - Parameter keyword: in lower case.
  /// - Returns: the token; nil where there is no such word.
  func word(after keyword: String) -> String? {
    guard let index = tokens.firstIndex(where: { isWord($0, keyword) }),
      index + 1 < tokens.count
    else { return nil }
    return written(tokens[index + 1])
  }

  /// Whether a key word stands in it.
  ///
  /// - Parameter keyword: in lower case.
  /// - Returns: true if it does, outside of strings.
  func has(_ keyword: String) -> Bool { tokens.contains { isWord($0, keyword) } }

  /// The `REVOKE` that takes a `GRANT` back; nil where the statement is none.
  var revoking: String? {
    guard let grant = tokens.firstIndex(where: { isWord($0, "grant") }),
      let to = tokens[grant...].firstIndex(where: { isWord($0, "to") })
    else { return nil }
    var words: [(text: String, token: Token)] = []
    var skipsOption = false
    for (index, token) in tokens.enumerated() {
      if index > to, isWord(token, "with") { skipsOption = true }
      if !skipsOption {
        words.append((index == grant ? "REVOKE" : index == to ? "FROM" : written(token), token))
      }
      if isWord(token, "option") { skipsOption = false }
    }
    return joined(words)
  }

  /// The `COMMENT` that takes a comment away.
  var removingComment: String? {
    guard let last = tokens.last, tokens.dropLast().last.map({ isWord($0, "is") }) == true,
      last.kind != .word
    else { return nil }
    return joined(tokens.dropLast().map { (written($0), $0) }) + " NULL"
  }

  /// Whether a token is a key word.
  ///
  /// - Parameters:
  ///   - token: one of ``tokens``.
  ///   - keyword: in lower case.
  /// - Returns: true for the word in any case, without quotes.
  func isWord(_ token: Token, _ keyword: String) -> Bool {
    token.kind == .word && token.range.count == keyword.utf8.count
      && bytes[token.range].elementsEqual(keyword.utf8) { $0 | 0x20 == $1 }
  }

  /// A token as it stands in the text.
  func written(_ token: Token) -> String {
    String(decoding: bytes[token.range], as: UTF8.self)
  }

  /// Tokens on one line, parted where they were.
  private func joined(_ words: [(text: String, token: Token)]) -> String {
    var text = ""
    var end: Int?
    for word in words {
      if let end, word.token.range.lowerBound > end { text += " " }
      text += word.text
      end = word.token.range.upperBound
    }
    return text
  }
}
