internal import CLibPGQuery

/// PostgreSQL's own parser, by libpg_query: bytes in, values out.
package enum SQLParser {
  /// The release of libpg_query and of the PostgreSQL that it comes from, such as
  /// `15-4.0.0 (PostgreSQL 15.1)`.
  package static var version: String {
    unsafe String(cString: clibpgquery_version)
  }

  /// Longer texts are not parsed as a whole, longer statements not at all: a parse tree takes up to
  /// 45 times the memory of its text.
  static let longestParsed = 1 << 20

  /// In longer texts, statements that only change rows are not parsed: they are told by their first
  /// word, and their syntax is not checked.
  static let longestFullyChecked = 8 << 20

  /// Parses a script, or a part of one.
  ///
  /// Never fails: what the grammar refuses is reported in the result. Lines for `psql` and the data
  /// of `COPY ... FROM stdin` are left out for the parser.
  ///
  /// - Parameters:
  ///   - text: The script.
  ///   - range: The part to parse, in bytes; the whole script where nil. Positions and ranges in
  ///     the result are those of the whole text.
  ///   - findingNeeds: Whether to fill in ``Statement/needs``, which takes another walk over the
  ///     tree.
  ///   - constants: The values of the string constants to fill in ``Statement/constants`` with; another
  ///     walk where there are any.
  /// - Returns: Statements, what is not SQL, and the first syntax error.
  package static func parse(
    _ text: SourceText, range: Range<Int>? = nil, findingNeeds: Bool = false,
    findingConstants constants: Set<String> = []
  ) -> ParsedSQL {
    let range = range ?? 0..<text.bytes.count
    if let invalid = SourceText.firstInvalidByte(in: text.bytes, range: range) {
      return ParsedSQL(invalidByteAt: invalid, of: text)
    }
    return ScriptParser(
      text, range: range, findsNeeds: findingNeeds, wantedConstants: constants
    ).parsed()
  }
}

extension ParsedSQL {
  /// Nothing but the server's error about text that is not in its encoding.
  fileprivate init(invalidByteAt offset: Int, of text: SourceText) {
    let digits = String(text.bytes[offset], radix: 16)
    let padded = digits.count == 1 ? "0" + digits : digits
    self.init(
      statements: [],
      syntaxError: SQLSyntaxError(
        message: "invalid byte sequence for encoding \"UTF8\": 0x\(padded)",
        position: text.position(atByte: offset)),
      metaCommands: [], copyData: [], restrictions: [])
  }
}
