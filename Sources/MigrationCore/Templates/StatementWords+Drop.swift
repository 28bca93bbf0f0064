internal import SQLParsing

extension StatementWords {
  /// The statement that drops what this one creates; nil where there is none that runs in a
  /// transaction.
  ///
  /// - Parameter object: what it creates.
  /// - Returns: SQL without `IF EXISTS` and `CASCADE`: the name is exact, and what else depends on
  ///   the object is no part of this migration.
  func dropping(_ object: DatabaseObject) -> String? {
    switch object.kind {
    case .column: return onOwner(object, "DROP COLUMN \(part(object.name.name))")
    case .attribute: return onOwner(object, "DROP ATTRIBUTE \(part(object.name.name))")
    case .constraint: return onOwner(object, "DROP CONSTRAINT \(part(object.name.name))")
    case .trigger, .policy, .rule:
      return object.owner.map {
        "DROP \(object.kind.words) \(part(object.name.name)) ON \(name($0))"
      }
    case .userMapping:
      return object.owner.map {
        "DROP USER MAPPING FOR \(role(object.name.name)) SERVER \(part($0.name))"
      }
    case .operatorClass:
      // Without FAMILY it makes a family of its own name, which takes it along.
      let kind = has("family") ? "OPERATOR CLASS" : "OPERATOR FAMILY"
      return word(after: "using").map { "DROP \(kind) \(name(object.name)) USING \($0)" }
    case .operatorFamily:
      return word(after: "using").map { "DROP OPERATOR FAMILY \(name(object.name)) USING \($0)" }
    case .enumLabel, .database, .tablespace, .subscription:
      return nil
    default:
      return "DROP \(object.kind.words) \(name(object))"
    }
  }

  /// The statement that gives an object its old name back.
  ///
  /// - Parameters:
  ///   - object: the object, by its old name.
  ///   - newName: the new one.
  /// - Returns: SQL; nil for a part whose owner is not named.
  func renaming(_ object: DatabaseObject, from newName: String) -> String? {
    let old = part(object.name.name)
    let new = part(newName)
    switch object.kind {
    case .column: return onOwner(object, "RENAME COLUMN \(new) TO \(old)")
    case .attribute: return onOwner(object, "RENAME ATTRIBUTE \(new) TO \(old)")
    case .constraint: return onOwner(object, "RENAME CONSTRAINT \(new) TO \(old)")
    case .enumLabel:
      return onOwner(object, "RENAME VALUE \(newName.asLiteral) TO \(object.name.name.asLiteral)")
    case .trigger, .policy, .rule:
      return object.owner.map { "\(statement.tag) \(new) ON \(name($0)) RENAME TO \(old)" }
    case .operatorClass, .operatorFamily:
      let renamed = ObjectName(schema: object.name.schema, name: newName)
      return word(after: "using").map {
        "\(statement.tag) \(name(renamed)) USING \($0) RENAME TO \(old)"
      }
    default:
      let renamed = DatabaseObject(
        object.kind, ObjectName(schema: object.name.schema, name: newName),
        argumentTypes: object.argumentTypes)
      return "\(statement.tag) \(name(renamed)) RENAME TO \(old)"
    }
  }

  /// The statement that puts an object back into its old schema.
  ///
  /// - Parameters:
  ///   - object: the object, by its old name.
  ///   - newSchema: the schema it was put into.
  ///   - oldSchema: the schema it came from.
  /// - Returns: SQL.
  func moving(_ object: DatabaseObject, from newSchema: String, to oldSchema: String) -> String {
    let moved = DatabaseObject(
      object.kind, ObjectName(schema: newSchema, name: object.name.name),
      argumentTypes: object.argumentTypes)
    let method =
      object.kind == .operatorClass || object.kind == .operatorFamily
      ? word(after: "using").map { " USING \($0)" } ?? "" : ""
    return "\(statement.tag) \(name(moved))\(method) SET SCHEMA \(part(oldSchema))"
  }

  /// `ALTER TABLE t ...` as the statement itself begins: of a foreign table, a view, a domain.
  ///
  /// - Parameters:
  ///   - object: a part.
  ///   - command: what to do about it.
  /// - Returns: SQL; nil where the owner is not named.
  private func onOwner(_ object: DatabaseObject, _ command: String) -> String? {
    let altered = statement.tag.hasPrefix("ALTER ") ? statement.tag : "ALTER TABLE"
    return object.owner.map { "\(altered) \(name($0)) \(command)" }
  }

  /// A role, or one of the key words that stand for one.
  private func role(_ name: String) -> String {
    ["current_user", "current_role", "session_user", "public"].contains(name)
      ? name.uppercased() : part(name)
  }
}

extension ObjectKind {
  /// The words for it in SQL.
  var words: String {
    self == .foreignDataWrapper ? "FOREIGN DATA WRAPPER" : rawValue.uppercased()
  }
}

extension String {
  /// The text as a literal, whatever `standard_conforming_strings` says.
  fileprivate var asLiteral: String {
    let doubled = split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
    guard contains("\\") else { return "'\(doubled)'" }
    return
      "E'\(doubled.split(separator: "\\", omittingEmptySubsequences: false).joined(separator: "\\\\"))'"
  }
}
