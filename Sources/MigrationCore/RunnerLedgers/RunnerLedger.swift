/// The ledger of another runner, in the same database.
public enum RunnerLedger: String, Sendable, CaseIterable {
  /// The Supabase CLI's.
  case supabase
  /// Prisma Migrate's.
  case prisma

  /// Its table, as messages name it.
  public var tableName: String {
    switch self {
    case .supabase: "supabase_migrations.schema_migrations"
    case .prisma: "_prisma_migrations"
    }
  }
}

/// What the ledgers of other runners say of some migrations.
struct RunnerLedgers: Equatable {
  /// Of each ledger that there is and that may be read: what stands in it as applied, names for
  /// Prisma, names or mere versions for Supabase.
  var standing: [RunnerLedger: Set<String>] = [:]

  /// Reads what `runner_ledgers.sql` found.
  ///
  /// - Parameter text: its JSON; nil for none.
  init(json text: String? = nil) {
    let found = decodedJSON([String: [String]].self, from: text) ?? [:]
    for (runner, members) in found {
      if let runner = RunnerLedger(rawValue: runner) { standing[runner] = Set(members) }
    }
  }

  /// What each ledger says of a migration, in the order of ``RunnerLedger``: nothing where the
  /// runner would not take a file of that name.
  func verdicts(on name: MigrationName) -> [RunnerVerdict] {
    RunnerLedger.allCases.compactMap { runner in
      guard let members = standing[runner] else { return nil }
      switch runner {
      case .supabase:
        guard let version = name.supabaseVersion else { return nil }
        return RunnerVerdict(
          runner: runner, isApplied: members.contains(name.text) || members.contains(version))
      case .prisma:
        return RunnerVerdict(runner: runner, isApplied: members.contains(name.text))
      }
    }
  }
}

/// What one runner's ledger says of one migration.
struct RunnerVerdict: Equatable {
  var runner: RunnerLedger
  var isApplied: Bool
}
