internal import LedgerSQL
internal import Platform
internal import PostgresClient
internal import SQLParsing

/// Runs ``StepwiseWork``: a migration that cannot run in one transaction, statement by statement, each
/// journalled, under a lease that keeps other runners out.
///
/// A statement that can run in a transaction is done together with its row of the journal, or not at
/// all. One that cannot runs alone between two such rows: where nobody saw its end, the catalog is
/// compared with what was there before, and where that does not tell, a person is asked.
final class StepwiseRunner {
  let runner: TransactionRunner
  let work: StepwiseWork
  let options: SessionSettings
  let run: RunIdentity
  let reconnect: () throws -> Database
  let observe: (SessionEvent) -> Void
  /// Told of each statement when it begins, and when it is done with the microseconds that it took.
  private let onUnit: (MigrationUnit, Int64?) -> Void
  /// How many statements are done, those of earlier runs included.
  private(set) var done = 0
  /// The statement that is being run: what goes wrong is its failure.
  private(set) var current: MigrationUnit?
  /// The migration is recorded.
  private var isRecorded = false
  /// What the journal held when it began.
  private(set) var journal: [JournalRow] = []
  /// How far ``current`` got, where it runs alone.
  var stage = LoneStage.notSent
  /// What the catalog held of the objects of ``current`` before it was sent.
  var before: Observation?
  /// When the lease was last seen to be this run's, by the monotonic clock.
  private(set) var leaseSeenAt = 0

  /// Whether a statement is the one that the journal has at its place.
  func isUnchanged(_ unit: MigrationUnit) -> Bool {
    journal.contains { $0.number == unit.number && $0.checksum == unit.checksum }
  }

  /// Prepares to run.
  ///
  /// - Parameters:
  ///   - work: what to do.
  ///   - runner: does the transactions.
  ///   - options: waits, time-outs and retries.
  ///   - run: who runs it.
  ///   - reconnect: makes another connection to the same database.
  ///   - observe: told of waits, retries and what the server says.
  ///   - onUnit: told of each statement when it begins, and when it is done with the microseconds that
  ///     it took.
  init(
    _ work: StepwiseWork, runner: TransactionRunner, options: SessionSettings, run: RunIdentity,
    reconnect: @escaping () throws -> Database, observe: @escaping (SessionEvent) -> Void,
    onUnit: @escaping (MigrationUnit, Int64?) -> Void
  ) {
    self.work = work
    self.runner = runner
    self.options = options
    self.run = run
    self.reconnect = reconnect
    self.observe = observe
    self.onUnit = onUnit
  }

  /// The open connection.
  var database: Database { runner.database }

  /// Does it, from the first statement that is not done.
  ///
  /// - Returns: how long it took, in microseconds.
  /// - Throws: ``ErrorReport`` that says how far it got.
  func perform() throws -> Int64 {
    try Interrupts.protected {
      let begun = MonotonicClock.nowMicroseconds
      try begin()
      do {
        // Behind the lease nobody else writes into it any more.
        journal = try readJournal()
        try settle(work.resumePoint(journal))
        while done < work.units.count { try run(work.units[done]) }
        if !isRecorded { try record() }
      } catch {
        throw close(error, at: min(done + 1, work.units.count))
      }
      return Int64(MonotonicClock.nowMicroseconds - begun)
    }
  }

  /// Takes the lease.
  private func begin() throws {
    var attempt = 1
    while true {
      let journal = try readJournal()
      if case .refused(let report) = work.resumePoint(journal) { throw report }
      done = journal.count { $0.isFinished }
      var begin = TransactionWork(
        direction: work.direction, guards: work.guards, steps: [], removal: nil, records: [])
      begin.lock = try database.calls.beginSteps(
        of: work, done: done, isDirect: database.isDirect, run: run)
      do {
        let begun = MonotonicClock.nowMicroseconds
        _ = try runner.perform(begin)
        leaseSeenAt = begun
        return
      } catch let report as ErrorReport
        where report.sqlState == LedgerState.selectionChanged.rawValue
        && report.details.isEmpty && attempt < Self.attemptsAtMost
      {
        attempt += 1
      }
    }
  }

  private func readJournal() throws -> [JournalRow] {
    try database.openSteps(.write).rows(of: work.name, work.direction)
  }

  /// How often others may get further with it before it is given up.
  private static let attemptsAtMost = 20

  /// Runs the next statement.
  private func run(_ unit: MigrationUnit) throws {
    let begun = MonotonicClock.nowMicroseconds
    onUnit(unit, nil)
    current = unit
    stage = .notSent
    before = nil
    switch unit.kind {
    case .transactional:
      do {
        try runInTransaction(unit)
      } catch is StatementNeedsNoTransaction {
        try runAlone(unit, work.lone(unit))
      }
    case .lone(let statement): try runAlone(unit, statement)
    }
    done = unit.number
    current = nil
    onUnit(unit, Int64(MonotonicClock.nowMicroseconds - begun))
  }

  /// Runs a statement together with its row of the journal, the last with the migration's record.
  private func runInTransaction(_ unit: MigrationUnit) throws {
    let isFinal = unit.number == work.units.count
    var transaction = TransactionWork(
      direction: work.direction, guards: [], steps: [work.step(unit)],
      removal: isFinal ? work.removal : nil,
      records: [try database.calls.finishStep(unit, of: work, run: run)]
        + (isFinal ? try records() : []))
    transaction.lock = try database.calls.keepLease(for: unit.number, of: work, run: run)
    transaction.statement = work.position(unit.number, isFinal: isFinal)
    if unit.statements.count == 1 {
      transaction.handsBack = [.activeTransaction, .invalidTransactionTermination]
    }
    _ = try runner.perform(transaction)
    isRecorded = isFinal
  }

  /// Records the migration, where its last statement ran alone.
  private func record() throws {
    try journal(
      try records(), removal: work.removal,
      as: work.position(max(work.units.count, 1), isFinal: true))
    isRecorded = true
  }

  private func records() throws -> [String] {
    [try database.calls.endSteps(of: work, run: run)] + work.records
  }

  /// Writes into the journal, in a transaction of its own; a signal or a lost connection may keep it
  /// from that.
  private func journal(
    _ records: [String], removal: String? = nil, as position: StatementPosition
  ) throws {
    var transaction = TransactionWork(
      direction: work.direction, guards: [], steps: [], removal: removal, records: records)
    transaction.lock = try database.calls.keepLease(for: position.number, of: work, run: run)
    transaction.statement = position
    _ = try runner.perform(transaction)
  }

  /// Notes that a statement which ran alone is done.
  ///
  /// - Throws: ``ErrorReport`` where that cannot be written: then it says that the statement was carried
  ///   out.
  func finish(_ unit: MigrationUnit) throws {
    do {
      try note([try database.calls.finishStep(unit, of: work, run: run)], for: unit.number)
    } catch var report as ErrorReport {
      // A try before it was committed, and nobody heard of that.
      if report.sqlState != LedgerState.selectionChanged.rawValue {
        report.details.append("statement \(unit.number) of \(work.units.count) was carried out")
        // Not an answer, but a failure: what was done is not in the journal.
        if report.sqlState == LedgerState.leaseLost.rawValue { report.code = .ledger }
        throw report
      }
    }
    done = unit.number
    stage = .notSent
  }

  /// Writes into the journal, behind a look whether the lease is still this run's, what is certain
  /// already: no signal keeps it from that, and a lost connection no longer than another one can be
  /// made in time.
  ///
  /// - Parameters:
  ///   - records: the statements; none renews the lease alone. They do no harm when they are sent again.
  ///   - number: the statement that it is at, counted from 1.
  /// - Throws: ``ErrorReport``.
  func note(_ records: [String], for number: Int) throws {
    let seconds = max(options.waitSeconds, Self.patienceSeconds)
    let begun = MonotonicClock.nowMicroseconds
    do {
      try conclude(
        [try database.calls.keepLease(for: number, of: work, run: run)] + records,
        at: number, until: begun + seconds * 1_000_000)
      leaseSeenAt = begun
    } catch let error as QueryError {
      guard let serverError = error.serverError else {
        throw ErrorReport(error, reading: database.target)
      }
      throw ErrorReport(serverError, target: database.target)
    }
  }

  /// Renews the lease, where it was not seen for a while.
  ///
  /// - Parameters:
  ///   - number: the statement that it is at, counted from 1.
  ///   - seconds: how long that may be.
  /// - Throws: ``ErrorReport`` where another run has it.
  func keepLease(for number: Int, seenWithin seconds: Int) throws {
    guard MonotonicClock.nowMicroseconds - leaseSeenAt > seconds * 1_000_000 else { return }
    try note([], for: number)
  }

  /// How long the last words to the journal may take, in seconds.
  private static let patienceSeconds = 10
}
