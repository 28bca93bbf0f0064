/// SQL text as bytes, with the places of its lines.
///
/// Three clocks meet in SQL text: PostgreSQL's scanner and parse tree count bytes from 0, its error
/// positions count characters from 1, and people count lines and columns. This type is the one place
/// that converts between them.
///
/// A line ends at `\n`, `\r\n` or a lone `\r`, as libpq counts lines when it reports an error
/// (`reportErrorPosition` in `fe-protocol3.c`).
package struct SourceText: Sendable {
  /// The text as it was read, a byte order mark included.
  package let bytes: [UInt8]

  /// The byte offset of each line's first byte; never empty.
  private let lineStarts: [Int]

  /// Takes text in UTF-8.
  ///
  /// - Parameter bytes: The text. Nothing is checked; see ``firstInvalidByte(in:)``.
  package init(bytes: [UInt8]) {
    self.bytes = bytes
    self.lineStarts = Self.lineStarts(in: bytes)
  }

  /// Takes a string.
  ///
  /// - Parameter string: The text.
  package init(_ string: String) {
    self.init(bytes: Array(string.utf8))
  }

  /// How many lines the text has; a line end at the end of the text does not begin another line.
  package var lineCount: Int {
    lineStarts.last == bytes.count ? lineStarts.count - 1 : lineStarts.count
  }

  /// The number of bytes of the byte order mark that the text begins with: 3, or 0 without one.
  package var byteOrderMarkLength: Int {
    bytes.starts(with: ByteOrderMark.utf8) ? ByteOrderMark.utf8.count : 0
  }

  /// The line and column of a byte.
  ///
  /// - Parameter offset: Bytes from the start of the text; out of range counts as the nearest end.
  ///   A byte inside a character stands for that character.
  /// - Returns: The position, its column counted in Unicode scalars, without a byte order mark.
  package func position(atByte offset: Int) -> SourcePosition {
    let offset = min(max(offset, 0), bytes.count)
    let line = lineIndex(containing: offset)
    var column = 1
    var next = lineStarts[line]
    if line == 0 { next = min(byteOrderMarkLength, offset) }
    while next < offset {
      next += 1
      if next < bytes.count, isContinuationByte(bytes[next]) { continue }
      if next <= offset { column += 1 }
    }
    return SourcePosition(byteOffset: offset, line: line + 1, column: column)
  }

  /// The line and column of a character, as the server's error positions count them.
  ///
  /// - Parameter oneBased: Unicode scalars from the start of the text, the first being 1; a byte
  ///   order mark counts as one.
  /// - Returns: The position; the end of the text where it is shorter.
  package func position(atCharacter oneBased: Int) -> SourcePosition {
    position(atByte: byteOffset(ofCharacter: oneBased, in: bytes[...]))
  }

  /// The text of a line, without its line end and without a byte order mark.
  ///
  /// - Parameter number: The line, the first being 1.
  /// - Returns: The line; empty where there is no such line.
  package func line(_ number: Int) -> String {
    guard number >= 1, number <= lineStarts.count else { return "" }
    var start = lineStarts[number - 1]
    var end = number < lineStarts.count ? lineStarts[number] : bytes.count
    if number == 1 { start = byteOrderMarkLength }
    if end > start, bytes[end - 1] == UInt8(ascii: "\n") { end -= 1 }
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return text(in: start..<end)
  }

  /// A stretch of the text as a string.
  ///
  /// - Parameter range: Byte offsets within the text.
  /// - Returns: The text; bytes that are not UTF-8 become U+FFFD.
  package func text(in range: Range<Int>) -> String {
    String(decoding: bytes[range], as: UTF8.self)
  }

  /// The index into ``lineStarts`` of the line that holds a byte.
  private func lineIndex(containing offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low
  }

  private static func lineStarts(in bytes: [UInt8]) -> [Int] {
    var starts = [0]
    let span = bytes.span
    for offset in span.indices {
      let byte = span[offset]
      guard byte <= UInt8(ascii: "\r") else { continue }
      if byte == UInt8(ascii: "\n") {
        starts.append(offset + 1)
      } else if byte == UInt8(ascii: "\r") {
        let next = offset + 1
        if next == span.count || span[next] != UInt8(ascii: "\n") { starts.append(next) }
      }
    }
    return starts
  }
}

/// The byte offset of a character.
///
/// - Parameters:
///   - oneBased: The character, the first being 1.
///   - bytes: Text in UTF-8.
/// - Returns: Its index in `bytes`; the end where there are fewer characters.
func byteOffset(ofCharacter oneBased: Int, in bytes: ArraySlice<UInt8>) -> Int {
  var remaining = oneBased
  for offset in bytes.indices where !isContinuationByte(bytes[offset]) {
    remaining -= 1
    if remaining <= 0 { return offset }
  }
  return bytes.endIndex
}

/// Whether a byte is the second, third or fourth of a character in UTF-8.
private func isContinuationByte(_ byte: UInt8) -> Bool {
  byte & 0b1100_0000 == 0b1000_0000
}

/// The mark that some editors put before the first character of a file.
enum ByteOrderMark {
  /// U+FEFF in UTF-8.
  static let utf8: [UInt8] = [0xEF, 0xBB, 0xBF]
}
