internal import CLibPGQuery

/// What changes the rows of tables.
extension EffectReader {
  /// `INSERT`, `UPDATE`, `DELETE`, `MERGE`, also in a `WITH`; `TRUNCATE`; `COPY ... FROM`.
  ///
  /// - Parameter node: The statement's node.
  mutating func readRows(_ node: Node) {
    switch unsafe node.pointee.node_case {
    case PG_QUERY__NODE__NODE_INSERT_STMT:
      let statement = unsafe node.pointee.insert_stmt.pointee
      unsafe changeRows(of: statement.relation, with: statement.with_clause)
    case PG_QUERY__NODE__NODE_UPDATE_STMT:
      let statement = unsafe node.pointee.update_stmt.pointee
      let columns = unsafe nodes(statement.target_list, statement.n_target_list).compactMap {
        unsafe $0.pointee.node_case == PG_QUERY__NODE__NODE_RES_TARGET
          ? text($0.pointee.res_target.pointee.name) : nil
      }
      unsafe changeRows(of: statement.relation, with: statement.with_clause, columns: columns)
    case PG_QUERY__NODE__NODE_DELETE_STMT:
      let statement = unsafe node.pointee.delete_stmt.pointee
      unsafe changeRows(of: statement.relation, with: statement.with_clause)
    case PG_QUERY__NODE__NODE_MERGE_STMT:
      let statement = unsafe node.pointee.merge_stmt.pointee
      unsafe changeRows(of: statement.relation, with: statement.with_clause)
    case PG_QUERY__NODE__NODE_SELECT_STMT:
      unsafe changeRows(of: nil, with: node.pointee.select_stmt.pointee.with_clause)
    case PG_QUERY__NODE__NODE_TRUNCATE_STMT:
      let statement = unsafe node.pointee.truncate_stmt.pointee
      unsafe nodes(statement.relations, statement.n_relations).forEach { relation in
        guard let table = unsafe DatabaseObject(.table, namedBy: relation) else { return }
        append(.alters(table, .rows(columns: nil)))
      }
    case PG_QUERY__NODE__NODE_COPY_STMT:
      let statement = unsafe node.pointee.copy_stmt.pointee
      if unsafe statement.is_from != 0 { unsafe changeRows(of: statement.relation, with: nil) }
    default:
      break
    }
  }

  private mutating func changeRows(
    of relation: UnsafeMutablePointer<PgQuery__RangeVar>?,
    with clause: UnsafeMutablePointer<PgQuery__WithClause>?, columns: [String]? = nil
  ) {
    if let clause = unsafe clause?.pointee {
      unsafe nodes(clause.ctes, clause.n_ctes).forEach { node in
        guard unsafe node.pointee.node_case == PG_QUERY__NODE__NODE_COMMON_TABLE_EXPR,
          let query = unsafe node.pointee.common_table_expr.pointee.ctequery
        else { return }
        unsafe readRows(query)
      }
    }
    guard let table = unsafe objectName(relation) else { return }
    append(.alters(DatabaseObject(.table, table), .rows(columns: columns)))
  }
}
