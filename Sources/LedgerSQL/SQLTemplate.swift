/// SQL with placeholders, `@name@`, and dollar quotes whose tags begin with `$ledger`.
struct SQLTemplate {
  /// The text with its placeholders.
  let text: String

  /// The text with every placeholder replaced, in one pass.
  ///
  /// What a value holds is never looked at again, so that a schema named `@run@` stays that. A `--`
  /// comment that speaks of a placeholder is left out: a line end in a value would end it. The
  /// tags of the dollar quotes are lengthened until no value holds them: a value could else end
  /// a quote in the middle of a function's body.
  ///
  /// - Parameter values: The replacement for each name, without the `@`. Names that are not there
  ///   are left as they stand: the text may hold a lone `@`.
  /// - Returns: SQL.
  func filled(with values: [String: String]) -> String {
    var tag = Self.tagStart
    // Looking for one byte first: a value may have millions, and few hold a dollar sign.
    let mayHoldTag = values.values.filter { $0.utf8.contains(UInt8(ascii: "$")) }
    while mayHoldTag.contains(where: { $0.utf8.contains(tag.utf8) }) { tag += "1" }

    // Byte by byte: it runs on every command, over the longest statement of all.
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + 256)
    var index = 0
    while index < bytes.count {
      let rest = bytes[index...]
      if rest.starts(with: "--".utf8) {
        let comment = rest.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        if !comment.contains(UInt8(ascii: "@")) { result += comment }
        index = comment.endIndex
      } else if rest.starts(with: Self.tagStart.utf8) {
        result += tag.utf8
        index += Self.tagStart.utf8.count
      } else if let (name, end) = Self.placeholder(at: index, in: bytes), let value = values[name] {
        result += value.utf8
        index = end
      } else {
        let plain = bytes[(index + 1)...].prefix { !Self.marks.contains($0) }
        result += bytes[index..<plain.endIndex]
        index = plain.endIndex
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static let tagStart = "$ledger"

  /// The bytes that something to look at begins with.
  private static let marks = [UInt8(ascii: "@"), UInt8(ascii: "$"), UInt8(ascii: "-")]

  /// The placeholder that begins at an index, and where it ends.
  private static func placeholder(at index: Int, in bytes: [UInt8]) -> (name: String, end: Int)? {
    guard bytes[index] == UInt8(ascii: "@") else { return nil }
    let name = bytes[(index + 1)...].prefix { (0x61...0x7A).contains($0) || $0 == 0x5F }
    guard name.endIndex < bytes.count, bytes[name.endIndex] == UInt8(ascii: "@") else { return nil }
    return (String(decoding: name, as: UTF8.self), name.endIndex + 1)
  }
}
