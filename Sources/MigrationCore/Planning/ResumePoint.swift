internal import SQLParsing

/// What the journal holds of one unit of a migration that has begun and is not recorded yet.
struct JournalRow: Equatable, Sendable {
  /// The unit's number, counted from 1.
  var number: Int
  /// How many units the migration had then.
  var count: Int
  /// ``MigrationUnit/checksum`` of the unit then.
  var checksum: String
  /// The run that was at it last; its statement on the server names it.
  var run = ""
  /// Whether its end is known to have been reached.
  var isFinished: Bool
  /// Why it failed the last time; nil where it did not, or where nobody saw its end.
  var error: String?
  /// What the catalog said before it was tried first; nil where it was not asked.
  var observation: Observation?

  /// Whether the statement failed where it may have committed a part of what it does: a procedure or a
  /// block, or what only the server knew cannot run in a transaction.
  func mayBeHalfDone(_ unit: MigrationUnit) -> Bool {
    guard error != nil, observation?.left == nil else { return false }
    return unit.lone == .unknowable || (unit.lone == nil && observation == nil)
  }
}

/// Where a migration goes on that runs statement by statement. Pure: it touches neither disk nor
/// database.
enum ResumePoint: Equatable, Sendable {
  /// With this unit, of which nothing is done.
  case from(MigrationUnit)
  /// With this unit, which failed the last time: what it left then is cleared away first, as
  /// ``LoneVerdict/cleanup(before:now:)`` says, where it was observed.
  case failed(MigrationUnit, before: Observation?)
  /// With this unit, which runs alone, and whose end nobody saw: see ``LoneVerdict``.
  case unseen(MigrationUnit, before: Observation?)
  /// All units are done; what is left is to record it.
  case finished
  /// Nowhere: the file is another one since.
  case refused(ErrorReport)

  /// Compares the units of a file with the journal.
  ///
  /// - Parameters:
  ///   - units: the units, in order.
  ///   - journal: what the journal holds of the migration in this direction.
  ///   - name: the migration's name.
  ///   - direction: which of its texts it is.
  ///   - origin: where that stands.
  /// - Returns: where to go on.
  static func decide(
    _ units: [MigrationUnit], journal: [JournalRow], of name: String, _ direction: Direction,
    origin: SQLOrigin
  ) -> ResumePoint {
    let rows = Dictionary(journal.map { ($0.number, $0) }, uniquingKeysWith: { _, last in last })
    func changed(_ number: Int, _ words: String) -> ResumePoint {
      let unit = number <= units.count ? units[number - 1] : nil
      return .refused(
        Self.changed(
          number, words, of: name, direction, location: unit?.location(in: origin)))
    }
    let last = journal.filter { $0.isFinished || $0.error == nil }.map(\.number).max() ?? 0
    if last > units.count {
      return changed(last, "is no longer there, though it was carried out or begun")
    }
    for unit in units {
      guard let row = rows[unit.number] else {
        // Units are done in order: what is behind a gap was another file's.
        return unit.number < last
          ? changed(unit.number, "was put before one that was carried out") : .from(unit)
      }
      let isSame = row.checksum == unit.checksum
      if row.isFinished {
        guard isSame else { return changed(unit.number, "was changed after it was carried out") }
        continue
      }
      if row.error != nil {
        // What a procedure or a block had committed before its error nobody knows; what was changed
        // since is another one.
        if isSame, row.mayBeHalfDone(unit) { return .unseen(unit, before: row.observation) }
        let leaves = unit.lone != nil || row.observation != nil
        return leaves ? .failed(unit, before: row.observation) : .from(unit)
      }
      guard isSame else {
        return changed(unit.number, "was changed, and nobody saw the end of what it was")
      }
      // What runs in a transaction has no such row: this one ran alone, be it that only the server
      // could tell that it must.
      return .unseen(unit, before: row.observation)
    }
    return .finished
  }

  private static func changed(
    _ number: Int, _ words: String, of name: String, _ direction: Direction,
    location: ErrorReport.Location?
  ) -> ErrorReport {
    let undone = ShellWord.command("resolve", name, option: "--rolled-back")
    // What is half applied has no record to go back to; what is half rolled back has one.
    let finished =
      direction == .up
      ? ShellWord.command("register", name, option: "--force") : undone
    let unfinished =
      direction == .up ? undone : ShellWord.command("resolve", name, option: "--applied")
    return ErrorReport(
      .refused,
      "statement \(number) of '\(name)' \(words): \(direction.noun) cannot go on",
      hint: "restore it and run the same command again; or finish it by hand and run "
        + "\(finished), or undo by hand what was done and run \(unfinished)",
      location: location)
  }
}
