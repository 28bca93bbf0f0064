internal import SQLParsing

/// An expected object as `evidence.sql` asks for it.
struct CatalogQuestion: Equatable, Sendable {
  var number: Int
  var kind: String
  var schema: String?
  var name: String
  /// What a part belongs to: the table of a column, the type of an enum label.
  var relation: String?
  /// The types of a function's input arguments, nil in the place of one that is told by another
  /// object (`users.id%TYPE`).
  var arguments: [String?]?
  var path: [String]?

  /// A question.
  init(
    number: Int, kind: String, schema: String? = nil, name: String, relation: String? = nil,
    arguments: [String?]? = nil, path: [String]? = nil
  ) {
    self.number = number
    self.kind = kind
    self.schema = schema
    self.name = name
    self.relation = relation
    self.arguments = arguments
    self.path = path
  }

  /// Puts an object into the words of the query.
  ///
  /// - Parameters:
  ///   - number: which question it is.
  ///   - expected: the object.
  ///   - name: the name by which to look for it; nil for that of its file.
  init(number: Int, _ expected: ExpectedObject, named name: DatabaseObject? = nil) {
    let object = name ?? expected.object
    let kind =
      switch object.kind {
      case _ where expected.isAnyRelation: "relation"
      case .foreignTable: ObjectKind.table.rawValue
      case .domain: ObjectKind.type.rawValue
      case .procedure, .aggregate: ObjectKind.function.rawValue
      default: object.kind.rawValue
      }
    let isPart = object.kind.isPart
    self.init(
      number: number, kind: kind, schema: isPart ? object.owner?.schema : object.name.schema,
      name: object.name.name, relation: isPart ? object.owner?.name : nil,
      arguments: object.argumentTypes?.map { $0.hasSuffix("%TYPE") ? nil : $0 }, path: expected.path
    )
  }
}

extension CatalogQuestion: JSONObjectConvertible {
  /// Writes it as `evidence.sql` reads it.
  func write(to text: inout JSONObjectText) {
    text.member("number", number)
    text.member("kind", kind)
    text.member("schema", schema)
    text.member("name", name)
    text.member("relation", relation)
    text.member("arguments", arguments)
    text.member("path", path)
  }
}
