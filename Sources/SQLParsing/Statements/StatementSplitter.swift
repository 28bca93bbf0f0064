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

  /// Lines for `psql`, from their `\` on.
  private(set) var metaCommands: [Range<Int>] = []

  /// The data of each `COPY ... FROM stdin`.
  private(set) var copyData: [Range<Int>] = []

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
      metaCommands.append(token.range)
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
    default:
      routine.take(punctuation: 0)
    }
    extend(by: token)
    depth.take(token, in: bytes)
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

/// Notices where the body of a routine in SQL begins and ends, as `psqlscan.l` does, but more
/// exactly: only `BEGIN ATOMIC` begins one, and `x.end` or `AS end` do not end it.
struct RoutineBodyTracker {
  private var words = 0
  private var head = Head.none
  private var nesting = 0
  private var previous = Previous.other

  private enum Head { case none, create, createOr, createOrReplace, routine, other }
  private enum Previous { case begin, label, other }

  /// Whether a `;` here belongs to the body.
  var isInBody: Bool { nesting > 0 }

  /// Follows a word.
  ///
  /// - Parameters:
  ///   - range: The word.
  ///   - bytes: The text.
  ///   - parentheses: How many are open around it.
  mutating func take(word range: Range<Int>, in bytes: [UInt8], parentheses: Int) {
    switch head {
    case .none:
      head = bytes.spells("create", at: range) ? .create : .other
    case .create where bytes.spells("or", at: range):
      head = .createOr
    case .createOr where bytes.spells("replace", at: range):
      head = .createOrReplace
    case .create, .createOrReplace:
      let isRoutine = bytes.spells("function", at: range) || bytes.spells("procedure", at: range)
      head = isRoutine ? .routine : .other
    case .createOr:
      head = .other
    case .routine where parentheses == 0:
      followBody(range, in: bytes)
    case .routine, .other:
      break
    }
  }

  /// Follows any token that is not a word.
  ///
  /// - Parameter byte: Its first byte if it is punctuation, else 0.
  mutating func take(punctuation byte: UInt8) {
    previous = byte == UInt8(ascii: ".") ? .label : .other
  }

  private mutating func followBody(_ range: Range<Int>, in bytes: [UInt8]) {
    let isLabel = previous == .label
    let followsBegin = previous == .begin
    previous = .other
    if isLabel { return }
    if nesting == 0 {
      if bytes.spells("begin", at: range) {
        previous = .begin
      } else if followsBegin, bytes.spells("atomic", at: range) {
        nesting = 1
      }
    } else if bytes.spells("as", at: range) {
      previous = .label
    } else if bytes.spells("case", at: range) {
      nesting += 1
    } else if bytes.spells("end", at: range) {
      nesting -= 1
    }
  }
}
