internal import SQLParsing

/// Whether a statement that ran alone, and whose end nobody saw, was carried out: what the catalog said
/// before it and says now. Pure: it touches neither disk nor database.
enum LoneVerdict: Equatable, Sendable {
  /// It was. The statements end what it began; each is sent alone.
  case done(cleanup: [String])
  /// It was not, or does no harm a second time: it is run again, once what it left is cleared away by
  /// these statements, each sent alone.
  case again(cleanup: [String])
  /// A session is at it still: wait, and look again.
  case running
  /// Nobody can tell: who knows is asked.
  case ask

  /// Compares what the catalog said.
  ///
  /// - Parameters:
  ///   - statement: the statement.
  ///   - before: what it said before the first try; nil where it was not asked.
  ///   - now: what it says now.
  /// - Returns: the verdict.
  static func judge(
    _ statement: LoneStatement, before: Observation?, now: Observation?
  ) -> LoneVerdict {
    switch statement {
    case .repeatable, .discard, .reindex(_, isConcurrent: false): return .again(cleanup: [])
    case .unknowable: return .ask
    default: break
    }
    guard let before, let now else { return .ask }
    switch statement {
    case .createIndex(let index):
      return judge(index, before, now)
    case .dropIndex(_, let ifExists, _):
      guard before.named != nil else { return ifExists ? .done(cleanup: []) : .again(cleanup: []) }
      return before.named == now.named ? .again(cleanup: []) : .done(cleanup: [])
    case .reindex(let target, _):
      return judge(target, before, now)
    case .detachPartition:
      guard let attached = before.partition, !attached.isPending else { return .again(cleanup: []) }
      guard let partition = now.partition else {
        // One that is dropped since tells nothing.
        return now.named != nil && now.named == before.named ? .done(cleanup: []) : .ask
      }
      return partition.isPending
        ? .done(
          cleanup: [
            "ALTER TABLE \(partition.parent) DETACH PARTITION \(partition.partition) FINALIZE"
          ])
        : .again(cleanup: [])
    case .create:
      return now.isThere && !before.isThere ? .done(cleanup: []) : .again(cleanup: [])
    case .drop(_, _, let ifExists):
      guard before.isThere else { return ifExists ? .done(cleanup: []) : .again(cleanup: []) }
      return now.isThere ? .again(cleanup: []) : .done(cleanup: [])
    case .repeatable, .discard, .unknowable:
      return .ask
    }
  }

  private static func judge(
    _ index: CreatedIndex, _ before: Observation, _ now: Observation
  ) -> LoneVerdict {
    let made = newIndexes(now, since: before)
    if made.contains(where: \.isBuilding) { return .running }
    if index.name != nil, before.named != nil, before.named == now.named {
      // There was one before: the server refuses another, or passes the statement over.
      let isInvalid = now.indexes.contains { $0.oid == now.named && !$0.isValid }
      return index.ifNotExists && !isInvalid ? .done(cleanup: []) : .again(cleanup: [])
    }
    // Others may make an index on the same table, whose name is not known beforehand.
    if index.name == nil, index.defaultName == nil {
      let others = now.indexes.contains { index in
        !before.indexes.contains { $0.oid == index.oid }
      }
      return others ? .ask : .again(cleanup: [])
    }
    let cleanup = remains(before: before, now: now).map(\.removal)
    let valid = made.filter { index in
      guard index.isValid, let left = before.left else { return index.isValid }
      // It failed: only what it left can have been made valid since, or made anew the same.
      return left.contains { $0.oid == index.oid || $0.definition == index.definition }
    }
    // One that somebody else made meanwhile bears the name, and may be another all the same.
    let isAnother = valid.contains { made in
      made.definition.map { $0.hasPrefix("CREATE UNIQUE ") != index.isUnique } ?? false
    }
    if isAnother { return .ask }
    switch valid.count {
    case 0: return .again(cleanup: cleanup)
    case 1: return .done(cleanup: cleanup)
    default: return .ask
    }
  }

  private static func judge(
    _ target: ReindexTarget, _ before: Observation, _ now: Observation
  ) -> LoneVerdict {
    let left = remains(before: before, now: now)
    if left.contains(where: \.isBuilding) { return .running }
    let cleanup = left.map(\.removal)
    switch target {
    case .index:
      let isNew = before.named != nil && now.named != nil && before.named != now.named
      return isNew ? .done(cleanup: cleanup) : .again(cleanup: cleanup)
    case .table:
      // Each is another one afterwards; those that were not valid are passed over.
      let old = before.indexes.filter { $0.isValid && !$0.isTransient }
      let remaining = old.filter { index in
        now.indexes.contains { $0.oid == index.oid && !$0.isTransient }
      }
      return !old.isEmpty && remaining.isEmpty && now.named == before.named
        ? .done(cleanup: cleanup) : .again(cleanup: cleanup)
    case .schema, .database:
      return .again(cleanup: cleanup)
    }
  }

  // MARK: What is left

  /// The indexes that a statement left which failed, or was given up.
  ///
  /// Where what it left was noted when it failed, no other can be its own.
  ///
  /// - Parameters:
  ///   - before: what the catalog said before the first try.
  ///   - now: what it says to the same question now.
  /// - Returns: the indexes; a session may be at work on one.
  static func remains(before: Observation, now: Observation) -> [Observation.Index] {
    let left =
      before.kind == "create_index"
      ? newIndexes(now, since: before).filter { !$0.isValid } : leftovers(now, since: before)
    guard let noted = before.left else { return left }
    return left.filter { index in noted.contains { $0.oid == index.oid } }
  }

  /// The index that a statement was to make and that no query may use, though the server reported no
  /// error: `IF NOT EXISTS` passes over an INVALID one.
  ///
  /// - Parameters:
  ///   - statement: the statement, which has run.
  ///   - before: what the catalog said before the first try.
  ///   - now: what it says now.
  /// - Returns: the index, and whether it is there since that try: then it was left by it.
  static func invalidIndex(
    after statement: LoneStatement, before: Observation?, now: Observation
  ) -> (index: Observation.Index, isOwn: Bool)? {
    // Any other has made a valid one, or has failed: what bears a like name is another's.
    guard case .createIndex(let created) = statement, created.ifNotExists,
      let index = now.indexes.first(where: { !$0.isValid && isCandidate($0, now) })
    else { return nil }
    let isOwn = before.map { before in !before.indexes.contains { $0.oid == index.oid } } ?? false
    return (index, isOwn)
  }

  /// What may have been made since by `CREATE INDEX`.
  private static func newIndexes(
    _ now: Observation, since before: Observation
  ) -> [Observation.Index] {
    now.indexes.filter { index in
      isCandidate(index, now) && !before.indexes.contains { $0.oid == index.oid }
    }
  }

  /// Whether an index bears the name that was asked for; to one that the server gives it adds a number
  /// where that is taken.
  private static func isCandidate(_ index: Observation.Index, _ observation: Observation) -> Bool {
    if let name = observation.name { return index.name == name }
    guard let stem = observation.defaultName, index.name.hasPrefix(stem) else { return false }
    return index.name.dropFirst(stem.count).allSatisfy { $0.isASCII && $0.isNumber }
  }

  /// What `REINDEX CONCURRENTLY` leaves (manual, reference page of `REINDEX`): new ones that are not
  /// finished, `_ccnew`, and old ones that have been replaced, `_ccold`.
  private static func leftovers(
    _ now: Observation, since before: Observation
  ) -> [Observation.Index] {
    now.indexes.filter { index in
      index.isTransient && !index.isValid
        && !before.indexes.contains { $0.oid == index.oid && $0.name == index.name }
    }
  }
}

extension Observation.Index {
  /// Whether it bears a name that `REINDEX CONCURRENTLY` gives to what it makes and replaces.
  fileprivate var isTransient: Bool {
    let stem = String(name.reversed().drop { $0.isASCII && $0.isNumber }.reversed())
    return stem.hasSuffix("_ccnew") || stem.hasSuffix("_ccold")
  }

  /// The statement that drops it without keeping others waiting.
  var removal: String { "DROP INDEX CONCURRENTLY \(identity)" }
}

extension ErrorReport {
  /// An index that stands and is of no use: `CREATE INDEX CONCURRENTLY IF NOT EXISTS` passed it over.
  ///
  /// - Parameters:
  ///   - index: the index.
  ///   - location: where the statement stands.
  /// - Returns: the report.
  static func invalidIndex(_ index: Observation.Index, at location: Location?) -> ErrorReport {
    ErrorReport(
      .refused, "the index '\(index.identity)' is there and INVALID: no query uses it",
      details: ["CREATE INDEX CONCURRENTLY IF NOT EXISTS passes over an index of that name"],
      hint:
        "an earlier try left it: run 'DROP INDEX CONCURRENTLY \(index.identity)', then the same "
        + "command again",
      location: location)
  }
}
