import Glibc

/// What is known of the terminal that a person sits at.
package enum Terminal {
  /// Whether a stream leads to a terminal.
  ///
  /// - Parameter stream: standard output or standard error.
  /// - Returns: true for a terminal.
  package static func isTerminal(_ stream: StandardStreams.Output) -> Bool {
    isatty(stream.rawValue) == 1
  }

  /// Whether answers come from a person at a terminal.
  package static var inputIsTerminal: Bool { isatty(STDIN_FILENO) == 1 }

  /// The width of the terminal that standard output leads to, in cells; nil if it is none.
  package static var width: Int? {
    var size = winsize()
    guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return nil
    }
    return Int(size.ws_col)
  }

  /// Whether the locale of the environment (`LC_ALL`, `LC_CTYPE`, `LANG`) writes UTF-8.
  ///
  /// Only `LC_CTYPE` is set from the environment: messages of the C library and of libpq stay
  /// English.
  package static let usesUTF8: Bool = {
    unsafe setlocale(LC_CTYPE, "")
    let codeset = unsafe nl_langinfo(nl_item(CODESET)).map { unsafe String(cString: $0) }
    return codeset == "UTF-8"
  }()
}
