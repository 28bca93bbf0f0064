import CLibPQ

extension Connection {
  /// Runs a string of statements and waits for all of their results
  /// (libpq, `PQsendQuery` and `PQgetResult`).
  ///
  /// The simple query protocol is used: outside a transaction block all statements of the string
  /// are one transaction unless the string says otherwise, and nothing runs if any of it has a
  /// syntax error. `COPY ... TO STDOUT` is read and dropped.
  ///
  /// - Parameters:
  ///   - sql: one statement or several; an empty string gives no result.
  ///   - copyData: what the server gets for each `COPY ... FROM STDIN` of the string, in order; one
  ///     for which there is nothing here is ended with an error (0A000).
  /// - Returns: one result for each statement.
  /// - Throws: `QueryError` for the first statement that failed, with the results before it; or
  ///   when the connection is lost. A zero byte in `sql`, where libpq would end the string, is
  ///   refused as the server would (22021), before anything is sent.
  @discardableResult
  package func execute(
    _ sql: String, copyData: [ArraySlice<UInt8>] = []
  ) throws(QueryError) -> [QueryResult] {
    try send(sql, copyData: copyData, keepingRows: true)
  }

  /// Runs a string of statements as `execute` does, and drops the rows that they return as they
  /// come (libpq, `PQsetSingleRowMode`): there may be more than fit into memory.
  ///
  /// - Parameters:
  ///   - sql: one statement or several.
  ///   - copyData: as for `execute`.
  /// - Throws: as `execute`; the error's results are empty, but for their number.
  package func run(_ sql: String, copyData: [ArraySlice<UInt8>] = []) throws(QueryError) {
    _ = try send(sql, copyData: copyData, keepingRows: false)
  }

  private func send(
    _ sql: String, copyData: [ArraySlice<UInt8>], keepingRows: Bool
  ) throws(QueryError) -> [QueryResult] {
    guard !sql.holdsZeroByte else {
      throw QueryError(cause: .server(.zeroByte))
    }
    return try unsafe withHandle { (handle) throws(QueryError) in
      var answer = Answer(copyData: copyData)
      let sent = unsafe PQsendQuery(handle, sql) == 1
      if sent && !keepingRows { _ = unsafe PQsetSingleRowMode(handle) }
      while sent, let result = unsafe PQgetResult(handle) {
        unsafe answer.take(result, from: handle)
        unsafe PQclear(result)
      }
      // Not sent: libpq is out of memory, or the connection was lost before.
      if !sent { unsafe answer.error = .internalFailure(words(of: handle)) }
      return try unsafe answer.finish(on: handle)
    }
  }
}

/// Collects what comes back for one string of statements.
private struct Answer {
  private var results: [QueryResult] = []
  /// How many statements are done: rules can make one statement yield several results, of which
  /// only the last carries its command tag.
  private var completedStatements = 0
  var error: PostgresError?
  /// What is left to be sent.
  private var copyData: ArraySlice<ArraySlice<UInt8>>
  private var refusedCopy = false

  init(copyData: [ArraySlice<UInt8>]) {
    self.copyData = copyData[...]
  }

  /// Takes note of one result.
  mutating func take(_ result: OpaquePointer, from handle: OpaquePointer) {
    switch unsafe PQresultStatus(result) {
    case PGRES_COMMAND_OK, PGRES_TUPLES_OK:
      unsafe results.append(QueryResult(copying: result))
      if let tag = unsafe PQcmdStatus(result), unsafe tag.pointee != 0 { completedStatements += 1 }
    case PGRES_EMPTY_QUERY, PGRES_SINGLE_TUPLE:
      break
    case PGRES_COPY_IN where !copyData.isEmpty:
      unsafe sendCopyData(copyData.removeFirst(), to: handle)
    case PGRES_COPY_IN, PGRES_COPY_BOTH:
      refusedCopy = true
      _ = unsafe PQputCopyEnd(handle, "the client sends no COPY data")
    case PGRES_COPY_OUT:
      unsafe drainCopy(handle)
    default:
      // After the server's own words libpq may add that the connection is gone: the first counts.
      if error == nil { error = unsafe Diagnostics(borrowing: result).error }
    }
  }

  /// Sends the data of one `COPY ... FROM STDIN` (libpq, `PQputCopyData`). What the server says of it,
  /// or that it is gone, comes with the next result.
  private func sendCopyData(_ data: ArraySlice<UInt8>, to handle: OpaquePointer) {
    unsafe data.withUnsafeBytes { bytes in
      var rest = unsafe bytes[...]
      while unsafe !rest.isEmpty {
        let piece = unsafe UnsafeRawBufferPointer(rebasing: rest.prefix(Self.copyPieceSize))
        let sent = unsafe piece.withMemoryRebound(to: CChar.self) { characters in
          unsafe PQputCopyData(handle, characters.baseAddress, Int32(characters.count))
        }
        guard sent == 1 else { break }
        unsafe rest = rest.dropFirst(piece.count)
      }
      // A part of the data must not count as all of it.
      _ = unsafe PQputCopyEnd(handle, rest.isEmpty ? nil : words(of: handle))
    }
  }

  /// How many bytes libpq takes into its buffer at once.
  private static let copyPieceSize = 65_536

  private func drainCopy(_ handle: OpaquePointer) {
    while true {
      var row: UnsafeMutablePointer<CChar>?
      guard unsafe PQgetCopyData(handle, &row, 0) > 0 else { return }
      unsafe PQfreemem(row)
    }
  }

  /// Tells how it ended.
  ///
  /// - Parameter handle: the connection, which has no more results.
  /// - Returns: all results.
  /// - Throws: `QueryError` if a statement failed or the connection is gone.
  consuming func finish(on handle: OpaquePointer) throws(QueryError) -> [QueryResult] {
    guard unsafe error != nil || PQstatus(handle) != CONNECTION_OK else { return results }
    let cause: QueryError.Cause
    if unsafe !isOpen(handle) {
      let reason = unsafe error?.message ?? words(of: handle)
      cause = .connectionLost(reason.isEmpty ? "no connection to the server" : reason)
    } else if var error {
      // The server calls our refusal a cancelled query, which would look like a passing trouble.
      if refusedCopy && error.sqlState == .queryCanceled { error.sqlState = .featureNotSupported }
      cause = .server(error)
    } else {
      return results
    }
    throw QueryError(cause: cause, completedStatements: completedStatements, results: results)
  }
}

/// libpq's own words about what went wrong last.
private func words(of handle: OpaquePointer) -> String {
  unsafe PQerrorMessage(handle).map { unsafe String(cString: $0).firstLine } ?? ""
}

extension PostgresError {
  /// What the server says of a zero byte in a text.
  fileprivate static var zeroByte: PostgresError {
    PostgresError(
      sqlState: .characterNotInRepertoire,
      message: "invalid byte sequence for encoding \"UTF8\": 0x00")
  }

  /// An error of libpq itself, which has no code.
  fileprivate static func internalFailure(_ message: String) -> PostgresError {
    PostgresError(sqlState: .internalError, message: message)
  }
}
