internal import SQLParsing

/// A `BEGIN; ... COMMIT;` pair around a whole text.
enum TransactionWrapping {
  /// The bytes of the text with such a pair blanked out, so that every position holds.
  ///
  /// - Parameters:
  ///   - text: SQL.
  ///   - statements: its statements.
  /// - Returns: nil when there is no such pair, or further transaction control between.
  static func removed(from text: SourceText, _ statements: [Statement]) -> [UInt8]? {
    guard statements.count >= 2, let first = statements.first, let last = statements.last,
      first.kind == .transactionControl(.begin), last.kind == .transactionControl(.commit),
      !statements.dropFirst().dropLast().contains(where: \.isTransactionControl)
    else { return nil }
    var bytes = text.bytes
    for statement in [first, last] {
      var end = statement.range.upperBound
      var scanner = ScriptScanner(Array(bytes[end...]))
      while let token = try? scanner.next() {
        if token.kind == .semicolon {
          end += token.range.upperBound
          break
        }
        if !token.kind.isComment { break }
      }
      for index in statement.range.lowerBound..<end
      where bytes[index] != UInt8(ascii: "\n") && bytes[index] != UInt8(ascii: "\r") {
        bytes[index] = UInt8(ascii: " ")
      }
    }
    return bytes
  }
}

extension Statement {
  /// Whether it begins, ends or marks a transaction.
  var isTransactionControl: Bool {
    if case .transactionControl = kind { true } else { false }
  }
}
