package import MigrationCore

extension Console {
  /// Shows what is about to be done and where, and asks.
  ///
  /// - Parameters:
  ///   - action: what is asked, such as `rollback this migration`.
  ///   - target: where; shown here only when progress, which says it too, is silent.
  ///   - preview: shows what will be done, with the `preview` methods: it is seen even when quiet
  ///     and beside a JSON document.
  /// - Returns: true only for the answer `yes`; the end of the input means no.
  package func confirm(
    _ action: String, on target: DatabaseTarget?, preview: (Console) -> Void
  ) -> Bool {
    if isJSON || verbosity == .quiet, let target {
      self.preview("Database: \(target.description)\n")
    }
    preview(self)
    self.preview("")
    let answer = ask("\(symbols.prefix(.warning)) Are you sure you want to \(action)? (yes/no): ")
    progress()
    return answer == "yes"
  }
}

extension ErrorReport {
  /// The answer to a person who did not say yes.
  ///
  /// - Parameter action: what was not done, such as `rollback of '1_a'`.
  /// - Returns: a refusal.
  static func declined(_ action: String) -> ErrorReport {
    ErrorReport(
      .refused, "\(action) was not confirmed; nothing was changed",
      hint: "only the answer 'yes' goes on; '--yes' answers it beforehand")
  }
}
