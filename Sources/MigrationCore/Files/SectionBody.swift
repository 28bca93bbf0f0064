internal import SQLParsing

/// The lines between the markers of a section, or what uncommenting leaves of them.
///
/// Bytes, not strings: a section may hold millions of lines.
struct SectionBody {
  /// The text, without blank lines around it; lines end in `\n`, the last one in nothing.
  var text: [UInt8]
  /// The line of the file on which it begins.
  private(set) var firstLine: Int
  /// For each line, how many characters of the file's line stand before it; empty where none do.
  private(set) var prefixes: [Int] = []

  /// Takes what stands between two markers.
  ///
  /// - Parameters:
  ///   - bytes: from the end of the START marker's line to the start of the END marker's.
  ///   - startLine: the START marker's line.
  init(of bytes: ArraySlice<UInt8>, after startLine: Int) {
    text = FileChecksums.normalisingLineEnds(Array(bytes))
    // The first of these lines is the marker's own, of which only the end is here.
    firstLine = startLine
    dropBlankEnds()
  }

  private init(_ text: [UInt8], firstLine: Int, prefixes: [Int]) {
    self.text = text
    self.firstLine = firstLine
    self.prefixes = prefixes
    dropBlankEnds()
  }

  /// Drops the blank lines around the text.
  mutating func dropBlankEnds() {
    guard let first = text.firstIndex(where: { !Self.isSpace($0) }),
      let last = text.lastIndex(where: { !Self.isSpace($0) })
    else {
      text = []
      prefixes = []
      return
    }
    let start = lineStart(of: first)
    let end = lineEnd(of: last)
    if start == 0 && end == text.count { return }
    let dropped = text[..<start].count { $0 == Self.lineFeed }
    if !prefixes.isEmpty {
      let lineCount = text[start..<end].count { $0 == Self.lineFeed } + 1
      prefixes = Array(prefixes[dropped..<(dropped + lineCount)])
    }
    firstLine += dropped
    text = Array(text[start..<end])
  }

  /// What a body begins with, comments and semicolons aside.
  enum Opening {
    /// There is nothing else in it.
    case nothing
    /// `BEGIN` or `START`.
    case transaction
    /// Anything else.
    case other
  }

  /// What the text begins with.
  var opening: Opening {
    var scanner = ScriptScanner(text)
    do {
      while let token = try scanner.next() {
        if token.kind.isComment || token.kind == .semicolon { continue }
        let word = token.kind == .word ? String(decoding: text[token.range], as: UTF8.self) : ""
        return ["BEGIN", "START"].contains(word.uppercased()) ? .transaction : .other
      }
      return .nothing
    } catch {
      return .other
    }
  }

  // MARK: Comments

  /// Whether every line that is not blank is a `--` comment.
  var isCommentedByLine: Bool {
    var start = 0
    while start < text.count {
      let end = lineEnd(of: start)
      if let first = text[start..<end].firstIndex(where: { !Self.isSpace($0) }),
        !text[first..<end].starts(with: [Self.dash, Self.dash])
      {
        return false
      }
      start = end + 1
    }
    return true
  }

  /// The text with each line less its blanks, its dashes and one blank after them.
  func uncommentingLines() -> SectionBody {
    var uncommented: [UInt8] = []
    uncommented.reserveCapacity(text.count)
    var removed: [Int] = []
    var start = 0
    while start < text.count {
      let end = lineEnd(of: start)
      var next = text[start..<end].firstIndex { !Self.isSpace($0) } ?? start
      if text[next..<end].starts(with: [Self.dash, Self.dash]) {
        next += 2
        if next < end, Self.isSpace(text[next]) { next += 1 }
      }
      // All that is removed is ASCII: as many characters as bytes.
      removed.append(next - start)
      uncommented += text[next..<end]
      if end < text.count { uncommented.append(Self.lineFeed) }
      start = end + 1
    }
    return SectionBody(uncommented, firstLine: firstLine, prefixes: removed)
  }

  /// The text with the inside of its one `/* */`, which stands alone on its lines; there may be
  /// `--` comments around it, which stay. Nil when it is anything else.
  func uncommentingBlock() -> SectionBody? {
    var scanner = ScriptScanner(text)
    var found: Range<Int>?
    do {
      while let token = try scanner.next() {
        switch token.kind {
        case .lineComment: continue
        case .blockComment where found == nil: found = token.range
        default: return nil
        }
      }
    } catch {
      return nil
    }
    guard let block = found else { return nil }
    let start = lineStart(of: block.lowerBound)
    let end = lineEnd(of: block.upperBound)
    guard text[start..<block.lowerBound].allSatisfy(Self.isSpace),
      text[block.upperBound..<end].allSatisfy(Self.isSpace)
    else { return nil }
    let lines = text.count { $0 == Self.lineFeed } + 1
    var removed = Array(repeating: 0, count: lines)
    removed[text[..<start].count { $0 == Self.lineFeed }] = block.lowerBound + 2 - start
    return SectionBody(
      Array(text[..<start]) + text[(block.lowerBound + 2)..<(block.upperBound - 2)] + text[end...],
      firstLine: firstLine, prefixes: removed)
  }

  // MARK: Bytes

  private static let lineFeed = UInt8(ascii: "\n")
  private static let dash = UInt8(ascii: "-")

  /// White space as PostgreSQL's scanner has it.
  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0D).contains(byte)
  }

  private func lineStart(of offset: Int) -> Int {
    text[..<offset].lastIndex(of: Self.lineFeed).map { $0 + 1 } ?? 0
  }

  private func lineEnd(of offset: Int) -> Int {
    text[offset...].firstIndex(of: Self.lineFeed) ?? text.count
  }
}
