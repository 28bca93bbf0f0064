import MigrationCore
import Testing

@Suite("JSON with places")
struct JSONReaderTests {
  private func failure(_ text: String) -> String? {
    let error = #expect(throws: JSONSyntaxError.self) { try JSONReader.read(text) }
    return error.map { "\($0.place.line):\($0.place.column) \($0.message)" }
  }

  @Test("Values of every type, with the places of keys and values")
  func values() throws {
    let json = try JSONReader.read(
      "\u{FEFF}{ \"ä\": [1, -0.5e+3, true ],\r\n\t\"b\" : {\"c\":null,\"d\":false} }\n")
    guard case .object(let members) = json.value else {
      Issue.record("no object")
      return
    }
    #expect(json.place == .init(line: 1, column: 1))
    #expect(members.map(\.key) == ["ä", "b"])
    #expect(members.map(\.place) == [.init(line: 1, column: 3), .init(line: 2, column: 2)])
    guard case .array(let elements) = members[0].json.value else {
      Issue.record("no array")
      return
    }
    #expect(elements.map(\.value) == [.number("1"), .number("-0.5e+3"), .bool(true)])
    #expect(elements[1].place == .init(line: 1, column: 12))
    guard case .object(let inner) = members[1].json.value else {
      Issue.record("no object")
      return
    }
    #expect(inner.map(\.json.value) == [.null, .bool(false)])
  }

  @Test(
    "Escapes of strings",
    arguments: [
      (#""a\"\\\/\b\f\n\r\t""#, "a\"\\/\u{8}\u{C}\n\r\t"), (#""\u00e4\u20AC""#, "ä€"),
      (#""\ud83d\ude00""#, "😀"), (#""""#, ""), ("\"€\u{7F}\"", "€\u{7F}"),
    ])
  func strings(text: String, value: String) throws {
    #expect(try JSONReader.read(text).value == .string(value))
  }

  @Test(
    "What is no JSON, and where",
    arguments: [
      ("", "1:1 the file ends too early"), ("{\"a\": 1", "1:8 the file ends too early"),
      ("\"abc", "1:5 the file ends too early"), ("\"a\nb\"", "1:3 a string must end on its line"),
      ("{\"a\": 1,}", "1:9 no comma may stand before '}'"),
      ("{\"a\": 1, b", "1:10 a key in double quotes is expected here"),
      ("{\"a\" 1}", "1:6 ':' is expected here"),
      ("{\"a\": 1\n \"b\": 2}", "2:2 ',' or '}' is expected here"),
      ("[1 2]", "1:4 ',' or ']' is expected here"), ("[1,]", "1:4 no comma may stand before ']'"),
      ("{'a': 1}", "1:2 only double quotes are allowed"),
      ("// x\n{}", "1:1 comments are not allowed"), ("{} # x", "1:4 something follows the end"),
      ("tru", "1:1 a value is expected here"), ("-", "1:2 the file ends too early"),
      ("[1.]", "1:4 a digit is expected here"), ("01", "1:2 something follows the end"),
      ("[+1]", "1:2 a value is expected here"),
      (#""\x""#, #"1:3 '\' must be followed by one of "\/bfnrt or u"#),
      (#""\u12g4""#, #"1:6 '\u' must be followed by four hexadecimal digits"#),
      (#""\ud83d""#, #"1:8 '\u' and half of a surrogate pair"#),
      (#""\ude00""#, #"1:8 '\u' and half of a surrogate pair"#),
      (#""\ud83d\u0041""#, #"1:14 '\u' and half of a surrogate pair"#),
    ])
  func mistakes(text: String, message: String) {
    #expect(failure(text) == message)
  }

  @Test("However deep it is nested, the reader comes back")
  func depth() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(throws: Never.self) { try JSONReader.read(nested(100)) }
    #expect(failure(nested(100_000)) == "1:101 this is nested too deeply")
  }
}
