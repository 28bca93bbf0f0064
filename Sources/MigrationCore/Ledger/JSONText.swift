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
  "[" + ConcurrentMap.map(values) { encodedJSON($0) }.joined(separator: ",") + "]"
}

/// A value from JSON text that the server sent.
///
/// - Returns: nil when the text is no such document.
func decodedJSON<Value: Decodable>(_ type: Value.Type, from text: String?) -> Value? {
  guard let text else { return nil }
  return try? JSONDecoder().decode(type, from: Data(text.utf8))
}
