import SQLParsing
import Testing

@Suite("Bytes, characters, lines and columns")
struct SourceTextTests {
  private let text = SourceText("äöü€ x\r\nzwei\rdrei\n\n😀b")

  private func position(_ byte: Int, _ line: Int, _ column: Int) -> SourcePosition {
    SourcePosition(byteOffset: byte, line: line, column: column)
  }

  @Test("A column counts characters, an offset bytes")
  func byBytes() {
    #expect(text.position(atByte: 0) == position(0, 1, 1))
    #expect(text.position(atByte: 2) == position(2, 1, 2))
    #expect(text.position(atByte: 9) == position(9, 1, 5))
    #expect(text.position(atByte: 10) == position(10, 1, 6))
    #expect(text.position(atByte: 13) == position(13, 2, 1))
    #expect(text.position(atByte: 18) == position(18, 3, 1))
    #expect(text.position(atByte: 23) == position(23, 4, 1))
    #expect(text.position(atByte: 28) == position(28, 5, 2))
  }

  @Test("The server's positions count characters from 1")
  func byCharacters() {
    #expect(text.position(atCharacter: 1) == position(0, 1, 1))
    #expect(text.position(atCharacter: 5) == position(9, 1, 5))
    #expect(text.position(atCharacter: 9) == position(13, 2, 1))
    #expect(text.position(atCharacter: 99) == position(29, 5, 3))
  }

  @Test("A byte inside a character stands for that character")
  func insideCharacter() {
    #expect(text.position(atByte: 1).column == 1)
    #expect(text.position(atByte: 8).column == 4)
  }

  @Test("Lines end at CRLF, LF and a lone CR")
  func lines() {
    #expect(text.lineCount == 5)
    #expect((0...6).map { text.line($0) } == ["", "äöü€ x", "zwei", "drei", "", "😀b", ""])
  }

  @Test("A final line end begins no line, but has a place after it")
  func finalLineEnd() {
    let text = SourceText("a\n")
    #expect(text.lineCount == 1)
    #expect(text.position(atByte: 2) == position(2, 2, 1))
    #expect(SourceText("").lineCount == 0)
    #expect(SourceText("").position(atByte: 5) == position(0, 1, 1))
  }

  @Test("A byte order mark takes no column")
  func byteOrderMark() {
    let text = SourceText("\u{FEFF}äb")
    #expect(text.byteOrderMarkLength == 3)
    #expect(text.position(atByte: 0) == position(0, 1, 1))
    #expect(text.position(atByte: 3) == position(3, 1, 1))
    #expect(text.position(atByte: 5) == position(5, 1, 2))
    #expect(text.line(1) == "äb")
  }

  @Test(
    "What the server's UTF8 encoding refuses",
    arguments: [
      ([0x61, 0x62], nil),
      (Array("äöü€😀".utf8), nil),
      ([], nil),
      ([0x61, 0x00, 0x62], 1),
      ([0x61, 0xFF], 1),
      ([0x61, 0x00, 0xFF], 1),
      ([0x61, 0xFF, 0x00], 1),
      ([0xC3], 0),
      ([0x61, 0xC3, 0x28], 1),
      ([0xC0, 0x80], 0),
      ([0xED, 0xA0, 0x80], 0),
      ([0xF4, 0x90, 0x80, 0x80], 0),
    ] as [([UInt8], Int?)])
  func validation(bytes: [UInt8], offset: Int?) {
    #expect(SourceText.firstInvalidByte(in: bytes) == offset)
  }

  @Test("Validation of a part does not look outside")
  func validationOfPart() {
    let bytes: [UInt8] = [0xFF, 0x61, 0x62, 0xFF]
    #expect(SourceText.firstInvalidByte(in: bytes, range: 1..<3) == nil)
    #expect(SourceText.firstInvalidByte(in: bytes, range: 1..<4) == 3)
  }
}
