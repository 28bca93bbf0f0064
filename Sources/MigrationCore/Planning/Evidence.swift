package import SQLParsing

/// An object whose existence tells that a migration was applied.
package struct ExpectedObject: Hashable, Sendable {
  /// The object, as the up SQL names it.
  package var object: DatabaseObject
  /// The schemas of the file's own `SET search_path` at that place; nil without one.
  package var path: [String]?
  /// Whether it may well have been there before: an extension or a schema `IF NOT EXISTS`. That it
  /// is missing tells something, that it is there does not.
  package var isShared = false
  /// Whether the statement says `IF NOT EXISTS`.
  package var ifNotExists = false
  /// Whether it was there before, by this file or by an earlier one: that it exists then proves
  /// nothing of this one.
  package var isOlder = false
  /// Whether the statement may call it a table though it is another relation: `ALTER TABLE ...
  /// RENAME` takes views and sequences too.
  package var isAnyRelation = false

  /// Other names that it has where later migrations that rename or move it are applied.
  package var laterNames: [DatabaseObject] = []
  /// Whether a later migration, if applied, took it away: that it is missing then tells nothing.
  package var mayBeGone = false

  /// All the names that it may have.
  var names: [DatabaseObject] { [object] + laterNames }

  /// For messages: `table app.users`.
  package var description: String { object.description }
}

/// What the catalog should hold once a migration was applied, read from SQL text alone.
package struct Evidence: Sendable {
  /// The objects that its up SQL creates, less those that it takes away itself.
  package private(set) var objects: [ExpectedObject] = []
  /// The last `SET search_path` of its up SQL; nil without one.
  package private(set) var searchPath: [String]?
  /// What was there before the file, and is dropped, renamed or moved by it.
  private var removed: [DatabaseObject] = []

  /// Reads the up SQL of a migration.
  ///
  /// - Parameter up: the parsed up SQL.
  package init(up: ParsedSQL) {
    for statement in up.statements {
      if case .setting("search_path", let values, _) = statement.kind { searchPath = values }
      for effect in statement.effects {
        if case .creates(let object, let isTemporary, let ifNotExists, _) = effect {
          guard !isTemporary, !object.isInTemporarySchema, Self.counts(object.kind) else {
            continue
          }
          let isShared = ifNotExists && (object.kind == .extension || object.kind == .schema)
          objects.append(
            ExpectedObject(
              object: object, path: searchPath, isShared: isShared, ifNotExists: ifNotExists,
              isOlder: removed.contains(where: object.isSame)))
        } else {
          let removed = removesOlder(effect) ? effect.object : nil
          apply(effect)
          if let removed { self.removed.append(removed) }
        }
      }
    }
    // A name that is created twice (IF NOT EXISTS, OR REPLACE) counts once.
    var seen: Set<ExpectedObject> = []
    objects = objects.filter { expected in
      var same = expected
      same.ifNotExists = false
      return seen.insert(same).inserted
    }
  }

  /// Whether what a statement takes away was there before this file: made again under its name, it
  /// proves nothing. `IF EXISTS` is often said where nothing is, but of constraints, which are
  /// changed in this way alone.
  private func removesOlder(_ effect: ObjectEffect) -> Bool {
    switch effect {
    case .drops(let gone, ifExists: true, _) where gone.kind != .constraint: false
    case .drops(let gone, _, _), .renames(let gone, _), .moves(let gone, _):
      !objects.contains { $0.object.isSame(as: gone) }
    case .creates, .alters: false
    }
  }

  /// Marks what a condition says was there before.
  mutating func markOlder(where isOlder: (ExpectedObject) -> Bool) {
    for index in objects.indices where !objects[index].isOlder {
      objects[index].isOlder = isOlder(objects[index])
    }
  }

  /// Lends each object to be changed.
  mutating func change(_ body: (inout ExpectedObject) -> Void) {
    for index in objects.indices { body(&objects[index]) }
  }

  /// The kinds of object that are looked for.
  private static func counts(_ kind: ObjectKind) -> Bool {
    switch kind {
    case .schema, .table, .foreignTable, .column, .view, .materializedView, .index, .sequence,
      .function, .procedure, .aggregate, .type, .domain, .enumLabel, .trigger, .policy,
      .extension, .constraint:
      true
    default: false
    }
  }

  /// Follows what a later statement of the same file does to what is there.
  private mutating func apply(_ effect: ObjectEffect) {
    let result: DatabaseObject
    switch effect {
    case .drops:
      objects.removeAll { $0.isTakenAway(by: effect) }
      return
    case .renames(let object, let newName): result = object.renamed(to: newName)
    case .moves(let object, let schema): result = object.moved(toSchema: schema)
    default: return
    }
    let own = objects.first { $0.object.isSame(as: effect.object) }
    objects.removeAll { $0.isTakenAway(by: effect) }
    guard !result.isInTemporarySchema, Self.counts(result.kind) else { return }
    // Under its new name or in its new schema it tells as much as one that was created.
    objects.append(
      ExpectedObject(
        object: own.map { result.ofKind($0.object.kind) } ?? result, path: searchPath,
        isShared: own?.isShared ?? false,
        isOlder: removed.contains(where: result.isSame),
        isAnyRelation: own == nil && result.kind == .table))
  }
}

extension ExpectedObject {
  /// Whether a statement drops it, renames it or moves it, or takes away what it is part of or
  /// stands in, by one of the names that it may have.
  func isTakenAway(by effect: ObjectEffect) -> Bool {
    names.contains { $0.isTakenAway(by: effect) }
  }

  /// Notes what a later statement makes of it.
  mutating func follow(_ effect: ObjectEffect) {
    for name in names where name.isTakenAway(by: effect) {
      if let other = name.followed(effect) {
        if !names.contains(other) { laterNames.append(other) }
      } else {
        mayBeGone = true
      }
    }
  }
}

extension DatabaseObject {
  /// Whether a statement drops it, renames it or moves it, or takes away what it is part of or
  /// stands in.
  fileprivate func isTakenAway(by effect: ObjectEffect) -> Bool {
    switch effect {
    case .drops(let gone, _, let cascade):
      isTakenAway(with: gone) || (cascade && kind.mayFallToCascade)
    // What stands on a renamed column stays; on a renamed table it has another owner then.
    case .renames(let gone, _) where gone.kind.isPart: isSame(as: gone)
    case .moves(let gone, _), .renames(let gone, _): isTakenAway(with: gone)
    default: false
    }
  }

  private func isTakenAway(with gone: DatabaseObject) -> Bool {
    if isSame(as: gone) { return true }
    switch gone.kind {
    case .schema:
      return name.schema == gone.name.name || owner?.schema == gone.name.name
    case .column:
      // Indexes and constraints on a column go with it; which columns they are on is not known
      // here.
      return (kind == .index || kind == .constraint)
        && MigrationCore.isSame(owner, gone.owner)
    default:
      return (gone.kind.isRelation || gone.kind.isType)
        && MigrationCore.isSame(owner, gone.name)
    }
  }

  /// Its name after a statement that renames or moves it, or what it is part of or stands in; nil
  /// after one that drops it.
  fileprivate func followed(_ effect: ObjectEffect) -> DatabaseObject? {
    switch effect {
    case .renames(let changed, let newName):
      if isSame(as: changed) { return renamed(to: newName) }
      if changed.kind == .schema { return replacingSchema(changed.name.name, by: newName) }
      let owner = owner.map { ObjectName(schema: $0.schema, name: newName) }
      return DatabaseObject(kind, name, on: owner, argumentTypes: argumentTypes)
    case .moves(let changed, let schema):
      if isSame(as: changed) { return moved(toSchema: schema) }
      // An index stands in the schema of its table.
      let name = kind == .index ? ObjectName(schema: schema, name: name.name) : name
      let owner = owner.map { ObjectName(schema: schema, name: $0.name) }
      return DatabaseObject(kind, name, on: owner, argumentTypes: argumentTypes)
    default:
      return nil
    }
  }

  private func replacingSchema(_ old: String, by new: String) -> DatabaseObject {
    func replaced(_ name: ObjectName) -> ObjectName {
      name.schema == old ? ObjectName(schema: new, name: name.name) : name
    }
    return DatabaseObject(
      kind, replaced(name), on: owner.map(replaced), argumentTypes: argumentTypes)
  }
}

extension ObjectKind {
  /// Whether a `CASCADE` may take it along: what it takes cannot be read from the text.
  var mayFallToCascade: Bool {
    switch self {
    case .view, .materializedView, .constraint, .trigger, .policy: true
    default: false
    }
  }

  /// Whether it is a part of another object: its name means nothing without that.
  var isPart: Bool {
    switch self {
    case .column, .attribute, .constraint, .trigger, .policy, .rule, .enumLabel: true
    default: false
    }
  }
}

extension DatabaseObject {
  /// Whether two statements may mean one object: a schema that one of them leaves open agrees with
  /// any.
  func isSame(as other: DatabaseObject) -> Bool {
    let sameKind =
      kind == other.kind
      || (kind.isRelation && other.kind.isRelation)
      || (kind.isRoutine && other.kind.isRoutine)
      || (kind.isType && other.kind.isType)
    guard sameKind, MigrationCore.isSame(name, other.name) else { return false }
    if kind.isRoutine, let own = argumentTypes, let others = other.argumentTypes {
      return own.count == others.count && zip(own, others).allSatisfy(Self.mayBeSameType)
    }
    return !kind.isPart || MigrationCore.isSame(owner, other.owner)
  }

  /// Whether two types may be one: a schema that one of them leaves open agrees with any, and what
  /// `users.id%TYPE` is, no text tells.
  private static func mayBeSameType(_ type: String, _ other: String) -> Bool {
    type == other || type.hasSuffix("." + other) || other.hasSuffix("." + type)
      || type.hasSuffix("%TYPE") || other.hasSuffix("%TYPE")
  }

  /// The same name for an object of another kind: what `ALTER TABLE` says of a view.
  fileprivate func ofKind(_ kind: ObjectKind) -> DatabaseObject {
    DatabaseObject(kind, name, on: owner, argumentTypes: argumentTypes)
  }

  /// The same object under another name.
  func renamed(to newName: String) -> DatabaseObject {
    DatabaseObject(
      kind, ObjectName(schema: name.schema, name: newName), on: owner,
      argumentTypes: argumentTypes)
  }

  /// The same object in another schema.
  func moved(toSchema schema: String) -> DatabaseObject {
    DatabaseObject(
      kind, ObjectName(schema: schema, name: name.name), on: owner, argumentTypes: argumentTypes)
  }
}

/// Whether two names may be one: a schema that one of them leaves open agrees with any.
private func isSame(_ name: ObjectName?, _ other: ObjectName?) -> Bool {
  guard let name, let other, name.name == other.name else { return false }
  return name.schema == nil || other.schema == nil || name.schema == other.schema
}
