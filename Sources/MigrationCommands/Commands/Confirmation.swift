package import MigrationCore

/// What the command line answers beforehand to the question that a command asks.
///
/// Where the configuration file says `protected`, a yes is too little: it is typed, and written into
/// scripts, without a look at where it counts. There the name of the database is asked for.
package struct Confirmation {
  private let isYes: Bool
  private let namesDatabase: Bool

  /// Takes `--yes` and `--confirm`.
  package init(_ line: ParsedCommandLine) {
    isYes = line.isSet(.yes)
    namesDatabase = line.isSet(.confirm)
  }

  /// Whether the question is answered. A name was held against the database's when the connection was
  /// made; whether a yes is enough is seen to by ``objection(on:)``.
  package var isGiven: Bool { isYes || namesDatabase }

  /// Why the answer does not count here.
  ///
  /// - Parameter target: the database that the program is connected to.
  /// - Returns: a refusal for `--yes` alone where the database is protected; nil where nothing is
  ///   wrong, and where nothing is answered.
  package func objection(on target: DatabaseTarget?) -> ErrorReport? {
    guard let target, let protection = target.protection, isYes, !namesDatabase else { return nil }
    return ErrorReport(
      .refused,
      "\(protection.subject) is protected, and '--yes' is too little; nothing was changed",
      details: ["Database: \(target.description)"],
      hint: "give --confirm \(ShellWord.quoted(target.database)), or leave out --yes and type the "
        + "database's name when asked")
  }
}

extension Protection {
  /// What is protected, in words.
  package var subject: String {
    environment.map { "environment '\($0)'" } ?? "this database"
  }
}
