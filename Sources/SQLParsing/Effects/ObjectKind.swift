/// What an object is. Raw values are PostgreSQL's words for it, in lower case.
package enum ObjectKind: String, Hashable, Sendable, CaseIterable {
  case accessMethod = "access method"
  case aggregate
  case attribute
  case cast
  case collation
  case column
  case constraint
  case conversion
  case database
  case domain
  case enumLabel = "enum label"
  case eventTrigger = "event trigger"
  case `extension`
  case foreignDataWrapper = "foreign-data wrapper"
  case foreignTable = "foreign table"
  case function
  case index
  case language
  case materializedView = "materialized view"
  case `operator`
  case operatorClass = "operator class"
  case operatorFamily = "operator family"
  case policy
  case procedure
  case publication
  case role
  case routine
  case rule
  case schema
  case sequence
  case server
  case statistics
  case subscription
  case table
  case tablespace
  case textSearchConfiguration = "text search configuration"
  case textSearchDictionary = "text search dictionary"
  case textSearchParser = "text search parser"
  case textSearchTemplate = "text search template"
  case transform
  case trigger
  case type
  case userMapping = "user mapping"
  case view

  /// Whether it has a row in `pg_class`: such objects share one set of names in a schema.
  package var isRelation: Bool {
    switch self {
    case .table, .foreignTable, .view, .materializedView, .index, .sequence: true
    default: false
    }
  }

  /// Whether an object of this kind stands in a schema of its own right.
  package var hasSchema: Bool {
    switch self {
    case .aggregate, .collation, .conversion, .domain, .foreignTable, .function, .index,
      .materializedView, .operator, .operatorClass, .operatorFamily, .procedure, .routine,
      .sequence, .statistics, .table, .textSearchConfiguration, .textSearchDictionary,
      .textSearchParser, .textSearchTemplate, .type, .view:
      true
    default:
      false
    }
  }

  /// Whether it has a row in `pg_proc`.
  package var isRoutine: Bool {
    switch self {
    case .function, .procedure, .aggregate, .routine: true
    default: false
    }
  }

  /// Whether it has a row in `pg_type` of its own making.
  package var isType: Bool {
    self == .type || self == .domain
  }
}

extension ObjectKind: CustomStringConvertible {
  /// The word for messages: `table`, `materialized view`.
  package var description: String { rawValue }
}
