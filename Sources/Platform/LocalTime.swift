import Glibc

/// Points in time as people and programs write them.
package enum LocalTime {
  /// A point in time for people, in the zone of this process (`TZ`, `/etc/localtime`).
  ///
  /// - Parameter microseconds: microseconds since 1970-01-01 00:00 UTC; may be negative.
  /// - Returns: for instance `2025-01-20 14:30`.
  package static func format(microsecondsSince1970 microseconds: Int) -> String {
    var seconds = time_t(floorDivide(microseconds, by: 1_000_000).quotient)
    var local = unsafe tm()
    // The offset from UTC, in seconds, is all that the C library needs to tell.
    let offset = unsafe localtime_r(&seconds, &local) == nil ? 0 : local.tm_gmtoff
    var text = DigitText()
    text.append(secondsSince1970: seconds + offset, separator: " ", withSeconds: false)
    return text.string
  }

  /// A point in time for programs (RFC 3339, UTC).
  ///
  /// - Parameter microseconds: microseconds since 1970-01-01 00:00 UTC; may be negative.
  /// - Returns: for instance `2025-01-20T14:30:05.123456Z`.
  package static func rfc3339(microsecondsSince1970 microseconds: Int) -> String {
    let (seconds, fraction) = floorDivide(microseconds, by: 1_000_000)
    var text = DigitText()
    text.append(secondsSince1970: seconds, separator: "T", withSeconds: true)
    text.append(".")
    text.append(fraction, width: 6)
    text.append("Z")
    return text.string
  }

  /// The Gregorian date of a day. Years are counted from March, so that the leap day is the last
  /// one, in eras of 400 years (146,097 days), after which the calendar repeats.
  fileprivate static func civilDate(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
    let (era, dayOfEra) = floorDivide(days + 719_468, by: 146_097)
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, day)
  }

  fileprivate static func floorDivide(_ value: Int, by divisor: Int) -> (
    quotient: Int, remainder: Int
  ) {
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}

/// Points in time, written digit by digit: a list holds many of them.
private struct DigitText {
  private var bytes: [UInt8] = []

  init() { bytes.reserveCapacity(32) }

  var string: String { String(decoding: bytes, as: UTF8.self) }

  mutating func append(
    secondsSince1970 seconds: Int, separator: Unicode.Scalar, withSeconds: Bool
  ) {
    let (days, second) = LocalTime.floorDivide(seconds, by: 86_400)
    let (year, month, day) = LocalTime.civilDate(daysSince1970: days)
    append(year, width: 4)
    append("-")
    append(month, width: 2)
    append("-")
    append(day, width: 2)
    append(separator)
    append(second / 3600, width: 2)
    append(":")
    append(second / 60 % 60, width: 2)
    guard withSeconds else { return }
    append(":")
    append(second % 60, width: 2)
  }

  mutating func append(_ separator: Unicode.Scalar) { bytes.append(UInt8(ascii: separator)) }

  /// Adds a number with at least so many digits.
  mutating func append(_ number: Int, width: Int) {
    if number < 0 { bytes.append(UInt8(ascii: "-")) }
    var digits = 1
    var bound = 10
    while bound <= number.magnitude {
      digits += 1
      bound *= 10
    }
    let start = bytes.count
    bytes.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: max(digits, width)))
    var rest = number.magnitude
    for index in (start..<bytes.count).reversed() {
      bytes[index] += UInt8(rest % 10)
      rest /= 10
    }
  }
}
