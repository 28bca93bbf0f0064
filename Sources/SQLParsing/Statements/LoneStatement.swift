/// A statement that runs alone, outside any transaction of ours: what it is, as far as the catalog
/// can tell afterwards whether it was carried out.
///
/// That is what PostgreSQL refuses in a transaction block, and what may end the transaction that it
/// runs in: `CALL`, and a `DO` whose body holds COMMIT, ROLLBACK or `CALL`.
package indirect enum LoneStatement: Hashable, Sendable {
  /// `CREATE INDEX CONCURRENTLY`
  case createIndex(CreatedIndex)
  /// `DROP INDEX CONCURRENTLY`, of one index as a rule: the server refuses several, and CASCADE.
  case dropIndex([ObjectName], ifExists: Bool, cascade: Bool)
  /// `REINDEX`, of one object CONCURRENTLY, or of all in a schema or database in any case.
  case reindex(ReindexTarget, isConcurrent: Bool)
  /// `ALTER TABLE parent DETACH PARTITION child CONCURRENTLY`
  case detachPartition(ObjectName, of: ObjectName)
  /// `CREATE DATABASE`, `CREATE TABLESPACE`, `CREATE SUBSCRIPTION` with a slot.
  case create(GlobalKind, String)
  /// `DROP DATABASE`, `DROP TABLESPACE`, `DROP SUBSCRIPTION`
  case drop(GlobalKind, String, ifExists: Bool)
  /// What does no harm when it is run once more: `VACUUM`, `ALTER SYSTEM`, `CLUSTER`, ...
  case repeatable
  /// `DISCARD ALL`: it ends with its session, as settings do.
  case discard
  /// What nobody can tell, and what must not run twice: `CALL`, `DO`, `COMMIT PREPARED`, ...
  case unknowable
}

/// What `CREATE INDEX CONCURRENTLY` makes.
package struct CreatedIndex: Hashable, Sendable {
  /// Its name; nil where the server gives it one.
  package let name: String?
  /// The name that the server gives where that is free; nil where the text does not tell it.
  package let defaultName: String?
  /// The table, whose schema is the index's.
  package let table: ObjectName
  /// Whether the statement says `IF NOT EXISTS`.
  package let ifNotExists: Bool
  /// Whether it is `UNIQUE`.
  package let isUnique: Bool

  /// Describes an index.
  ///
  /// - Parameters:
  ///   - name: Its name; nil where the server gives it one.
  ///   - defaultName: The name that the server gives where that is free.
  ///   - table: The table.
  ///   - ifNotExists: Whether the statement says so.
  ///   - isUnique: Whether it is `UNIQUE`.
  package init(
    name: String?, defaultName: String? = nil, table: ObjectName, ifNotExists: Bool,
    isUnique: Bool = false
  ) {
    self.isUnique = isUnique
    self.name = name
    self.defaultName = defaultName
    self.table = table
    self.ifNotExists = ifNotExists
  }
}

/// What `REINDEX` builds anew.
package enum ReindexTarget: Hashable, Sendable {
  /// One index.
  case index(ObjectName)
  /// All indexes of a table, those of its TOAST table among them.
  case table(ObjectName)
  /// All in a schema.
  case schema(String)
  /// All in the database, or all of its catalogs.
  case database
}

/// What belongs to no schema and is made and dropped outside transactions.
package enum GlobalKind: String, Hashable, Sendable {
  /// A database of the cluster.
  case database
  /// A tablespace of the cluster.
  case tablespace
  /// A subscription of the database.
  case subscription
}

extension LoneStatement {
  /// What a statement is that the server itself refused in a transaction block (SQLSTATE 25001),
  /// where its text had not told: `REINDEX` and `CLUSTER` of a partitioned table, what only a newer
  /// PostgreSQL knows, a function that runs such a thing.
  ///
  /// - Parameter tag: The statement's tag.
  package init(refusedWithTag tag: String) {
    self = ["REINDEX", "CLUSTER", "VACUUM"].contains(tag) ? .repeatable : .unknowable
  }

  /// Why the server takes it in no form; nil for most.
  ///
  /// `DROP INDEX CONCURRENTLY` drops one index, and nothing that depends on it (manual, reference
  /// page of `DROP INDEX`).
  package var limitation: String? {
    guard case .dropIndex(let names, _, let cascade) = self else { return nil }
    if names.count > 1 { return "DROP INDEX CONCURRENTLY drops one index, not several" }
    return cascade ? "DROP INDEX CONCURRENTLY knows no CASCADE" : nil
  }
}
