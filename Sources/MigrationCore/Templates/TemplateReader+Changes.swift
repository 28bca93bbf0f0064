internal import SQLParsing

/// What drops, renames and moves objects.
extension TemplateReader {
  /// A TODO for a `DROP`; nothing where the file itself created the object.
  mutating func undoDrop(of object: DatabaseObject, ifExists: Bool, cascade: Bool) {
    let placed = placed(object)
    if let known = own[placed], known.origin != .replaced {
      for step in own.remove(placed) { steps[step] = nil }
      return
    }
    // Nothing can have stood on, or in, what the file itself creates.
    if let owner = own.owner(of: placed), owner.origin != .replaced { return }
    if let schema = placed.name.schema,
      own[DatabaseObject(.schema, ObjectName(name: schema))]?.origin == .created
    {
      return
    }
    own.drop(placed)
    let standing = earlier.standingDefinition(of: placed)
    let holdsRows = [.table, .column, .schema, .materializedView].contains(object.kind)
    var reason =
      ifExists && standing == nil
      ? "if there was one, it is not brought back"
      : "its definition\(holdsRows ? " and its rows are" : " is") not in this file"
    if cascade { reason += "; nor is what CASCADE dropped" }
    let place = standing ?? earlier.latestDefinition(of: placed)
    leave(reason, place.map { "it was defined in \($0)" }, about: object)
  }

  /// Gives an object its old name back.
  mutating func undoRename(of object: DatabaseObject, to name: String) {
    let placed = placed(object)
    let known = own[placed]
    defer { own.rename(placed, to: ObjectName(schema: placed.name.schema, name: name)) }
    if known?.origin == .temporary || own.owner(of: placed)?.origin == .temporary { return }
    // What goes with its owner goes by any name.
    if known?.step == nil, let owner = own.owner(of: placed), owner.origin != .replaced { return }
    guard let sql = words.renaming(object, from: name) else {
      return leave("its undo cannot be told from its text", nil, about: object)
    }
    own.renamed(placed, by: undo(object, with: sql))
  }

  /// Puts an object back into its old schema.
  mutating func undoMove(of object: DatabaseObject, to schema: String) {
    let placed = placed(object)
    let known = own[placed]
    defer { own.rename(placed, to: ObjectName(schema: schema, name: placed.name.name)) }
    if known?.origin == .temporary { return }
    if object.name.schema == nil, let known, let step = known.step {
      // Where it stood before does not matter: it is dropped where it stands now.
      let moved = DatabaseObject(
        known.object.kind, ObjectName(schema: schema, name: object.name.name),
        argumentTypes: known.object.argumentTypes)
      for renaming in known.renamings { steps[renaming] = nil }
      if case .sql(_, let remark) = steps[step], let sql = words.dropping(moved) {
        steps[step] = .sql(sql, remark: remark)
      }
      return
    }
    if let old = object.name.schema ?? knownSchema, object.kind != .extension {
      own.renamed(placed, by: undo(object, with: words.moving(object, from: schema, to: old)))
    } else {
      leave(
        "the schema that it came from is not in this file",
        object.kind.hasSchema
          ? "if it was public: \(words.moving(object, from: schema, to: "public"));" : nil,
        about: object)
    }
  }
}
