/// How deep a parse tree may become, guessed from the tokens, never too low.
///
/// Every level of a tree needs a token of its own. A comma or a `;` begins a new element of a list,
/// beside those before it: an `INSERT` of a million values is flat, `1 + 1 + 1 + ...` is as deep as
/// it is long, and so is `((1 + 1) + 1) + ...`, for what is in parentheses may be the left end of
/// what follows. Of the queries that `UNION` joins, each holds all before it, commas and all.
///
/// libpg_query and protobuf-c recurse at each level and check no limit.
struct ParserDepth {
  /// Between a pair of parentheses, or outside any.
  private struct Level {
    /// Where an element of a list begins.
    var base = 0
    /// The deepest that any element came to.
    var deepest = 0
  }

  private var level = Level()
  private var outer: [Level] = []
  private var current = 0

  /// The deepest guess so far, in levels of the tree.
  private(set) var deepest = 0

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
      current = level.base
    case .punctuation:
      take(punctuation: bytes[token.range.lowerBound])
    case .word where Self.joinsQueries(token.range, in: bytes):
      level.base += 1
      current += 1
    default:
      current += 1
    }
    level.deepest = max(level.deepest, current)
    deepest = max(deepest, current)
  }

  private mutating func take(punctuation byte: UInt8) {
    switch byte {
    case UInt8(ascii: "("), UInt8(ascii: "["):
      outer.append(level)
      current += 1
      level = Level(base: current, deepest: current)
    case UInt8(ascii: ")"), UInt8(ascii: "]"):
      current = max(current, level.deepest) + 1
      if let enclosing = outer.popLast() { level = enclosing }
    case UInt8(ascii: ","):
      current = level.base
    default:
      current += 1
    }
  }

  private static func joinsQueries(_ word: Range<Int>, in bytes: [UInt8]) -> Bool {
    bytes.spells("union", at: word) || bytes.spells("except", at: word)
      || bytes.spells("intersect", at: word)
  }
}
