internal import SQLParsing

/// An object that the migration itself creates, and what its undo makes of it.
struct OwnObject {
  /// How it came to be.
  enum Origin {
    /// It is new.
    case created
    /// It may have been there before: `IF NOT EXISTS`.
    case createdIfAbsent
    /// It may have been there before in another form: `OR REPLACE`.
    case replaced
    /// It ends with the session.
    case temporary
  }

  /// The object, its names with their schemas.
  var object: DatabaseObject
  /// How it came to be.
  let origin: Origin
  /// Which of all it is, counted in the order of creation.
  var order: Int
  /// The step that drops it; nil where none does, because its owner takes it along.
  var step: Int?
  /// The steps that give it its earlier names back.
  var renamings: [Int] = []
}

/// The objects that a migration creates, while its statements are read one by one.
struct OwnObjects {
  private var objects: [OwnObject] = []
  private var nextOrder = 0
  /// What was there before and the file drops: it cannot be there still when it is created anew.
  private var dropped: [DatabaseObject] = []

  /// Adds an object.
  ///
  /// - Parameters:
  ///   - object: its names with their schemas.
  ///   - origin: how it came to be.
  ///   - step: the step that drops it.
  mutating func add(_ object: DatabaseObject, _ origin: OwnObject.Origin, step: Int? = nil) {
    objects.append(OwnObject(object: object, origin: origin, order: nextOrder, step: step))
    nextOrder += 1
  }

  /// The object that a statement names.
  subscript(_ object: DatabaseObject) -> OwnObject? {
    index(of: object).map { objects[$0] }
  }

  /// What the object is a part of, where that is of this migration.
  func owner(of object: DatabaseObject) -> OwnObject? {
    object.owner.flatMap { name in
      objects.last { $0.object.canOwn(object) && $0.object.name == name }
    }
  }

  /// The objects that a statement refers to and that go by a step of their own.
  func referred(by needs: [DatabaseObject]) -> [OwnObject] {
    objects.filter { own in
      (own.step != nil || own.origin == .replaced) && own.object.owner == nil
        && needs.contains { $0.mayMean(own.object) }
    }
  }

  /// Whether the file adds columns, after an object, to tables that a statement refers to.
  func addsColumn(to needs: [DatabaseObject], after known: OwnObject) -> Bool {
    objects.contains { own in
      own.object.kind == .column && own.step != nil && own.order > known.order
        && needs.contains { $0.kind == .table && $0.name == own.object.owner }
    }
  }

  /// Whether a name in a schema is taken by a relation or a constraint of this migration.
  func hasTaken(_ object: DatabaseObject) -> Bool {
    objects.contains { $0.object.excludes(object) }
  }

  /// Remembers that the file drops what was there before.
  ///
  /// - Parameter object: its names with their schemas.
  mutating func drop(_ object: DatabaseObject) { dropped.append(object) }

  /// Whether the file dropped what had that name.
  ///
  /// - Parameter object: its names with their schemas.
  /// - Returns: true if it did.
  func hasDropped(_ object: DatabaseObject) -> Bool {
    dropped.contains { $0.isIdentical(to: object) }
  }

  /// Forgets an object and its parts.
  ///
  /// - Parameter object: the object.
  /// - Returns: the steps that dropped them, and those that gave them their earlier names back.
  mutating func remove(_ object: DatabaseObject) -> [Int] {
    guard let index = index(of: object) else { return [] }
    let gone = objects[index].object
    let dropped = objects.filter { own in
      own.object == gone || (own.object.owner == gone.name && gone.canOwn(own.object))
        || (gone.kind == .schema && own.object.name.schema == gone.name.name)
    }
    let orders = Set(dropped.map(\.order))
    objects.removeAll { orders.contains($0.order) }
    return dropped.flatMap { own in (own.step.map { [$0] } ?? []) + own.renamings }
  }

  /// Remembers that another step drops an object, one after what was created up to now.
  ///
  /// - Parameters:
  ///   - known: the object.
  ///   - step: the step.
  mutating func move(_ known: OwnObject, to step: Int) {
    guard let index = index(of: known.object) else { return }
    objects[index].step = step
    objects[index].order = nextOrder
    nextOrder += 1
  }

  /// Gives an object another name, and its parts another owner.
  ///
  /// - Parameters:
  ///   - object: the object, by its old name.
  ///   - name: the new one.
  mutating func rename(_ object: DatabaseObject, to name: ObjectName) {
    guard let index = index(of: object) else { return }
    let old = objects[index].object
    for position in objects.indices {
      let other = objects[position].object
      guard other.owner == old.name, old.canOwn(other) else { continue }
      objects[position].object = DatabaseObject(
        other.kind, other.name, on: name, argumentTypes: other.argumentTypes)
    }
    objects[index].object = DatabaseObject(
      old.kind, name, on: old.owner, argumentTypes: old.argumentTypes)
  }

  /// Remembers a step that gives an object an earlier name back.
  ///
  /// - Parameters:
  ///   - object: the object.
  ///   - step: the step.
  mutating func renamed(_ object: DatabaseObject, by step: Int) {
    if let index = index(of: object) { objects[index].renamings.append(step) }
  }

  /// Says that the owner takes an object along after all.
  ///
  /// - Parameter object: the object.
  /// - Returns: the step that dropped it.
  mutating func leaveToOwner(_ object: DatabaseObject) -> Int? {
    guard let index = index(of: object) else { return nil }
    defer { objects[index].step = nil }
    return objects[index].step
  }

  private func index(of object: DatabaseObject) -> Int? {
    objects.lastIndex { $0.object.isIdentical(to: object) }
  }
}

extension DatabaseObject {
  /// Whether it can have the other as a part.
  fileprivate func canOwn(_ part: DatabaseObject) -> Bool {
    // A server does not take its user mappings along.
    part.kind != .userMapping && (kind.isRelation || kind.isType)
  }
}
