/// What becomes of an object that a statement alters.
///
/// A switch (row level security, a trigger, `NOT NULL`) says which way it was turned: turning it the
/// other way undoes it. Of the others the text tells the new value only.
package enum Alteration: Hashable, Sendable {
  /// It gains, loses or renames parts: effects of their own say which.
  case parts

  /// It gains a part that the statement leaves to the server to name; the part carries the name that
  /// the server gives it where that is free.
  case addsUnnamed(DatabaseObject)

  /// `ENABLE` or `DISABLE ROW LEVEL SECURITY`
  case rowSecurity(isEnabled: Bool)
  /// `FORCE` or `NO FORCE ROW LEVEL SECURITY`
  case forcedRowSecurity(isForced: Bool)
  /// `SET` or `DROP NOT NULL`, of a column; of a domain itself where nil.
  case notNull(column: String?, isSet: Bool)
  /// `SET LOGGED` or `UNLOGGED`
  case logging(isLogged: Bool)
  /// `ENABLE` or `DISABLE TRIGGER`
  case trigger(TriggerChoice, isEnabled: Bool)
  /// `ENABLE` or `DISABLE RULE`
  case rule(String, isEnabled: Bool)
  /// `INHERIT` or `NO INHERIT` a table
  case inheritance(ObjectName, isAdded: Bool)
  /// `ATTACH` or `DETACH PARTITION`
  case partition(ObjectName, isAttached: Bool)
  /// `OF` a composite type
  case type(ObjectName)
  /// `ADD GENERATED ... AS IDENTITY` to a column
  case identity(column: String)
  /// `ADD TABLE` to a publication
  case publishes([ObjectName])

  /// Makes columns `NOT NULL` that a new primary key is on; it stays so when the key goes
  case primaryKey(columns: [String])
  /// `SET` or `DROP DEFAULT` of a column
  case columnDefault(column: String)
  /// `ALTER COLUMN ... TYPE`
  case columnType(column: String)
  /// `VALIDATE CONSTRAINT`
  case validation(constraint: String)
  /// `OWNED BY` a column of a table, of a sequence
  case ownedBy(ObjectName, column: String)
  /// `OWNER TO`
  case owner
  /// `SET (...)`, `RESET (...)`, `SET parameter`
  case settings
  /// `GRANT`, `REVOKE`
  case privileges
  /// `COMMENT ON`
  case comment
  /// The rows of a table: `INSERT`, `UPDATE`, `DELETE`, `MERGE`, `TRUNCATE`, `COPY ... FROM`; of an
  /// `UPDATE` the columns that it sets, else nil
  case rows(columns: [String]?)
  /// Anything else
  case other
}

/// The triggers that `ENABLE` and `DISABLE TRIGGER` mean.
package enum TriggerChoice: Hashable, Sendable {
  /// One, by its name.
  case named(String)
  /// `ALL`
  case all
  /// `USER`: all but those of constraints.
  case user
}
