internal import SQLParsing

extension Statement {
  /// Whether it changes definitions and nothing else, and can run no code of a user: such as
  /// dropping a table, but not adding a column, whose default is computed for each row.
  ///
  /// Event triggers aside, which are of the database and not of the migration.
  var isPlainDefinition: Bool {
    switch tag {
    case "CREATE VIEW", "CREATE FUNCTION", "CREATE PROCEDURE", "CREATE TYPE", "CREATE SEQUENCE",
      "CREATE TRIGGER", "CREATE POLICY", "CREATE RULE", "CREATE TABLE",
      "DROP TABLE", "DROP VIEW", "DROP MATERIALIZED VIEW", "DROP SEQUENCE", "DROP INDEX",
      "DROP FUNCTION", "DROP PROCEDURE", "DROP AGGREGATE", "DROP ROUTINE", "DROP TYPE",
      "DROP DOMAIN", "DROP SCHEMA", "DROP TRIGGER", "DROP POLICY", "DROP RULE", "DROP COLLATION",
      "DROP STATISTICS", "COMMENT", "GRANT", "REVOKE", "ALTER INDEX", "ALTER SEQUENCE",
      "ALTER VIEW", "ALTER MATERIALIZED VIEW", "ALTER FUNCTION", "ALTER PROCEDURE", "ALTER POLICY",
      "ALTER TRIGGER", "ALTER SCHEMA", "ALTER TYPE":
      kind == .definition && !makesTemporaryObject
    case "ALTER TABLE":
      !effects.isEmpty
        && effects.allSatisfy { effect in
          switch effect {
          case .drops, .renames, .moves: true
          case .alters(_, let alteration): alteration.runsNoCode
          case .creates: false
          }
        }
    default:
      false
    }
  }

  /// Whether it creates something that is dropped when the session ends.
  var makesTemporaryObject: Bool {
    effects.contains { effect in
      if case .creates(let object, let isTemporary, _, _) = effect {
        return isTemporary || object.isInTemporarySchema
      }
      return false
    }
  }
}

extension Alteration {
  /// Whether no row is computed anew or checked by an expression.
  fileprivate var runsNoCode: Bool {
    switch self {
    case .parts, .rowSecurity, .forcedRowSecurity, .notNull, .trigger, .rule, .columnDefault,
      .ownedBy, .owner, .settings, .privileges, .comment:
      true
    default:
      false
    }
  }
}
