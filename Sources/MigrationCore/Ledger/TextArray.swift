/// A value of type `text[]`, as the server reads it.
enum TextArray {
  /// Texts as an array (manual, chapter 8.15.6 "Array Input and Output Syntax").
  ///
  /// - Parameter texts: the elements.
  /// - Returns: the array's text, which is yet to be quoted.
  static func literal(_ texts: [String]) -> String {
    var array = [UInt8(ascii: "{")]
    for (index, text) in texts.enumerated() {
      if index > 0 { array.append(UInt8(ascii: ",")) }
      array.append(UInt8(ascii: "\""))
      for byte in text.utf8 {
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
          array.append(UInt8(ascii: "\\"))
        }
        array.append(byte)
      }
      array.append(UInt8(ascii: "\""))
    }
    array.append(UInt8(ascii: "}"))
    return String(decoding: array, as: UTF8.self)
  }
}
