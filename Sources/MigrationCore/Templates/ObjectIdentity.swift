internal import SQLParsing

/// What statements that mean one object agree in, but for the arguments of a routine, which some
/// leave out.
struct ObjectIdentity: Hashable, Sendable {
  /// The kind that stands for all that share a set of names.
  let family: ObjectKind
  /// The name, with its schema.
  let name: ObjectName
  /// What it is a part of; nil for relations, statistics and routines, whose names tell enough.
  let owner: ObjectName?
}

extension DatabaseObject {
  /// What it is told by; its names have their schemas.
  var identity: ObjectIdentity {
    let isNamedAlone = kind.isRelation || kind.isRoutine || kind == .statistics
    return ObjectIdentity(family: kind.family, name: name, owner: isNamedAlone ? nil : owner)
  }

  /// Whether both are one, as far as statements name them.
  ///
  /// - Parameter other: another one; the names of both have their schemas.
  /// - Returns: true where kinds, names and arguments agree.
  func isIdentical(to other: DatabaseObject) -> Bool {
    // Kinds and names first: most objects differ in them.
    guard kind.family == other.kind.family, name == other.name else { return false }
    return identity == other.identity
      && (argumentTypes == nil || other.argumentTypes == nil
        || argumentTypes == other.argumentTypes)
  }

  /// The identities of what a statement that needs this may mean: it does not tell kinds apart.
  var meanings: [ObjectIdentity] {
    func named(_ families: ObjectKind...) -> [ObjectIdentity] {
      families.map { ObjectIdentity(family: $0, name: name, owner: nil) }
    }
    return switch kind {
    // Every relation is a type too; a base type may be named where a table could be.
    case .table, .type: named(.table, .type)
    case .function: named(.routine, .operator)
    default: [identity]
    }
  }

  /// Whether a statement that needs this may mean the other.
  func mayMean(_ other: DatabaseObject) -> Bool {
    name == other.name && meanings.contains(other.identity)
  }

  /// Whether the other cannot have its name while this stands: relations of a schema, constraints of
  /// a table.
  func excludes(_ other: DatabaseObject) -> Bool {
    name == other.name && kind.isRelation == other.kind.isRelation
      && (kind.isRelation || owner == other.owner)
  }
}

extension DatabaseObject {
  /// The name that the server gives to what a statement leaves to it: with a number where the first
  /// is taken (`ChooseRelationName` in `indexcmds.c`, `ChooseConstraintName` in `pg_constraint.c`).
  ///
  /// - Parameter isTaken: whether an object cannot have the name that it has here.
  /// - Returns: the object under a name that is free.
  func underFreeName(where isTaken: (DatabaseObject) -> Bool) -> DatabaseObject {
    var named = self
    var number = 0
    while isTaken(named) {
      number += 1
      let numbered = ObjectName(schema: name.schema, name: "\(name.name)\(number)")
      named = DatabaseObject(kind, numbered, on: owner)
    }
    return named
  }

  /// The object with a schema for the names that have none.
  func placed(in schema: String) -> DatabaseObject {
    func placed(_ name: ObjectName) -> ObjectName {
      ObjectName(schema: name.schema ?? schema, name: name.name)
    }
    return DatabaseObject(
      kind, kind.hasSchema ? placed(name) : name,
      on: owner.map { kind == .userMapping ? $0 : placed($0) }, argumentTypes: argumentTypes)
  }
}

extension ObjectKind {
  /// The kind that stands for all that share a set of names.
  fileprivate var family: ObjectKind {
    if isRelation { return .table }
    if isRoutine { return .routine }
    return isType ? .type : self
  }
}
