/// A folder that holds no file of all that stands in the database: probably that of another one.
struct ForeignFolder: Equatable {
  /// How many migrations stand.
  let standing: Int

  /// Compares; nil for a folder that holds some of the files, or under another name.
  ///
  /// - Parameters:
  ///   - overview: what the ledger says.
  ///   - missing: what stands and has no file.
  ///   - renamed: the files that are recorded under other names.
  init?(
    _ overview: LedgerOverview, missing: [RecordedMigration], renamed: [MigrationName: String]
  ) {
    standing = overview.rows.count(where: \.stands)
    guard standing > 0, missing.count == standing, renamed.isEmpty else { return nil }
  }

  /// Why nothing is applied from it.
  ///
  /// - Parameter path: the folder, as shown to the user.
  /// - Returns: a refusal.
  func refusal(of path: String) -> ErrorReport {
    ErrorReport(
      .refused, message(of: path),
      details: ["it may be the folder, or the database, of something else"],
      hint: "name the right folder with --dir; if their files are gone for good, "
        + "'migration-manager forget NAME' deletes a record")
  }

  /// What is the matter, in one line.
  ///
  /// - Parameter path: the folder, as shown to the user.
  /// - Returns: a sentence.
  func message(of path: String) -> String {
    standing == 1
      ? "'\(path)' does not hold the file of the 1 applied migration"
      : "'\(path)' holds the file of none of the \(standing) applied migrations"
  }
}
