internal import SQLParsing

extension TemplateReader {
  /// Undoes the creation of an object.
  ///
  /// - Parameters:
  ///   - object: the object, as the statement names it.
  ///   - origin: how it came to be.
  ///   - remark: what to know of its undo.
  mutating func undoCreation(
    of object: DatabaseObject, _ origin: OwnObject.Origin, remark: String? = nil
  ) {
    let placed = placed(object)
    let owner = own.owner(of: placed)
    // What the file dropped before is new, whatever the statement says.
    let origin = origin != .temporary && own.hasDropped(placed) ? .created : origin
    if origin == .temporary || owner?.origin == .temporary {
      own.add(placed, .temporary)
      return
    }
    // A second CREATE OR REPLACE or IF NOT EXISTS of what the file creates already.
    if let known = own[placed], origin == .replaced || origin == .createdIfAbsent {
      return dropLater(known)
    }
    if let owner, owner.origin != .replaced, !needsLater(than: owner) {
      own.add(placed, origin)
      return
    }
    guard let sql = words.dropping(object) else {
      leave(object.whyNotDropped, nil, about: object)
      own.add(placed, origin)
      return
    }
    if origin == .createdIfAbsent, let place = earlier.standingDefinition(of: placed) {
      leave(
        "it was there already", "it was defined in \(place); if it was not: \(sql);", about: object)
      own.add(placed, .replaced)
      return
    }
    if origin == .replaced, owner == nil || owner?.origin == .replaced {
      leaveReplaced(object, placed, sql)
      own.add(placed, .replaced)
      return
    }
    var remarks = remark.map { [$0] } ?? []
    if origin == .createdIfAbsent {
      remarks.append("IF NOT EXISTS: take this out if it was there before")
    }
    if words.isConcurrent { remarks.append("without CONCURRENTLY, to run in a transaction") }
    let step = undo(
      object, with: sql, remark: remarks.isEmpty ? nil : remarks.joined(separator: "; "))
    own.add(placed, origin, step: step)
  }

  /// What the file creates and replaces again may need by then what was created in between: it is
  /// dropped before that.
  private mutating func dropLater(_ known: OwnObject) {
    let needs = words.statement.needs.map(placed)
    guard let step = known.step, needsLater(than: known) || own.addsColumn(to: needs, after: known)
    else { return }
    steps.append(steps[step])
    steps[step] = nil
    own.move(known, to: steps.count - 1)
  }

  /// A TODO for `CREATE OR REPLACE` of what may have been there before.
  private mutating func leaveReplaced(
    _ object: DatabaseObject, _ placed: DatabaseObject, _ sql: String
  ) {
    if let place = earlier.standingDefinition(of: placed) {
      leave("what it replaced must come back", "it was defined in \(place)", about: object)
    } else {
      leave("what it replaced is not in this file", "if it was new: \(sql);", about: object)
    }
  }

  /// Undoes the creation of a part that the server names.
  ///
  /// - Parameter part: the part, with the name that the server gives it where that is free.
  mutating func undoUnnamedCreation(of part: DatabaseObject) {
    let named = part.underFreeName { isTaken(placed($0)) }
    undoCreation(of: named, .created, remark: "the name that PostgreSQL gives it, if that was free")
  }

  /// Whether a name is given already, by this file or by one before it.
  private func isTaken(_ object: DatabaseObject) -> Bool {
    own.hasTaken(object) || (!own.hasDropped(object) && earlier.hasTaken(object))
  }

  /// `ADD CONSTRAINT ... USING INDEX`: dropping the constraint drops the index too.
  ///
  /// - Parameter index: the index, by the name it has before.
  mutating func undoConstraint(usingIndex index: DatabaseObject) {
    let placedIndex = placed(index)
    if own[placedIndex] != nil {
      if let step = own.leaveToOwner(placedIndex) { steps[step] = nil }
    } else if own.owner(of: placedIndex) == nil {
      leave(
        "dropping the constraint drops its index too: create that again", nil,
        about: index.owner.map { DatabaseObject(.table, $0) })
    }
  }
}

extension StatementWords {
  /// Whether it is `CREATE INDEX CONCURRENTLY`.
  fileprivate var isConcurrent: Bool {
    statement.tag == "CREATE INDEX" && has("concurrently")
  }
}

extension DatabaseObject {
  /// Why there is no statement that drops it here.
  fileprivate var whyNotDropped: String {
    switch kind {
    case .enumLabel: "a label cannot be taken out of an enum: the type must be made anew"
    case .database, .tablespace, .subscription:
      "DROP \(kind.words) cannot run in a transaction"
    default: "its undo cannot be told from its text"
    }
  }
}
