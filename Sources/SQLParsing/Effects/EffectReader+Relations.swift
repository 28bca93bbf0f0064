internal import CLibPGQuery

/// What creates a relation, or a part of one.
extension EffectReader {
  /// Tables, views, indexes, sequences, and triggers, policies and rules on them.
  ///
  /// - Parameter node: The statement's node.
  mutating func readRelationCreation(_ node: Node) {
    switch unsafe node.pointee.node_case {
    case PG_QUERY__NODE__NODE_CREATE_STMT:
      unsafe createTable(.table, node.pointee.create_stmt.pointee)
    case PG_QUERY__NODE__NODE_CREATE_FOREIGN_TABLE_STMT:
      guard let table = unsafe node.pointee.create_foreign_table_stmt.pointee.base_stmt else {
        return
      }
      unsafe createTable(.foreignTable, table.pointee)
    case PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT:
      unsafe createTableAs(node.pointee.create_table_as_stmt.pointee)
    case PG_QUERY__NODE__NODE_SELECT_STMT:
      guard let into = unsafe intoClause(of: node.pointee.select_stmt.pointee) else { return }
      let table = unsafe into.pointee.rel
      unsafe create(.table, objectName(table), isTemporary: isTemporary(table))
      unsafe imply(.column, DatabaseObject.anyColumn, on: objectName(table))
    case PG_QUERY__NODE__NODE_VIEW_STMT:
      let statement = unsafe node.pointee.view_stmt.pointee
      unsafe create(
        .view, objectName(statement.view), isTemporary: isTemporary(statement.view),
        orReplace: statement.replace != 0)
    case PG_QUERY__NODE__NODE_INDEX_STMT:
      unsafe createIndex(node.pointee.index_stmt.pointee)
    case PG_QUERY__NODE__NODE_CREATE_SEQ_STMT:
      let statement = unsafe node.pointee.create_seq_stmt.pointee
      unsafe create(
        .sequence, objectName(statement.sequence), isTemporary: isTemporary(statement.sequence),
        ifNotExists: statement.if_not_exists != 0)
      unsafe readOwner(of: statement.sequence, statement.options, statement.n_options)
    default:
      unsafe readPartCreation(node)
    }
  }

  private mutating func readPartCreation(_ node: Node) {
    switch unsafe node.pointee.node_case {
    case PG_QUERY__NODE__NODE_CREATE_TRIG_STMT:
      let statement = unsafe node.pointee.create_trig_stmt.pointee
      unsafe create(
        .trigger, name(statement.trigname), on: objectName(statement.relation),
        orReplace: statement.replace != 0)
    case PG_QUERY__NODE__NODE_CREATE_POLICY_STMT:
      let statement = unsafe node.pointee.create_policy_stmt.pointee
      unsafe create(.policy, name(statement.policy_name), on: objectName(statement.table))
    case PG_QUERY__NODE__NODE_RULE_STMT:
      let statement = unsafe node.pointee.rule_stmt.pointee
      unsafe create(
        .rule, name(statement.rulename), on: objectName(statement.relation),
        orReplace: statement.replace != 0)
    default:
      break
    }
  }

  private mutating func createTable(_ kind: ObjectKind, _ statement: PgQuery__CreateStmt) {
    let table = unsafe objectName(statement.relation)
    let isTemporary = unsafe isTemporary(statement.relation)
    let ifNotExists = unsafe statement.if_not_exists != 0
    create(kind, table, isTemporary: isTemporary, ifNotExists: ifNotExists)
    let elements = unsafe nodes(statement.table_elts, statement.n_table_elts)
    unsafe createConstraints(
      among: elements, of: table, isTemporary: isTemporary, ifNotExists: ifNotExists)
    if isTemporary { return }
    let hasOthers = unsafe elements.contains {
      unsafe $0.pointee.node_case == PG_QUERY__NODE__NODE_TABLE_LIKE_CLAUSE
    }
    if unsafe hasOthers || statement.n_inh_relations > 0 || statement.of_typename != nil {
      imply(.column, DatabaseObject.anyColumn, on: table)
    }
    unsafe elements.forEach { element in
      guard unsafe element.pointee.node_case == PG_QUERY__NODE__NODE_COLUMN_DEF else { return }
      unsafe imply(.column, text(element.pointee.column_def.pointee.colname), on: table)
    }
  }

  private mutating func createTableAs(_ statement: PgQuery__CreateTableAsStmt) {
    guard let into = unsafe statement.into else { return }
    let isView = unsafe statement.objtype == PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW
    let relation = unsafe into.pointee.rel
    unsafe create(
      isView ? .materializedView : .table, objectName(relation),
      isTemporary: isTemporary(relation), ifNotExists: statement.if_not_exists != 0)
    unsafe imply(.column, DatabaseObject.anyColumn, on: objectName(relation))
  }

  private mutating func createIndex(_ statement: PgQuery__IndexStmt) {
    let table = unsafe objectName(statement.relation).map(qualified)
    guard let name = unsafe text(statement.idxname) else {
      guard let table, let name = unsafe defaultName(of: statement) else { return }
      let index = DatabaseObject(.index, ObjectName(schema: table.schema, name: name), on: table)
      append(.alters(DatabaseObject(.table, table), .addsUnnamed(index)))
      return
    }
    create(
      .index, ObjectName(schema: table?.schema, name: name), on: table,
      ifNotExists: unsafe statement.if_not_exists != 0)
  }
}

/// The `INTO` of a query, which stands in the first of the queries that `UNION` and its like join.
///
/// - Parameter statement: The query's struct.
/// - Returns: The clause; nil where there is none.
func intoClause(of statement: PgQuery__SelectStmt) -> UnsafeMutablePointer<PgQuery__IntoClause>? {
  var statement = unsafe statement
  while let first = unsafe statement.larg { unsafe statement = first.pointee }
  return unsafe statement.into_clause
}

/// A name without a schema.
///
/// - Parameter pointer: The field.
/// - Returns: The name; nil where the field is absent.
func name(_ pointer: UnsafeMutablePointer<CChar>?) -> ObjectName? {
  unsafe text(pointer).map { ObjectName(name: $0) }
}
