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
  /// Both by number, where they were seen before: then names are not looked up.
  var relationNumber: Int64?
  var ownerNumber: Int64?
  /// The statements that set the roles which the statement runs under; kept for the answer.
  var roles: [String] = []

  /// The question that an observation answered, about the same objects: whatever their names mean since.
  ///
  /// - Parameter observation: the observation; nil is returned where it is of no object.
  init?(again observation: Observation) {
    guard !observation.kind.isEmpty else { return nil }
    self.init(
      kind: observation.kind, name: observation.name, defaultName: observation.defaultName)
    relationNumber = observation.relation
    ownerNumber = observation.owner
    roles = observation.roles
  }

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
    text.member("relation_number", relationNumber.map(String.init))
    text.member("owner_number", ownerNumber.map(String.init))
    text.member("roles", roles.isEmpty ? nil : roles)
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
  struct Index: Equatable, Sendable, Codable {
    /// Its number, which no other index has.
    var oid: Int64
    /// Its name without the schema.
    var name: String
    /// Its name in SQL: `public.users_email`.
    var identity: String
    /// Whether queries may use it.
    var isValid: Bool
    /// Whether a session is at work on it, or may be.
    var isBuilding: Bool
    /// The statement that makes it, in the server's words.
    var definition: String?

    private enum CodingKeys: String, CodingKey {
      case oid, name, identity, definition
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
  /// The number of the relation that was asked about, and of what it is a part of: names may mean
  /// others since.
  var relation: Int64? = nil
  var owner: Int64? = nil
  /// The roles that the statement ran under: the statements that set them, in their order.
  var roles: [String] = []
  /// What the statement had left when it failed, noted then; nil where that is not known. Of what runs in
  /// a transaction, and of what failed before it did anything, that is nothing.
  var left: [Index]? = nil
}

extension Observation {
  /// Reads the document of `lone_observation.sql`; nil where it is none.
  ///
  /// - Parameter json: the document, from the server or from the journal.
  init?(json: String?) {
    guard let json, let document = decodedJSON(Document.self, from: json),
      document.kind != nil || document.left != nil
    else { return nil }
    self.json = json
    kind = document.kind ?? ""
    name = document.name
    defaultName = document.defaultName
    named = document.named
    indexes = document.indexes ?? []
    partition = document.partition
    isThere = document.isThere ?? false
    relation = document.relation
    owner = document.owner
    roles = document.roles ?? []
    left = document.left
  }

  private struct Document: Decodable {
    // Of a statement that the catalog does not tell of there is no more than what it left.
    var kind: String?
    var name: String?
    var defaultName: String?
    var named: Int64?
    var indexes: [Index]?
    var partition: Partition?
    var isThere: Bool?
    var relation: Int64?
    var owner: Int64?
    var roles: [String]?
    var left: [Index]?

    private enum CodingKeys: String, CodingKey {
      case kind, name, named, indexes, partition, relation, owner, roles, left
      case defaultName = "default_name"
      case isThere = "is_there"
    }
  }
}
