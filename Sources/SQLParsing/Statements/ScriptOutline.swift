/// A statement's place, found without parsing it.
struct StatementOutline {
  /// From its first token to its last, in bytes, without the `;`.
  var range: Range<Int>

  /// How deep its parse tree may be; see ``ParserDepth``.
  var depth: Int
}

/// Where a script's statements and its lines that are not SQL stand.
///
/// The statements are divided as `psql` divides them: at every `;` that is neither in parentheses
/// nor in the body of a routine in SQL (`BEGIN ATOMIC ... END`).
struct ScriptOutline {
  /// The statements, in order.
  private(set) var statements: [StatementOutline] = []

  /// Lines for `psql`, from their `\` on, but for ``restrictions``.
  private(set) var metaCommands: [Range<Int>] = []

  /// The lines `\restrict` and `\unrestrict`.
  private(set) var restrictions: [Range<Int>] = []

  /// The data of each `COPY ... FROM stdin`, with the line `\.`.
  private(set) var copyData: [Range<Int>] = []

  /// Comments between the parts of a string; see ``LexicalScanner/commentsBetweenParts(of:)``.
  private(set) var commentsInStrings: [Range<Int>] = []

  /// What is open at the end of the script; the last statement then goes on to the end.
  private(set) var lexicalError: LexicalError?

  private var current: StatementOutline?
  private var routine = RoutineBodyTracker()
  private var depth = ParserDepth()
  private var parentheses = 0

  /// Divides a script.
  ///
  /// - Parameters:
  ///   - bytes: The script in UTF-8.
  ///   - range: The part to look at, in bytes.
  init(_ bytes: [UInt8], range: Range<Int>) {
    var scanner = ScriptScanner(bytes, range: range)
    do {
      while let token = try scanner.next() { take(token, in: bytes) }
    } catch {
      lexicalError = error
      extend(by: Token(kind: .string, range: error.byteOffset..<range.upperBound))
    }
    finishStatement()
  }

  private mutating func take(_ token: Token, in bytes: [UInt8]) {
    switch token.kind {
    case .lineComment, .blockComment:
      return
    case .metaCommand:
      if Self.isRestriction(token.range, in: bytes) {
        restrictions.append(token.range)
      } else {
        metaCommands.append(token.range)
      }
      return
    case .copyData:
      copyData.append(token.range)
      return
    case .semicolon where parentheses == 0 && !routine.isInBody:
      finishStatement()
      return
    case .word:
      routine.take(word: token.range, in: bytes, parentheses: parentheses)
    case .punctuation:
      switch bytes[token.range.lowerBound] {
      case UInt8(ascii: "("): parentheses += 1
      case UInt8(ascii: ")"): parentheses = max(parentheses - 1, 0)
      default: break
      }
      routine.take(punctuation: bytes[token.range.lowerBound])
    case .string where bytes[token.range].contains(where: \.isNewline):
      commentsInStrings += LexicalScanner(bytes).commentsBetweenParts(of: token)
      routine.take(punctuation: 0)
    default:
      routine.take(punctuation: 0)
    }
    extend(by: token)
    depth.take(token, in: bytes)
  }

  /// Whether a line for `psql` is `\restrict` or `\unrestrict`, with a key or without.
  private static func isRestriction(_ line: Range<Int>, in bytes: [UInt8]) -> Bool {
    let start = line.lowerBound + 1
    var end = start
    while end < line.upperBound, !bytes[end].isSpace { end += 1 }
    return bytes[start..<end].elementsEqual("restrict".utf8)
      || bytes[start..<end].elementsEqual("unrestrict".utf8)
  }

  private mutating func extend(by token: Token) {
    let start = current?.range.lowerBound ?? token.range.lowerBound
    current = StatementOutline(range: start..<token.range.upperBound, depth: 0)
  }

  private mutating func finishStatement() {
    if var statement = current {
      statement.depth = depth.deepest
      statements.append(statement)
    }
    current = nil
    routine = RoutineBodyTracker()
    depth = ParserDepth()
    parentheses = 0
  }
}
