import Glibc

/// Points in time as people and programs write them.
package enum LocalTime {
  /// A point in time for people, in the zone of this process (`TZ`, `/etc/localtime`).
  ///
  /// - Parameters:
  ///   - microseconds: microseconds since 1970-01-01 00:00 UTC; may be negative.
  ///   - withSeconds: whether to the second, rather than to the minute.
  /// - Returns: for instance `2025-01-20 14:30`, or `2025-01-20 14:30:05`.
  package static func format(
    microsecondsSince1970 microseconds: Int, withSeconds: Bool = false
  ) -> String {
    var seconds = time_t(floorDivide(microseconds, by: 1_000_000).quotient)
    var local = unsafe tm()
    // The offset from UTC, in seconds, is all that the C library needs to tell.
    let offset = unsafe localtime_r(&seconds, &local) == nil ? 0 : local.tm_gmtoff
    var text = DigitText()
    text.append(secondsSince1970: seconds + offset, separator: " ", withSeconds: withSeconds)
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

  /// This moment, in microseconds since 1970-01-01 00:00 UTC.
  package static var nowMicroseconds: Int {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return time.tv_sec * 1_000_000 + time.tv_nsec / 1000
  }

  /// A point in time as names of files have it, in UTC.
  ///
  /// - Parameter seconds: seconds since 1970-01-01 00:00 UTC.
  /// - Returns: for instance `20250120143005`.
  package static func digits(secondsSince1970 seconds: Int) -> String {
    var text = DigitText()
    text.append(secondsSince1970: seconds, separator: "T", withSeconds: true)
    return text.string.filter(\.isNumber)
  }

  /// Reads a point in time as names of files have it, in UTC.
  ///
  /// - Parameter digits: year, month and day, with or without hours and minutes, and seconds.
  /// - Returns: seconds since 1970-01-01 00:00 UTC; nil where these are no 8, 12 or 14 digits, or
  ///   no such time.
  package static func secondsSince1970(digits: String) -> Int? {
    guard [8, 12, 14].contains(digits.utf8.count), let number = Int(digits), number >= 0 else {
      return nil
    }
    // Dates are as long as texts as they are as numbers: what is missing is zero.
    let full = (digits.utf8.count..<14).reduce(number) { number, _ in number * 10 }
    var time = unsafe tm(
      tm_sec: Int32(full % 100), tm_min: Int32(full / 100 % 100),
      tm_hour: Int32(full / 10_000 % 100), tm_mday: Int32(full / 1_000_000 % 100),
      tm_mon: Int32(full / 100_000_000 % 100) - 1, tm_year: Int32(full / 10_000_000_000) - 1900,
      tm_wday: 0, tm_yday: 0, tm_isdst: 0, tm_gmtoff: 0, tm_zone: nil)
    // What is out of range is carried over (timegm(3)), and reads otherwise then.
    let seconds = unsafe timegm(&time)
    return Self.digits(secondsSince1970: seconds).hasPrefix(digits) ? seconds : nil
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
