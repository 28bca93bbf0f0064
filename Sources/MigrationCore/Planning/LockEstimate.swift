internal import PostgresClient
internal import SQLParsing

/// What SQL locks for itself until its transaction ends, as far as its text tells.
struct LockEstimate: Equatable, Sendable {
  /// The relations that it drops, with all that hangs on them.
  private(set) var dropped: Set<ObjectName> = []
  /// The relations that it changes.
  private(set) var changed: Set<ObjectName> = []

  /// Nothing.
  init() {}

  /// Reads what statements do.
  init(of statements: [Statement]) {
    for effect in statements.lazy.flatMap(\.effects) {
      if case .drops(let object, _, _) = effect, object.kind.isRelation {
        dropped.insert(object.name)
      } else if effect.object.kind.isRelation {
        changed.insert(effect.object.name)
      } else if let owner = effect.object.owner {
        changed.insert(owner)
      }
    }
  }

  /// Takes in what other SQL of the same transaction locks.
  mutating func formUnion(_ other: LockEstimate) {
    dropped.formUnion(other.dropped)
    changed.formUnion(other.changed)
  }

  /// Whether it may come near what the server has room for, so that asking the catalog is worth a
  /// round trip: a table with some columns, indexes and constraints takes a dozen locks.
  func mayExceed(_ capacity: Int) -> Bool { dropped.count * 12 + changed.count > capacity }

  /// The names of the dropped relations, as `lock_count.sql` takes them.
  var droppedJSON: String {
    struct Name: Encodable {
      var schema: String?
      var name: String
    }
    return encodedJSON(dropped.map { Name(schema: $0.schema, name: $0.name) })
  }

  /// What our own statements lock: the ledger's tables and their indexes, and the catalog's.
  private static let ours = 40

  /// Why one transaction cannot hold so many locks; nil where it can.
  ///
  /// - Parameters:
  ///   - count: what dropping takes, by the catalog.
  ///   - capacity: what the server has room for.
  ///   - migrations: how many migrations are rolled back.
  /// - Returns: a refusal.
  func refusal(_ count: Int, of capacity: Int, migrations: Int) -> ErrorReport? {
    let total = count + changed.count + Self.ours
    guard total > capacity else { return nil }
    return ErrorReport(
      .refused,
      "rolling \(migrations == 1 ? "it" : "these \(migrations) migrations") back in one transaction "
        + "would take about \(total) locks, and the server has room for about \(capacity)",
      details: [
        "room comes from max_locks_per_transaction, max_connections and the server's other processes"
      ],
      hint: migrations == 1
        ? "raise max_locks_per_transaction on the server"
        : "give --each, which takes one transaction for each, or raise max_locks_per_transaction "
          + "on the server")
  }
}
