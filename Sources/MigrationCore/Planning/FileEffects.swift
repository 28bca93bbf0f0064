internal import SQLParsing

/// What up SQL does to objects of the schema, for other files to be compared with.
struct FileEffects: Sendable {
  /// What its statements do.
  let effects: [ObjectEffect]
  /// What comes with what they create.
  let implied: [DatabaseObject]

  /// Takes what matters of the statements.
  ///
  /// - Parameter statements: the up SQL.
  init(_ statements: [Statement] = []) {
    effects = statements.flatMap(\.effects)
    implied = statements.flatMap(\.implied)
  }
}
