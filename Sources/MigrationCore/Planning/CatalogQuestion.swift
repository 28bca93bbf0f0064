internal import SQLParsing

/// An expected object as `evidence.sql` asks for it.
struct CatalogQuestion: Encodable, Equatable {
  var number: Int
  var kind: String
  var schema: String?
  var name: String
  var relation: String?
  var arguments: Int?
  var path: [String]?

  /// Puts an object into the words of the query.
  init(number: Int, _ expected: ExpectedObject) {
    let object = expected.object
    self.number = number
    kind =
      switch object.kind {
      case .foreignTable: ObjectKind.table.rawValue
      case .domain: ObjectKind.type.rawValue
      default: object.kind.rawValue
      }
    name = object.name.name
    schema = object.kind == .column ? object.owner?.schema : object.name.schema
    relation = object.kind == .column ? object.owner?.name : nil
    arguments = object.argumentTypes?.count
    path = expected.path
  }
}
