import Foundation
import Platform
import Testing

@Suite struct LocalTimeTests {
  @Test(arguments: [
    (0, "1970-01-01T00:00:00.000000Z"),
    (1_737_383_405_123_456, "2025-01-20T14:30:05.123456Z"),
    (1_709_164_799_999_999, "2024-02-28T23:59:59.999999Z"),
    (1_709_164_800_000_000, "2024-02-29T00:00:00.000000Z"),
    (951_782_400_000_001, "2000-02-29T00:00:00.000001Z"),
    (4_107_542_400_000_000, "2100-03-01T00:00:00.000000Z"),
    (-1, "1969-12-31T23:59:59.999999Z"),
    (-62_135_596_800_000_000, "0001-01-01T00:00:00.000000Z"),
  ])
  func timesForPrograms(microseconds: Int, text: String) {
    #expect(LocalTime.rfc3339(microsecondsSince1970: microseconds) == text)
  }

  @Test(arguments: [0, 1_737_383_405_123_456, 1_751_293_800_000_000, -86_400_000_001])
  func timesForPeopleAreInTheLocalZone(microseconds: Int) {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.dateFormat = "yyyy-MM-dd HH:mm"
    let seconds = (Double(microseconds) / 1_000_000).rounded(.down)
    #expect(
      LocalTime.format(microsecondsSince1970: microseconds)
        == formatter.string(from: Date(timeIntervalSince1970: seconds)))
    formatter.dateFormat = "yyyy-MM-dd HH:mm:ss"
    #expect(
      LocalTime.format(microsecondsSince1970: microseconds, withSeconds: true)
        == formatter.string(from: Date(timeIntervalSince1970: seconds)))
  }

  @Test func aZoneEastOfGreenwichIsAhead() async {
    await #expect(processExitsWith: .success) {
      setenv("TZ", "Asia/Kolkata", 1)
      #expect(LocalTime.format(microsecondsSince1970: 1_737_399_600_000_000) == "2025-01-21 00:30")
      setenv("TZ", "America/New_York", 1)
      tzset()
      #expect(LocalTime.format(microsecondsSince1970: 1_751_293_800_000_000) == "2025-06-30 10:30")
    }
  }
}

@Suite struct MonotonicClockTests {
  @Test func sleepingTakesAtLeastTheTimeAskedFor() {
    let start = MonotonicClock.nowMicroseconds
    MonotonicClock.sleep(milliseconds: 5)
    #expect(MonotonicClock.nowMicroseconds - start >= 5000)
    MonotonicClock.sleep(milliseconds: -1)
  }

  @Test(arguments: [
    ("19700101000000", 0), ("20250120143005", 1_737_383_405), ("20240229235959", 1_709_251_199),
    ("20250120", 1_737_331_200), ("202501201430", 1_737_383_400),
  ])
  func digitsAreReadAndWritten(digits: String, seconds: Int) {
    #expect(LocalTime.secondsSince1970(digits: digits) == seconds)
    #expect(LocalTime.digits(secondsSince1970: seconds).hasPrefix(digits))
  }

  @Test(arguments: [
    "", "2025", "20250230", "20251301", "20250100", "20250120240000", "202501206000", "2025012o",
    "-2025012", "00000000",
  ])
  func whatIsNoTimeIsNone(digits: String) {
    #expect(LocalTime.secondsSince1970(digits: digits) == nil)
  }
}
