internal import Platform
package import SQLParsing

/// What the migrations before one define, as far as their texts tell.
package struct EarlierMigrations: Sendable {
  /// Where an object was defined.
  private struct Definition {
    /// The migration.
    let name: MigrationName
    /// The line of its file, counted from 1.
    let line: Int
  }

  /// The objects that stand, each with the migration that created it, by their names.
  private var creators: [ObjectName: [(object: DatabaseObject, name: MigrationName)]] = [:]
  /// The names of the parts of an object, by its own.
  private var parts: [ObjectName: Set<ObjectName>] = [:]
  /// The definitions of every object there ever was, by its name, the last one last.
  private var definitions: [ObjectName: [(object: DatabaseObject, place: Definition)]] = [:]

  /// Nothing.
  package init() {}

  /// Reads the migrations of a folder that are ordered before one; what cannot be read is left out.
  ///
  /// - Parameters:
  ///   - folder: the folder.
  ///   - name: the migration.
  package init(in folder: MigrationFolder, before name: MigrationName) {
    for entry in folder.entries where entry.name < name {
      guard let file = try? MigrationFile.read(entry) else { continue }
      let text = SourceText(bytes: file.upSQL)
      take(SQLParser.parse(text), text, of: entry.name)
    }
  }

  /// Where an object was last defined, for people.
  ///
  /// - Parameter object: its names with their schemas.
  /// - Returns: such as `20250101_a, line 12`; nil where no earlier file defines it.
  package func latestDefinition(of object: DatabaseObject) -> String? {
    definitions[object.name]?.last { $0.object.isIdentical(to: object) }.map {
      "\($0.place.name.text), line \($0.place.line)"
    }
  }

  /// Where an object was last defined that no migration dropped since, for people.
  ///
  /// - Parameter object: its names with their schemas.
  /// - Returns: as ``latestDefinition(of:)``; nil where it does not stand.
  package func standingDefinition(of object: DatabaseObject) -> String? {
    stands(object) ? latestDefinition(of: object) : nil
  }

  /// The migrations that created what a statement needs.
  ///
  /// - Parameter needs: objects with their schemas.
  /// - Returns: each once, in order.
  package func creators(of needs: [DatabaseObject]) -> [MigrationName] {
    let names = needs.flatMap { need in
      (creators[need.name] ?? []).filter {
        need.mayMean($0.object) || need.isIdentical(to: $0.object)
      }
    }
    return Set(names.map(\.name)).sorted()
  }

  private func stands(_ object: DatabaseObject) -> Bool {
    creators[object.name]?.contains { $0.object.isIdentical(to: object) } ?? false
  }

  /// Reads one migration.
  ///
  /// - Parameters:
  ///   - parsed: its up SQL, parsed.
  ///   - text: the text that was parsed.
  ///   - name: its name.
  package mutating func take(_ parsed: ParsedSQL, _ text: SourceText, of name: MigrationName) {
    var path: String?
    for statement in parsed.statements {
      if case .setting("search_path", let values, _) = statement.kind {
        path = values?.first { $0 != "$user" }
      }
      for effect in statement.effects {
        let object = effect.object.placed(in: path ?? "public")
        switch effect {
        case .creates(_, let isTemporary, let ifNotExists, _):
          if isTemporary { continue }
          let isKnown = stands(object)
          if !isKnown { add(object, name) }
          if isKnown, ifNotExists { continue }
          let line = text.position(atByte: statement.range.lowerBound).line
          definitions[object.name, default: []].append(
            (object, Definition(name: name, line: line)))
        case .drops:
          remove(object)
        case .renames(_, let newName):
          rename(object, to: ObjectName(schema: object.name.schema, name: newName))
        case .moves(_, let schema):
          rename(object, to: ObjectName(schema: schema, name: object.name.name))
        case .alters:
          break
        }
      }
    }
  }

  private mutating func add(_ object: DatabaseObject, _ name: MigrationName) {
    creators[object.name, default: []].append((object, name))
    if let owner = object.owner { parts[owner, default: []].insert(object.name) }
  }

  private mutating func remove(_ object: DatabaseObject) {
    creators[object.name]?.removeAll { $0.object.isIdentical(to: object) }
    for part in object.owner == nil ? parts.removeValue(forKey: object.name) ?? [] : [] {
      creators[part]?.removeAll { $0.object.owner == object.name }
    }
  }

  private mutating func rename(_ object: DatabaseObject, to name: ObjectName) {
    for creator in creators[object.name] ?? [] where creator.object.isIdentical(to: object) {
      let old = creator.object
      creators[object.name]?.removeAll { $0.object.isIdentical(to: old) }
      add(
        DatabaseObject(old.kind, name, on: old.owner, argumentTypes: old.argumentTypes),
        creator.name)
    }
  }
}

extension DatabaseObject {
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
