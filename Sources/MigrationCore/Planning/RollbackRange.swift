internal import PostgresClient

/// What `rollback_range.sql` found beside the migrations that it means.
struct RollbackRange: Equatable {
  /// The migrations that are to stay by their name or version, and their status.
  var targets: [String: String] = [:]
  /// Those that only the order of versions would mean.
  var onlyByVersion: [String] = []
  /// Those that only the sequence means.
  var onlyBySequence: [String] = []

  /// Nothing beside them.
  init() {}

  /// Reads the row; nil for any other result.
  init?(_ result: QueryResult) {
    guard result.rowCount == 1, let targets = result.columnIndex(named: "targets"),
      let byVersion = result.columnIndex(named: "only_by_version"),
      let bySequence = result.columnIndex(named: "only_by_sequence")
    else { return nil }
    func names(_ column: Int) -> [String] {
      let text = result.value(row: 0, column: column)
      // Most have none, and the decoder costs a millisecond to wake.
      return text == "[]" ? [] : decodedJSON([String].self, from: text) ?? []
    }
    if let text = result.value(row: 0, column: targets) {
      self.targets = decodedJSON([String: String].self, from: text) ?? [:]
    }
    onlyByVersion = names(byVersion)
    onlyBySequence = names(bySequence)
  }

  /// Why there is no such point to go back to; nil where there is.
  ///
  /// - Parameters:
  ///   - point: what was asked for: a name or a version.
  ///   - nearNames: names that a mistyped one may have meant.
  /// - Returns: the refusal, with what is there in its place.
  func refusal(of point: String, nearNames: [String]) -> ErrorReport? {
    if targets.values.contains(MigrationStatus.applied.rawValue) { return nil }
    guard let (name, status) = targets.min(by: { $0.key < $1.key }) else {
      return ErrorReport(
        .refused, "there is nothing to go back to: '\(point)' is no applied migration",
        details: nearNames.map { "did you mean '\($0)'?" },
        hint: "'migration-manager list' shows what is applied")
    }
    return ErrorReport(
      .refused, "there is nothing to go back to: '\(name)' is '\(status)', not applied",
      hint: "'migration-manager list --all' shows every status; "
        + "go back to one that is applied")
  }

  /// What to know where the order of versions would mean other migrations.
  var remark: String? {
    guard !onlyByVersion.isEmpty || !onlyBySequence.isEmpty else { return nil }
    func list(_ names: [String]) -> String {
      names.prefix(8).map { "'\($0)'" }.joined(separator: ", ")
        + (names.count > 8 ? ", … (\(names.count) in all)" : "")
    }
    var parts: [String] = []
    if !onlyBySequence.isEmpty {
      parts.append("\(list(onlyBySequence)) would stay")
    }
    if !onlyByVersion.isEmpty {
      parts.append("\(list(onlyByVersion)) would be rolled back")
    }
    return "they were not applied in the order of their versions; by version "
      + parts.joined(separator: ", and ")
  }
}
