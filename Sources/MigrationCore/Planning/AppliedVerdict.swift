/// Whether a migration was applied, by all that the database says.
///
/// The catalog is believed before any other runner's ledger; where the two contradict each other,
/// the contradiction is kept for the reader.
enum AppliedVerdict: Equatable {
  /// It was.
  case applied(evidence: String, remarks: [String])
  /// Nothing of it stands.
  case notApplied(NotApplied)
  /// Some of what it creates exists, some is missing.
  case partial(NotApplied)
  /// Nothing tells.
  case unknown

  /// Why it is not taken for applied.
  struct NotApplied: Equatable {
    /// What was found, in one line.
    var evidence: String
    /// What is missing, such as `table app.users`.
    var missing: [String]
    /// The ledgers that say otherwise than the catalog, or that decided where the catalog could
    /// not.
    var contradicted: [RunnerLedger]
    /// Whether a runner's ledger alone tells.
    var isByRunner = false
  }

  /// What the database says about one migration.
  struct Findings: Equatable {
    /// Its status in the ledger; nil without a row.
    var status: MigrationStatus?
    /// How far it got, of one that is half applied; nil for any other.
    var halfApplied: OpenSteps.Run?
    /// Whether its up SQL was changed after it was recorded.
    var isChanged = false
    /// What of the expected objects does not exist.
    var missing: [String] = []
    /// How many objects were looked for.
    var expected = 0
    /// How many of those that exist may well have been there before: extensions, schemas.
    var shared = 0
    /// How many of those that exist are created by an earlier migration too.
    var older = 0
    /// What the ledgers of other runners say.
    var runners: [RunnerVerdict] = []
  }

  /// Judges by the rules of DESIGN.md section 4.
  ///
  /// - Parameter findings: what the database says.
  init(_ findings: Findings) {
    if let run = findings.halfApplied {
      // Some statements leave no trace in the catalog: the journal knows more than it does.
      self = .partial(NotApplied(evidence: run.words, missing: [], contradicted: []))
      return
    }
    let found = findings.expected - findings.missing.count
    let saysApplied = findings.runners.filter(\.isApplied).map(\.runner)
    let saysNot = findings.runners.filter { !$0.isApplied }.map(\.runner)
    if !findings.missing.isEmpty {
      let reason = NotApplied(
        evidence: "\(found) of \(findings.expected) objects exist", missing: findings.missing,
        contradicted: saysApplied)
      let isProven = found > findings.shared + findings.older
      self = isProven ? .partial(reason) : .notApplied(reason)
    } else if found > findings.shared + findings.older {
      let objects =
        findings.expected == 1
        ? "the object that it creates exists"
        : "all \(findings.expected) objects that it creates exist"
      self = .applied(
        evidence: (saysApplied.map(\.tableName) + [objects]).joined(separator: ", and "),
        remarks: saysApplied.isEmpty ? saysNot.map { "it does not stand in \($0.tableName)" } : [])
    } else if let runner = saysApplied.first {
      self = .applied(evidence: "it stands in \(runner.tableName)", remarks: [])
    } else if let runner = saysNot.first {
      self = .notApplied(
        NotApplied(
          evidence: "it does not stand in \(runner.tableName)", missing: [],
          contradicted: [], isByRunner: true))
    } else {
      self = .unknown
    }
  }
}
