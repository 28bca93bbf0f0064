internal import CLibPGQuery

/// What changes who may use an object, and what is said about it.
extension EffectReader {
  /// `GRANT`, `REVOKE` and `COMMENT ON`. Default privileges belong to no object.
  ///
  /// - Parameter node: The statement's node.
  mutating func readPrivileges(_ node: Node) {
    switch unsafe node.pointee.node_case {
    case PG_QUERY__NODE__NODE_GRANT_STMT:
      let statement = unsafe node.pointee.grant_stmt.pointee
      let inSchema =
        unsafe statement.targtype == PG_QUERY__GRANT_TARGET_TYPE__ACL_TARGET_ALL_IN_SCHEMA
      guard let kind = unsafe inSchema ? .schema : ObjectKind(statement.objtype) else { return }
      unsafe nodes(statement.objects, statement.n_objects).forEach { object in
        guard let object = unsafe DatabaseObject(kind, namedBy: object) else { return }
        append(.alters(object, .privileges))
      }
    case PG_QUERY__NODE__NODE_GRANT_ROLE_STMT:
      let statement = unsafe node.pointee.grant_role_stmt.pointee
      unsafe nodes(statement.granted_roles, statement.n_granted_roles).forEach { role in
        guard unsafe role.pointee.node_case == PG_QUERY__NODE__NODE_ACCESS_PRIV,
          let name = unsafe name(role.pointee.access_priv.pointee.priv_name)
        else { return }
        append(.alters(DatabaseObject(.role, name), .privileges))
      }
    case PG_QUERY__NODE__NODE_COMMENT_STMT:
      let statement = unsafe node.pointee.comment_stmt.pointee
      guard let kind = unsafe ObjectKind(statement.objtype), let named = unsafe statement.object,
        let object = unsafe DatabaseObject(kind, namedBy: named)
      else { return }
      append(.alters(object, .comment))
    default:
      break
    }
  }
}
