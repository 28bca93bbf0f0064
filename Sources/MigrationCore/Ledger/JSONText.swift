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
/// - Returns: an array of objects.
func encodedJSON(arrayOf values: [some JSONObjectConvertible & Sendable]) -> String {
  let size = 64
  let parts = stride(from: 0, to: values.count, by: size).map {
    values[$0..<min($0 + size, values.count)]
  }
  let texts = ConcurrentMap.map(parts) { part in
    var text = JSONObjectText()
    for value in part { text.append(value) }
    return text.bytes
  }
  var array = [UInt8(ascii: "[")]
  array.reserveCapacity(texts.reduce(2) { $0 + $1.count + 1 })
  for (index, text) in texts.enumerated() {
    if index > 0 { array.append(UInt8(ascii: ",")) }
    array += text
  }
  array.append(UInt8(ascii: "]"))
  return String(decoding: array, as: UTF8.self)
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
