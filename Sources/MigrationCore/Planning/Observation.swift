internal import SQLParsing

/// What `lone_observation.sql` is asked: of which object a statement that runs alone makes, changes or
/// drops.
struct ObservationQuestion: Equatable, Sendable {
  /// Which sort of statement it is, in the words of `lone_observation.sql`.
  var kind: String
  /// A name without a schema.
  var name: String?
  /// The name that the server gives an index without one, where that is free.
  var defaultName: String?
  /// A relation, as `to_regclass` reads it.
  var relation: String?
  /// What it is a part of, likewise.
  var owner: String?

  /// The question to ask before a statement, and again where nobody saw its end; nil where no catalog
  /// tells.
  ///
  /// - Parameter statement: the statement.
  init?(of statement: LoneStatement) {
    switch statement {
    case .createIndex(let index):
      self.init(
        kind: "create_index", name: index.name,
        defaultName: index.name == nil ? index.defaultName : nil, owner: index.table.quoted)
    case .dropIndex(let names, _, _):
      guard let name = names.first else { return nil }
      self.init(kind: "index", relation: name.quoted)
    case .reindex(_, isConcurrent: false): return nil
    case .reindex(.index(let name), _): self.init(kind: "index", relation: name.quoted)
    case .reindex(.table(let name), _): self.init(kind: "table", relation: name.quoted)
    case .reindex(.schema(let name), _): self.init(kind: "schema", name: name)
    case .reindex(.database, _): self.init(kind: "all")
    case .detachPartition(let partition, let parent):
      self.init(kind: "partition", relation: partition.quoted, owner: parent.quoted)
    case .create(let kind, let name), .drop(let kind, let name, _):
      self.init(kind: kind.rawValue, name: name)
    case .repeatable, .discard, .unknowable: return nil
    }
  }

  private init(
    kind: String, name: String? = nil, defaultName: String? = nil, relation: String? = nil,
    owner: String? = nil
  ) {
    self.kind = kind
    self.name = name
    self.defaultName = defaultName
    self.relation = relation
    self.owner = owner
  }
}

extension ObservationQuestion: JSONObjectConvertible {
  /// Writes it as `lone_observation.sql` reads it.
  func write(to text: inout JSONObjectText) {
    text.member("kind", kind)
    text.member("name", name)
    text.member("default_name", defaultName)
    text.member("relation", relation)
    text.member("owner", owner)
  }
}

extension ObjectName {
  /// The name in SQL, each part in double quotes.
  fileprivate var quoted: String {
    [schema, name].compactMap { $0 }.map { part in
      let pieces = part.split(separator: "\"", omittingEmptySubsequences: false)
      return "\"\(pieces.joined(separator: "\"\""))\""
    }.joined(separator: ".")
  }
}

/// What the catalog said of the object of a statement that runs alone.
struct Observation: Equatable, Sendable {
  /// An index of the table, or one that is left over.
  struct Index: Equatable, Sendable, Decodable {
    /// Its number, which no other index has.
    var oid: Int64
    /// Its name without the schema.
    var name: String
    /// Its name in SQL: `public.users_email`.
    var identity: String
    /// Whether queries may use it.
    var isValid: Bool
    /// Whether a session is at work on it, as far as this role may see.
    var isBuilding: Bool

    private enum CodingKeys: String, CodingKey {
      case oid, name, identity
      case isValid = "is_valid"
      case isBuilding = "is_building"
    }
  }

  /// A partition that is attached, or half detached.
  struct Partition: Equatable, Sendable, Decodable {
    /// The table's name in SQL.
    var parent: String
    /// The partition's name in SQL.
    var partition: String
    /// Whether `DETACH PARTITION ... CONCURRENTLY` has begun and not come to its end.
    var isPending: Bool

    private enum CodingKeys: String, CodingKey {
      case parent, partition
      case isPending = "is_pending"
    }
  }

  /// The document, for the journal.
  var json: String
  /// Which sort of statement it is about.
  var kind: String
  /// The name that was asked for.
  var name: String?
  /// The name that the server gives an index without one, where that is free.
  var defaultName: String?
  /// The number of the relation that bears the name; nil where there is none.
  var named: Int64?
  /// The indexes that matter.
  var indexes: [Index]
  /// The partition; nil where it is not attached.
  var partition: Partition?
  /// Whether the database, tablespace or subscription is there.
  var isThere: Bool
}

extension Observation {
  /// Reads the document of `lone_observation.sql`; nil where it is none.
  ///
  /// - Parameter json: the document, from the server or from the journal.
  init?(json: String?) {
    guard let json, let document = decodedJSON(Document.self, from: json) else { return nil }
    self.json = json
    kind = document.kind
    name = document.name
    defaultName = document.defaultName
    named = document.named
    indexes = document.indexes
    partition = document.partition
    isThere = document.isThere
  }

  private struct Document: Decodable {
    var kind: String
    var name: String?
    var defaultName: String?
    var named: Int64?
    var indexes: [Index]
    var partition: Partition?
    var isThere: Bool

    private enum CodingKeys: String, CodingKey {
      case kind, name, named, indexes, partition
      case defaultName = "default_name"
      case isThere = "is_there"
    }
  }
}
