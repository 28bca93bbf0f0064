internal import Platform

/// The settings of a migration of diesel, `metadata.toml` beside its `up.sql` and `down.sql`.
enum DieselSettings {
  /// The path of the settings of a migration.
  ///
  /// - Parameter path: the migration's file.
  /// - Returns: nil where that is not laid out as diesel's are.
  static func path(beside path: String) -> String? {
    guard path.hasSuffix("/up.sql") else { return nil }
    return String(path.dropLast("up.sql".count)) + "metadata.toml"
  }

  /// The mode that the settings of a migration ask for.
  ///
  /// Of the format (TOML) this is as much as diesel writes and reads: `run_in_transaction = false`
  /// alone on its line.
  ///
  /// - Parameter text: the file.
  /// - Returns: how both of its files run.
  static func mode(in text: String) -> TransactionMode {
    for line in text.split(whereSeparator: \.isNewline) {
      let bare = line.prefix { $0 != "#" }.filter { !$0.isWhitespace }
      // Keys of a table that follows are no longer the file's own.
      if bare.hasPrefix("[") { break }
      if bare == "run_in_transaction=false" || bare == "\"run_in_transaction\"=false" {
        return .none
      }
    }
    return .single
  }

  /// The mode that the settings beside a file ask for; where there are none, one transaction.
  ///
  /// - Parameter migrationPath: the migration's file.
  /// - Returns: the mode.
  /// - Throws: ``ErrorReport`` of code `file` where they are there and cannot be read.
  static func mode(beside migrationPath: String) throws -> TransactionMode {
    guard let path = path(beside: migrationPath), FileSystem.fileExists(atPath: path) else {
      return .single
    }
    do {
      return mode(in: String(decoding: try FileSystem.readFile(atPath: path), as: UTF8.self))
    } catch {
      throw ErrorReport(
        .file, "cannot read '\(path)': \(error.reason)",
        hint: "it may say that the migration does not run in a transaction")
    }
  }
}
