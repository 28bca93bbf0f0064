import MigrationCore
import Platform

/// `sync`: records every file that is applied and not recorded.
struct SyncCommand: Command {
  private let boundary: String?
  private let includesReapplied: Bool
  private let reason: String?
  private let isDryRun: Bool
  private let showsNamesOnly: Bool
  private let isStrict: Bool

  init(_ line: ParsedCommandLine) {
    boundary = line.text(.assumeAppliedBefore)
    includesReapplied = line.isSet(.reapplied)
    reason = line.text(.reason)
    isDryRun = line.isSet(.dryRun)
    showsNamesOnly = line.isSet(.names)
    isStrict = line.isSet(.exitCode)
  }

  var writes: Bool { true }

  func run(in session: Session, console: Console) throws -> ExitStatus {
    console.progress(
      .refresh,
      (isDryRun ? "DRY RUN: " : "") + "Syncing migration files with database...")
    let migrations = try session.synchronize(
      assumeAppliedBefore: boundary, includingReapplied: includesReapplied, isDryRun: isDryRun,
      reason: reason)
    Interrupts.settle()
    console.showTarget(of: session)
    if console.isJSON {
      let payloads = migrations.map(MigrationOutcomePayload.init)
      console.print(document: OutcomePayload(payloads, isDryRun: isDryRun))
      for case let error? in migrations.map(\.error) { console.error(error) }
    } else {
      if showsNamesOnly {
        SyncRendering.print(namesOf: migrations, to: console)
      } else {
        SyncRendering.print(migrations, isDryRun: isDryRun, to: console)
      }
    }
    return SyncRendering.status(of: migrations, isStrict: isStrict)
  }
}
