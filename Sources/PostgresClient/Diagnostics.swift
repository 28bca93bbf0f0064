import CLibPQ

/// Reads the fields of an error or a notice from the result that carries them
/// (libpq, `PQresultErrorField`). Everything is copied: the result may be cleared afterwards.
@safe
struct Diagnostics {
  private let result: OpaquePointer

  /// Looks at a result without taking it over.
  ///
  /// - Parameter result: a `PGresult` that lives at least as long as this value.
  init(borrowing result: OpaquePointer) {
    unsafe self.result = unsafe result
  }

  private func field(_ code: Int32) -> String? {
    unsafe PQresultErrorField(result, code).map { unsafe String(cString: $0) }
  }

  /// libpq's own words, for errors that did not come from the server and so have no fields.
  private var wholeMessage: String {
    let text = unsafe PQresultErrorMessage(result).map { unsafe String(cString: $0) } ?? ""
    return text.isEmpty ? "the server sent a response that libpq could not read" : text.firstLine
  }

  private var message: String { field(MM_DIAG_MESSAGE_PRIMARY) ?? wholeMessage }

  private func sqlState(default missing: SQLState) -> SQLState {
    field(MM_DIAG_SQLSTATE).map(SQLState.init(rawValue:)) ?? missing
  }

  /// The result read as an error.
  var error: PostgresError {
    var error = PostgresError(
      severity: field(MM_DIAG_SEVERITY_NONLOCALIZED) ?? "ERROR",
      sqlState: sqlState(default: .internalError),
      message: message)
    error.detail = field(MM_DIAG_MESSAGE_DETAIL)
    error.hint = field(MM_DIAG_MESSAGE_HINT)
    error.position = field(MM_DIAG_STATEMENT_POSITION).flatMap { Int($0) }
    error.internalQuery = field(MM_DIAG_INTERNAL_QUERY)
    error.context = field(MM_DIAG_CONTEXT)
    return error
  }

  /// The result read as a notice.
  var notice: Notice {
    var notice = Notice(
      severity: field(MM_DIAG_SEVERITY_NONLOCALIZED) ?? "NOTICE",
      sqlState: sqlState(default: .successfulCompletion),
      message: message)
    notice.detail = field(MM_DIAG_MESSAGE_DETAIL)
    notice.hint = field(MM_DIAG_MESSAGE_HINT)
    return notice
  }
}

extension String {
  /// The text up to the first line end.
  var firstLine: String { String(prefix { !$0.isNewline }) }
}
