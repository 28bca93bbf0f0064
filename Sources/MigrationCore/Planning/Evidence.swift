package import SQLParsing

/// An object whose existence tells that a migration was applied.
package struct ExpectedObject: Hashable, Sendable {
  /// The object, as the up SQL names it.
  package var object: DatabaseObject
  /// The schemas of the file's own `SET search_path` at that place; nil without one.
  package var path: [String]?

  /// For messages: `table app.users`.
  package var description: String { object.description }
}

/// What the catalog should hold once a migration was applied, read from SQL text alone.
package struct Evidence: Sendable {
  /// The objects that its up SQL creates, less those that it or a later migration takes away.
  package private(set) var objects: [ExpectedObject] = []
  /// The last `SET search_path` of its up SQL; nil without one.
  package private(set) var searchPath: [String]?

  /// Reads the up SQL of a migration.
  ///
  /// - Parameter up: the parsed up SQL.
  package init(up: ParsedSQL) {
    for statement in up.statements {
      if case .setting("search_path", let values, _) = statement.kind { searchPath = values }
      for effect in statement.effects {
        if case .creates(let object, let isTemporary, _, _) = effect {
          guard !isTemporary, !object.isInTemporarySchema, Self.counts(object.kind) else {
            continue
          }
          objects.append(ExpectedObject(object: object, path: searchPath))
        } else {
          apply(effect, ofSameFile: true)
        }
      }
    }
    // A name that is created twice (IF NOT EXISTS, OR REPLACE) counts once.
    var seen: Set<ExpectedObject> = []
    objects = objects.filter { seen.insert($0).inserted }
  }

  /// Takes away what a later migration drops, renames or moves.
  package mutating func apply(later effects: [ObjectEffect]) {
    for effect in effects { apply(effect, ofSameFile: false) }
  }

  /// The kinds of object that are looked for.
  private static func counts(_ kind: ObjectKind) -> Bool {
    switch kind {
    case .schema, .table, .foreignTable, .column, .view, .materializedView, .index, .sequence,
      .function, .procedure, .type, .domain:
      true
    default: false
    }
  }

  private mutating func apply(_ effect: ObjectEffect, ofSameFile: Bool) {
    switch effect {
    case .creates, .alters:
      break
    case .drops(let object, _, let cascade):
      remove(object)
      // What a cascade takes along cannot be read from the text; views are what it takes most.
      if cascade {
        objects.removeAll { $0.object.kind == .view || $0.object.kind == .materializedView }
      }
    case .moves(let object, _):
      remove(object)
    case .renames(let object, let newName):
      let renamed = ofSameFile ? objects.first { Self.isSame($0.object, object) } : nil
      remove(object)
      if let renamed {
        let old = renamed.object
        objects.append(
          ExpectedObject(
            object: DatabaseObject(
              old.kind, ObjectName(schema: old.name.schema, name: newName), on: old.owner,
              argumentTypes: old.argumentTypes),
            path: renamed.path))
      }
    }
  }

  /// Takes an object away, and what is part of it or stands in it.
  private mutating func remove(_ gone: DatabaseObject) {
    objects.removeAll { expected in
      let object = expected.object
      if Self.isSame(object, gone) { return true }
      switch gone.kind {
      case .schema:
        return object.name.schema == gone.name.name || object.owner?.schema == gone.name.name
      case .column:
        // Indexes on a column go with it; which columns they are on is not known here.
        return object.kind == .index && Self.isSame(object.owner, gone.owner)
      default:
        return gone.kind.isRelation && Self.isSame(object.owner, gone.name)
      }
    }
  }

  private static func isSame(_ object: DatabaseObject, _ other: DatabaseObject) -> Bool {
    let sameKind =
      object.kind == other.kind
      || (object.kind.isRelation && other.kind.isRelation)
      || (object.kind.isRoutine && other.kind.isRoutine)
      || (object.kind.isType && other.kind.isType)
    guard sameKind, isSame(object.name, other.name) else { return false }
    return object.kind != .column || isSame(object.owner, other.owner)
  }

  /// Whether two names may be one: a schema that one of them leaves open agrees with any.
  private static func isSame(_ name: ObjectName?, _ other: ObjectName?) -> Bool {
    guard let name, let other, name.name == other.name else { return false }
    return name.schema == nil || other.schema == nil || name.schema == other.schema
  }
}
