/// What a statement does to one object, as far as its text tells.
///
/// Nothing that a `DO` block, a function or a trigger does is seen.
package enum ObjectEffect: Hashable, Sendable {
  /// Creates it: `CREATE`, `ALTER TABLE ... ADD`, `SELECT INTO`.
  ///
  /// With `ifNotExists` or `orReplace` it may have been there before.
  case creates(DatabaseObject, isTemporary: Bool, ifNotExists: Bool, orReplace: Bool)

  /// Drops it: `DROP`, `ALTER TABLE ... DROP`.
  case drops(DatabaseObject, ifExists: Bool, cascade: Bool)

  /// Gives it another name in the same schema or on the same table.
  case renames(DatabaseObject, to: String)

  /// `ALTER ... SET SCHEMA`
  case moves(DatabaseObject, toSchema: String)

  /// Changes its definition, its owner, who may use it, what is said about it, or its rows.
  case alters(DatabaseObject, Alteration)

  /// The object, by the name that it has before the statement.
  package var object: DatabaseObject {
    switch self {
    case .creates(let object, _, _, _), .drops(let object, _, _), .renames(let object, _),
      .moves(let object, _), .alters(let object, _):
      object
    }
  }
}
