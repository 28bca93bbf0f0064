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

  /// Makes a text that comes in pieces safe to put into SQL as one value, copying its megabytes once
  /// (libpq, `PQescapeStringConn`).
  ///
  /// - Parameter pieces: any text in UTF-8, cut between characters.
  /// - Returns: the text in single quotes.
  /// - Throws: `QuotingError` for a zero byte, or if libpq refuses.
  package func quoteLiteral(joining pieces: [[UInt8]]) throws(QuotingError) -> String {
    // There the server would warn of each backslash, unless an E stood before the quotes.
    if parameterStatus("standard_conforming_strings") == "off" {
      return try quoteLiteral(String(decoding: pieces.joined(), as: UTF8.self))
    }
    return try unsafe withHandle { (handle) throws(QuotingError) in
      var failure: QuotingError?
      let quote = UInt8(ascii: "'")
      // Every byte may be doubled, and libpq ends what it writes with a zero byte.
      let capacity = 2 * pieces.reduce(0) { $0 + $1.count } + 3
      let literal = unsafe String(unsafeUninitializedCapacity: capacity) { literal in
        unsafe literal[0] = quote
        var length = 1
        for piece in pieces where failure == nil {
          let rest = unsafe UnsafeMutableBufferPointer(rebasing: literal[length...])
          do throws(QuotingError) {
            length += try unsafe escape(piece, into: rest, handle)
          } catch {
            failure = error
          }
        }
        unsafe literal[length] = quote
        return length + 1
      }
      if let failure { throw failure }
      return literal
    }
  }

  /// Writes a text with its quotes doubled.
  ///
  /// - Returns: how many bytes it became.
  private func escape(
    _ text: [UInt8], into space: UnsafeMutableBufferPointer<UInt8>, _ handle: OpaquePointer
  ) throws(QuotingError) -> Int {
    var isRefused: Int32 = 0
    let length = unsafe text.withUnsafeBytes { text -> Int? in
      let text = unsafe text.bindMemory(to: CChar.self)
      if unsafe mm_holds_zero_byte(text.baseAddress, text.count) { return nil }
      return unsafe space.withMemoryRebound(to: CChar.self) { space in
        unsafe PQescapeStringConn(
          handle, space.baseAddress, text.baseAddress, text.count, &isRefused)
      }
    }
    guard let length else { throw .zeroByte }
    if isRefused != 0 { throw .refused(unsafe words(of: handle)) }
    return length
  }

  private func quote(
    _ text: String,
    with escape: (OpaquePointer?, UnsafePointer<CChar>?, Int) -> UnsafeMutablePointer<CChar>?
  ) throws(QuotingError) -> String {
    guard !text.holdsZeroByte else { throw .zeroByte }
    return try unsafe withHandle { (handle) throws(QuotingError) in
      guard let quoted = unsafe escape(handle, text, text.utf8.count) else {
        throw .refused(unsafe words(of: handle))
      }
      defer { unsafe PQfreemem(quoted) }
      return unsafe String(cString: quoted)
    }
  }

  private func words(of handle: OpaquePointer) -> String {
    let words = unsafe PQerrorMessage(handle).map { unsafe String(cString: $0).firstLine }
    return words ?? "out of memory"
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
