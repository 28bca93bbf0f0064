internal import Platform

/// How the versions of a folder's migrations are made, for the one that comes next.
enum VersionStyle: Equatable, Sendable {
  /// The time in UTC, as digits; between them separators after so many digits each. Zeros fill what
  /// is longer than a time to the second, as diesel's `2026-07-27-143313-0000`.
  case time(parts: [Int], separator: String)
  /// A date in UTC and a counter of two digits: `2025012001`.
  case dateAndCounter
  /// Seconds since 1970: `1510262030`, as golang-migrate has it.
  case seconds
  /// Milliseconds since 1970.
  case milliseconds
  /// The next number, with zeros in front up to so many digits.
  case number(width: Int)

  /// The time to the second, in one piece: `20251120143000`.
  static let timestamp = VersionStyle.time(parts: [14], separator: "")

  /// Recognises the style of a version.
  ///
  /// - Parameters:
  ///   - version: the leading digits of a name, with their separators; not empty.
  ///   - now: microseconds since 1970; a number of seconds long after it is none.
  init(of version: String, now: Int) {
    let parts = version.split { !$0.isNumber }.map(\.count)
    let digits = version.filter(\.isNumber)
    if parts.count > 1 {
      let separator = version.first { !$0.isNumber }.map(String.init) ?? ""
      self = .time(parts: parts, separator: separator)
      return
    }
    if digits.count >= 8, digits.allSatisfy({ $0 == "0" }) {
      // The first migration of diesel stands before every time.
      self = .timestamp
      return
    }
    let isTime = LocalTime.secondsSince1970(digits: digits) != nil
    let nextYear = now / 1_000_000 + 366 * 86_400
    switch digits.count {
    case 8 where isTime, 12 where isTime, 14 where isTime:
      self = .time(parts: parts, separator: "")
    case 10 where digits.first == "1" && Int(digits) ?? 0 <= nextYear:
      self = .seconds
    case 10 where LocalTime.secondsSince1970(digits: String(digits.prefix(8))) != nil:
      self = .dateAndCounter
    case 13 where digits.first == "1" && Int(digits) ?? 0 <= nextYear * 1000:
      self = .milliseconds
    default:
      self = .number(width: digits.count)
    }
  }

  /// The next version.
  ///
  /// - Parameters:
  ///   - newest: the version of the newest migration; nil where there is none.
  ///   - now: microseconds since 1970.
  /// - Returns: a version that is later than `newest`; only where a version tells no more than the
  ///   day may it be the same. Nil where there is none of so many digits.
  func next(after newest: String?, now: Int) -> String? {
    let digits = newest.map { $0.filter(\.isNumber) } ?? ""
    let seconds = now / 1_000_000
    switch self {
    case .time(let parts, let separator):
      let length = parts.reduce(0, +)
      let time = Self.time(of: length, after: digits, seconds: seconds)
      var rest = Substring(time)
      return parts.map { part in
        defer { rest = rest.dropFirst(part) }
        return String(rest.prefix(part))
      }.joined(separator: separator)
    case .dateAndCounter:
      let today = LocalTime.digits(secondsSince1970: seconds).prefix(8)
      return [Int("\(today)01"), Int(digits).map { $0 + 1 }].compactMap(\.self).max()
        .map(String.init)
    case .seconds: return String(max(seconds, (Int(digits) ?? 0) + 1))
    case .milliseconds: return String(max(now / 1000, (Int(digits) ?? 0) + 1))
    case .number(let width):
      guard let number = digits.isEmpty ? 0 : Int(digits), number < .max else { return nil }
      let next = String(number + 1)
      return String(repeating: "0", count: max(0, width - next.count)) + next
    }
  }

  /// A time of so many digits: now, or where that is not later than the newest, what comes after
  /// that one.
  private static func time(of length: Int, after newest: String, seconds: Int) -> String {
    func digits(_ seconds: Int) -> String {
      let time = LocalTime.digits(secondsSince1970: seconds).prefix(length)
      return time + String(repeating: "0", count: length - time.count)
    }
    let time = digits(seconds)
    // As long as each other: their order as texts is that as numbers.
    if newest.count != length || time > newest { return time }
    guard length > 8, let last = LocalTime.secondsSince1970(digits: String(newest.prefix(14)))
    else { return max(time, newest) }
    return digits(last + (length < 14 ? 60 : 1))
  }
}
