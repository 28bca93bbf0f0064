internal import CLibPGQuery

/// Why PostgreSQL refuses a statement in a transaction block.
///
/// These are the callers of `PreventInTransactionBlock` in PostgreSQL 15, as far as the statement's
/// text decides. Not told by the text: `REINDEX` and `CLUSTER` of a partitioned table.
/// `DROP SUBSCRIPTION` counts as refused, though it is not after
/// `ALTER SUBSCRIPTION ... SET (slot_name = NONE)`.
///
/// - Parameter node: The statement's node.
/// - Returns: The server's sentence, such as `VACUUM cannot run inside a transaction block`; nil
///   where it is not refused.
func transactionRefusal(_ node: Node) -> String? {
  unsafe commandOutsideTransactions(node).map { "\($0) cannot run inside a transaction block" }
}

private func commandOutsideTransactions(_ node: Node) -> String? {
  switch unsafe node.pointee.node_case {
  case PG_QUERY__NODE__NODE_INDEX_STMT:
    return unsafe node.pointee.index_stmt.pointee.concurrent != 0
      ? "CREATE INDEX CONCURRENTLY" : nil
  case PG_QUERY__NODE__NODE_DROP_STMT:
    return unsafe node.pointee.drop_stmt.pointee.concurrent != 0 ? "DROP INDEX CONCURRENTLY" : nil
  case PG_QUERY__NODE__NODE_REINDEX_STMT:
    return unsafe reindex(node.pointee.reindex_stmt.pointee)
  case PG_QUERY__NODE__NODE_VACUUM_STMT:
    return unsafe node.pointee.vacuum_stmt.pointee.is_vacuumcmd != 0 ? "VACUUM" : nil
  case PG_QUERY__NODE__NODE_CLUSTER_STMT:
    return unsafe node.pointee.cluster_stmt.pointee.relation == nil ? "CLUSTER" : nil
  case PG_QUERY__NODE__NODE_CREATEDB_STMT: return "CREATE DATABASE"
  case PG_QUERY__NODE__NODE_DROPDB_STMT: return "DROP DATABASE"
  case PG_QUERY__NODE__NODE_ALTER_DATABASE_STMT:
    return unsafe alterDatabase(node.pointee.alter_database_stmt.pointee)
  case PG_QUERY__NODE__NODE_CREATE_TABLE_SPACE_STMT: return "CREATE TABLESPACE"
  case PG_QUERY__NODE__NODE_DROP_TABLE_SPACE_STMT: return "DROP TABLESPACE"
  case PG_QUERY__NODE__NODE_ALTER_SYSTEM_STMT: return "ALTER SYSTEM"
  case PG_QUERY__NODE__NODE_DISCARD_STMT:
    let target = unsafe node.pointee.discard_stmt.pointee.target
    return target == PG_QUERY__DISCARD_MODE__DISCARD_ALL ? "DISCARD ALL" : nil
  case PG_QUERY__NODE__NODE_ALTER_TABLE_STMT:
    return unsafe alterTable(node.pointee.alter_table_stmt.pointee)
  case PG_QUERY__NODE__NODE_CREATE_SUBSCRIPTION_STMT:
    return unsafe createSubscription(node.pointee.create_subscription_stmt.pointee)
  case PG_QUERY__NODE__NODE_ALTER_SUBSCRIPTION_STMT:
    return unsafe alterSubscription(node.pointee.alter_subscription_stmt.pointee)
  case PG_QUERY__NODE__NODE_DROP_SUBSCRIPTION_STMT: return "DROP SUBSCRIPTION"
  default: return nil
  }
}

private func reindex(_ statement: PgQuery__ReindexStmt) -> String? {
  if unsafe flag("concurrently", statement.params, statement.n_params) == true {
    return "REINDEX CONCURRENTLY"
  }
  switch unsafe statement.kind {
  case PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_SCHEMA: return "REINDEX SCHEMA"
  case PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_SYSTEM: return "REINDEX SYSTEM"
  case PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_DATABASE: return "REINDEX DATABASE"
  default: return nil
  }
}

private func alterDatabase(_ statement: PgQuery__AlterDatabaseStmt) -> String? {
  let movesIt = unsafe options(statement.options, statement.n_options).contains {
    unsafe text($0.pointee.defname) == "tablespace"
  }
  return movesIt ? "ALTER DATABASE SET TABLESPACE" : nil
}

private func alterTable(_ statement: PgQuery__AlterTableStmt) -> String? {
  let detaches = unsafe nodes(statement.cmds, statement.n_cmds).contains { node in
    guard unsafe node.pointee.node_case == PG_QUERY__NODE__NODE_ALTER_TABLE_CMD,
      let command = unsafe node.pointee.alter_table_cmd,
      unsafe command.pointee.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_DetachPartition,
      let definition = unsafe command.pointee.def,
      unsafe definition.pointee.node_case == PG_QUERY__NODE__NODE_PARTITION_CMD
    else { return false }
    return unsafe definition.pointee.partition_cmd.pointee.concurrent != 0
  }
  return detaches ? "ALTER TABLE ... DETACH CONCURRENTLY" : nil
}

/// It makes a slot on the other server unless `create_slot` or `connect` says no.
private func createSubscription(_ statement: PgQuery__CreateSubscriptionStmt) -> String? {
  let connects = unsafe flag("connect", statement.options, statement.n_options) ?? true
  let createsSlot =
    unsafe flag("create_slot", statement.options, statement.n_options) ?? connects
  return createsSlot ? "CREATE SUBSCRIPTION ... WITH (create_slot = true)" : nil
}

/// It asks the other server for its tables unless `refresh` says no.
private func alterSubscription(_ statement: PgQuery__AlterSubscriptionStmt) -> String? {
  switch unsafe statement.kind {
  case PG_QUERY__ALTER_SUBSCRIPTION_TYPE__ALTER_SUBSCRIPTION_REFRESH:
    return "ALTER SUBSCRIPTION ... REFRESH"
  case PG_QUERY__ALTER_SUBSCRIPTION_TYPE__ALTER_SUBSCRIPTION_SET_PUBLICATION,
    PG_QUERY__ALTER_SUBSCRIPTION_TYPE__ALTER_SUBSCRIPTION_ADD_PUBLICATION,
    PG_QUERY__ALTER_SUBSCRIPTION_TYPE__ALTER_SUBSCRIPTION_DROP_PUBLICATION:
    let refreshes = unsafe flag("refresh", statement.options, statement.n_options) ?? true
    return refreshes ? "ALTER SUBSCRIPTION with refresh" : nil
  default:
    return nil
  }
}
