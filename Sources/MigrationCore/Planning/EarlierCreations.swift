internal import SQLParsing

/// What the migrations of a folder create, by name: that an object exists proves nothing of a
/// migration where an earlier one creates it too (`OR REPLACE`, `IF NOT EXISTS`, dropped and created
/// again).
///
/// A later one does not matter: migrations are applied in their order, so the earliest was.
struct EarlierCreations {
  private struct Creation {
    let by: MigrationName
    let object: DatabaseObject
  }

  private var byName: [String: [Creation]] = [:]

  /// Notes what a migration creates.
  ///
  /// - Parameters:
  ///   - effects: what its up SQL does.
  ///   - name: the migration.
  mutating func note(_ effects: [ObjectEffect], by name: MigrationName) {
    for case .creates(let object, isTemporary: false, _, _) in effects {
      byName[object.name.name, default: []].append(Creation(by: name, object: object))
    }
  }

  /// Marks of a migration's evidence what a migration before it creates too.
  func apply(to evidence: inout Evidence, of name: MigrationName) {
    evidence.markOlder { expected in
      byName[expected.object.name.name]?.contains {
        $0.by < name && expected.object.isSame(as: $0.object)
      } ?? false
    }
  }
}
