internal import SQLParsing

/// How the SQL of a migration, up or rollback, is divided into transactions.
package enum TransactionMode: String, Equatable, Sendable {
  /// All of it is one transaction.
  case single
  /// Statement by statement: each that can runs in a transaction of its own, the others in none.
  case none

  /// What stands in the ledger's metadata; nil for ``single``, which is not recorded.
  var recorded: String? { self == .none ? rawValue : nil }

  /// Reads the ledger's metadata.
  ///
  /// - Parameter recorded: what stands there; nil where nothing does.
  init(recorded: String?) {
    self = recorded.flatMap(TransactionMode.init) ?? .single
  }
}

/// Reads the `-- Transaction: none` line of a file's header.
enum TransactionHeader {
  /// What the line says behind its dashes.
  static let line = "Transaction: none"

  /// The mode that a header asks for.
  ///
  /// - Parameters:
  ///   - comments: the `--` comments before the first statement: text from the dashes on, and line.
  ///   - path: the file, for the error.
  /// - Returns: nil where no line says anything of it.
  /// - Throws: ``ErrorReport`` of code `file` for any other value than `none`; more than two words are
  ///   no value but prose, unless that is the first.
  static func mode(
    in comments: some Sequence<(text: String, line: Int)>, path: String
  ) throws -> TransactionMode? {
    var mode: TransactionMode?
    for (text, line) in comments {
      guard let value = value(in: text) else { continue }
      let words = value.split(whereSeparator: \.isWhitespace)
      if words.count > 2, words.first?.lowercased().hasPrefix("none") != true { continue }
      guard isNone(value) else {
        throw ErrorReport(
          .file, "'\(value.isEmpty ? "Transaction:" : String(value))' is no way to run a migration",
          hint: "write '-- Transaction: none' for statement by statement, and nothing for one "
            + "transaction",
          location: ErrorReport.Location(file: path, line: line))
      }
      mode = TransactionMode.none
    }
    return mode
  }

  /// What follows `Transaction:`, in any case, less the blanks around it; nil for other comments.
  static func value(in comment: String) -> Substring? {
    let body = comment.drop { $0 == "-" }
    // Of thousands of comments hardly one: no other is looked at to its end.
    guard let first = body.first(where: { !$0.isWhitespace }), first == "T" || first == "t",
      let colon = body.firstIndex(of: ":"),
      body[..<colon].split(whereSeparator: \.isWhitespace).map({ $0.lowercased() })
        == ["transaction"]
    else { return nil }
    var value = body[body.index(after: colon)...].drop(while: \.isWhitespace)
    while let last = value.last, last.isWhitespace { value.removeLast() }
    return value
  }

  /// A comment that probably was meant to say so: as other tools are told, or at another place.
  ///
  /// - Parameter text: SQL that is to run in one transaction.
  /// - Returns: the first, with its line; nil where there is none.
  static func nearMiss(in text: SourceText) -> (line: Int, text: String)? {
    var scanner = ScriptScanner(text.bytes)
    while let token = try? scanner.next() {
      guard token.kind == .lineComment else { continue }
      var comment = text.text(in: token.range)
      while let last = comment.last, last.isWhitespace { comment.removeLast() }
      let letters = comment.lowercased().filter(\.isLetter)
      if comment.count <= 100, Self.denials.contains(where: letters.contains) {
        return (text.position(atByte: token.range.lowerBound).line, comment)
      }
    }
    return nil
  }

  /// The letters of what tools are told: goose, tern, node-pg-migrate; Atlas; dbmate; Rails and others;
  /// diesel; Flyway; and of our own.
  private static let denials = [
    "notransaction", "txmodenone", "transactionfalse", "disabletransaction", "transactionnone",
    "disableddltransaction", "intransactionfalse", "withouttransaction", "nontransactional",
  ]

  /// Whether a value is `none`, in any case, with or without a remark behind it.
  private static func isNone(_ value: Substring) -> Bool {
    guard value.prefix(4).lowercased() == "none" else { return false }
    let rest = value.dropFirst(4)
    guard let next = rest.first else { return true }
    if next.isLetter || next.isNumber || next == "_" { return false }
    // Words may go on where a remark is told by more than a blank.
    let remark = rest.drop(while: \.isWhitespace)
    return remark.first.map { "(-,;.:#".contains($0) } ?? true
  }
}

/// Reads what follows `-- ROLLBACK START`.
enum SectionTransaction {
  /// What the words behind the marker ask for.
  enum Wish: Equatable {
    /// `(no transaction)`, or as much in other words.
    case none
    /// Something about transactions that is not understood.
    case unclear
    /// Nothing of the kind.
    case nothing
  }

  /// Reads the words.
  ///
  /// - Parameter words: all that follows START on its line.
  /// - Returns: `none` where they are, letters alone and in any case, `no transaction`, `without
  ///   transaction`, `Transaction: none` or the like; `unclear` where they speak of transactions and
  ///   of none in another way.
  static func wish(in words: Substring) -> Wish {
    let lowered = words.lowercased()
    let letters = lowered.filter(\.isLetter)
    // A reason may follow.
    let first = lowered.prefix { !",;:".contains($0) }.filter(\.isLetter)
    if understood.contains(letters) || understood.contains(first) { return .none }
    guard letters.contains("transaction") || letters.contains("txmode") || letters.contains("notx")
    else { return .nothing }
    let spoken = lowered.split { !$0.isLetter }
    let negations = ["no", "not", "non", "none", "without", "outside", "off", "false", "disable"]
    let denies =
      spoken.contains { negations.contains(String($0)) }
      || letters.contains("notransaction") || letters.contains("notx")
    return denies ? .unclear : .nothing
  }

  private static let understood: Set<String> = [
    "notransaction", "notransactions", "withouttransaction", "withoutatransaction",
    "transactionnone",
  ]
}
