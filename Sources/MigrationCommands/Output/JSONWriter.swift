/// A value that can be written as JSON (RFC 8259).
package protocol JSONValue {
  /// Writes the value.
  func write(to json: inout JSONWriter)
}

/// A whole answer of `--json`: an object.
package protocol JSONDocument: JSONValue {}

/// Writes JSON with its keys in the order given: the documents keep the order of the reference.
package struct JSONWriter {
  /// What was written so far, UTF-8.
  package private(set) var bytes: [UInt8] = []
  private var needsComma = false

  /// An empty writer.
  package init() {}

  /// Writes a value.
  package mutating func value(_ value: some JSONValue) { value.write(to: &self) }

  /// Writes an object.
  ///
  /// - Parameter members: writes its members with ``member(_:_:)``.
  package mutating func object(_ members: (inout JSONWriter) -> Void) {
    enclose(UInt8(ascii: "{"), UInt8(ascii: "}"), members)
  }

  /// Writes a member of the object that is being written.
  package mutating func member(_ key: StaticString, _ value: some JSONValue) {
    separate()
    key.withUTF8Buffer { quoted($0) }
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
    value.write(to: &self)
  }

  /// Writes an array.
  package mutating func array(_ elements: some Sequence<some JSONValue>) {
    enclose(UInt8(ascii: "["), UInt8(ascii: "]")) { json in
      for element in elements { element.write(to: &json) }
    }
  }

  /// Writes a string.
  package mutating func string(_ text: String) {
    separate()
    var text = text
    text.withUTF8 { quoted($0) }
  }

  /// Writes a number, `true`, `false` or `null`, as its text.
  package mutating func literal(_ text: String) {
    separate()
    bytes += text.utf8
  }

  /// Ends the line after a document.
  package mutating func endLine() { bytes.append(UInt8(ascii: "\n")) }

  private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    needsComma = true
  }

  private mutating func enclose(
    _ opening: UInt8, _ closing: UInt8, _ content: (inout JSONWriter) -> Void
  ) {
    separate()
    bytes.append(opening)
    needsComma = false
    content(&self)
    bytes.append(closing)
    needsComma = true
  }

  private mutating func quoted(_ text: UnsafeBufferPointer<UInt8>) {
    bytes.append(UInt8(ascii: "\""))
    if text.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
      bytes.append(contentsOf: text)
    } else {
      for byte in text { escaped(byte) }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func escaped(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""): bytes += #"\""#.utf8
    case UInt8(ascii: "\\"): bytes += #"\\"#.utf8
    case UInt8(ascii: "\n"): bytes += #"\n"#.utf8
    case UInt8(ascii: "\r"): bytes += #"\r"#.utf8
    case UInt8(ascii: "\t"): bytes += #"\t"#.utf8
    case 0..<0x20:
      bytes += (byte < 0x10 ? #"\u000"# : #"\u00"#).utf8
      bytes += String(byte, radix: 16).utf8
    default: bytes.append(byte)
    }
  }
}

extension String: JSONValue {
  /// Writes a string.
  package func write(to json: inout JSONWriter) { json.string(self) }
}

extension Bool: JSONValue {
  /// Writes `true` or `false`.
  package func write(to json: inout JSONWriter) { json.literal(self ? "true" : "false") }
}

extension Int: JSONValue {
  /// Writes a number.
  package func write(to json: inout JSONWriter) { json.literal(String(self)) }
}

extension Array: JSONValue where Element: JSONValue {
  /// Writes an array.
  package func write(to json: inout JSONWriter) { json.array(self) }
}

extension Optional: JSONValue where Wrapped: JSONValue {
  /// Writes the value, or `null`.
  package func write(to json: inout JSONWriter) {
    if let value = self { json.value(value) } else { json.literal("null") }
  }
}
