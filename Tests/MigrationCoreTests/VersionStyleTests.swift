import Testing

@testable import MigrationCore

@Suite("New migrations: the next version")
struct VersionStyleTests {
  /// 2025-11-20 14:30:00 UTC, in microseconds.
  private static let now = 1_763_649_000_000_000

  @Test(
    "It is made as the newest one's, and comes after it",
    arguments: [
      // Times, to the second, the minute and the day; in parts.
      ("20250120101500", "20251120143000"), ("202501201015", "202511201430"),
      ("20250120", "20251120"), ("2025_10_20_150000", "2025_11_20_143000"),
      ("2025-10-20-1500", "2025-11-20-1430"), ("2025-10-20", "2025-11-20"),
      ("2025_10_20_15_00_00", "2025_11_20_14_30_00"),
      ("2024-06-24-000000-0000", "2025-11-20-143000-0000"),
      // The clock is behind the newest.
      ("20251231235959", "20260101000000"), ("202511201430", "202511201431"),
      ("2026-02-28-235959-0000", "2026-03-01-000000-0000"), ("20260101", "20260101"),
      // Seconds, milliseconds, days with a counter.
      ("1510262030", "1763649000"), ("1763649003", "1763649004"),
      ("1763648999999", "1763649000000"), ("2025012001", "2025112001"),
      ("2025112007", "2025112008"),
      // Numbers.
      ("0007", "0008"), ("7", "8"), ("9", "10"), ("099", "100"), ("0000", "0001"), ("42", "43"),
      ("20251399", "20251400"), ("99999999999999999", "100000000000000000"),
      // What diesel begins with says nothing.
      ("00000000000000", "20251120143000"),
    ])
  func next(newest: String, next: String) {
    #expect(
      VersionStyle(of: newest, now: Self.now).next(after: newest, now: Self.now) == next)
  }

  @Test("In an empty folder it is the time; there is no number after the largest")
  func ends() {
    #expect(VersionStyle.timestamp.next(after: nil, now: Self.now) == "20251120143000")
    let largest = String(Int.max)
    #expect(VersionStyle(of: largest, now: Self.now).next(after: largest, now: Self.now) == nil)
  }
}
