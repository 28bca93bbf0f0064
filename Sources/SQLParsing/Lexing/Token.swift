/// What a token is.
package enum TokenKind: Hashable, Sendable {
  /// `-- ...` up to the line end, which is not part of it.
  case lineComment
  /// `/* ... */`, nested ones inside.
  case blockComment
  /// `'...'`, and with the prefixes `E`, `B`, `X` and `U&`; continuations on further lines inside.
  case string
  /// `$$...$$` or `$tag$...$tag$`.
  case dollarString
  /// `"..."` or `U&"..."`.
  case quotedIdentifier
  /// A key word or an identifier without quotes.
  case word
  /// A number, with whatever letters are glued to it.
  case number
  /// `$1`.
  case parameter
  /// An operator of one or more characters, `::`, `:=` and `..` included.
  case operatorSymbol
  /// A single character with a meaning of its own, such as `(`, `,`, `.` or `:`, and any that has
  /// none, such as `\`.
  case punctuation
  /// `;`
  case semicolon
  /// A line for `psql`, from its `\` to before the line end; only from ``ScriptScanner``.
  case metaCommand
  /// The lines after `COPY ... FROM stdin;`, up to and with the line `\.`; only from
  /// ``ScriptScanner``.
  case copyData

  /// Whether the token is a comment.
  package var isComment: Bool {
    self == .lineComment || self == .blockComment
  }
}

/// A stretch of SQL text that belongs together.
package struct Token: Hashable, Sendable {
  /// What it is.
  package let kind: TokenKind

  /// Where it stands: byte offsets into the text that was scanned.
  package let range: Range<Int>

  /// Names a token.
  ///
  /// - Parameters:
  ///   - kind: What it is.
  ///   - range: Byte offsets into the text.
  package init(kind: TokenKind, range: Range<Int>) {
    self.kind = kind
    self.range = range
  }
}
