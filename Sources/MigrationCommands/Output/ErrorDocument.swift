package import MigrationCore

/// The document of a command that could not give its answer: `{"error": {...}}`.
package struct ErrorDocument: JSONDocument {
  /// What went wrong.
  package let error: ErrorPayload

  /// The document of an error.
  package init(_ report: ErrorReport) { error = ErrorPayload(report) }

  /// Writes the object.
  package func write(to json: inout JSONWriter) {
    json.object { $0.member("error", error) }
  }
}

/// An error as programs read it: every key always stands, null where there is nothing.
package struct ErrorPayload: JSONValue {
  private let report: ErrorReport

  /// The payload of an error.
  package init(_ report: ErrorReport) { self.report = report }

  /// Writes the object.
  package func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("code", report.code.rawValue)
      json.member("message", report.message)
      json.member("hint", report.hint)
      json.member("file", report.location?.file)
      json.member("line", report.location?.line)
      json.member("column", report.location?.column)
      json.member("sqlstate", report.sqlState)
      json.member("details", report.details)
    }
  }
}
