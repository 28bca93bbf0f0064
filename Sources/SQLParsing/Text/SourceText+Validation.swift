extension SourceText {
  /// The first byte that PostgreSQL would refuse in a database whose encoding is UTF8.
  ///
  /// The server takes well-formed UTF-8 (no surrogates, no overlong forms, nothing above U+10FFFF)
  /// and never a zero byte (manual, chapter 24.3 "Character Set Support").
  ///
  /// - Parameters:
  ///   - bytes: The text.
  ///   - range: The part to look at, in bytes; the whole text where nil.
  /// - Returns: Bytes from the start of the text; nil where the part is valid.
  package static func firstInvalidByte(in bytes: [UInt8], range: Range<Int>? = nil) -> Int? {
    let range = range ?? 0..<bytes.count
    let part = bytes.span.extracting(range)
    let zero = firstZeroByte(in: part).map { range.lowerBound + $0 }
    do {
      _ = try UTF8Span(validating: part)
      return zero
    } catch {
      let malformed = range.lowerBound + error.byteOffsets.lowerBound
      return zero.map { min($0, malformed) } ?? malformed
    }
  }

  private static func firstZeroByte(in bytes: Span<UInt8>) -> Int? {
    for offset in bytes.indices where bytes[offset] == 0 {
      return offset
    }
    return nil
  }
}
