/// Something was opened and the text ended before it was closed.
package struct LexicalError: Error, Hashable, Sendable {
  /// What was left open.
  package enum Kind: Hashable, Sendable {
    /// `'...` with any prefix but `B` and `X`.
    case string
    /// `B'...`
    case bitString
    /// `X'...`
    case hexadecimalString
    /// `$tag$...`
    case dollarString
    /// `"...`
    case quotedIdentifier
    /// `/*...`
    case blockComment
  }

  /// What was left open.
  package let kind: Kind

  /// Where it was opened: bytes from the start of the text.
  package let byteOffset: Int

  /// What PostgreSQL's scanner says about it.
  package var message: String {
    switch kind {
    case .string: "unterminated quoted string"
    case .bitString: "unterminated bit string literal"
    case .hexadecimalString: "unterminated hexadecimal string literal"
    case .dollarString: "unterminated dollar-quoted string"
    case .quotedIdentifier: "unterminated quoted identifier"
    case .blockComment: "unterminated /* comment"
    }
  }
}
