package import MigrationCore
import Platform

/// Where commands print: results to standard output, everything else to standard error.
///
/// With `--json` standard output gets one document, and standard error only warnings, the words of
/// errors, and prompts. Output is collected and written in large pieces; it is written out before
/// anything goes to standard error, so that the two read in order on a terminal.
///
/// Text is made visible here, see ``VisibleText``, whatever the stream leads to; only bytes are
/// printed as they are.
package final class Console {
  /// How much is said.
  package enum Verbosity: Sendable {
    /// No progress, notes and hints.
    case quiet
    /// The usual.
    case normal
    /// More: databases, times, SQLSTATEs.
    case verbose
  }

  /// What the program runs in.
  package let surroundings: Surroundings
  /// How much is said.
  package let verbosity: Verbosity
  /// Whether standard output gets one JSON document.
  package let isJSON: Bool
  /// The symbols of the locale.
  package let symbols: Symbols
  /// What became of the output so far; after a failure nothing more is written.
  package private(set) var delivery = OutputDelivery.delivered

  private let streams: any ProgramStreams
  private var collected: [UInt8] = []
  private var hasWarnedOfSQL = false
  private var progressBar = ProgressBar()
  private static let pieceSize = 1 << 16

  /// A console on streams.
  package init(
    streams: any ProgramStreams, surroundings: Surroundings, verbosity: Verbosity = .normal,
    isJSON: Bool = false
  ) {
    self.streams = streams
    self.surroundings = surroundings
    self.verbosity = verbosity
    self.isJSON = isJSON
    symbols = Symbols(usesUTF8: surroundings.usesUTF8)
  }

  // MARK: Standard output

  /// Prints bytes as they are.
  package func print(bytes: [UInt8]) {
    collected += bytes
    if collected.count >= Self.pieceSize { flush() }
  }

  /// Prints a line of a result.
  package func print(_ line: String = "") {
    collected += VisibleText.of(line).utf8
    collected.append(UInt8(ascii: "\n"))
    if collected.count >= Self.pieceSize { flush() }
  }

  /// Prints the document of `--json`, on a line of its own.
  package func print(document: some JSONDocument) {
    var writer = JSONWriter()
    writer.value(document)
    writer.endLine()
    print(bytes: writer.bytes)
  }

  /// Prints SQL between rules, ending its last line where that is open.
  package func print(sqlBetweenRules sql: String) {
    print(sqlBlock(sql, width: surroundings.outputWidth))
    warnOfControls(in: sql)
  }

  /// Writes out what was collected.
  package func flush() {
    if let erasure = progressBar.erasure() { streams.writeError(Array(erasure.utf8)) }
    if delivery == .delivered, !collected.isEmpty {
      delivery = streams.writeOutput(collected)
    }
    collected.removeAll(keepingCapacity: true)
  }

  // MARK: Standard error

  /// Says what is being done; not when quiet, and not beside a JSON document.
  package func progress(_ icon: Symbols.Icon, _ text: String) {
    if showsProgress { writeError(symbols.prefix(icon) + text + "\n") }
  }

  /// Says a line without a symbol, or an empty one; silenced like progress.
  package func progress(_ text: String = "") {
    if showsProgress { writeError(text + "\n") }
  }

  /// Shows on a terminal how far a long piece of work is; the next line takes its place.
  ///
  /// - Parameters:
  ///   - done: how many of its parts are done.
  ///   - total: how many there are.
  package func showProgress(done: Int, of total: Int) {
    guard showsProgress, let width = surroundings.errorWidth else { return }
    let line = progressBar.line(
      done: done, of: total, width: width, usesUTF8: symbols.usesUTF8,
      now: MonotonicClock.nowMicroseconds)
    if let line { streams.writeError(Array(line.utf8)) }
  }

  /// Says what to do next; silenced like progress.
  package func hint(_ text: String) {
    if showsProgress { writeError(symbols.prefix(.hint) + text + "\n") }
  }

  /// A remark that needs no action; silenced like progress.
  package func note(_ text: String) { remark("note: \(text)") }

  /// Somebody else's words, indented from their second line on: no line of them looks like one of
  /// the program's; silenced like progress.
  package func remark(_ text: String) {
    if showsProgress { writeError(indented(text) + "\n") }
  }

  /// Something to look at, whatever the verbosity.
  package func warning(_ text: String) {
    writeError([.label("warning:", .yellow), .text(" \(indented(text))\n")])
  }

  /// Explains a failure: all of it, or beside a JSON document only its message.
  package func error(_ report: ErrorReport) {
    writeError(ErrorRendering.pieces(report, console: self))
  }

  /// Shows text before a question, even when quiet and beside a JSON document.
  package func preview(_ text: String) {
    writeError(text + "\n")
  }

  /// Shows SQL before a question, between rules.
  package func preview(sqlBetweenRules sql: String) {
    preview(sqlBlock(sql, width: surroundings.errorWidth))
    warnOfControls(in: sql)
  }

  /// Asks a question and waits for the answer.
  ///
  /// - Parameter question: what is asked; it gets no line end.
  /// - Returns: the answer without blanks around it; nil at the end of the input.
  package func ask(_ question: String) -> String? {
    writeError(question)
    let answer = streams.readLine()
    // A terminal echoes the end of the line that was typed; nothing else does.
    if answer == nil || !surroundings.inputIsTerminal { writeError("\n") }
    return answer.map { answer in
      var text = Substring(answer)
      while let last = text.last, last.isWhitespace { text.removeLast() }
      return String(text.drop { $0.isWhitespace })
    }
  }

  /// A piece of what goes to standard error.
  package enum Piece: Sendable {
    /// Words, wherever they come from.
    case text(String)
    /// A word of the program's own, in colour where colour is shown.
    case label(String, Colour)
  }

  /// The colours in use, as parameters of SGR.
  package enum Colour: String, Sendable {
    /// Errors.
    case red = "1;31"
    /// Warnings.
    case yellow = "1;33"
    /// Hints.
    case cyan = "36"
  }

  // MARK: Parts

  private var showsProgress: Bool { verbosity != .quiet && !isJSON }

  private func writeError(_ text: String) { writeError([.text(text)]) }

  private func writeError(_ pieces: [Piece]) {
    flush()
    let showsColour = surroundings.allowsColour && surroundings.errorWidth != nil
    let texts = pieces.map { piece in
      switch piece {
      case .text(let text): VisibleText.of(text)
      case .label(let word, let colour):
        showsColour ? "\u{1B}[\(colour.rawValue)m\(word)\u{1B}[0m" : word
      }
    }
    streams.writeError(Array(texts.joined().utf8))
  }

  /// Says that SQL is not shown to the letter; once, where the same SQL is shown before it runs and
  /// after.
  private func warnOfControls(in sql: String) {
    let found = VisibleText.writtenOut(of: sql)
    guard !found.isEmpty, !hasWarnedOfSQL else { return }
    hasWarnedOfSQL = true
    let shown = found.prefix(5).joined(separator: ", ") + (found.count > 5 ? ", ..." : "")
    warning("the SQL holds control characters, which are written out above: \(shown)")
  }

  private func indented(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\n  ")
  }

  /// The SQL between two rules, without the last line's end.
  private func sqlBlock(_ sql: String, width: Int?) -> String {
    let rule = String(repeating: symbols.rule, count: width ?? Self.ruleWidth)
    return "\(rule)\n\(sql)\(sql.hasSuffix("\n") ? "" : "\n")\(rule)"
  }

  /// How wide rules are where there is no terminal.
  package static let ruleWidth = 76
}
