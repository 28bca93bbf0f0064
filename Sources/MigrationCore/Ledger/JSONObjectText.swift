/// A value that goes to the server as a JSON object, by the thousand.
protocol JSONObjectConvertible {
  /// Writes the members of its object.
  func write(to text: inout JSONObjectText)
}

/// The text of JSON objects (RFC 8259), one after the other, written member by member.
///
/// For what goes to the server by the thousand: it takes a tenth of the time that `JSONEncoder`
/// takes, which was a sixth of all that `sync` did.
struct JSONObjectText {
  /// The objects parted by commas, UTF-8.
  private(set) var bytes: [UInt8] = []

  /// Writes an object behind those that are there.
  mutating func append(_ value: some JSONObjectConvertible) {
    if !bytes.isEmpty { bytes.append(UInt8(ascii: ",")) }
    object(value)
  }

  /// Writes a member that is text; none where the value is nil.
  mutating func member(_ key: StaticString, _ value: String?) {
    guard let value else { return }
    name(key)
    string(value)
  }

  /// Writes a member that is a number; none where the value is nil.
  mutating func member(_ key: StaticString, _ value: Int?) {
    guard let value else { return }
    name(key)
    bytes += String(value).utf8
  }

  /// Writes a member that is true or false; none where the value is nil.
  mutating func member(_ key: StaticString, _ value: Bool?) {
    guard let value else { return }
    name(key)
    bytes += (value ? "true" : "false").utf8
  }

  /// Writes a member that is an array of texts and, for nil, `null`; none where the array is nil.
  mutating func member(_ key: StaticString, _ values: [String?]?) {
    guard let values else { return }
    name(key)
    bytes.append(UInt8(ascii: "["))
    for (index, value) in values.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      if let value { string(value) } else { bytes += "null".utf8 }
    }
    bytes.append(UInt8(ascii: "]"))
  }

  /// Writes a member that is an object.
  mutating func member(_ key: StaticString, _ value: some JSONObjectConvertible) {
    name(key)
    object(value)
  }

  private mutating func object(_ value: some JSONObjectConvertible) {
    bytes.append(UInt8(ascii: "{"))
    value.write(to: &self)
    bytes.append(UInt8(ascii: "}"))
  }

  private mutating func name(_ key: StaticString) {
    if bytes.last != UInt8(ascii: "{") { bytes.append(UInt8(ascii: ",")) }
    bytes.append(UInt8(ascii: "\""))
    key.withUTF8Buffer { bytes.append(contentsOf: $0) }
    bytes += "\":".utf8
  }

  private mutating func string(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    var text = text
    text.withUTF8 { text in
      if text.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
        bytes.append(contentsOf: text)
      } else {
        for byte in text { escape(byte) }
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func escape(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
    case UInt8(ascii: "\n"): bytes += #"\n"#.utf8
    case 0..<0x10: bytes += (#"\u000"# + String(byte, radix: 16)).utf8
    case 0x10..<0x20: bytes += (#"\u00"# + String(byte, radix: 16)).utf8
    default: bytes.append(byte)
    }
  }
}
