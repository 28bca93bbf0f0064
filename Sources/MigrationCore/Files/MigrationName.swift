/// The name of a migration: its file's name less `.sql`.
///
/// A name is never a path. It orders by its version, then by itself.
package struct MigrationName: Hashable, Sendable, Comparable {
  /// The name as written.
  package let text: String
  /// The leading digits, as written: `20250120`, `2025_10_20_150000`, `0007`; empty without any.
  package let version: String
  /// The version as a number; the largest there is where 64 bits do not hold it.
  private let number: UInt64
  /// The digits of a version that 64 bits do not hold, without separators and leading zeros.
  private let longDigits: [UInt8]

  /// Takes a name as a file or the ledger gives it.
  package init(_ text: String) {
    self.text = text
    version = Self.version(of: text)
    // Thousands of names are sorted at once: the usual ones by their numbers alone.
    var number: UInt64 = 0
    var isLong = false
    for byte in version.utf8 where Self.isDigit(byte) {
      let (product, overflow) = number.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(UInt64(byte - UInt8(ascii: "0")))
      isLong = isLong || overflow || carry
      number = sum
    }
    self.number = isLong ? .max : number
    longDigits =
      isLong
      ? Array(version.utf8.filter(Self.isDigit).drop { $0 == UInt8(ascii: "0") }) : []
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  /// A name as people type it, less the `.sql`, `.up.sql` or `.down.sql` that the completion of a
  /// shell adds.
  ///
  /// - Parameter argument: what the user typed.
  /// - Returns: the name as it is shown; nothing is checked.
  package static func withoutSuffix(_ argument: String) -> String {
    let suffixes = FileRole.rollbackSuffixes + FileRole.migrationSuffixes
    return suffixes.first(where: argument.hasSuffix).map { String(argument.dropLast($0.count)) }
      ?? argument
  }

  /// Takes a name from a command line: with or without `.sql`, never a path.
  ///
  /// - Parameter argument: what the user typed.
  /// - Returns: the name.
  /// - Throws: ``ErrorReport`` of code `usage` when it is empty or has path parts.
  package static func fromArgument(_ argument: String) throws -> MigrationName {
    let name = withoutSuffix(argument)
    guard !name.isEmpty else {
      throw ErrorReport(
        .usage, "a migration's name is empty",
        hint: "'migration-manager list --names' prints the names that are recorded")
    }
    // By bytes: a mark that combines with the slash would hide it from a search by characters.
    guard !name.utf8.contains(UInt8(ascii: "/")), name != ".", name != ".." else {
      throw ErrorReport(
        .usage, "'\(argument)' is a path, not a migration's name",
        hint: "give the name alone and the folder with --dir")
    }
    return MigrationName(name)
  }

  /// Two names are one where their texts are.
  package static func == (left: MigrationName, right: MigrationName) -> Bool {
    left.text == right.text
  }

  /// The rest follows from the text.
  package func hash(into hasher: inout Hasher) { hasher.combine(text) }

  /// Orders by version as numbers of any length, then by the bytes of the name.
  package static func < (left: MigrationName, right: MigrationName) -> Bool {
    if left.isNewer(than: right) { return false }
    if right.isNewer(than: left) { return true }
    return left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
  }

  /// Whether this one's version is a later number than the other's.
  package func isNewer(than other: MigrationName) -> Bool {
    if number != other.number { return number > other.number }
    if longDigits.count != other.longDigits.count {
      return longDigits.count > other.longDigits.count
    }
    return other.longDigits.lexicographicallyPrecedes(longDigits)
  }

  /// Whether a name begins with a version.
  ///
  /// - Parameter text: the name.
  /// - Returns: whether the version of that name would not be empty.
  static func bearsVersion(_ text: String) -> Bool { text.utf8.first.map(isDigit) ?? false }

  /// The digits a name begins with.
  ///
  /// A date keeps its parts (`2025_10_20_150000`, `2019-01-01-000000-0000`); any other name ends
  /// its version at the first character that is no digit, so that `0007_2_factor` is version 0007.
  private static func version(of text: String) -> String {
    let bytes = Array(text.utf8)
    func digitRun(from start: Int) -> Int {
      var end = start
      while end < bytes.count, (0x30...0x39).contains(bytes[end]) { end += 1 }
      return end - start
    }
    var end = digitRun(from: 0)
    guard end == 4 else { return String(decoding: bytes[..<end], as: UTF8.self) }
    /// The lengths that the parts of a date after its year may have.
    let shapes = [[2, 2, 6, 4], [2, 2, 6], [2, 2, 4], [2, 2, 2, 2, 2], [2, 2]]
    for shape in shapes {
      var position = end
      let matches = shape.allSatisfy { length in
        guard position < bytes.count, bytes[position] == 0x2D || bytes[position] == 0x5F,
          digitRun(from: position + 1) == length
        else { return false }
        position += 1 + length
        return true
      }
      // The last part must end the name or stand before a separator: `2025_01_20_2fa` is a date
      // and a word.
      let ends =
        position == bytes.count
        || [0x2D, 0x5F, 0x2E].contains(bytes[min(position, bytes.count - 1)])
      if matches && ends {
        end = position
        break
      }
    }
    return String(decoding: bytes[..<end], as: UTF8.self)
  }
}
