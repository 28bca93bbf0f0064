package import MigrationCore

/// What `resolve`, `rename` and `forget` print.
package enum LedgerChangeRendering {
  /// Shows what will be changed and where, and asks.
  ///
  /// - Parameters:
  ///   - change: what will be changed.
  ///   - target: where; shown here only when progress, which says it too, is silent.
  ///   - console: whom to ask.
  /// - Returns: true only for the answer `yes`.
  package static func confirm(
    _ change: LedgerChange, target: DatabaseTarget?, on console: Console
  ) -> Bool {
    let action =
      switch change.kind {
      case .resolve(.applied): "record this migration as applied"
      case .resolve: "record this migration as rolled back"
      case .rename: "rename this migration"
      case .forget: "forget this migration"
      }
    return console.confirm(action, on: target) { console in
      console.preview(summary(of: change))
      if let failure = change.failure { console.preview(failure) }
    }
  }

  /// The answer to a person who did not say yes.
  package static func declined(
    _ change: LedgerChange, on target: DatabaseTarget?
  ) -> ErrorReport {
    let action =
      switch change.kind {
      case .resolve: "resolving"
      case .rename: "renaming"
      case .forget: "forgetting"
      }
    return .declined("\(action) '\(change.name)'", on: target)
  }

  /// Prints what became of the migration, when nobody refused or declined.
  ///
  /// - Parameters:
  ///   - change: what was to be changed.
  ///   - outcome: `planned`, `skipped`, or what was done.
  ///   - isDryRun: whether it was one.
  ///   - console: where to.
  package static func print(
    _ change: LedgerChange, _ outcome: MigrationOutcome, isDryRun: Bool, to console: Console
  ) {
    if console.isJSON {
      let payload = MigrationOutcomePayload(change, outcome)
      console.print(document: OutcomePayload([payload], isDryRun: isDryRun))
      return
    }
    switch outcome {
    case .planned:
      console.print(console.symbols.mark(true, "Dry run: nothing was changed"))
    case .skipped:
      console.print(console.symbols.mark(true, "Nothing to do: \(standing(change))"))
      return
    default:
      console.print(console.symbols.mark(true, done(change)))
    }
    console.print("   \(summary(of: change))")
    if outcome != .planned, let hint = change.hint { console.hint(hint) }
  }

  private static func done(_ change: LedgerChange) -> String {
    switch change.kind {
    case .resolve(.applied): "Migration recorded as applied"
    case .resolve: "Migration recorded as rolled back"
    case .rename: "Migration renamed"
    case .forget: "Migration forgotten"
    }
  }

  /// What is so already.
  private static func standing(_ change: LedgerChange) -> String {
    switch change.kind {
    case .resolve, .forget: "its status is \(word(change.statusBefore))"
    case .rename(let newName): "its name is \(newName)"
    }
  }

  /// One line: what was and what will be.
  private static func summary(of change: LedgerChange) -> String {
    switch change.kind {
    case .resolve, .forget:
      "Status: \(word(change.statusBefore))\(change.halfDone.map { ", \($0)" } ?? "") -> "
        + word(change.statusAfter)
    case .rename(let newName): "Name: \(change.name) -> \(newName)"
    }
  }

  private static func word(_ status: MigrationStatus?) -> String {
    status?.rawValue ?? "not recorded"
  }
}
