package import MigrationCore

/// What `sync` prints.
package enum SyncRendering {
  /// Prints what was recorded, or would be in a dry run, what was not and why, and the totals.
  package static func print(
    _ migrations: [SynchronizedMigration], isDryRun: Bool, to console: Console
  ) {
    console.progress()
    // Without the progress lines, which name the files, these lines say nothing.
    let recorded = console.verbosity == .quiet ? [] : migrations.filter(\.isRecorded)
    for migration in recorded { print(recorded: migration, to: console) }
    if !recorded.isEmpty { console.print() }
    printErrors(of: migrations, to: console)
    printAlone(migrations, to: console)
    list(
      migrations.filter { $0.outcome == .notApplied && !$0.contradicted.isEmpty },
      under: "Recorded by another runner, but not in the database:", to: console)
    list(
      migrations.filter { $0.outcome == .partial }, under: "Applied only in part, not registered:",
      to: console)
    list(
      migrations.filter { $0.outcome == .unknown },
      under: "Nothing tells whether these were applied:", to: console)
    if console.verbosity == .verbose {
      list(
        migrations.filter { $0.outcome == .notApplied && $0.contradicted.isEmpty },
        under: "Not applied:", to: console)
    }
    let words = isDryRun ? "Dry run" : "Sync complete"
    let totals = totals(of: migrations, isDryRun: isDryRun)
    console.print(console.symbols.mark(true, "\(words): \(totals)"))
    printHints(for: migrations, to: console)
  }

  /// Prints the names of those that were recorded, newest first: the order to roll them back in.
  package static func print(namesOf migrations: [SynchronizedMigration], to console: Console) {
    for migration in migrations.reversed() where migration.isRecorded {
      console.print(migration.name)
    }
    printErrors(of: migrations, to: console)
  }

  /// The exit status: of what went wrong the worst.
  ///
  /// - Parameters:
  ///   - migrations: what became of each file.
  ///   - isStrict: `--exit-code`: whether what somebody has to look at counts.
  /// - Returns: the status.
  package static func status(
    of migrations: [SynchronizedMigration], isStrict: Bool
  ) -> ExitStatus {
    let statuses = migrations.compactMap { migration in
      if let error = migration.error { return ExitStatus.of(error.code, signal: nil) }
      return isStrict && migration.isDoubtful ? .refused : nil
    }
    return statuses.max { $0.code < $1.code } ?? .done
  }

  /// Such as `2 registered, 32 skipped, 1 unknown`.
  private static func totals(
    of migrations: [SynchronizedMigration], isDryRun: Bool
  ) -> String {
    var counts: [MigrationOutcome: Int] = [:]
    for migration in migrations { counts[migration.outcome, default: 0] += 1 }
    let words: [(MigrationOutcome, String)] = [
      (isDryRun ? .planned : .registered, isDryRun ? "to register" : "registered"),
      (.skipped, "skipped"), (.notApplied, "not applied"), (.partial, "partial"),
      (.unknown, "unknown"), (.refused, "refused"),
    ]
    return words.compactMap { outcome, word in
      let count = counts[outcome] ?? 0
      let isAlwaysShown = outcome == words[0].0 || outcome == .skipped
      return count > 0 || isAlwaysShown ? "\(count) \(word)" : nil
    }.joined(separator: ", ")
  }

  private static func print(recorded migration: SynchronizedMigration, to console: Console) {
    let isPlanned = migration.outcome == .planned
    console.progress(
      .record, "\(isPlanned ? "Would register" : "Registering"): \(migration.file)")
    let rollback =
      migration.irreversible != nil ? "Irreversible" : migration.hasRollbackSQL ? "Yes" : "No"
    console.print(
      "   "
        + console.symbols.mark(
          true, "\(isPlanned ? "Applied" : "Registered") (Rollback: \(rollback))"))
    if console.verbosity == .verbose, let evidence = migration.evidence {
      console.print("   Evidence: \(evidence)")
    }
    for remark in migration.remarks { console.note(remark) }
  }

  private static func printErrors(of migrations: [SynchronizedMigration], to console: Console) {
    for case let error? in migrations.map(\.error) { console.error(error) }
  }

  /// Says which rows are left alone though they are not applied.
  private static func printAlone(_ migrations: [SynchronizedMigration], to console: Console) {
    let words: [(MigrationStatus, String)] = [
      (.rolledBack, "rolled back and left alone"),
      (.failed, "left alone, because their last rollback failed"),
    ]
    for (status, words) in words {
      let names = migrations.filter { $0.outcome == .skipped && $0.status == status }.map(\.name)
      guard !names.isEmpty else { continue }
      let shown = names.prefix(5).joined(separator: ", ") + (names.count > 5 ? ", ..." : "")
      console.note("\(words): \(shown)")
    }
  }

  private static func list(
    _ migrations: [SynchronizedMigration], under heading: String, to console: Console
  ) {
    guard !migrations.isEmpty else { return }
    console.print(heading)
    for migration in migrations {
      let evidence = migration.outcome == .unknown ? nil : migration.evidence
      console.print("  \(migration.file)" + (evidence.map { ": \($0)" } ?? ""))
      let count = migration.missing.count
      let isShort = console.verbosity == .verbose || count <= missingShown + 1
      for missing in migration.missing.prefix(isShort ? count : missingShown) {
        console.print("    missing: \(missing)")
      }
      if !isShort {
        console.print("    missing: \(count - missingShown) more, which --verbose lists")
      }
      for runner in migration.contradicted {
        console.print("    it stands in \(runner.tableName): the catalog contradicts it")
      }
    }
    console.print()
  }

  /// How much of what is missing is shown of each file.
  private static let missingShown = 5

  private static func printHints(
    for migrations: [SynchronizedMigration], to console: Console
  ) {
    let notApplied = migrations.filter { $0.outcome == .notApplied }
    let contradicted = notApplied.filter { !$0.contradicted.isEmpty }
    if contradicted.contains(where: \.isLive) {
      console.hint(
        "a live rollback section is run by that runner too, and undoes the migration at once: comment "
          + "it out, take the migration off that runner's list, and apply it again")
    } else if !contradicted.isEmpty {
      console.hint(
        "that runner passes over what stands on its list: take the migration off there before it is "
          + "applied again")
    }
    let live = notApplied.filter { $0.isLive && $0.contradicted.isEmpty && !$0.missing.isEmpty }
      .map(\.name)
    if !live.isEmpty {
      let names = live.prefix(3).joined(separator: ", ") + (live.count > 3 ? ", ..." : "")
      console.hint(
        "not applied, and with a live rollback section: \(names): a runner that executes the whole "
          + "file, as 'psql -f' does, undoes it at once; comment the section out, or apply with "
          + "'migration-manager show NAME --up | psql'")
    }
    if migrations.contains(where: \.isHalfApplied) {
      console.hint("'migration-manager migrate' goes on with what is half applied")
    }
    if migrations.contains(where: { $0.outcome == .partial && !$0.isHalfApplied }) {
      console.hint(
        "'migration-manager register NAME --force' records one that was changed by hand since")
    }
    if migrations.contains(where: { $0.outcome == .unknown }) {
      console.hint(
        "'migration-manager register NAME' records one on your word, "
          + "'migration-manager sync --assume-applied-before NAME' all such older ones")
    }
  }
}

extension SynchronizedMigration {
  /// Whether it has a row now, or would have.
  fileprivate var isRecorded: Bool { outcome == .registered || outcome == .planned }

  /// Whether somebody has to look at it.
  fileprivate var isDoubtful: Bool {
    outcome == .partial || outcome == .unknown || (outcome == .notApplied && !contradicted.isEmpty)
  }
}
