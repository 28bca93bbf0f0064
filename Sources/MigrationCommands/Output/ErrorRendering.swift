package import MigrationCore

/// An error as people read it.
package enum ErrorRendering {
  /// The error's lines: `FILE:LINE:COL: error: message`, details indented, the hint.
  ///
  /// - Parameters:
  ///   - report: the error.
  ///   - console: whose colours and verbosity hold; beside a JSON document, which has it all, only
  ///     the first line is made.
  /// - Returns: the pieces of the lines, each ended.
  package static func pieces(_ report: ErrorReport, console: Console) -> [Console.Piece] {
    let place = report.location.map { "\($0.description): " } ?? ""
    let message: [Console.Piece] = [
      .text(place), .label("error:", .red), .text(" \(report.message)\n"),
    ]
    if console.isJSON { return message }
    var text = ""
    for detail in report.details {
      for line in detail.split(separator: "\n", omittingEmptySubsequences: false) {
        text += line.isEmpty ? "\n" : "  \(line)\n"
      }
    }
    if console.verbosity == .verbose {
      let state = report.sqlState.map { ", SQLSTATE \($0)" } ?? ""
      text += "  code \(report.code.rawValue)\(state)\n"
    }
    guard let hint = report.hint else { return message + [.text(text)] }
    return message + [.text(text), .label("hint:", .cyan), .text(" \(hint)\n")]
  }
}
