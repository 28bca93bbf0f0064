internal import SQLParsing

/// What the migrations of a folder take away again: drops, renames, moves, by the names that they
/// concern, so that thousands of files are compared with thousands. Whether they are applied
/// themselves is not known here.
struct LaterRemovals {
  private struct Removal {
    let place: Place
    let effect: ObjectEffect
  }

  /// Where a statement's effect stands among those of all files.
  private struct Place: Comparable {
    let name: MigrationName
    /// Counted within the file.
    let number: Int

    static func < (left: Place, right: Place) -> Bool {
      left.name == right.name ? left.number < right.number : left.name < right.name
    }
  }

  /// Removals by the name of what they remove, of parts by the name of what they belong to.
  private var byName: [String: [Removal]] = [:]
  /// The last of those that take along what no text tells.
  private var lastCascade: Place?

  /// Notes what a migration takes away.
  ///
  /// - Parameters:
  ///   - effects: what its up SQL does.
  ///   - name: the migration.
  mutating func note(_ effects: [ObjectEffect], by name: MigrationName) {
    for (number, effect) in effects.enumerated() where effect.takesAway {
      let removal = Removal(place: Place(name: name, number: number), effect: effect)
      let gone = effect.object
      let key = gone.kind.isPart ? gone.owner?.name ?? gone.name.name : gone.name.name
      byName[key, default: []].append(removal)
      if case .drops(_, _, cascade: true) = effect {
        lastCascade = max(lastCascade ?? removal.place, removal.place)
      }
    }
  }

  /// Says of a migration's evidence what became of it by the migrations after it, so far as they
  /// are applied: other names, or that it may be gone.
  func apply(to evidence: inout Evidence, of name: MigrationName) {
    if byName.isEmpty { return }
    let start = Place(name: name, number: .max)
    let isFollowedByCascade = lastCascade.map { start < $0 } ?? false
    evidence.change { expected in
      var last = start
      if isFollowedByCascade, expected.object.kind.mayFallToCascade { expected.mayBeGone = true }
      // Step by step in their order: what was renamed is dropped by its new name.
      while let removal = first(after: last, of: expected) {
        expected.follow(removal.effect)
        last = removal.place
      }
    }
  }

  /// The first of the removals after a place that concern an object by one of its names.
  private func first(after place: Place, of expected: ExpectedObject) -> Removal? {
    let keys = Set(
      expected.names.flatMap { object in
        [object.name.name, object.owner?.name, object.name.schema, object.owner?.schema]
          .compactMap(\.self)
      })
    var first: Removal?
    for removal in keys.lazy.flatMap({ byName[$0] ?? [] }) where place < removal.place {
      if let found = first, found.place <= removal.place { continue }
      if expected.isTakenAway(by: removal.effect) { first = removal }
    }
    return first
  }
}

extension ObjectEffect {
  /// Whether an object is no longer where it was.
  fileprivate var takesAway: Bool {
    switch self {
    case .drops, .renames, .moves: true
    default: false
    }
  }
}
