internal import FoundationEssentials
internal import Platform

/// A value as JSON text for the server.
///
/// - Returns: a document with sorted keys; `null` for a value that JSON cannot hold.
func encodedJSON(_ value: some Encodable) -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  guard let data = try? encoder.encode(value) else { return "null" }
  return String(decoding: data, as: UTF8.self)
}

/// Values as a JSON array for the server; thousands are encoded on all processors.
///
/// - Returns: the text of an array of objects, in pieces that follow each other: it may be megabytes,
///   which are not to be copied often.
func encodedJSON(arrayOf values: [some JSONObjectConvertible & Sendable]) -> [[UInt8]] {
  let size = 64
  let parts = stride(from: 0, to: values.count, by: size).map {
    values[$0..<min($0 + size, values.count)]
  }
  let texts = ConcurrentMap.map(parts) { part in
    var text = JSONObjectText()
    for value in part { text.append(value) }
    return text.bytes
  }
  let comma = [UInt8(ascii: ",")]
  return [[UInt8(ascii: "[")]] + texts.enumerated().flatMap { $0 == 0 ? [$1] : [comma, $1] }
    + [[UInt8(ascii: "]")]]
}

/// A value as JSON text for the server.
///
/// - Returns: an object.
func encodedJSON(_ value: some JSONObjectConvertible) -> String {
  var text = JSONObjectText()
  text.append(value)
  return String(decoding: text.bytes, as: UTF8.self)
}

/// A value from JSON text that the server sent.
///
/// - Returns: nil when the text is no such document.
func decodedJSON<Value: Decodable>(_ type: Value.Type, from text: String?) -> Value? {
  guard let text else { return nil }
  return try? JSONDecoder().decode(type, from: Data(text.utf8))
}
