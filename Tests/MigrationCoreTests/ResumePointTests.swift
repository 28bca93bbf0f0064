import SQLParsing
import Testing

@testable import MigrationCore

@Suite("Where a half-done migration goes on")
struct ResumePointTests {
  private func units(_ sql: String) -> [MigrationUnit] {
    let text = SourceText(sql)
    return UnitScript(of: SQLParser.parse(text), in: text).units
  }

  private let sql = """
    CREATE TABLE t (a int);
    CREATE INDEX CONCURRENTLY i ON t (a);

    UPDATE t SET a = 1;
    """

  private func row(
    _ unit: MigrationUnit, finished: Bool = true, error: String? = nil,
    observation: Observation? = nil
  ) -> JournalRow {
    JournalRow(
      number: unit.number, count: 3, checksum: unit.checksum, isFinished: finished, error: error,
      observation: observation)
  }

  private func decide(_ units: [MigrationUnit], _ journal: [JournalRow]) -> ResumePoint {
    ResumePoint.decide(
      units, journal: journal, of: "1_a", .up,
      origin: .file(path: "db/1_a.sql", firstLine: 1, prefixes: []))
  }

  @Test func atTheFirstStatementThatIsNotDone() {
    let units = units(sql)
    #expect(decide(units, []) == .from(units[0]))
    #expect(decide(units, [row(units[0])]) == .from(units[1]))
    #expect(decide(units, units.map { row($0) }) == .finished)
    #expect(decide([], []) == .finished)
  }

  @Test func afterAStatementWhoseEndNobodySaw() {
    let units = units(sql)
    let before = observation(named: nil)
    let journal = [row(units[0]), row(units[1], finished: false, observation: before)]
    #expect(decide(units, journal) == .unseen(units[1], before: before))
  }

  @Test func aTransactionThatIsNotInTheJournalWasUndone() {
    let units = units(sql)
    let undone = Observation(json: #"{"left": []}"#)
    let journal = [row(units[0], finished: false, error: "no", observation: undone)]
    #expect(decide(units, journal) == .failed(units[0], before: undone))
    // Only the server knew that it runs alone: of a function that fails there nobody knows.
    #expect(
      decide(units, [row(units[0], finished: false, error: "no")])
        == .unseen(units[0], before: nil))
  }

  @Test func aProcedureThatFailedMayHaveDoneAPartUnlessItWasChanged() {
    let journal = [row(units("CALL p(1)")[0], finished: false, error: "no")]
    #expect(decide(units("CALL p(1)"), journal) == .unseen(units("CALL p(1)")[0], before: nil))
    #expect(decide(units("CALL p(2)"), journal) == .failed(units("CALL p(2)")[0], before: nil))
  }

  @Test func whatTheServerAloneToldToRunAloneMayBeDone() {
    let units = units(sql)
    #expect(
      decide(units, [row(units[0], finished: false)]) == .unseen(units[0], before: nil))
  }

  @Test func afterAStatementThatFailedItsRemainsAreLookedFor() {
    let units = units(sql)
    let before = observation(named: nil)
    let failed = row(units[1], finished: false, error: "duplicate", observation: before)
    #expect(decide(units, [row(units[0]), failed]) == .failed(units[1], before: before))
    // What failed may be mended: also into what runs in a transaction.
    let mended = self.units(sql.replacing("CREATE INDEX CONCURRENTLY i", with: "CREATE INDEX i"))
    #expect(decide(mended, [row(units[0]), failed]) == .failed(mended[1], before: before))
  }

  @Test func commentsAndWhiteSpaceMayChange() {
    let units = units(sql)
    let other = self.units("-- why\n" + sql.replacing("(a int)", with: "( a  int )"))
    #expect(decide(other, [row(units[0])]) == .from(other[1]))
  }

  @Test func whatIsBehindMayChange() {
    let units = units(sql)
    let other = self.units(sql + "SELECT 1;")
    #expect(decide(other, units.map { row($0) }) == .from(other[3]))
  }

  private func refusal(_ words: String, line: Int?) -> ResumePoint {
    .refused(
      ErrorReport(
        .refused, "statement \(words): migration cannot go on",
        hint: "restore it and run the same command again; or finish it by hand and run "
          + "'migration-manager register 1_a --force', or undo by hand what was done and run "
          + "'migration-manager resolve 1_a --rolled-back'",
        location: line.map { ErrorReport.Location(file: "db/1_a.sql", line: $0) }))
  }

  @Test func whatWasDoneMustNotChange() {
    let units = units(sql)
    let other = self.units(sql.replacing("a int", with: "a bigint"))
    #expect(
      decide(other, [row(units[0])])
        == refusal("1 of '1_a' was changed after it was carried out", line: 1))
    #expect(
      decide(Array(units.prefix(2)), units.map { row($0) })
        == refusal(
          "3 of '1_a' is no longer there, though it was carried out or begun", line: nil))
    #expect(
      decide(units, [row(units[0]), row(units[2])])
        == refusal("2 of '1_a' was put before one that was carried out", line: 2))
  }

  @Test func whatNobodySawTheEndOfMustNotChange() {
    let units = units(sql)
    let other = self.units(sql.replacing("i ON t", with: "j ON t"))
    #expect(
      decide(other, [row(units[0]), row(units[1], finished: false)])
        == refusal(
          "2 of '1_a' was changed, and nobody saw the end of what it was", line: 2))
  }
}

/// An answer of the catalog about an index `i`.
func observation(
  kind: String = "create_index", name: String? = "i", defaultName: String? = nil,
  named: Int64?, indexes: [Observation.Index] = [], partition: Observation.Partition? = nil,
  isThere: Bool = false
) -> Observation {
  Observation(
    json: "", kind: kind, name: name, defaultName: defaultName, named: named, indexes: indexes,
    partition: partition, isThere: isThere)
}
