internal import SQLParsing

/// What alters an object that stays.
extension TemplateReader {
  /// Undoes an alteration; nothing where it goes with an object that the file creates.
  ///
  /// - Parameters:
  ///   - object: what was altered.
  ///   - alteration: how.
  mutating func undoAlteration(of object: DatabaseObject, _ alteration: Alteration) {
    if case .addsUnnamed(let part) = alteration { return undoUnnamedCreation(of: part) }
    if case .ownedBy(let table, let column) = alteration {
      return undoOwnership(of: object, by: column, of: table)
    }
    if case .partition(let partition, true) = alteration,
      undoAttachment(of: partition, to: object)
    {
      return
    }
    if goesAlong(object, alteration) { return }
    if case .publishes(let tables) = alteration {
      return undoPublication(of: tables, by: object)
    }
    if case .primaryKey(let columns) = alteration { return undoNotNull(of: columns, in: object) }
    let place = placed(object)
    let altered = words.statement.tag + " " + words.name(object)
    if case .columnDefault(let column) = alteration, own[place]?.step != nil {
      // Only to let go of what the default needs: the table itself is dropped after that.
      undo(object, with: "\(altered) ALTER COLUMN \(words.part(column)) DROP DEFAULT")
      return
    }
    guard let command = words.undoing(alteration) else {
      let reset =
        alteration == .settings
        ? words.settingReset.map { "if it was not set: \(altered) \($0);" } : nil
      return leave(
        addsRows(alteration)
          ? "the rows that it adds must be told from those that were there"
          : alteration.whyNotUndone,
        reset ?? definition(of: place, before: alteration), about: object)
    }
    undo(object, with: "\(altered) \(command)", remark: alteration.remark)
  }

  /// Whether rows are added, and none is changed.
  private func addsRows(_ alteration: Alteration) -> Bool {
    guard case .rows = alteration else { return false }
    return ["INSERT", "COPY"].contains(words.statement.tag) && !words.has("conflict")
  }

  /// Where an earlier migration defined what was altered, in words; nil for rows, which it did not
  /// define.
  private func definition(of object: DatabaseObject, before alteration: Alteration) -> String? {
    let defined: DatabaseObject? =
      switch alteration {
      case .rows: nil
      case .validation(let constraint):
        DatabaseObject(.constraint, ObjectName(name: constraint), on: object.name)
      default: object
      }
    return defined.flatMap { earlier.latestDefinition(of: $0) }.map { "it was defined in \($0)" }
  }

  /// Whether what was altered is dropped anyway.
  private func goesAlong(_ object: DatabaseObject, _ alteration: Alteration) -> Bool {
    let place = placed(object)
    if let known = own[place] ?? own.owner(of: place) {
      if known.origin == .temporary { return true }
      if known.origin != .replaced, !needsLater(than: known) { return true }
      if case .rows = alteration { return known.origin != .replaced }
    }
    if case .validation(let constraint) = alteration {
      let part = DatabaseObject(.constraint, ObjectName(name: constraint), on: place.name)
      return own[part].map { $0.origin != .replaced } ?? false
    }
    // Columns that the file adds to a table that was there.
    let columns: [String]? =
      switch alteration {
      case .rows(let columns): columns
      case .notNull(let column, _): column.map { [$0] }
      case .columnDefault(let column), .columnType(let column), .identity(let column): [column]
      default: nil
      }
    guard let columns, !columns.isEmpty else { return false }
    return columns.allSatisfy { column in
      let part = DatabaseObject(.column, ObjectName(name: column), on: place.name)
      guard let known = own[part], known.origin != .replaced else { return false }
      return !needsLater(than: known)
    }
  }

  /// `OWNED BY`: a sequence of this file goes with a table or a column of this file.
  private mutating func undoOwnership(
    of sequence: DatabaseObject, by column: String, of table: ObjectName
  ) {
    let place = placed(sequence)
    guard let known = own[place] else {
      return leave("whose it was before is not in this file", nil, about: sequence)
    }
    if known.origin == .replaced { return }
    let owners = [
      DatabaseObject(.table, table), DatabaseObject(.column, ObjectName(name: column), on: table),
    ]
    let isOwned = owners.contains { own[placed($0)].map { $0.origin != .replaced } ?? false }
    if isOwned, let step = own.leaveToOwner(place) {
      steps[step] = nil
    }
  }

  /// A partition of this file that was made after its table is dropped before it.
  ///
  /// - Returns: whether nothing more is to do.
  private mutating func undoAttachment(
    of partition: ObjectName, to table: DatabaseObject
  ) -> Bool {
    let part = own[placed(DatabaseObject(.table, partition))]
    if table.kind == .index {
      // An index takes those along that are attached to it.
      guard let part else {
        leave("dropping the index drops the attached one too: create that again", nil, about: table)
        return true
      }
      if let step = own.leaveToOwner(part.object) { steps[step] = nil }
      return true
    }
    guard let part, part.origin != .replaced else {
      // Else dropping the table of this file would take the partition and its rows along.
      undo(
        table, with: "ALTER TABLE \(words.name(table)) DETACH PARTITION \(words.name(partition))",
        remark: "indexes and constraints that attaching made stay on it")
      return true
    }
    if let known = own[placed(table)], known.order > part.order {
      undo(
        table, with: "ALTER TABLE \(words.name(table)) DETACH PARTITION \(words.name(partition))")
    }
    return true
  }

  /// Columns that a primary key made `NOT NULL`; the text does not tell which were so before.
  private mutating func undoNotNull(of columns: [String], in table: DatabaseObject) {
    let owner = placed(table).name
    let older = columns.filter { column in
      own[DatabaseObject(.column, ObjectName(name: column), on: owner)] == nil
    }
    guard columns.isEmpty || !older.isEmpty else { return }
    let commands = older.map { "ALTER COLUMN \(words.part($0)) DROP NOT NULL" }
    leave(
      "the columns of the primary key stay NOT NULL",
      commands.isEmpty
        ? nil
        : "if they were not: ALTER TABLE \(words.name(table)) \(commands.joined(separator: ", "));",
      about: table)
  }

  /// A table that is dropped leaves its publications by itself.
  private mutating func undoPublication(of tables: [ObjectName], by publication: DatabaseObject) {
    let older = tables.filter { own[placed(DatabaseObject(.table, $0))] == nil }
    guard !older.isEmpty else { return }
    let names = older.map { words.name($0) }.joined(separator: ", ")
    undo(
      publication, with: "ALTER PUBLICATION \(words.name(publication)) DROP TABLE \(names)")
  }
}

extension StatementWords {
  /// The command that undoes an alteration; nil where the text does not tell.
  fileprivate func undoing(_ alteration: Alteration) -> String? {
    switch alteration {
    case .rowSecurity(let isEnabled): "\(isEnabled ? "DISABLE" : "ENABLE") ROW LEVEL SECURITY"
    case .forcedRowSecurity(let isForced): "\(isForced ? "NO FORCE" : "FORCE") ROW LEVEL SECURITY"
    case .notNull(let column, let isSet):
      (column.map { "ALTER COLUMN \(part($0)) " } ?? "")
        + (isSet ? "DROP NOT NULL" : "SET NOT NULL")
    case .logging(let isLogged): isLogged ? "SET UNLOGGED" : "SET LOGGED"
    case .trigger(let choice, let isEnabled):
      "\(isEnabled ? "DISABLE" : "ENABLE") TRIGGER \(self.name(choice))"
    case .rule(let rule, let isEnabled): "\(isEnabled ? "DISABLE" : "ENABLE") RULE \(part(rule))"
    case .inheritance(let parent, let isAdded):
      "\(isAdded ? "NO INHERIT" : "INHERIT") \(name(parent))"
    case .type: "NOT OF"
    case .identity(let column): "ALTER COLUMN \(part(column)) DROP IDENTITY"
    default: nil
    }
  }

  private func name(_ choice: TriggerChoice) -> String {
    switch choice {
    case .named(let trigger): part(trigger)
    case .all: "ALL"
    case .user: "USER"
    }
  }
}

extension Alteration {
  /// What to know of the command that undoes it.
  fileprivate var remark: String? {
    switch self {
    case .notNull(_, false): "fails while there are NULLs"
    case .identity: "it is NOT NULL still, as it had to be before"
    default: nil
    }
  }

  /// Why it cannot be undone from the text.
  fileprivate var whyNotUndone: String {
    switch self {
    case .columnDefault(let column): "the earlier default of \(column) is not in this file"
    case .columnType(let column): "the earlier type of \(column) is not in this file"
    case .validation: "a valid constraint cannot be made NOT VALID: drop it and add it so"
    case .owner: "the earlier owner is not in this file"
    case .settings: "the earlier settings are not in this file"
    case .rows: "the rows as they were are not in this file"
    case .partition: "the bounds of the partition are not in this file"
    default: "how it was before is not in this file"
    }
  }
}
