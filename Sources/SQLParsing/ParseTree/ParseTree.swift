internal import CLibPGQuery

/// The parse tree of some SQL text: PostgreSQL's own, made by libpg_query.
///
/// The tree is libpg_query's and is lent. Nothing in it may be kept longer, which is why what it says
/// leaves as Swift values only.
@safe
struct ParseTree: ~Copyable {
  private let root: UnsafePointer<PgQuery__ParseResult>

  private init(borrowing root: UnsafePointer<PgQuery__ParseResult>) {
    unsafe self.root = root
  }

  /// Parses text.
  ///
  /// - Parameters:
  ///   - text: SQL in valid UTF-8 without zero bytes. Its nesting decides how much stack is needed;
  ///     see ``ParserDepth``.
  ///   - body: Takes the tree.
  /// - Returns: What the body returns.
  /// - Throws: ``ParserError`` where the grammar refuses the text.
  static func parse<Value>(
    _ text: [UInt8], _ body: (borrowing ParseTree) -> Value
  ) throws(ParserError) -> Value {
    var value: Value?
    let result = unsafe (text + [0]).withUnsafeBytes { bytes in
      unsafe withLentMessage(PgQuery__ParseResult.self) { reader, context in
        unsafe clibpgquery_parse(
          bytes.assumingMemoryBound(to: CChar.self).baseAddress, reader, context)
      } _: { root in
        value = unsafe body(ParseTree(borrowing: root))
      }
    }
    defer { unsafe pg_query_free_protobuf_parse_result(result) }
    if let error = unsafe result.error {
      throw unsafe ParserError(error.pointee)
    }
    guard let value else {
      throw ParserError(message: "out of memory", character: 0)
    }
    return value
  }

  /// Lends each statement in turn, in the order of the text.
  ///
  /// - Parameter body: Takes the statement's node and its place: bytes from the start of the text
  ///   to before its `;`, white space and comments before it included. Nothing of the node may be
  ///   kept.
  func forEachStatement(_ body: (Node, Range<Int>, _ isLast: Bool) -> Void) {
    let statementCount = unsafe root.pointee.n_stmts
    for index in 0..<statementCount {
      guard let raw = unsafe root.pointee.stmts[index], let node = unsafe raw.pointee.stmt else {
        continue
      }
      let start = unsafe Int(raw.pointee.stmt_location)
      let length = unsafe Int(raw.pointee.stmt_len)
      unsafe body(node, start..<start + length, length == 0)
    }
  }
}

/// A node of the parse tree, lent by its ``ParseTree``.
typealias Node = UnsafeMutablePointer<PgQuery__Node>

/// Why the grammar refused some text.
struct ParserError: Error {
  /// The parser's words, such as `syntax error at or near "FORM"`.
  let message: String

  /// Where, in characters from the start of the text, the first being 1; 0 where unknown.
  let character: Int

  init(message: String, character: Int) {
    self.message = message
    self.character = character
  }

  init(_ error: PgQueryError) {
    self.message = unsafe error.message.map { unsafe String(cString: $0) } ?? "syntax error"
    self.character = unsafe Int(error.cursorpos)
  }
}
