internal import SQLParsing

/// What the migrations of a folder create, by name: that an object exists proves nothing of a
/// migration where an earlier one creates it too (`OR REPLACE`, `IF NOT EXISTS`, dropped and created
/// again), by a statement of its own or along with its table or type.
///
/// A later one does not matter as long as migrations are applied in their order: the earliest was.
/// One that is recorded already tells that they were not.
struct EarlierCreations {
  private struct Creation {
    let by: MigrationName
    let object: DatabaseObject
  }

  /// What two objects that may be one agree in, whatever schema the text leaves open.
  private struct Key: Hashable {
    let name: String
    let owner: String?
  }

  private var byName: [Key: [Creation]] = [:]
  /// The names that matter; nil for all.
  private let names: Set<String>?

  /// Takes the names that will be asked for: thousands of files create far more than that.
  ///
  /// - Parameter names: of expected objects, and of what they are part of; nil for all.
  init(of names: Set<String>? = nil) {
    self.names = names
  }

  /// Notes what a migration creates.
  ///
  /// - Parameters:
  ///   - up: what its up SQL does.
  ///   - name: the migration.
  mutating func note(_ up: FileEffects, by name: MigrationName) {
    for effect in up.effects {
      switch effect {
      case .creates(let object, isTemporary: false, _, _): note(object, by: name)
      case .alters(_, .addsUnnamed(let part)): note(part, by: name)
      case .renames(let object, let newName): noteKnown(object.renamed(to: newName), by: name)
      case .moves(let object, let schema): noteKnown(object.moved(toSchema: schema), by: name)
      default: break
      }
    }
    for part in up.implied { note(part, by: name) }
  }

  /// What was renamed or moved has the columns that it had.
  private mutating func noteKnown(_ object: DatabaseObject, by name: MigrationName) {
    note(object, by: name)
    guard object.kind.isRelation || object.kind.isType else { return }
    let kind: ObjectKind = object.kind.isType ? .enumLabel : .column
    note(Self.anyPart(kind, of: object.name), by: name)
  }

  private mutating func note(_ object: DatabaseObject, by name: MigrationName) {
    let asked =
      object.name.name == DatabaseObject.anyColumn
      ? object.owner?.name ?? object.name.name : object.name.name
    if let names, !names.contains(asked) { return }
    byName[Self.key(of: object), default: []].append(Creation(by: name, object: object))
    // Unique ones have an index of their name.
    if object.kind == .constraint, let table = object.owner {
      let index = ObjectName(schema: table.schema, name: object.name.name)
      let object = DatabaseObject(.index, index, on: table)
      byName[Self.key(of: object), default: []].append(Creation(by: name, object: object))
    }
  }

  /// Marks of a migration's evidence what a migration before it creates too.
  ///
  /// - Parameters:
  ///   - evidence: the evidence.
  ///   - name: the migration.
  ///   - cameBefore: whether one that is later by its name was applied before it, or may have been.
  func apply(
    to evidence: inout Evidence, of name: MigrationName,
    cameBefore: (MigrationName) -> Bool = { _ in false }
  ) {
    evidence.markOlder { expected in
      let object = expected.object
      let isCreated = creations(like: object).contains {
        $0.by != name && object.isSame(as: $0.object) && ($0.by < name || cameBefore($0.by))
      }
      if isCreated { return true }
      // Parts of what no file creates, or not part by part, may always have been there.
      guard expected.ifNotExists, object.kind == .column || object.kind == .enumLabel,
        let owner = object.owner
      else { return false }
      let whole = DatabaseObject(object.kind == .column ? .table : .type, owner)
      let anyPart = Self.anyPart(object.kind, of: owner)
      return creations(like: anyPart).contains {
        $0.by <= name && anyPart.isSame(as: $0.object)
      } || !creations(like: whole).contains { $0.by <= name && whole.isSame(as: $0.object) }
    }
  }

  private func creations(like object: DatabaseObject) -> [Creation] {
    byName[Self.key(of: object)] ?? []
  }

  private static func anyPart(_ kind: ObjectKind, of owner: ObjectName) -> DatabaseObject {
    DatabaseObject(kind, ObjectName(name: DatabaseObject.anyColumn), on: owner)
  }

  /// Its name, and of a part that of its owner: many tables have a column or a policy of one name.
  private static func key(of object: DatabaseObject) -> Key {
    Key(name: object.name.name, owner: object.kind.isPart ? object.owner?.name : nil)
  }
}
