/// Names that nobody else will make.
package enum UniqueIdentifier {
  /// Makes a random UUID (RFC 9562, version 4) from the kernel's random numbers, which Swift's
  /// `SystemRandomNumberGenerator` takes by getrandom(2).
  ///
  /// - Returns: for instance `f81d4fae-7dec-4d0a-a765-00a0c91e6bf6`.
  package static func random() -> String {
    var generator = SystemRandomNumberGenerator()
    let high = (generator.next() as UInt64) & ~0xF000 | 0x4000
    let low = (generator.next() as UInt64) & ~(0b11 << 62) | (0b10 << 62)
    let digits = [high, low].map { half in
      let text = String(half, radix: 16)
      return String(repeating: "0", count: 16 - text.count) + text
    }.joined()
    var rest = digits[...]
    return [8, 4, 4, 4, 12].map { length in
      defer { rest = rest.dropFirst(length) }
      return String(rest.prefix(length))
    }.joined(separator: "-")
  }
}
