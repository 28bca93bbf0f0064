internal import CLibPGQuery

extension StatementKind {
  /// The kind of a statement.
  ///
  /// - Parameter node: Its node.
  init(_ node: Node) {
    if let refusal = unsafe transactionRefusal(node) {
      self = .nonTransactional(reason: refusal)
      return
    }
    switch unsafe node.pointee.node_case {
    case PG_QUERY__NODE__NODE_TRANSACTION_STMT:
      self =
        unsafe TransactionControl(node.pointee.transaction_stmt.pointee)
        .map(StatementKind.transactionControl) ?? .other
    case PG_QUERY__NODE__NODE_VARIABLE_SET_STMT:
      self = unsafe StatementKind(setting: node.pointee.variable_set_stmt.pointee)
    case PG_QUERY__NODE__NODE_SELECT_STMT:
      self = unsafe StatementKind(select: node.pointee.select_stmt.pointee)
    case PG_QUERY__NODE__NODE_COPY_STMT:
      self = unsafe StatementKind(copy: node.pointee.copy_stmt.pointee)
    case PG_QUERY__NODE__NODE_DO_STMT:
      self = .doBlock
    case PG_QUERY__NODE__NODE_INSERT_STMT, PG_QUERY__NODE__NODE_UPDATE_STMT,
      PG_QUERY__NODE__NODE_DELETE_STMT, PG_QUERY__NODE__NODE_MERGE_STMT,
      PG_QUERY__NODE__NODE_TRUNCATE_STMT, PG_QUERY__NODE__NODE_REFRESH_MAT_VIEW_STMT:
      self = .dataChange
    case PG_QUERY__NODE__NODE_VARIABLE_SHOW_STMT:
      self = .query
    case PG_QUERY__NODE__NODE_CALL_STMT, PG_QUERY__NODE__NODE_EXPLAIN_STMT,
      PG_QUERY__NODE__NODE_LOCK_STMT, PG_QUERY__NODE__NODE_VACUUM_STMT,
      PG_QUERY__NODE__NODE_NOTIFY_STMT, PG_QUERY__NODE__NODE_LISTEN_STMT,
      PG_QUERY__NODE__NODE_UNLISTEN_STMT, PG_QUERY__NODE__NODE_LOAD_STMT,
      PG_QUERY__NODE__NODE_PREPARE_STMT, PG_QUERY__NODE__NODE_EXECUTE_STMT,
      PG_QUERY__NODE__NODE_DEALLOCATE_STMT, PG_QUERY__NODE__NODE_DECLARE_CURSOR_STMT,
      PG_QUERY__NODE__NODE_CLOSE_PORTAL_STMT, PG_QUERY__NODE__NODE_FETCH_STMT,
      PG_QUERY__NODE__NODE_CHECK_POINT_STMT, PG_QUERY__NODE__NODE_CONSTRAINTS_SET_STMT,
      PG_QUERY__NODE__NODE_DISCARD_STMT, PG_QUERY__NODE__NODE_CLUSTER_STMT,
      PG_QUERY__NODE__NODE_REINDEX_STMT:
      self = .other
    default:
      self = .definition
    }
  }

  private init(copy statement: PgQuery__CopyStmt) {
    let isFrom = unsafe statement.is_from != 0
    let isOfClient = unsafe statement.is_program == 0 && text(statement.filename) == nil
    self =
      switch (isFrom, isOfClient) {
      case (true, true): .copyFromStdin
      case (false, true): .copyToStdout
      case (true, false): .dataChange
      case (false, false): .other
      }
  }

  private init(select statement: PgQuery__SelectStmt) {
    if unsafe intoClause(of: statement) != nil {
      self = .definition
    } else if let setting = unsafe StatementKind(setConfigIn: statement) {
      self = setting
    } else {
      self = unsafe changesRows(statement.with_clause) ? .dataChange : .query
    }
  }
}

/// Whether a `WITH` holds a statement that changes rows; only the outermost may.
private func changesRows(_ clause: UnsafeMutablePointer<PgQuery__WithClause>?) -> Bool {
  guard let clause = unsafe clause?.pointee else { return false }
  return unsafe nodes(clause.ctes, clause.n_ctes).contains { node in
    guard unsafe node.pointee.node_case == PG_QUERY__NODE__NODE_COMMON_TABLE_EXPR,
      let query = unsafe node.pointee.common_table_expr.pointee.ctequery
    else { return false }
    return unsafe query.pointee.node_case != PG_QUERY__NODE__NODE_SELECT_STMT
  }
}

extension TransactionControl {
  /// What a transaction statement does; nil for a kind that this grammar does not have.
  ///
  /// - Parameter statement: Its struct.
  fileprivate init?(_ statement: PgQuery__TransactionStmt) {
    let savepoint = unsafe text(statement.savepoint_name) ?? ""
    let identifier = unsafe text(statement.gid) ?? ""
    switch unsafe statement.kind {
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_BEGIN,
      PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_START:
      self = .begin
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_COMMIT: self = .commit
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_ROLLBACK: self = .rollback
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_SAVEPOINT: self = .savepoint(savepoint)
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_RELEASE: self = .release(savepoint)
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_ROLLBACK_TO: self = .rollbackTo(savepoint)
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_PREPARE:
      self = .prepareTransaction(identifier)
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_COMMIT_PREPARED:
      self = .commitPrepared(identifier)
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_ROLLBACK_PREPARED:
      self = .rollbackPrepared(identifier)
    default: return nil
    }
  }
}
