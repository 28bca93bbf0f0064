internal import CLibPGQuery

extension ObjectKind {
  /// The kind that a parse tree means; nil for what is no object of its own, such as a default.
  ///
  /// - Parameter type: The grammar's object type.
  init?(_ type: PgQuery__ObjectType) {
    switch type {
    case PG_QUERY__OBJECT_TYPE__OBJECT_ACCESS_METHOD: self = .accessMethod
    case PG_QUERY__OBJECT_TYPE__OBJECT_AGGREGATE: self = .aggregate
    case PG_QUERY__OBJECT_TYPE__OBJECT_ATTRIBUTE: self = .attribute
    case PG_QUERY__OBJECT_TYPE__OBJECT_CAST: self = .cast
    case PG_QUERY__OBJECT_TYPE__OBJECT_COLLATION: self = .collation
    case PG_QUERY__OBJECT_TYPE__OBJECT_COLUMN: self = .column
    case PG_QUERY__OBJECT_TYPE__OBJECT_CONVERSION: self = .conversion
    case PG_QUERY__OBJECT_TYPE__OBJECT_DATABASE: self = .database
    case PG_QUERY__OBJECT_TYPE__OBJECT_DOMAIN: self = .domain
    case PG_QUERY__OBJECT_TYPE__OBJECT_DOMCONSTRAINT: self = .constraint
    case PG_QUERY__OBJECT_TYPE__OBJECT_EVENT_TRIGGER: self = .eventTrigger
    case PG_QUERY__OBJECT_TYPE__OBJECT_EXTENSION: self = .extension
    case PG_QUERY__OBJECT_TYPE__OBJECT_FDW: self = .foreignDataWrapper
    case PG_QUERY__OBJECT_TYPE__OBJECT_FOREIGN_SERVER: self = .server
    case PG_QUERY__OBJECT_TYPE__OBJECT_FOREIGN_TABLE: self = .foreignTable
    case PG_QUERY__OBJECT_TYPE__OBJECT_FUNCTION: self = .function
    case PG_QUERY__OBJECT_TYPE__OBJECT_INDEX: self = .index
    case PG_QUERY__OBJECT_TYPE__OBJECT_LANGUAGE: self = .language
    case PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW: self = .materializedView
    case PG_QUERY__OBJECT_TYPE__OBJECT_OPCLASS: self = .operatorClass
    case PG_QUERY__OBJECT_TYPE__OBJECT_OPERATOR: self = .operator
    case PG_QUERY__OBJECT_TYPE__OBJECT_OPFAMILY: self = .operatorFamily
    case PG_QUERY__OBJECT_TYPE__OBJECT_POLICY: self = .policy
    case PG_QUERY__OBJECT_TYPE__OBJECT_PROCEDURE: self = .procedure
    case PG_QUERY__OBJECT_TYPE__OBJECT_PUBLICATION: self = .publication
    case PG_QUERY__OBJECT_TYPE__OBJECT_ROLE: self = .role
    case PG_QUERY__OBJECT_TYPE__OBJECT_ROUTINE: self = .routine
    case PG_QUERY__OBJECT_TYPE__OBJECT_RULE: self = .rule
    case PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA: self = .schema
    case PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE: self = .sequence
    case PG_QUERY__OBJECT_TYPE__OBJECT_STATISTIC_EXT: self = .statistics
    case PG_QUERY__OBJECT_TYPE__OBJECT_SUBSCRIPTION: self = .subscription
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABCONSTRAINT: self = .constraint
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE: self = .table
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABLESPACE: self = .tablespace
    case PG_QUERY__OBJECT_TYPE__OBJECT_TRANSFORM: self = .transform
    case PG_QUERY__OBJECT_TYPE__OBJECT_TRIGGER: self = .trigger
    case PG_QUERY__OBJECT_TYPE__OBJECT_TSCONFIGURATION: self = .textSearchConfiguration
    case PG_QUERY__OBJECT_TYPE__OBJECT_TSDICTIONARY: self = .textSearchDictionary
    case PG_QUERY__OBJECT_TYPE__OBJECT_TSPARSER: self = .textSearchParser
    case PG_QUERY__OBJECT_TYPE__OBJECT_TSTEMPLATE: self = .textSearchTemplate
    case PG_QUERY__OBJECT_TYPE__OBJECT_TYPE: self = .type
    case PG_QUERY__OBJECT_TYPE__OBJECT_USER_MAPPING: self = .userMapping
    case PG_QUERY__OBJECT_TYPE__OBJECT_VIEW: self = .view
    default: return nil
    }
  }
}
