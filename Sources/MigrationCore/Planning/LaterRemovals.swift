internal import SQLParsing

/// What the migrations of a folder take away again: drops, renames, moves, by the names that they
/// concern, so that thousands of files are compared with thousands.
struct LaterRemovals {
  private struct Removal {
    let by: MigrationName
    let effect: ObjectEffect
  }

  /// Removals by the name of what they remove, or of what that belonged to.
  private var byName: [String: [Removal]] = [:]
  /// Those that take along what no text tells.
  private var cascades: [Removal] = []

  /// Notes what a migration takes away.
  ///
  /// - Parameters:
  ///   - effects: what its up SQL does.
  ///   - name: the migration.
  mutating func note(_ effects: [ObjectEffect], by name: MigrationName) {
    for effect in effects where effect.takesAway {
      let removal = Removal(by: name, effect: effect)
      let gone = effect.object
      for key in Set([gone.name.name, gone.owner?.name].compactMap(\.self)) {
        byName[key, default: []].append(removal)
      }
      if case .drops(_, _, cascade: true) = effect { cascades.append(removal) }
    }
  }

  /// Takes away from a migration's evidence what the migrations after it took away.
  func apply(to evidence: inout Evidence, of name: MigrationName) {
    if byName.isEmpty { return }
    evidence.remove { expected in
      let object = expected.object
      let keys = [
        object.name.name, object.owner?.name, object.name.schema, object.owner?.schema,
      ]
      let known = keys.lazy.compactMap(\.self).flatMap { byName[$0] ?? [] }
      return known.contains { name < $0.by && expected.isTakenAway(by: $0.effect) }
        || cascades.contains { name < $0.by && expected.isTakenAway(by: $0.effect) }
    }
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
