/// Where a piece of SQL that is sent to the server stands for a reader.
public enum SQLOrigin: Equatable, Sendable {
  /// In a file whose rollback SQL agrees with the record: `line` and `columnOffset` of its start.
  /// `prefixes` is how many characters uncommenting removed before each line of the SQL, empty
  /// where it removed none.
  case file(path: String, firstLine: Int, prefixes: [Int])
  /// Only in the ledger: positions count from the start of the recorded text, of which the SQL begins
  /// on the line `firstLine`.
  case recorded(name: String, firstLine: Int = 1)

  /// The place in the file, or in the recorded text, of a place in the SQL.
  ///
  /// - Parameters:
  ///   - line: the line in the SQL, counted from 1.
  ///   - column: the column in the SQL in characters, counted from 1.
  /// - Returns: where a reader finds it.
  public func location(line: Int, column: Int) -> ErrorReport.Location {
    switch self {
    case .file(let path, let firstLine, let prefixes):
      let prefix = prefixes.indices.contains(line - 1) ? prefixes[line - 1] : 0
      return ErrorReport.Location(file: path, line: firstLine + line - 1, column: column + prefix)
    case .recorded(let name, let firstLine):
      return ErrorReport.Location(
        file: "\(name) (recorded)", line: firstLine + line - 1, column: column)
    }
  }
}
