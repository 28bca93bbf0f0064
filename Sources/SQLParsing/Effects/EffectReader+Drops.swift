internal import CLibPGQuery

/// What drops whole objects.
extension EffectReader {
  /// `DROP` of everything that has one.
  ///
  /// - Parameter node: The statement's node.
  mutating func readDrop(_ node: Node) {
    switch unsafe node.pointee.node_case {
    case PG_QUERY__NODE__NODE_DROP_STMT:
      unsafe drop(node.pointee.drop_stmt.pointee)
    case PG_QUERY__NODE__NODE_DROP_SUBSCRIPTION_STMT:
      let statement = unsafe node.pointee.drop_subscription_stmt.pointee
      unsafe drop(
        .subscription, name(statement.subname), ifExists: statement.missing_ok != 0,
        cascade: isCascade(statement.behavior))
    case PG_QUERY__NODE__NODE_DROP_ROLE_STMT:
      let statement = unsafe node.pointee.drop_role_stmt.pointee
      unsafe nodes(statement.roles, statement.n_roles).forEach { role in
        guard unsafe role.pointee.node_case == PG_QUERY__NODE__NODE_ROLE_SPEC else { return }
        unsafe drop(
          .role, roleName(role.pointee.role_spec), ifExists: statement.missing_ok != 0)
      }
    case PG_QUERY__NODE__NODE_DROP_USER_MAPPING_STMT:
      let statement = unsafe node.pointee.drop_user_mapping_stmt.pointee
      unsafe drop(
        .userMapping, roleName(statement.user), on: name(statement.servername),
        ifExists: statement.missing_ok != 0)
    case PG_QUERY__NODE__NODE_DROPDB_STMT:
      let statement = unsafe node.pointee.dropdb_stmt.pointee
      unsafe drop(.database, name(statement.dbname), ifExists: statement.missing_ok != 0)
    case PG_QUERY__NODE__NODE_DROP_TABLE_SPACE_STMT:
      let statement = unsafe node.pointee.drop_table_space_stmt.pointee
      unsafe drop(
        .tablespace, name(statement.tablespacename), ifExists: statement.missing_ok != 0)
    default:
      break
    }
  }

  private mutating func drop(_ statement: PgQuery__DropStmt) {
    guard let kind = unsafe ObjectKind(statement.remove_type) else { return }
    unsafe nodes(statement.objects, statement.n_objects).forEach { node in
      guard let object = unsafe DatabaseObject(kind, namedBy: node) else { return }
      append(
        .drops(
          object, ifExists: unsafe statement.missing_ok != 0,
          cascade: unsafe isCascade(statement.behavior)))
    }
  }

  private mutating func drop(
    _ kind: ObjectKind, _ name: ObjectName?, on owner: ObjectName? = nil, ifExists: Bool,
    cascade: Bool = false
  ) {
    guard let name else { return }
    append(.drops(DatabaseObject(kind, name, on: owner), ifExists: ifExists, cascade: cascade))
  }
}

/// Whether a statement says `CASCADE`.
///
/// - Parameter behavior: The field.
/// - Returns: True if it does.
func isCascade(_ behavior: PgQuery__DropBehavior) -> Bool {
  behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE
}
