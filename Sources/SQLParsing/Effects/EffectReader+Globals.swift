internal import CLibPGQuery

/// What creates an object of the database or the cluster that stands in no schema.
extension EffectReader {
  /// Extensions, event triggers, publications, servers, roles and more.
  ///
  /// - Parameter node: The statement's node.
  mutating func readGlobalCreation(_ node: Node) {
    switch unsafe node.pointee.node_case {
    case PG_QUERY__NODE__NODE_CREATE_EXTENSION_STMT:
      let statement = unsafe node.pointee.create_extension_stmt.pointee
      unsafe create(
        .extension, name(statement.extname), ifNotExists: statement.if_not_exists != 0)
    case PG_QUERY__NODE__NODE_CREATE_EVENT_TRIG_STMT:
      unsafe create(.eventTrigger, name(node.pointee.create_event_trig_stmt.pointee.trigname))
    case PG_QUERY__NODE__NODE_CREATE_PUBLICATION_STMT:
      unsafe create(.publication, name(node.pointee.create_publication_stmt.pointee.pubname))
    case PG_QUERY__NODE__NODE_CREATE_SUBSCRIPTION_STMT:
      unsafe create(.subscription, name(node.pointee.create_subscription_stmt.pointee.subname))
    case PG_QUERY__NODE__NODE_CREATE_FDW_STMT:
      unsafe create(.foreignDataWrapper, name(node.pointee.create_fdw_stmt.pointee.fdwname))
    case PG_QUERY__NODE__NODE_CREATE_FOREIGN_SERVER_STMT:
      let statement = unsafe node.pointee.create_foreign_server_stmt.pointee
      unsafe create(
        .server, name(statement.servername), ifNotExists: statement.if_not_exists != 0)
    case PG_QUERY__NODE__NODE_CREATE_USER_MAPPING_STMT:
      let statement = unsafe node.pointee.create_user_mapping_stmt.pointee
      unsafe create(
        .userMapping, roleName(statement.user), on: name(statement.servername),
        ifNotExists: statement.if_not_exists != 0)
    case PG_QUERY__NODE__NODE_CREATE_PLANG_STMT:
      let statement = unsafe node.pointee.create_plang_stmt.pointee
      unsafe create(.language, name(statement.plname), orReplace: statement.replace != 0)
    case PG_QUERY__NODE__NODE_CREATE_AM_STMT:
      unsafe create(.accessMethod, name(node.pointee.create_am_stmt.pointee.amname))
    case PG_QUERY__NODE__NODE_CREATE_CAST_STMT:
      let statement = unsafe node.pointee.create_cast_stmt.pointee
      unsafe create(.cast, castName(statement.sourcetype, statement.targettype))
    case PG_QUERY__NODE__NODE_CREATE_TRANSFORM_STMT:
      let statement = unsafe node.pointee.create_transform_stmt.pointee
      unsafe create(
        .transform, transformName(statement.type_name, language: text(statement.lang)),
        orReplace: statement.replace != 0)
    case PG_QUERY__NODE__NODE_CREATE_ROLE_STMT:
      unsafe create(.role, name(node.pointee.create_role_stmt.pointee.role))
    case PG_QUERY__NODE__NODE_CREATEDB_STMT:
      unsafe create(.database, name(node.pointee.createdb_stmt.pointee.dbname))
    case PG_QUERY__NODE__NODE_CREATE_TABLE_SPACE_STMT:
      unsafe create(
        .tablespace, name(node.pointee.create_table_space_stmt.pointee.tablespacename))
    default:
      break
    }
  }
}

/// A role as a statement names it.
///
/// - Parameter role: The field.
/// - Returns: The name, or the key word in lower case; nil where the field is absent.
func roleName(_ role: UnsafeMutablePointer<PgQuery__RoleSpec>?) -> ObjectName? {
  guard let role = unsafe role?.pointee else { return nil }
  switch unsafe role.roletype {
  case PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_CURRENT_ROLE: return ObjectName(name: "current_role")
  case PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_CURRENT_USER: return ObjectName(name: "current_user")
  case PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_SESSION_USER: return ObjectName(name: "session_user")
  case PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_PUBLIC: return ObjectName(name: "public")
  default: return unsafe name(role.rolename)
  }
}

/// What a cast is called in messages: `text AS integer`.
///
/// - Parameters:
///   - source: The type to cast from.
///   - target: The type to cast to.
/// - Returns: The name; nil where a field is absent.
func castName(
  _ source: UnsafeMutablePointer<PgQuery__TypeName>?,
  _ target: UnsafeMutablePointer<PgQuery__TypeName>?
) -> ObjectName? {
  guard let source = unsafe typeName(source), let target = unsafe typeName(target) else {
    return nil
  }
  return ObjectName(name: "\(source) AS \(target)")
}

/// What a transform is called in messages: `FOR hstore LANGUAGE plperl`.
///
/// - Parameters:
///   - type: The type.
///   - language: The language.
/// - Returns: The name; nil where a field is absent.
func transformName(
  _ type: UnsafeMutablePointer<PgQuery__TypeName>?, language: String?
) -> ObjectName? {
  guard let type = unsafe typeName(type), let language else { return nil }
  return ObjectName(name: "FOR \(type) LANGUAGE \(language)")
}
