/// Notices where the body of a routine in SQL begins and ends, as `psqlscan.l` does, but more
/// exactly: only `BEGIN ATOMIC` begins one, and `x.end` or `AS end` do not end it.
struct RoutineBodyTracker {
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
