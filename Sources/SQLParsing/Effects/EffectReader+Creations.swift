internal import CLibPGQuery

/// What creates an object in a schema that is no relation, or a schema.
extension EffectReader {
  /// Schemas, routines, types, domains, operators, text search objects and more.
  ///
  /// - Parameter node: The statement's node.
  mutating func readCreation(_ node: Node) {
    switch unsafe node.pointee.node_case {
    case PG_QUERY__NODE__NODE_CREATE_SCHEMA_STMT:
      unsafe createSchema(node.pointee.create_schema_stmt.pointee)
    case PG_QUERY__NODE__NODE_CREATE_FUNCTION_STMT:
      unsafe createRoutine(node.pointee.create_function_stmt.pointee)
    case PG_QUERY__NODE__NODE_DEFINE_STMT:
      unsafe define(node.pointee.define_stmt.pointee)
    case PG_QUERY__NODE__NODE_COMPOSITE_TYPE_STMT:
      unsafe create(.type, objectName(node.pointee.composite_type_stmt.pointee.typevar))
    case PG_QUERY__NODE__NODE_CREATE_ENUM_STMT:
      let statement = unsafe node.pointee.create_enum_stmt.pointee
      let type = unsafe objectName(strings(statement.type_name, statement.n_type_name))
      create(.type, type)
      unsafe strings(statement.vals, statement.n_vals).forEach { imply(.enumLabel, $0, on: type) }
    case PG_QUERY__NODE__NODE_CREATE_RANGE_STMT:
      let statement = unsafe node.pointee.create_range_stmt.pointee
      unsafe create(.type, objectName(strings(statement.type_name, statement.n_type_name)))
    case PG_QUERY__NODE__NODE_CREATE_DOMAIN_STMT:
      let statement = unsafe node.pointee.create_domain_stmt.pointee
      let domain = unsafe objectName(strings(statement.domainname, statement.n_domainname))
      create(.domain, domain)
      unsafe createConstraints(
        among: nodes(statement.constraints, statement.n_constraints), of: domain, isDomain: true)
    case PG_QUERY__NODE__NODE_CREATE_STATS_STMT:
      let statement = unsafe node.pointee.create_stats_stmt.pointee
      unsafe create(
        .statistics, objectName(strings(statement.defnames, statement.n_defnames)),
        on: nodes(statement.relations, statement.n_relations).first.flatMap {
          unsafe DatabaseObject(.table, namedBy: $0)?.name
        },
        ifNotExists: statement.if_not_exists != 0)
    case PG_QUERY__NODE__NODE_CREATE_CONVERSION_STMT:
      let statement = unsafe node.pointee.create_conversion_stmt.pointee
      unsafe create(
        .conversion, objectName(strings(statement.conversion_name, statement.n_conversion_name)))
    case PG_QUERY__NODE__NODE_CREATE_OP_CLASS_STMT:
      let statement = unsafe node.pointee.create_op_class_stmt.pointee
      unsafe create(
        .operatorClass, objectName(strings(statement.opclassname, statement.n_opclassname)))
    case PG_QUERY__NODE__NODE_CREATE_OP_FAMILY_STMT:
      let statement = unsafe node.pointee.create_op_family_stmt.pointee
      unsafe create(
        .operatorFamily, objectName(strings(statement.opfamilyname, statement.n_opfamilyname)))
    default:
      break
    }
  }

  /// `CREATE SCHEMA AUTHORIZATION role` names the schema after the role.
  private mutating func createSchema(_ statement: PgQuery__CreateSchemaStmt) {
    let role = unsafe statement.authrole.flatMap { unsafe text($0.pointee.rolename) }
    guard let schema = unsafe text(statement.schemaname) ?? role else { return }
    create(
      .schema, ObjectName(name: schema), ifNotExists: unsafe statement.if_not_exists != 0)
    unsafe read(nodes(statement.schema_elts, statement.n_schema_elts), in: schema)
  }

  private mutating func createRoutine(_ statement: PgQuery__CreateFunctionStmt) {
    unsafe create(
      statement.is_procedure != 0 ? .procedure : .function,
      objectName(strings(statement.funcname, statement.n_funcname)),
      argumentTypes: inputTypes(statement.parameters, statement.n_parameters),
      orReplace: statement.replace != 0)
  }

  /// `CREATE AGGREGATE`, `OPERATOR`, `TYPE` (base and shell), `COLLATION`, `TEXT SEARCH ...`
  private mutating func define(_ statement: PgQuery__DefineStmt) {
    guard let kind = unsafe ObjectKind(statement.kind) else { return }
    unsafe create(
      kind, objectName(strings(statement.defnames, statement.n_defnames)),
      argumentTypes: kind == .aggregate
        ? aggregatedTypes(statement) : kind == .operator ? operandTypes(statement) : nil,
      ifNotExists: statement.if_not_exists != 0, orReplace: statement.replace != 0)
  }
}

/// The types on both sides of an operator, `NONE` for a side that has none.
private func operandTypes(_ statement: PgQuery__DefineStmt) -> [String] {
  ["leftarg", "rightarg"].map { side in
    let option = unsafe options(statement.definition, statement.n_definition).first {
      unsafe text($0.pointee.defname)?.lowercased() == side
    }
    guard let type = unsafe option?.pointee.arg,
      unsafe type.pointee.node_case == PG_QUERY__NODE__NODE_TYPE_NAME
    else { return "NONE" }
    return unsafe typeName(type.pointee.type_name) ?? "NONE"
  }
}

/// The types of an aggregate's arguments, in the syntax of today and in that before 8.2.
private func aggregatedTypes(_ statement: PgQuery__DefineStmt) -> [String]? {
  if unsafe statement.oldstyle != 0 {
    let base = unsafe options(statement.definition, statement.n_definition).first {
      unsafe text($0.pointee.defname)?.lowercased() == "basetype"
    }
    guard let type = unsafe base?.pointee.arg else { return nil }
    if unsafe string(type)?.lowercased() == "any" { return [] }
    guard unsafe type.pointee.node_case == PG_QUERY__NODE__NODE_TYPE_NAME else { return nil }
    return unsafe typeName(type.pointee.type_name).map { $0.lowercased() == "\"any\"" ? [] : [$0] }
  }
  guard let arguments = unsafe nodes(statement.args, statement.n_args).first,
    unsafe arguments.pointee.node_case == PG_QUERY__NODE__NODE_LIST
  else { return [] }
  let list = unsafe arguments.pointee.list.pointee
  return unsafe inputTypes(list.items, list.n_items)
}
