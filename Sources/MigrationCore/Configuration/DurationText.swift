/// The units of time that PostgreSQL's own settings know (manual, 20.1.1 "Parameter Names and
/// Values").
package enum DurationUnit: String, Sendable, CaseIterable {
  /// `ms`
  case milliseconds = "ms"
  /// `s`
  case seconds = "s"
  /// `min`
  case minutes = "min"
  /// `h`
  case hours = "h"
  /// `d`
  case days = "d"

  /// How many milliseconds one has.
  package var inMilliseconds: Int {
    switch self {
    case .milliseconds: 1
    case .seconds: 1_000
    case .minutes: 60_000
    case .hours: 3_600_000
    case .days: 86_400_000
    }
  }

  /// The unit in words, for help.
  package var words: String {
    switch self {
    case .milliseconds: "milliseconds"
    case .seconds: "seconds"
    case .minutes: "minutes"
    case .hours: "hours"
    case .days: "days"
    }
  }
}

/// Reads times as PostgreSQL's settings are written: `2s`, `500ms`, `1.5 min`, `2000`.
package enum DurationText {
  /// The longest time that PostgreSQL's integer settings hold, in milliseconds.
  package static let maximum = Int(Int32.max)

  /// Reads a time.
  ///
  /// - Parameters:
  ///   - text: digits, at most one point, and a unit, with or without blanks between.
  ///   - bareUnit: the unit of a number that has none.
  /// - Returns: milliseconds, rounded up so that a time above zero stays above zero; nil when the
  ///   text is no time, is negative, or is longer than ``maximum``.
  package static func milliseconds(_ text: String, bareUnit: DurationUnit) -> Int? {
    let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    guard let number = Double(digits), digits.first != ".", digits.last != "." else { return nil }
    let suffix = text[digits.endIndex...].drop { $0 == " " }
    guard let unit = suffix.isEmpty ? bareUnit : DurationUnit(rawValue: String(suffix)) else {
      return nil
    }
    let milliseconds = (number * Double(unit.inMilliseconds)).rounded(.up)
    return milliseconds <= Double(maximum) ? Int(milliseconds) : nil
  }

  /// Writes a time as it can be read again, in the largest unit that leaves a whole number.
  ///
  /// - Parameter milliseconds: the time, not negative.
  /// - Returns: such as `2s`, `1500ms`; `0` for none.
  package static func text(milliseconds: Int) -> String {
    guard milliseconds > 0 else { return "0" }
    let unit =
      DurationUnit.allCases.last { milliseconds.isMultiple(of: $0.inMilliseconds) } ?? .milliseconds
    return "\(milliseconds / unit.inMilliseconds)\(unit.rawValue)"
  }
}
