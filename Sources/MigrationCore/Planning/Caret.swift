internal import Platform
internal import SQLParsing

/// A line of SQL with a caret under a place in it.
enum Caret {
  /// The line and, below it, the caret; long lines are cut around the place.
  ///
  /// - Parameters:
  ///   - text: the SQL.
  ///   - line: counted from 1.
  ///   - column: in characters, counted from 1.
  /// - Returns: two lines, none when the line is empty.
  static func lines(in text: SourceText, line: Int, column: Int) -> [String] {
    let width = 100
    var scalars = Array(text.line(line).unicodeScalars)
    guard !scalars.isEmpty else { return [] }
    var offset = min(max(column - 1, 0), scalars.count)
    if scalars.count > width {
      let first = max(0, min(offset - width / 2, scalars.count - width))
      scalars = Array(scalars[first..<(first + width)])
      offset -= first
    }
    var shown = String.UnicodeScalarView()
    shown.append(contentsOf: scalars)
    var under = String.UnicodeScalarView()
    for scalar in scalars.prefix(offset) {
      let width = Terminal.displayWidth(of: String(scalar))
      under.append(contentsOf: scalar == "\t" ? ["\t"] : Array(repeating: " ", count: width))
    }
    return [String(shown), String(under) + "^"]
  }
}
