/// Feeds the code of a script, without comments and white space, to a closure.
///
/// Every token that is not a comment is fed as written and followed by one line feed, so that two
/// texts that differ in comments or white space alone yield the same bytes. (A comment inside a
/// string that goes on over several lines is part of that string, as it is for PostgreSQL.) Where a
/// quote or a comment is never closed, the rest from there is fed as one token.
///
/// The bytes come in pieces of a few kilobytes whose bounds mean nothing: hash them one after the
/// other.
///
/// - Parameters:
///   - bytes: The script in UTF-8.
///   - range: The part to feed, in bytes; the whole script where nil.
///   - body: Takes a piece.
/// - Throws: What `body` throws.
package func forEachCodeChunk<Failure: Error>(
  in bytes: [UInt8], range: Range<Int>? = nil,
  _ body: ([UInt8]) throws(Failure) -> Void
) throws(Failure) {
  let range = range ?? 0..<bytes.count
  var scanner = ScriptScanner(bytes, range: range)
  var chunk: [UInt8] = []
  chunk.reserveCapacity(2 * codeChunkSize)
  var isOpen = true
  while isOpen {
    let code: Range<Int>
    do {
      guard let token = try scanner.next() else { break }
      if token.kind.isComment { continue }
      code = token.range
    } catch {
      code = error.byteOffset..<range.upperBound
      isOpen = false
    }
    chunk.append(contentsOf: bytes[code])
    chunk.append(UInt8(ascii: "\n"))
    if chunk.count >= codeChunkSize {
      try body(chunk)
      chunk.removeAll(keepingCapacity: true)
    }
  }
  try body(chunk)
}

private let codeChunkSize = 16_384
