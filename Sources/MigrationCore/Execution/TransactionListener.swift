internal import Platform
internal import PostgresClient

/// Hears what the server says while a transaction runs: how far it is, and the notices of the
/// migrations' SQL, which are passed on with the name of the migration that they came from.
final class TransactionListener {
  private let work: TransactionWork
  private let observe: (SessionEvent) -> Void
  private let onProgress: (ProgressMark, Int64) -> Void
  private let begun = MonotonicClock.nowMicroseconds
  private var lastStep: Int
  private var lastStatement: Int
  private var told: [Int64] = []

  /// Begins to measure.
  ///
  /// - Parameters:
  ///   - work: what is about to be sent.
  ///   - observe: told of the notices of the migrations' SQL.
  ///   - onProgress: told of each mark, and of the microseconds since the one before.
  init(
    work: TransactionWork, observe: @escaping (SessionEvent) -> Void,
    onProgress: @escaping (ProgressMark, Int64) -> Void
  ) {
    self.work = work
    self.observe = observe
    self.onProgress = onProgress
    lastStep = begun
    lastStatement = begun
  }

  /// Takes a message of the server.
  func hear(_ notice: Notice) {
    guard notice.message.hasPrefix(ProgressMark.prefix) else {
      guard
        let step = work.steps.indices.contains(told.count) ? told.count : work.steps.indices.last
      else { return }
      observe(
        .serverNotice(
          migration: work.steps[step].name, severity: notice.severity, message: notice.message))
      return
    }
    let now = MonotonicClock.nowMicroseconds
    switch ProgressMark(notice.message) {
    // In its turn: a migration's own SQL may say the same.
    case .step(let step) where step == told.count && step < work.steps.count:
      let duration = Int64(now - lastStep)
      told.append(duration)
      lastStep = now
      onProgress(.step(step), duration)
    case .statement(let step, let statement) where work.steps.indices.contains(step):
      onProgress(.statement(step: step, statement: statement), Int64(now - lastStatement))
    // What came before was no work of a migration.
    case .begun where told.isEmpty: lastStep = now
    case .begun, .step, .statement, nil: break
    }
    lastStatement = now
  }

  /// How long each step took, in microseconds; of one alone, all up to now. What was not told, since
  /// the connection was lost before, counts as part of the first that was not.
  var durations: [Int64] {
    let now = MonotonicClock.nowMicroseconds
    guard work.tellsSteps else { return [Int64(now - begun)] }
    let untold = work.steps.count - told.count
    guard untold > 0 else { return told }
    return told + [Int64(now - lastStep)] + Array(repeating: 0, count: untold - 1)
  }
}
