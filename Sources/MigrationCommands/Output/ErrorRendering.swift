package import MigrationCore

/// An error as people read it.
package enum ErrorRendering {
  /// The error's lines: `FILE:LINE:COL: error: message`, details indented, the hint.
  ///
  /// - Parameters:
  ///   - report: the error.
  ///   - console: whose colours and verbosity hold; beside a JSON document, which has it all, only
  ///     the first line is made.
  /// - Returns: lines, each ended.
  package static func text(_ report: ErrorReport, console: Console) -> String {
    let place = report.location.map { "\($0.description): " } ?? ""
    var text = "\(place)\(console.style("error:", .red)) \(report.message)\n"
    if console.isJSON { return text }
    for detail in report.details {
      for line in detail.split(separator: "\n", omittingEmptySubsequences: false) {
        text += line.isEmpty ? "\n" : "  \(line)\n"
      }
    }
    if console.verbosity == .verbose {
      let state = report.sqlState.map { ", SQLSTATE \($0)" } ?? ""
      text += "  code \(report.code.rawValue)\(state)\n"
    }
    if let hint = report.hint { text += "\(console.style("hint:", .cyan)) \(hint)\n" }
    return text
  }
}
