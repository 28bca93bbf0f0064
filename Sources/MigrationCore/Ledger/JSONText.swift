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
/// - Returns: an array of what ``encodedJSON(_:)`` makes of each.
func encodedJSON(arrayOf values: [some Encodable & Sendable]) -> String {
  let size = 64
  let parts = stride(from: 0, to: values.count, by: size).map {
    Array(values[$0..<min($0 + size, values.count)])
  }
  // Without its brackets each part is a part of the array; making an encoder costs, too.
  let texts = ConcurrentMap.map(parts) { encodedJSON($0).dropFirst().dropLast() }
  return "[" + texts.joined(separator: ",") + "]"
}

/// A value from JSON text that the server sent.
///
/// - Returns: nil when the text is no such document.
func decodedJSON<Value: Decodable>(_ type: Value.Type, from text: String?) -> Value? {
  guard let text else { return nil }
  return try? JSONDecoder().decode(type, from: Data(text.utf8))
}
