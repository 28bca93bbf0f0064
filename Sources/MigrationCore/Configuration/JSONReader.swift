/// A JSON value with its place in the text.
package struct PlacedJSON: Equatable, Sendable {
  /// A place in a text.
  package struct Place: Equatable, Sendable {
    /// The line, counted from 1.
    package var line: Int
    /// The column in characters, counted from 1.
    package var column: Int

    /// Names a place.
    package init(line: Int, column: Int) {
      self.line = line
      self.column = column
    }
  }

  /// A value of one of JSON's six types.
  package enum Value: Equatable, Sendable {
    /// Its members, in their order.
    case object([Member])
    /// Its elements.
    case array([PlacedJSON])
    /// A text, its escapes resolved.
    case string(String)
    /// A number as it is written.
    case number(String)
    /// `true` or `false`.
    case bool(Bool)
    /// `null`
    case null
  }

  /// A key and its value.
  package struct Member: Equatable, Sendable {
    /// The key.
    package var key: String
    /// Where the key begins.
    package var place: Place
    /// The value.
    package var json: PlacedJSON
  }

  /// The value.
  package var value: Value
  /// Where it begins.
  package var place: Place
}

/// What is wrong with a text that should be JSON.
package struct JSONSyntaxError: Error, Equatable, Sendable {
  /// What is wrong.
  package var message: String
  /// Where.
  package var place: PlacedJSON.Place
}

/// Reads JSON strictly as RFC 8259 has it, and remembers where everything stands.
///
/// `JSONDecoder` tells no line of a key, takes the last of two equal keys without a word, and passes
/// over keys that nobody asked for: too little for a file that says which database is protected.
package struct JSONReader {
  private let scalars: [Unicode.Scalar]
  private var index = 0
  private var line = 1
  private var lineStart = 0
  private var depth = 0

  /// How deep arrays and objects may stand in each other.
  private static let deepest = 100
  private static let digits: ClosedRange<Unicode.Scalar> = "0"..."9"

  /// Reads a document.
  ///
  /// - Parameter text: the text; a byte order mark before it is passed over.
  /// - Returns: its value.
  /// - Throws: ``JSONSyntaxError``, the first.
  package static func read(_ text: String) throws(JSONSyntaxError) -> PlacedJSON {
    var reader = JSONReader(text)
    reader.skipBlanks()
    let json = try reader.json()
    reader.skipBlanks()
    guard reader.next == nil else { throw reader.error("something follows the end") }
    return json
  }

  private init(_ text: String) {
    let all = Array(text.unicodeScalars)
    scalars = all.first == "\u{FEFF}" ? Array(all.dropFirst()) : all
  }

  private var next: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

  private var place: PlacedJSON.Place {
    PlacedJSON.Place(line: line, column: index - lineStart + 1)
  }

  private func error(_ message: String) -> JSONSyntaxError {
    JSONSyntaxError(message: next == nil ? "the file ends too early" : message, place: place)
  }

  private mutating func skipBlanks() {
    while let scalar = next, [" ", "\t", "\r", "\n"].contains(scalar) {
      index += 1
      if scalar == "\n" {
        line += 1
        lineStart = index
      }
    }
  }

  /// Passes over a scalar, if it comes next.
  private mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
    guard next == scalar else { return false }
    index += 1
    return true
  }

  // MARK: Values

  private mutating func json() throws(JSONSyntaxError) -> PlacedJSON {
    let start = place
    let value: PlacedJSON.Value =
      switch next {
      case "{": try enclosed { reader throws(JSONSyntaxError) in .object(try reader.members()) }
      case "[": try enclosed { reader throws(JSONSyntaxError) in .array(try reader.elements()) }
      case "\"": .string(try string())
      case let scalar? where scalar == "-" || Self.digits.contains(scalar): .number(try number())
      default: try word()
      }
    return PlacedJSON(value: value, place: start)
  }

  private mutating func enclosed(
    _ content: (inout JSONReader) throws(JSONSyntaxError) -> PlacedJSON.Value
  ) throws(JSONSyntaxError) -> PlacedJSON.Value {
    guard depth < Self.deepest else { throw error("this is nested too deeply") }
    depth += 1
    defer { depth -= 1 }
    index += 1
    skipBlanks()
    return try content(&self)
  }

  private mutating func members() throws(JSONSyntaxError) -> [PlacedJSON.Member] {
    var members: [PlacedJSON.Member] = []
    if skip("}") { return [] }
    while true {
      guard next == "\"" else {
        throw next == "}"
          ? error("no comma may stand before '}'") : error(expecting: "a key in double quotes")
      }
      let start = place
      let key = try string()
      skipBlanks()
      guard skip(":") else { throw error(expecting: "':'") }
      skipBlanks()
      members.append(PlacedJSON.Member(key: key, place: start, json: try json()))
      skipBlanks()
      if skip("}") { return members }
      guard skip(",") else { throw error(expecting: "',' or '}'") }
      skipBlanks()
    }
  }

  private mutating func elements() throws(JSONSyntaxError) -> [PlacedJSON] {
    var elements: [PlacedJSON] = []
    if skip("]") { return [] }
    while true {
      guard next != "]" else { throw error("no comma may stand before ']'") }
      elements.append(try json())
      skipBlanks()
      if skip("]") { return elements }
      guard skip(",") else { throw error(expecting: "',' or ']'") }
      skipBlanks()
    }
  }

  private mutating func word() throws(JSONSyntaxError) -> PlacedJSON.Value {
    let words: [(String, PlacedJSON.Value)] = [
      ("true", .bool(true)), ("false", .bool(false)), ("null", .null),
    ]
    for (word, value) in words where scalars[index...].starts(with: word.unicodeScalars) {
      index += word.unicodeScalars.count
      return value
    }
    throw error(expecting: "a value")
  }

  private func error(expecting what: String) -> JSONSyntaxError {
    switch next {
    case "/", "#": error("comments are not allowed")
    case "'": error("only double quotes are allowed")
    default: error("\(what) is expected here")
    }
  }

  // MARK: Numbers and strings

  private mutating func number() throws(JSONSyntaxError) -> String {
    let start = index
    _ = skip("-")
    if !skip("0") { try digits() }
    if skip(".") { try digits() }
    if skip("e") || skip("E") {
      if !skip("-") { _ = skip("+") }
      try digits()
    }
    return text(from: start)
  }

  private mutating func digits() throws(JSONSyntaxError) {
    let start = index
    while let scalar = next, Self.digits.contains(scalar) { index += 1 }
    guard index > start else { throw error(expecting: "a digit") }
  }

  private func text(from start: Int) -> String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars[start..<index])
    return String(text)
  }

  private mutating func string() throws(JSONSyntaxError) -> String {
    var text = String.UnicodeScalarView()
    index += 1
    while let scalar = next {
      guard scalar.value >= 0x20 else { throw error("a string must end on its line") }
      if skip("\"") { return String(text) }
      text.append(scalar == "\\" ? try escape() : scalar)
      if scalar != "\\" { index += 1 }
    }
    throw error("a string has no end")
  }

  private mutating func escape() throws(JSONSyntaxError) -> Unicode.Scalar {
    index += 1
    let short: [Unicode.Scalar: Unicode.Scalar] = [
      "\"": "\"", "\\": "\\", "/": "/", "b": "\u{8}", "f": "\u{C}", "n": "\n", "r": "\r", "t": "\t",
    ]
    if let scalar = next.flatMap({ short[$0] }) {
      index += 1
      return scalar
    }
    guard skip("u") else { throw error("'\\' must be followed by one of \"\\/bfnrt or u") }
    let unit = try hexadecimal()
    if let scalar = Unicode.Scalar(unit) { return scalar }
    // Half of a pair (RFC 8259, section 7).
    guard (0xD800..<0xDC00).contains(unit), skip("\\"), skip("u") else {
      throw error("'\\u' and half of a surrogate pair")
    }
    let low = try hexadecimal()
    guard (0xDC00..<0xE000).contains(low),
      let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
    else { throw error("'\\u' and half of a surrogate pair") }
    return scalar
  }

  private mutating func hexadecimal() throws(JSONSyntaxError) -> UInt32 {
    let start = index
    while index < start + 4, next?.properties.isASCIIHexDigit == true { index += 1 }
    guard index == start + 4, let number = UInt32(text(from: start), radix: 16) else {
      throw error("'\\u' must be followed by four hexadecimal digits")
    }
    return number
  }
}
