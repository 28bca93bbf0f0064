/// A statement of which only the tokens are known.
struct UnparsedStatement {
  private let range: Range<Int>
  private let bytes: [UInt8]
  private let tag: String

  /// Looks at a statement's first word.
  ///
  /// - Parameters:
  ///   - range: Where it stands, in bytes.
  ///   - bytes: The script.
  init(range: Range<Int>, in bytes: [UInt8]) {
    self.range = range
    self.bytes = bytes
    var end = range.lowerBound
    while end < range.upperBound, bytes[end].continuesIdentifier { end += 1 }
    self.tag = String(decoding: bytes[range.lowerBound..<end], as: UTF8.self).uppercased()
  }

  /// Whether its first word can only begin a statement that changes rows.
  var changesRowsOnly: Bool {
    ["INSERT", "UPDATE", "DELETE", "MERGE"].contains(tag)
  }

  /// The statement where the grammar refused it.
  ///
  /// - Returns: Of unknown kind; its secrets are what looks like one.
  func refused() -> Statement {
    statement(.unknownToParser)
  }

  /// The statement where it is too much for the parser.
  ///
  /// - Returns: Of the kind that its first word tells, or of unknown kind.
  func byFirstWord() -> Statement {
    switch tag {
    case "INSERT", "UPDATE", "DELETE", "MERGE", "COPY": statement(.dataChange)
    case "SELECT", "VALUES", "TABLE": statement(.query)
    case "DO": statement(.doBlock)
    default: statement(.unknownToParser)
    }
  }

  private func statement(_ kind: StatementKind) -> Statement {
    Statement(
      range: range, tag: tag, kind: kind, effects: [],
      secrets: changesRowsOnly ? [] : SecretLiterals(bytes).lookingLikeOne(in: range))
  }
}
