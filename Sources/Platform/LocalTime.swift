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
    let (date, time) = fields(secondsSince1970: seconds + offset)
    return "\(date) \(time.prefix(5))"
  }

  /// A point in time for programs (RFC 3339, UTC).
  ///
  /// - Parameter microseconds: microseconds since 1970-01-01 00:00 UTC; may be negative.
  /// - Returns: for instance `2025-01-20T14:30:05.123456Z`.
  package static func rfc3339(microsecondsSince1970 microseconds: Int) -> String {
    let (seconds, fraction) = floorDivide(microseconds, by: 1_000_000)
    let (date, time) = fields(secondsSince1970: seconds)
    return "\(date)T\(time).\(pad(fraction, to: 6))Z"
  }

  private static func fields(secondsSince1970 seconds: Int) -> (date: String, time: String) {
    let (days, secondOfDay) = floorDivide(seconds, by: 86_400)
    let (year, month, day) = civilDate(daysSince1970: days)
    let date = [pad(year, to: 4), pad(month, to: 2), pad(day, to: 2)]
    let time = [secondOfDay / 3600, secondOfDay / 60 % 60, secondOfDay % 60]
    return (
      date.joined(separator: "-"), time.map { pad($0, to: 2) }.joined(separator: ":")
    )
  }

  /// The Gregorian date of a day. Years are counted from March, so that the leap day is the last
  /// one, in eras of 400 years (146,097 days), after which the calendar repeats.
  private static func civilDate(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
    let (era, dayOfEra) = floorDivide(days + 719_468, by: 146_097)
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, day)
  }

  private static func floorDivide(_ value: Int, by divisor: Int) -> (quotient: Int, remainder: Int)
  {
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }

  private static func pad(_ number: Int, to width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
