/// Looks for some words in texts, quickly and without parsing: an answer of no is certain, one of yes
/// is not.
struct WordSearch: Sendable {
  private let words: Set<[UInt8]>
  /// A word of other characters would be missed: every text may then hold it.
  private let matchesAll: Bool

  /// Takes the words.
  ///
  /// - Parameter words: in any case; what counts is that one stands in a text in any case.
  init(_ words: some Sequence<String>) {
    let lowered = words.map { $0.utf8.map(Self.lowered) }
    self.words = Set(lowered)
    matchesAll = lowered.contains { $0.isEmpty || !$0.allSatisfy(Self.isOfWord) }
  }

  /// Whether a text may hold one of the words.
  ///
  /// - Parameter text: UTF-8.
  /// - Returns: false only where none stands in it.
  func mayMatch(_ text: [UInt8]) -> Bool {
    if matchesAll { return true }
    if words.isEmpty { return false }
    var word: [UInt8] = []
    for byte in text {
      if Self.isOfWord(byte) {
        word.append(Self.lowered(byte))
      } else if !word.isEmpty {
        if words.contains(word) { return true }
        word.removeAll(keepingCapacity: true)
      }
    }
    return words.contains(word)
  }

  private static func lowered(_ byte: UInt8) -> UInt8 {
    (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
  }

  private static func isOfWord(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), 0x80...: true
    default: false
    }
  }
}
