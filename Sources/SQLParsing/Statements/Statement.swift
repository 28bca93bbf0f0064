/// One statement of a script.
package struct Statement: Hashable, Sendable {
  /// Where it stands in the text, in bytes: from its first token to its last, comments before and
  /// after it and the `;` excluded.
  package let range: Range<Int>

  /// The command tag, as PostgreSQL reports it: `CREATE TABLE`. For a statement that was not
  /// parsed, its first word in upper case.
  package let tag: String

  /// What sort of statement it is.
  package let kind: StatementKind

  /// What it is where it must run alone, outside any transaction of ours; nil for most.
  package let lone: LoneStatement?

  /// What it does to objects of the schema, as far as its text tells.
  package let effects: [ObjectEffect]

  /// What comes with the objects that it creates without a statement of its own: the columns of a
  /// table, constraints under the names that the server gives, the labels of an enum. A column
  /// ``DatabaseObject/anyColumn`` stands for those that the text does not tell (`LIKE`, `AS SELECT`).
  package let implied: [DatabaseObject]

  /// The objects that it refers to and does not create, where they were asked for, see
  /// ``SQLParser/parse(_:range:findingNeeds:findingConstants:)``: any relation is a `table` here, any
  /// type a `type`, any routine a `function` without argument types.
  package let needs: [DatabaseObject]

  /// Literals that are secrets (passwords of roles, user mappings and servers, connection strings
  /// of subscriptions): byte ranges in the text, quotes and prefixes included, in order.
  package let secrets: [Range<Int>]

  /// The string constants in it that were asked for, see
  /// ``SQLParser/parse(_:range:findingNeeds:findingConstants:)``, in order.
  package let constants: [StringConstant]

  /// A statement of which nothing is known but where it stands.
  ///
  /// - Parameter range: Where, in bytes.
  package init(range: Range<Int>) {
    self.init(range: range, tag: "", kind: .other, effects: [], secrets: [])
  }

  init(
    range: Range<Int>, tag: String, kind: StatementKind, lone: LoneStatement? = nil,
    effects: [ObjectEffect], implied: [DatabaseObject] = [], needs: [DatabaseObject] = [],
    secrets: [Range<Int>], constants: [StringConstant] = []
  ) {
    self.range = range
    self.tag = tag
    self.kind = kind
    self.lone = lone
    self.effects = effects
    self.implied = implied
    self.needs = needs
    self.secrets = secrets
    self.constants = constants
  }
}

/// A string constant in a statement: `'open'`, `'open'::mood`.
package struct StringConstant: Hashable, Sendable {
  /// Its value.
  package let value: String
  /// Where it begins in the text, in bytes.
  package let byteOffset: Int
  /// The type that it is cast to, there and then; nil where it is not.
  package let type: ObjectName?
}

/// What sort of statement it is, by what must be known before it runs.
package enum StatementKind: Hashable, Sendable {
  /// `BEGIN`, `COMMIT` and their like.
  case transactionControl(TransactionControl)
  /// PostgreSQL refuses it in a transaction block; the reason is a sentence in the server's words.
  case nonTransactional(reason: String)
  /// `SET`, `RESET`, and `SELECT set_config(...)` of constants.
  ///
  /// The name is in lower case, as the grammar resolves it (`SET TIME ZONE` sets `timezone`); for
  /// `RESET ALL` it is `all`, for `SET TRANSACTION` it is `transaction`. Values are nil where the
  /// default comes back.
  case setting(name: String, values: [String]?, isLocal: Bool)
  /// `COPY ... FROM STDIN`
  case copyFromStdin
  /// `COPY ... TO STDOUT`
  case copyToStdout
  /// `DO`
  case doBlock
  /// Changes rows: `INSERT`, `UPDATE`, `DELETE`, `MERGE`, `TRUNCATE`, also in a `WITH`; `COPY` from
  /// a file or program; `REFRESH MATERIALIZED VIEW`.
  case dataChange
  /// Reads: `SELECT`, `VALUES`, `TABLE`, `SHOW`.
  case query
  /// Changes the schema, roles or privileges.
  case definition
  /// Not parsed: the grammar refused it, or it is too long or too deeply nested to be parsed.
  case unknownToParser
  /// Anything else: `CALL`, `EXPLAIN`, `LOCK`, `ANALYZE`, `NOTIFY`, ...
  case other
}

/// A statement that begins, ends or divides a transaction (manual, chapter 3.4 "Transactions").
package enum TransactionControl: Hashable, Sendable {
  /// `BEGIN`, `START TRANSACTION`
  case begin
  /// `COMMIT`, `END`
  case commit
  /// `ROLLBACK`, `ABORT`
  case rollback
  /// `SAVEPOINT name`
  case savepoint(String)
  /// `RELEASE SAVEPOINT name`
  case release(String)
  /// `ROLLBACK TO SAVEPOINT name`
  case rollbackTo(String)
  /// `PREPARE TRANSACTION 'id'`
  case prepareTransaction(String)
  /// `COMMIT PREPARED 'id'`, refused in a transaction block.
  case commitPrepared(String)
  /// `ROLLBACK PREPARED 'id'`, refused in a transaction block.
  case rollbackPrepared(String)
}
