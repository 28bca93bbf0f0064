internal import CLibPGQuery

/// The command tag of a statement, as `CreateCommandTag` in `utility.c` has it.
///
/// - Parameter node: The statement's node.
/// - Returns: Words in upper case, such as `CREATE TABLE`.
func commandTag(_ node: Node) -> String {
  switch unsafe node.pointee.node_case {
  case PG_QUERY__NODE__NODE_SELECT_STMT:
    return unsafe intoClause(of: node.pointee.select_stmt.pointee) == nil ? "SELECT" : "SELECT INTO"
  case PG_QUERY__NODE__NODE_TRANSACTION_STMT:
    return unsafe transactionTag(node.pointee.transaction_stmt.pointee.kind)
  case PG_QUERY__NODE__NODE_VARIABLE_SET_STMT:
    let kind = unsafe node.pointee.variable_set_stmt.pointee.kind
    let isReset =
      kind == PG_QUERY__VARIABLE_SET_KIND__VAR_RESET
      || kind == PG_QUERY__VARIABLE_SET_KIND__VAR_RESET_ALL
    return isReset ? "RESET" : "SET"
  case PG_QUERY__NODE__NODE_VACUUM_STMT:
    return unsafe node.pointee.vacuum_stmt.pointee.is_vacuumcmd != 0 ? "VACUUM" : "ANALYZE"
  case PG_QUERY__NODE__NODE_DROP_STMT:
    return unsafe "DROP " + word(node.pointee.drop_stmt.pointee.remove_type)
  case PG_QUERY__NODE__NODE_DEFINE_STMT:
    return unsafe "CREATE " + word(node.pointee.define_stmt.pointee.kind)
  case PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT:
    let isTable =
      unsafe node.pointee.create_table_as_stmt.pointee.objtype
      == PG_QUERY__OBJECT_TYPE__OBJECT_TABLE
    return isTable ? "CREATE TABLE AS" : "CREATE MATERIALIZED VIEW"
  case PG_QUERY__NODE__NODE_CREATE_FUNCTION_STMT:
    let isProcedure = unsafe node.pointee.create_function_stmt.pointee.is_procedure != 0
    return isProcedure ? "CREATE PROCEDURE" : "CREATE FUNCTION"
  case PG_QUERY__NODE__NODE_ALTER_TABLE_STMT:
    return unsafe "ALTER " + word(node.pointee.alter_table_stmt.pointee.objtype)
  case PG_QUERY__NODE__NODE_RENAME_STMT:
    return unsafe renameTag(node.pointee.rename_stmt.pointee)
  case PG_QUERY__NODE__NODE_ALTER_OBJECT_SCHEMA_STMT:
    return unsafe "ALTER " + word(node.pointee.alter_object_schema_stmt.pointee.object_type)
  case PG_QUERY__NODE__NODE_ALTER_OBJECT_DEPENDS_STMT:
    return unsafe "ALTER " + word(node.pointee.alter_object_depends_stmt.pointee.object_type)
  case PG_QUERY__NODE__NODE_ALTER_OWNER_STMT:
    return unsafe "ALTER " + word(node.pointee.alter_owner_stmt.pointee.object_type)
  case PG_QUERY__NODE__NODE_ALTER_FUNCTION_STMT:
    return unsafe "ALTER " + word(node.pointee.alter_function_stmt.pointee.objtype)
  case PG_QUERY__NODE__NODE_GRANT_STMT:
    return unsafe node.pointee.grant_stmt.pointee.is_grant != 0 ? "GRANT" : "REVOKE"
  case PG_QUERY__NODE__NODE_GRANT_ROLE_STMT:
    return unsafe node.pointee.grant_role_stmt.pointee.is_grant != 0 ? "GRANT ROLE" : "REVOKE ROLE"
  case let other:
    return fixedTags[other.rawValue] ?? "???"
  }
}

private func transactionTag(_ kind: PgQuery__TransactionStmtKind) -> String {
  switch kind {
  case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_BEGIN: "BEGIN"
  case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_START: "START TRANSACTION"
  case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_COMMIT: "COMMIT"
  case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_SAVEPOINT: "SAVEPOINT"
  case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_RELEASE: "RELEASE"
  case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_PREPARE: "PREPARE TRANSACTION"
  case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_COMMIT_PREPARED: "COMMIT PREPARED"
  case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_ROLLBACK_PREPARED: "ROLLBACK PREPARED"
  default: "ROLLBACK"
  }
}

/// `ALTER TABLE ... RENAME` of a part carries the tag of what the part belongs to.
private func renameTag(_ statement: PgQuery__RenameStmt) -> String {
  switch unsafe statement.rename_type {
  case PG_QUERY__OBJECT_TYPE__OBJECT_COLUMN:
    return unsafe "ALTER " + word(statement.relation_type)
  case PG_QUERY__OBJECT_TYPE__OBJECT_TABCONSTRAINT: return "ALTER TABLE"
  case PG_QUERY__OBJECT_TYPE__OBJECT_DOMCONSTRAINT: return "ALTER DOMAIN"
  case PG_QUERY__OBJECT_TYPE__OBJECT_ATTRIBUTE: return "ALTER TYPE"
  case let type: return "ALTER " + word(type)
  }
}

/// The word for a kind of object in a tag.
private func word(_ type: PgQuery__ObjectType) -> String {
  switch ObjectKind(type) {
  case .foreignDataWrapper: "FOREIGN DATA WRAPPER"
  case let kind?: kind.rawValue.uppercased()
  case nil: "OBJECT"
  }
}
