internal import CLibPGQuery

/// Collects the objects that a statement refers to: tables of queries and foreign keys, types of
/// columns, functions of triggers and expressions, schemas of qualified names, roles.
///
/// What stands in a string is not seen, such as the body of a function, but for the sequence of a
/// `nextval` and what is cast to `regclass`. Kinds are as the text tells them: any relation is a
/// table, any type a type, any routine a function without arguments.
struct NeedReader {
  private var needs: [DatabaseObject] = []
  private var seen: Set<DatabaseObject> = []
  /// The names that `WITH` gives to queries: no tables.
  private var queryNames: Set<String> = []
  /// Whether the statement is of a kind that writes functions as types do (`CREATE AGGREGATE`).
  private var isDefinition = false

  /// The objects that a statement needs and does not create.
  ///
  /// - Parameters:
  ///   - node: The statement's node.
  ///   - effects: What it does.
  /// - Returns: Each once, in the order of the tree.
  static func needs(of node: Node, effects: [ObjectEffect]) -> [DatabaseObject] {
    var reader = NeedReader()
    unsafe walk(node) { message, type in
      unsafe reader.visit(message, type)
      return true
    }
    let created = Set(
      effects.compactMap { effect -> ObjectName? in
        guard case .creates(let object, _, _, _) = effect, object.owner == nil else { return nil }
        return object.name
      })
    return reader.needs.filter { need in
      !created.contains(need.name)
        && !(need.name.schema == nil && reader.queryNames.contains(need.name.name))
    }
  }

  private mutating func visit(_ message: Message, _ type: String) {
    switch type {
    case "RangeVar":
      add(.table, unsafe objectName(message.assuming(PgQuery__RangeVar.self)))
    case "TypeName":
      let name = unsafe message.assuming(PgQuery__TypeName.self).pointee
      var parts = unsafe strings(name.names, name.n_names)
      if unsafe name.pct_type != 0 {
        parts.removeLast()
        add(.table, objectName(parts))
      } else {
        add(.type, objectName(parts))
        if isDefinition { add(.function, objectName(parts)) }
      }
    case "FuncCall":
      let call = unsafe message.assuming(PgQuery__FuncCall.self).pointee
      add(.function, unsafe objectName(strings(call.funcname, call.n_funcname)))
      if unsafe strings(call.funcname, call.n_funcname).last == "nextval" {
        unsafe addRelation(quotedIn: nodes(call.args, call.n_args).first)
      }
    case "TypeCast":
      let cast = unsafe message.assuming(PgQuery__TypeCast.self).pointee
      if unsafe typeName(cast.type_name) == "regclass" { unsafe addRelation(quotedIn: cast.arg) }
    case "CommonTableExpr":
      if let name = unsafe text(message.assuming(PgQuery__CommonTableExpr.self).pointee.ctename) {
        queryNames.insert(name)
      }
    case "RoleSpec":
      let role = unsafe message.assuming(PgQuery__RoleSpec.self)
      if unsafe role.pointee.roletype == PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_CSTRING {
        add(.role, unsafe name(role.pointee.rolename))
      }
    case "DefineStmt":
      isDefinition = true
    default:
      unsafe visitNamedParts(message, type)
    }
  }

  /// Messages that name other objects by plain strings.
  private mutating func visitNamedParts(_ message: Message, _ type: String) {
    switch type {
    case "ObjectWithArgs":
      let routine = unsafe message.assuming(PgQuery__ObjectWithArgs.self).pointee
      add(.function, unsafe objectName(strings(routine.objname, routine.n_objname)))
    case "CreateTrigStmt":
      let trigger = unsafe message.assuming(PgQuery__CreateTrigStmt.self).pointee
      add(.function, unsafe objectName(strings(trigger.funcname, trigger.n_funcname)))
    case "CreateEventTrigStmt":
      let trigger = unsafe message.assuming(PgQuery__CreateEventTrigStmt.self).pointee
      add(.function, unsafe objectName(strings(trigger.funcname, trigger.n_funcname)))
    case "CollateClause":
      let clause = unsafe message.assuming(PgQuery__CollateClause.self).pointee
      add(.collation, unsafe objectName(strings(clause.collname, clause.n_collname)))
    case "CreateForeignTableStmt":
      let table = unsafe message.assuming(PgQuery__CreateForeignTableStmt.self).pointee
      add(.server, unsafe name(table.servername))
    case "CreateForeignServerStmt":
      let server = unsafe message.assuming(PgQuery__CreateForeignServerStmt.self).pointee
      add(.foreignDataWrapper, unsafe name(server.fdwname))
    case "CreateUserMappingStmt":
      let mapping = unsafe message.assuming(PgQuery__CreateUserMappingStmt.self).pointee
      add(.server, unsafe name(mapping.servername))
    case "AlterObjectSchemaStmt":
      let move = unsafe message.assuming(PgQuery__AlterObjectSchemaStmt.self).pointee
      add(.schema, unsafe name(move.newschema))
    default:
      break
    }
  }

  /// The relation that a constant names: `nextval('app.users_id_seq')`.
  private mutating func addRelation(quotedIn node: Node?) {
    guard let node = unsafe node else { return }
    if unsafe node.pointee.node_case == PG_QUERY__NODE__NODE_TYPE_CAST {
      return unsafe addRelation(quotedIn: node.pointee.type_cast.pointee.arg)
    }
    guard let text = unsafe string(node) else { return }
    add(.table, objectName(identifiers(in: text)))
  }

  private mutating func add(_ kind: ObjectKind, _ name: ObjectName?) {
    guard let name, name.schema != "pg_catalog", name.schema != "pg_temp" else { return }
    let object = DatabaseObject(kind, name)
    if seen.insert(object).inserted { needs.append(object) }
    if let schema = name.schema { add(.schema, ObjectName(name: schema)) }
  }
}
