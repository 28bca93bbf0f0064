/// A value of type `text[]`, as the server reads it.
enum TextArray {
  /// Texts as an array (manual, chapter 8.15.6 "Array Input and Output Syntax").
  ///
  /// - Parameter texts: the elements.
  /// - Returns: the array's text, which is yet to be quoted.
  static func literal(_ texts: [String]) -> String {
    let elements = texts.map { text in
      var element = String.UnicodeScalarView()
      for scalar in text.unicodeScalars {
        if scalar == "\"" || scalar == "\\" { element.append("\\") }
        element.append(scalar)
      }
      return "\"" + String(element) + "\""
    }
    return "{" + elements.joined(separator: ",") + "}"
  }
}
