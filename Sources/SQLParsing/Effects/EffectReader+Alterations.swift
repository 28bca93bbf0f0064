internal import CLibPGQuery

/// What renames, moves or alters an object, tables' own commands aside.
extension EffectReader {
  /// `ALTER ... RENAME`, `SET SCHEMA`, `OWNER TO`, and `ALTER` of routines, types and more.
  ///
  /// - Parameter node: The statement's node.
  mutating func readAlteration(_ node: Node) {
    switch unsafe node.pointee.node_case {
    case PG_QUERY__NODE__NODE_RENAME_STMT:
      unsafe rename(node.pointee.rename_stmt.pointee)
    case PG_QUERY__NODE__NODE_ALTER_OBJECT_SCHEMA_STMT:
      unsafe move(node.pointee.alter_object_schema_stmt.pointee)
    case PG_QUERY__NODE__NODE_ALTER_OWNER_STMT:
      let statement = unsafe node.pointee.alter_owner_stmt.pointee
      unsafe alter(
        object(statement.object_type, relation: statement.relation, named: statement.object),
        .owner)
    case PG_QUERY__NODE__NODE_ALTER_FUNCTION_STMT:
      let statement = unsafe node.pointee.alter_function_stmt.pointee
      guard let kind = unsafe ObjectKind(statement.objtype),
        let routine = unsafe statement.func?.pointee,
        let name = unsafe objectName(strings(routine.objname, routine.n_objname))
      else { return }
      alter(DatabaseObject(kind, name, argumentTypes: unsafe argumentTypes(routine)), .settings)
    case PG_QUERY__NODE__NODE_ALTER_ENUM_STMT:
      unsafe alterEnum(node.pointee.alter_enum_stmt.pointee)
    case PG_QUERY__NODE__NODE_ALTER_TYPE_STMT:
      let statement = unsafe node.pointee.alter_type_stmt.pointee
      unsafe alter(.type, objectName(strings(statement.type_name, statement.n_type_name)))
    case PG_QUERY__NODE__NODE_ALTER_DOMAIN_STMT:
      unsafe alterDomain(node.pointee.alter_domain_stmt.pointee)
    case PG_QUERY__NODE__NODE_ALTER_SEQ_STMT:
      let statement = unsafe node.pointee.alter_seq_stmt.pointee
      let ownsOnly = unsafe readOwner(
        of: statement.sequence, statement.options, statement.n_options)
      if !ownsOnly { unsafe alter(.sequence, objectName(statement.sequence)) }
    case PG_QUERY__NODE__NODE_ALTER_POLICY_STMT:
      let statement = unsafe node.pointee.alter_policy_stmt.pointee
      unsafe alter(.policy, name(statement.policy_name), on: objectName(statement.table))
    case PG_QUERY__NODE__NODE_ALTER_STATS_STMT:
      let statement = unsafe node.pointee.alter_stats_stmt.pointee
      unsafe alter(.statistics, objectName(strings(statement.defnames, statement.n_defnames)))
    default:
      unsafe readGlobalAlteration(node)
    }
  }

  private mutating func readGlobalAlteration(_ node: Node) {
    switch unsafe node.pointee.node_case {
    case PG_QUERY__NODE__NODE_ALTER_EXTENSION_STMT:
      unsafe alter(.extension, name(node.pointee.alter_extension_stmt.pointee.extname))
    case PG_QUERY__NODE__NODE_ALTER_PUBLICATION_STMT:
      unsafe alterPublication(node.pointee.alter_publication_stmt.pointee)
    case PG_QUERY__NODE__NODE_ALTER_SUBSCRIPTION_STMT:
      unsafe alter(.subscription, name(node.pointee.alter_subscription_stmt.pointee.subname))
    case PG_QUERY__NODE__NODE_ALTER_FOREIGN_SERVER_STMT:
      unsafe alter(.server, name(node.pointee.alter_foreign_server_stmt.pointee.servername))
    case PG_QUERY__NODE__NODE_ALTER_FDW_STMT:
      unsafe alter(.foreignDataWrapper, name(node.pointee.alter_fdw_stmt.pointee.fdwname))
    case PG_QUERY__NODE__NODE_ALTER_EVENT_TRIG_STMT:
      unsafe alter(.eventTrigger, name(node.pointee.alter_event_trig_stmt.pointee.trigname))
    case PG_QUERY__NODE__NODE_ALTER_USER_MAPPING_STMT:
      let statement = unsafe node.pointee.alter_user_mapping_stmt.pointee
      unsafe alter(.userMapping, roleName(statement.user), on: name(statement.servername))
    case PG_QUERY__NODE__NODE_ALTER_ROLE_STMT:
      unsafe alter(.role, roleName(node.pointee.alter_role_stmt.pointee.role))
    case PG_QUERY__NODE__NODE_ALTER_ROLE_SET_STMT:
      unsafe alter(.role, roleName(node.pointee.alter_role_set_stmt.pointee.role), .settings)
    case PG_QUERY__NODE__NODE_ALTER_DATABASE_STMT:
      unsafe alter(.database, name(node.pointee.alter_database_stmt.pointee.dbname))
    case PG_QUERY__NODE__NODE_ALTER_DATABASE_SET_STMT:
      unsafe alter(.database, name(node.pointee.alter_database_set_stmt.pointee.dbname), .settings)
    default:
      break
    }
  }

  private mutating func alter(_ object: DatabaseObject?, _ alteration: Alteration) {
    if let object { append(.alters(object, alteration)) }
  }

  private mutating func alter(
    _ kind: ObjectKind, _ name: ObjectName?, on owner: ObjectName? = nil,
    _ alteration: Alteration = .other
  ) {
    alter(name.map { DatabaseObject(kind, $0, on: owner) }, alteration)
  }

  /// Reads the `OWNED BY` of a sequence.
  ///
  /// - Parameters:
  ///   - sequence: The sequence.
  ///   - list: The options of `CREATE` or `ALTER SEQUENCE`.
  ///   - count: How many.
  /// - Returns: Whether there is no other option.
  @discardableResult
  mutating func readOwner(
    of sequence: UnsafeMutablePointer<PgQuery__RangeVar>?, _ list: NodeList?, _ count: Int
  ) -> Bool {
    let option = unsafe options(list, count).first {
      unsafe text($0.pointee.defname) == "owned_by"
    }
    guard let value = unsafe option?.pointee.arg,
      unsafe value.pointee.node_case == PG_QUERY__NODE__NODE_LIST
    else { return false }
    let items = unsafe value.pointee.list.pointee
    var parts = unsafe strings(items.items, items.n_items)
    guard let column = parts.popLast(), let table = objectName(parts) else { return false }
    alter(.sequence, unsafe objectName(sequence), .ownedBy(table, column: column))
    return count == 1
  }

  /// `ADD TABLE` says all that it does; what `SET` and `DROP` take away is not told.
  private mutating func alterPublication(_ statement: PgQuery__AlterPublicationStmt) {
    let objects = unsafe nodes(statement.pubobjects, statement.n_pubobjects)
    let tables = unsafe objects.compactMap { node -> ObjectName? in
      guard unsafe node.pointee.node_case == PG_QUERY__NODE__NODE_PUBLICATION_OBJ_SPEC,
        let table = unsafe node.pointee.publication_obj_spec.pointee.pubtable
      else { return nil }
      return unsafe objectName(table.pointee.relation)
    }
    let addsTables =
      unsafe statement.action == PG_QUERY__ALTER_PUBLICATION_ACTION__AP_AddObjects
      && !tables.isEmpty && tables.count == objects.count
    unsafe alter(
      .publication, name(statement.pubname), addsTables ? .publishes(tables) : .other)
  }

  private mutating func rename(_ statement: PgQuery__RenameStmt) {
    guard let newName = unsafe text(statement.newname),
      let object = unsafe renamedObject(statement)
    else { return }
    append(.renames(object, to: newName))
  }

  private func renamedObject(_ statement: PgQuery__RenameStmt) -> DatabaseObject? {
    guard let kind = unsafe ObjectKind(statement.rename_type) else { return nil }
    let part = unsafe text(statement.subname).map { ObjectName(name: $0) }
    switch kind {
    case .column, .attribute, .trigger, .policy, .rule, .constraint:
      let relation = unsafe objectName(statement.relation)
      let named = unsafe statement.object.flatMap { unsafe DatabaseObject(.domain, namedBy: $0) }
      return part.map { DatabaseObject(kind, $0, on: relation ?? named?.name) }
    default:
      if let part { return DatabaseObject(kind, part) }
      return unsafe object(
        statement.rename_type, relation: statement.relation, named: statement.object)
    }
  }

  private mutating func move(_ statement: PgQuery__AlterObjectSchemaStmt) {
    guard let schema = unsafe text(statement.newschema),
      let object = unsafe object(
        statement.object_type, relation: statement.relation, named: statement.object)
    else { return }
    append(.moves(object, toSchema: schema))
  }

  private func object(
    _ type: PgQuery__ObjectType, relation: UnsafeMutablePointer<PgQuery__RangeVar>?,
    named node: Node?
  ) -> DatabaseObject? {
    guard let kind = ObjectKind(type) else { return nil }
    if let name = unsafe objectName(relation) { return DatabaseObject(kind, name) }
    return unsafe node.flatMap { unsafe DatabaseObject(kind, namedBy: $0) }
  }

  /// `ADD VALUE`, or `RENAME VALUE` where there is an old one.
  private mutating func alterEnum(_ statement: PgQuery__AlterEnumStmt) {
    guard let type = unsafe objectName(strings(statement.type_name, statement.n_type_name)) else {
      return
    }
    alter(.type, type, .parts)
    guard let new = unsafe text(statement.new_val) else { return }
    if let old = unsafe text(statement.old_val) {
      append(.renames(DatabaseObject(.enumLabel, ObjectName(name: old), on: type), to: new))
    } else {
      create(
        .enumLabel, ObjectName(name: new), on: type,
        ifNotExists: unsafe statement.skip_if_new_val_exists != 0)
    }
  }

  private mutating func alterDomain(_ statement: PgQuery__AlterDomainStmt) {
    guard let domain = unsafe objectName(strings(statement.type_name, statement.n_type_name)) else {
      return
    }
    let constraint = unsafe name(statement.name)
    switch unsafe text(statement.subtype) {
    case "C":
      guard let definition = unsafe statement.def,
        unsafe definition.pointee.node_case == PG_QUERY__NODE__NODE_CONSTRAINT
      else { return }
      unsafe addConstraint(definition.pointee.constraint.pointee, toDomain: domain)
    case "X":
      alter(.domain, domain, .parts)
      guard let constraint else { return }
      append(
        .drops(
          DatabaseObject(.constraint, constraint, on: domain),
          ifExists: unsafe statement.missing_ok != 0,
          cascade: unsafe isCascade(statement.behavior)))
    case "N": alter(.domain, domain, .notNull(column: nil, isSet: false))
    case "O": alter(.domain, domain, .notNull(column: nil, isSet: true))
    case "V": alter(.domain, domain, .validation(constraint: constraint?.name ?? ""))
    default: alter(.domain, domain, .other)
    }
  }

  private mutating func addConstraint(
    _ constraint: PgQuery__Constraint, toDomain domain: ObjectName
  ) {
    if let name = unsafe name(constraint.conname) {
      alter(.domain, domain, .parts)
      create(.constraint, name, on: domain)
    } else {
      let name = defaultName(ofConstraintOfDomain: domain.name)
      alter(
        .domain, domain,
        .addsUnnamed(DatabaseObject(.constraint, ObjectName(name: name), on: domain)))
    }
  }
}
