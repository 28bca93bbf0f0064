import CLibPQ

/// A text that cannot become an identifier or a literal.
package enum QuotingError: Error, Hashable, Sendable {
  /// It holds a zero byte, which no text in PostgreSQL may.
  case zeroByte
  /// libpq refused it; holds its words.
  case refused(String)
}

extension Connection {
  /// Makes an identifier safe to put into SQL (libpq, `PQescapeIdentifier`).
  ///
  /// - Parameter name: a name as it is in the catalog, case and all.
  /// - Returns: the name in double quotes.
  /// - Throws: `QuotingError` for a zero byte, or if libpq refuses.
  package func quoteIdentifier(_ name: String) throws(QuotingError) -> String {
    try unsafe quote(name, with: PQescapeIdentifier)
  }

  /// Makes a text safe to put into SQL as a value (libpq, `PQescapeLiteral`).
  ///
  /// - Parameter text: any text.
  /// - Returns: the text in single quotes, preceded by ` E` if it holds a backslash.
  /// - Throws: `QuotingError` for a zero byte, or if libpq refuses.
  package func quoteLiteral(_ text: String) throws(QuotingError) -> String {
    try unsafe quote(text, with: PQescapeLiteral)
  }

  private func quote(
    _ text: String,
    with escape: (OpaquePointer?, UnsafePointer<CChar>?, Int) -> UnsafeMutablePointer<CChar>?
  ) throws(QuotingError) -> String {
    guard !text.holdsZeroByte else { throw .zeroByte }
    return try unsafe withHandle { (handle) throws(QuotingError) in
      guard let quoted = unsafe escape(handle, text, text.utf8.count) else {
        let words = unsafe PQerrorMessage(handle).map { unsafe String(cString: $0).firstLine }
        throw .refused(words ?? "out of memory")
      }
      defer { unsafe PQfreemem(quoted) }
      return unsafe String(cString: quoted)
    }
  }
}

extension String {
  /// Whether it holds a zero byte, at which C strings end; no text in PostgreSQL may.
  var holdsZeroByte: Bool {
    var text = self
    return text.withUTF8 { bytes in
      unsafe bytes.withMemoryRebound(to: CChar.self) { bytes in
        unsafe mm_holds_zero_byte(bytes.baseAddress, bytes.count)
      }
    }
  }
}
