import MigrationCommands
@testable import MigrationCore
import Testing

@Suite("What status prints")
struct StatusRenderingTests {
  private static var report: StatusReport {
    var report = StatusReport()
    report.applied = ["2_b", "1_a"]
    report.pending = [
      .init(name: "3_c", rollback: PastRollback(by: "ada")),
      .init(name: "7_g", lastError: "no such table\nreally", rollback: PastRollback()),
      .init(name: "8_h"),
    ]
    report.rolledBack = ["3_c"]
    report.failed = ["4_d"]
    report.drifted = [.init(name: "2_b", kind: .rollback), .init(name: "1_a", kind: .lineEnds)]
    report.missing = ["1_a"]
    report.renamed = [.init(from: "5_e", to: "6_e")]
    report.unknown = [.init(name: "9_i", reason: "nothing tells whether it was applied")]
    return report
  }

  @Test("Counts, names, and what to do")
  func text() {
    let (output, errors) = printed { StatusRendering.print(Self.report, to: $0) }
    #expect(
      output == """
        Applied: 2
        Pending: 3
          3_c: rolled back by ada
          7_g: rolled back, last error: no such table
          8_h
        Rolled back: 1
          3_c
        Failed: 1
          4_d
        Drifted: 2
          2_b: the rollback SQL was changed after it was recorded
          1_a: only the line ends were changed
        Missing: 1
          1_a: its file is gone
        Renamed: 1
          5_e: its file is '6_e' now
        Unknown: 1
          9_i: nothing tells whether it was applied
        Last applied: 1_a

        """)
    #expect(
      errors == """
        💡 the last rollback failed: 'migration-manager check 4_d' says what to do
        💡 renamed: 'migration-manager rename 5_e 6_e' lets the record follow
        💡 unknown: 'migration-manager register NAME' records one that was applied, \
        'migration-manager resolve NAME --rolled-back' one that was not
        💡 missing: bring the file back; where it was renamed, 'migration-manager rename OLD NEW' \
        lets the record follow
        💡 drifted: 'migration-manager register NAME' takes the file's rollback SQL
        💡 'migration-manager migrate' applies what is pending

        """)
  }

  @Test("Where all agree, two counts and the newest name; the names when verbose")
  func settled() {
    var report = StatusReport()
    report.applied = ["1_a", "2_b"]
    let (output, errors) = printed { StatusRendering.print(report, to: $0) }
    #expect(output == "Applied: 2\nPending: 0\nLast applied: 2_b\n")
    #expect(errors == "")
    let (names, _) = printed(.verbose) { StatusRendering.print(report, to: $0) }
    #expect(names == "Applied: 2\n  1_a\n  2_b\nPending: 0\nLast applied: 2_b\n")
    let (none, _) = printed { StatusRendering.print(StatusReport(), to: $0) }
    #expect(none == "Applied: 0\nPending: 0\nLast applied: none\n")
  }

  @Test("The document")
  func document() {
    #expect(
      json(StatusPayload(Self.report)) == #"""
        {"applied":["2_b","1_a"],"pending":[{"name":"3_c","last_error":null},{"name":"7_g","last_error":"no such table\nreally"},{"name":"8_h","last_error":null}],"rolled_back":["3_c"],"failed":["4_d"],"half_applied":[],"half_rolled_back":[],"drifted":[{"name":"2_b","kind":"rollback"},{"name":"1_a","kind":"line_ends"}],"missing":["1_a"],"renamed":[{"from":"5_e","to":"6_e"}],"unknown":["9_i"],"last_applied":"1_a"}
        """#)
  }
}
