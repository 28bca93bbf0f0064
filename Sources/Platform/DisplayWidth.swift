extension Terminal {
  /// How many cells a text takes on a terminal.
  ///
  /// By the properties that Unicode gives to the characters, whatever the locale: marks that
  /// combine, format characters and controls take none; East Asian wide characters and emoji two
  /// (Unicode Standard Annex 11 and Technical Standard 51).
  ///
  /// - Parameter text: one line.
  /// - Returns: the number of cells.
  package static func displayWidth(of text: String) -> Int {
    if text.utf8.allSatisfy({ 0x20 <= $0 && $0 < 0x7F }) { return text.utf8.count }
    return text.reduce(0) { $0 + width(of: $1) }
  }

  private static func width(of character: Character) -> Int {
    let scalars = character.unicodeScalars
    // U+FE0F asks for the coloured form of what precedes it, U+200D joins several emoji into one.
    let isEmoji = scalars.contains {
      $0.properties.isEmojiPresentation || $0.value == 0xFE0F || $0.value == 0x200D
    }
    if isEmoji, scalars.contains(where: \.properties.isEmoji) { return 2 }
    return scalars.reduce(0) { $0 + width(of: $1) }
  }

  private static func width(of scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control, .lineSeparator, .paragraphSeparator:
      // The soft hyphen is a format character that terminals show.
      return scalar.value == 0xAD ? 1 : 0
    default:
      // Vowels and final consonants of Korean are drawn into the syllable before them.
      if (0x1160...0x11FF).contains(scalar.value) { return 0 }
      return wideRanges.contains { $0.contains(scalar.value) } ? 2 : 1
    }
  }

  /// Where `EastAsianWidth.txt` says W or F, small unassigned gaps included.
  private static let wideRanges: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF,
    0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F,
    0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF, 0x1F200...0x1F265,
    0x20000...0x3FFFD,
  ]
}
