internal import Platform
package import SQLParsing

/// What the migrations before one define, as far as their texts tell.
package struct EarlierMigrations: Sendable {
  /// Where an object was defined.
  private struct Place {
    /// The migration.
    let name: MigrationName
    /// The line of its file, counted from 1.
    let line: Int

    /// Such as `20250101_a, line 12`.
    var description: String { "\(name.text), line \(line)" }
  }

  /// An object that stands.
  private struct Standing {
    /// The object, its names with their schemas.
    let object: DatabaseObject
    /// The migration that created it.
    let creator: MigrationName
    /// Where it was defined last.
    var place: Place
  }

  /// The objects that stand.
  private var standing: [ObjectIdentity: [Standing]] = [:]
  /// The parts of an object, by its name.
  private var parts: [ObjectName: Set<ObjectIdentity>] = [:]
  /// Where every object there ever was was defined last.
  private var definitions: [ObjectIdentity: [(object: DatabaseObject, place: Place)]] = [:]

  /// Nothing.
  package init() {}

  /// Reads the migrations of a folder that are ordered before one, on all processors; what cannot be
  /// read is left out.
  ///
  /// - Parameters:
  ///   - folder: the folder.
  ///   - name: the migration.
  package init(in folder: MigrationFolder, before name: MigrationName) {
    let entries = folder.entries.filter { $0.name < name }
    let changes = ConcurrentMap.map(entries) { entry -> [Change] in
      guard let file = try? MigrationFile.read(entry.withoutRollback) else { return [] }
      let text = SourceText(bytes: file.upSQL)
      return Change.all(of: SQLParser.parse(text), text)
    }
    for (entry, changes) in zip(entries, changes) { take(changes, of: entry.name) }
  }

  /// Reads one migration.
  ///
  /// - Parameters:
  ///   - parsed: its up SQL, parsed.
  ///   - text: the text that was parsed.
  ///   - name: its name.
  package mutating func take(_ parsed: ParsedSQL, _ text: SourceText, of name: MigrationName) {
    take(Change.all(of: parsed, text), of: name)
  }

  // MARK: Questions

  /// Where an object was last defined, for people.
  ///
  /// - Parameter object: its names with their schemas.
  /// - Returns: such as `20250101_a, line 12`; nil where no earlier file defines it.
  package func latestDefinition(of object: DatabaseObject) -> String? {
    definitions[object.identity]?.last { $0.object.isIdentical(to: object) }?.place.description
  }

  /// Where an object was last defined that no migration dropped since, for people.
  ///
  /// - Parameter object: its names with their schemas.
  /// - Returns: as ``latestDefinition(of:)``; nil where it does not stand.
  package func standingDefinition(of object: DatabaseObject) -> String? {
    index(of: object).flatMap { standing[object.identity]?[$0].place.description }
  }

  /// Whether the name of a relation, or of a constraint of its table, is given already.
  ///
  /// - Parameter object: its names with their schemas.
  /// - Returns: true if something stands that has it.
  func hasTaken(_ object: DatabaseObject) -> Bool {
    standing[object.identity]?.contains { $0.object.excludes(object) } ?? false
  }

  /// The migrations that created what a statement needs.
  ///
  /// - Parameter needs: objects with their schemas.
  /// - Returns: each once, in order.
  package func creators(of needs: [DatabaseObject]) -> [MigrationName] {
    let names = needs.flatMap { need in
      need.meanings.flatMap { standing[$0] ?? [] }.filter {
        // The text names no arguments of what it calls.
        need.identity != $0.object.identity || need.isIdentical(to: $0.object)
      }
    }
    return Set(names.map(\.creator)).sorted()
  }

  private func index(of object: DatabaseObject) -> Int? {
    standing[object.identity]?.firstIndex { $0.object.isIdentical(to: object) }
  }

  // MARK: Changes

  private mutating func take(_ changes: [Change], of name: MigrationName) {
    for change in changes {
      switch change {
      case .defines(let object, let ifNotExists, let parts, let line):
        let place = Place(name: name, line: line)
        if let index = index(of: object) {
          if ifNotExists { continue }
          standing[object.identity]?[index].place = place
        } else {
          add(Standing(object: object, creator: name, place: place))
        }
        definitions[object.identity, default: []].append((object, place))
        for part in parts { add(part, by: name, place) }
      case .comesWith(let part, let line):
        add(part, by: name, Place(name: name, line: line))
      case .drops(let object):
        remove(object)
      case .renames(let object, let newName):
        rename(object, to: newName)
      }
    }
  }

  private mutating func add(_ new: Standing) {
    standing[new.object.identity, default: []].append(new)
    if let owner = new.object.owner { parts[owner, default: []].insert(new.object.identity) }
  }

  /// Adds a part, under the name that the server gives it.
  private mutating func add(_ part: DatabaseObject, by creator: MigrationName, _ place: Place) {
    let named =
      part.kind == .column || part.kind == .enumLabel ? part : part.underFreeName(where: hasTaken)
    add(Standing(object: named, creator: creator, place: place))
  }

  private mutating func remove(_ object: DatabaseObject) {
    standing[object.identity]?.removeAll { $0.object.isIdentical(to: object) }
    guard object.owner == nil, !object.kind.isRoutine else { return }
    for part in parts.removeValue(forKey: object.name) ?? [] {
      standing[part]?.removeAll { $0.object.owner == object.name }
    }
  }

  private mutating func rename(_ object: DatabaseObject, to name: ObjectName) {
    guard let index = index(of: object),
      let old = standing[object.identity]?.remove(at: index)
    else { return }
    let renamed = DatabaseObject(
      old.object.kind, name, on: old.object.owner, argumentTypes: old.object.argumentTypes)
    give(old, renamed)
    guard old.object.owner == nil, !old.object.kind.isRoutine else { return }
    // Its parts have another owner now; an index has another schema where it has one.
    for identity in parts.removeValue(forKey: old.object.name) ?? [] {
      let owned = standing[identity]?.filter { $0.object.owner == old.object.name } ?? []
      standing[identity]?.removeAll { $0.object.owner == old.object.name }
      for part in owned {
        let schema = part.object.kind == .index ? name.schema : part.object.name.schema
        let moved = ObjectName(schema: schema, name: part.object.name.name)
        give(part, DatabaseObject(part.object.kind, moved, on: name))
      }
    }
  }

  /// Adds what stands under another name.
  private mutating func give(_ old: Standing, _ object: DatabaseObject) {
    add(Standing(object: object, creator: old.creator, place: old.place))
    definitions[object.identity, default: []].append((object, old.place))
  }
}

/// What a migration does to what is there; names have their schemas.
private enum Change: Sendable {
  /// Creates or replaces an object, and parts that come with it.
  case defines(DatabaseObject, ifNotExists: Bool, parts: [DatabaseObject], line: Int)
  /// Adds a part that the server names.
  case comesWith(DatabaseObject, line: Int)
  /// Drops one.
  case drops(DatabaseObject)
  /// Gives it another name, or the same in another schema.
  case renames(DatabaseObject, to: ObjectName)

  /// All that a script does, in order.
  static func all(of parsed: ParsedSQL, _ text: SourceText) -> [Change] {
    var changes: [Change] = []
    var schema = "public"
    for statement in parsed.statements {
      if case .setting("search_path", let values, _) = statement.kind {
        schema = values?.first { $0 != "$user" } ?? "public"
      }
      let line = text.position(atByte: statement.range.lowerBound).line
      var parts = statement.implied.map { $0.placed(in: schema) }
      for effect in statement.effects {
        let object = effect.object.placed(in: schema)
        switch effect {
        case .creates(_, isTemporary: true, _, _): continue
        case .creates(_, _, let ifNotExists, _):
          changes.append(.defines(object, ifNotExists: ifNotExists, parts: parts, line: line))
          parts = []
        case .alters(_, .addsUnnamed(let part)):
          changes.append(.comesWith(part.placed(in: schema), line: line))
        case .drops: changes.append(.drops(object))
        case .renames(_, let newName):
          changes.append(
            .renames(object, to: ObjectName(schema: object.name.schema, name: newName)))
        case .moves(_, let schema):
          changes.append(.renames(object, to: ObjectName(schema: schema, name: object.name.name)))
        case .alters: break
        }
      }
    }
    return changes
  }
}
