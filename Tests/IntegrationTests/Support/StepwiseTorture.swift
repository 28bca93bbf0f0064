import Foundation
import TestSupport

/// Applies a migration statement by statement, or rolls it back so, while something goes wrong at a
/// random moment, once or several times over; then the same command, left alone, must come to the right
/// end.
struct StepwiseTorture: Ordeal {
  private let checkout: Checkout
  private var troublemaker: Troublemaker
  private var isForward = true

  /// Where it was stopped, counted: `TROUBLE DIRECTION STATEMENT`, the statement with `?` where its end
  /// was not known.
  private(set) var tally: [String: Int] = [:]

  init(seed: UInt64) throws {
    troublemaker = try Troublemaker(seed: seed)
    checkout = try Checkout(in: troublemaker.database)
    try checkout.folder.write(StepwiseMigration.text, to: "\(StepwiseMigration.name).sql")
    try checkout.database.psql(
      "SET synchronous_commit = on; " + StepwiseMigration.preparation)
  }

  /// Goes through it once.
  ///
  /// - Returns: what was not true, in words; empty when all was.
  mutating func round() throws -> [String] {
    let command =
      (isForward ? ["migrate"] : ["rollback", StepwiseMigration.name, "--yes"]) + ["--wait", "30s"]
    let statements = isForward ? StepwiseMigration.up : StepwiseMigration.rollback
    var story: [String] = []
    for _ in 0...troublemaker.choose(below: 3) {
      let text = statements[troublemaker.choose(below: statements.count)]
      let (trouble, results) = try troublemaker.run(
        command + ["--json"], in: checkout, upTo: 1, sending: text)
      let place = try stoppedAt()
      tally["\(trouble) \(place)", default: 0] += 1
      story.append("\(trouble) at '\(text)', then \(place): \(results)")
      let lies = try lies(after: results)
      guard lies.isEmpty else { return lies + story }
    }
    let result = try checkout.run(command)
    let isDone =
      try checkout.database.status(of: StepwiseMigration.name)
      == (isForward ? "applied" : "rolled_back")
    let state = try StepwiseMigration.state(of: checkout.database)
    let expected = isForward ? StepwiseMigration.applied : StepwiseMigration.notApplied
    let left = try checkout.database.psql(
      """
      SELECT (SELECT count(*) FROM migration_steps WHERE is_open), (SELECT count(*) FROM migration_lease)
      """)
    var lies: [String] = []
    if !isDone { lies.append("not done: \(result)") }
    if state != expected { lies.append("there is '\(state)': \(result)") }
    if left != "0|0" { lies.append("open rows and leases: \(left)") }
    isForward.toggle()
    return lies.isEmpty ? [] : lies + story
  }

  /// What the programs should not have said: exit status 0 means that all is done, and what changes
  /// rows is done exactly when the journal says so.
  private func lies(after results: [ProgramResult]) throws -> [String] {
    let state = try StepwiseMigration.state(of: checkout.database)
    let expected = isForward ? StepwiseMigration.applied : StepwiseMigration.notApplied
    var lies: [String] = []
    if results.contains(where: { $0.status == 0 }), state != expected {
      lies.append("exit status 0, but there is '\(state)'")
    }
    let number =
      (isForward ? StepwiseMigration.up : StepwiseMigration.rollback)
      .firstIndex { $0.hasPrefix("UPDATE") }.map { $0 + 1 } ?? 0
    let isUpdated =
      try checkout.database.psql("SELECT max(n) FROM items") == (isForward ? "1" : "0")
    let isJournalled =
      try checkout.database.psql(
        """
        SELECT (SELECT count(*) FROM migration_steps WHERE is_open) = 0 OR EXISTS (
          SELECT FROM migration_steps
          WHERE is_open AND statement_no = \(number) AND finished_at IS NOT NULL)
        """) == "t"
    if isUpdated, !isJournalled {
      lies.append("the rows are changed, and the journal does not say so")
    }
    return lies
  }

  /// Where it stands after some trouble.
  private func stoppedAt() throws -> String {
    try checkout.database.psql(
      """
      SELECT coalesce((
        SELECT direction || ' ' || statement_no
          || CASE WHEN finished_at IS NULL AND error IS NULL THEN '?' ELSE '' END
        FROM migration_steps WHERE is_open ORDER BY statement_no DESC LIMIT 1), 'nowhere')
      """)
  }
}
