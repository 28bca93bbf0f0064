/// How deep a parse tree may become, guessed from the tokens, never too low.
///
/// Every level of a tree needs a token of its own, and a comma or a `;` begins anew: an `INSERT` of
/// a million values is flat, `1 + 1 + 1 + ...` is as deep as it is long. libpg_query and protobuf-c
/// recurse at each level and check no limit.
struct ParserDepth {
  /// Deepest first guess so far, in levels.
  private(set) var deepest = 0

  private var current = 0
  private var outer: [Int] = []

  /// Up to here the stack of any thread will do: measured, a level takes less than 4 KB.
  static let usual = 250

  /// Deeper than this, text is not parsed.
  static let most = 50_000

  /// The stack to parse with.
  ///
  /// - Parameter depth: Levels of the parse tree.
  /// - Returns: Bytes; nil where the stack of any thread will do.
  static func stackSize(for depth: Int) -> Int? {
    depth <= usual ? nil : 1_048_576 + depth * 8_192
  }

  /// Counts a token that is not a comment.
  ///
  /// - Parameters:
  ///   - token: The token.
  ///   - bytes: The text.
  mutating func take(_ token: Token, in bytes: [UInt8]) {
    switch token.kind {
    case .semicolon:
      current = outer.last ?? 0
    case .punctuation:
      take(punctuation: bytes[token.range.lowerBound])
    default:
      current += 1
    }
    deepest = max(deepest, current)
  }

  private mutating func take(punctuation byte: UInt8) {
    switch byte {
    case UInt8(ascii: "("), UInt8(ascii: "["):
      outer.append(current)
      current += 1
    case UInt8(ascii: ")"), UInt8(ascii: "]"):
      current = (outer.popLast() ?? current) + 1
    case UInt8(ascii: ","):
      current = outer.last ?? 0
    default:
      current += 1
    }
  }
}
