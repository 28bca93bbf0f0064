/// The three standard streams, so that a test can read what would be printed.
package protocol ProgramStreams: AnyObject {
  /// Writes bytes to standard output.
  func writeOutput(_ bytes: [UInt8]) -> OutputDelivery
  /// Writes bytes to standard error; nobody can be told of a failure there.
  func writeError(_ bytes: [UInt8])
  /// Reads a line from standard input.
  ///
  /// - Returns: the line without its end; nil at the end of the input.
  func readLine() -> String?
}

/// What became of bytes for standard output.
package enum OutputDelivery: Equatable, Sendable {
  /// They were written.
  case delivered
  /// The reader is gone, as after `| head -1`.
  case closed
  /// They could not be written: the system's words.
  case failed(String)
}

/// What the program runs in: terminals or files, and the locale.
package struct Surroundings: Equatable, Sendable {
  /// Whether standard input is a terminal.
  package var inputIsTerminal: Bool
  /// The columns of the terminal that standard output is; nil for files and pipes.
  package var outputWidth: Int?
  /// The columns of the terminal that standard error is; nil for files and pipes.
  package var errorWidth: Int?
  /// Whether the locale is UTF-8.
  package var usesUTF8: Bool
  /// Whether colour is welcome on a terminal: no `NO_COLOR`, no dumb terminal.
  package var allowsColour: Bool

  /// Describes what the program runs in.
  package init(
    inputIsTerminal: Bool, outputWidth: Int?, errorWidth: Int?, usesUTF8: Bool, allowsColour: Bool
  ) {
    self.inputIsTerminal = inputIsTerminal
    self.outputWidth = outputWidth
    self.errorWidth = errorWidth
    self.usesUTF8 = usesUTF8
    self.allowsColour = allowsColour
  }
}
