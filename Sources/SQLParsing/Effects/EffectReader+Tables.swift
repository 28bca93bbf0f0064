internal import CLibPGQuery

/// What the commands of `ALTER TABLE` and its like do.
extension EffectReader {
  /// `ALTER TABLE`, `INDEX`, `SEQUENCE`, `VIEW`, `MATERIALIZED VIEW`, `FOREIGN TABLE`, and the
  /// attributes of `ALTER TYPE`.
  ///
  /// - Parameter node: The statement's node.
  mutating func readTableAlteration(_ node: Node) {
    guard unsafe node.pointee.node_case == PG_QUERY__NODE__NODE_ALTER_TABLE_STMT else { return }
    let statement = unsafe node.pointee.alter_table_stmt.pointee
    guard let kind = unsafe ObjectKind(statement.objtype),
      let relation = unsafe objectName(statement.relation)
    else { return }
    let table = DatabaseObject(kind, relation)
    let commands = unsafe nodes(statement.cmds, statement.n_cmds).filter {
      unsafe $0.pointee.node_case == PG_QUERY__NODE__NODE_ALTER_TABLE_CMD
    }
    if unsafe commands.contains(where: {
      unsafe isOfPart($0.pointee.alter_table_cmd.pointee.subtype)
    }) {
      append(.alters(table, .parts))
    }
    unsafe commands.forEach { command in
      let command = unsafe command.pointee.alter_table_cmd.pointee
      if unsafe isOfPart(command.subtype) {
        unsafe readPart(command, on: table, columns: kind == .type ? .attribute : .column)
      } else {
        append(.alters(table, unsafe Alteration(command)))
      }
    }
  }

  private func isOfPart(_ type: PgQuery__AlterTableType) -> Bool {
    switch type {
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddColumn, PG_QUERY__ALTER_TABLE_TYPE__AT_DropColumn,
      PG_QUERY__ALTER_TABLE_TYPE__AT_AddConstraint, PG_QUERY__ALTER_TABLE_TYPE__AT_DropConstraint:
      true
    default:
      false
    }
  }

  private mutating func readPart(
    _ command: PgQuery__AlterTableCmd, on table: DatabaseObject, columns: ObjectKind
  ) {
    switch unsafe command.subtype {
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddColumn:
      guard let definition = unsafe command.def,
        unsafe definition.pointee.node_case == PG_QUERY__NODE__NODE_COLUMN_DEF
      else { return }
      let ifNotExists = unsafe command.missing_ok != 0
      unsafe create(
        columns, name(definition.pointee.column_def.pointee.colname), on: table.name,
        ifNotExists: ifNotExists)
      unsafe createConstraints(among: [definition], of: table.name, ifNotExists: ifNotExists)
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropColumn:
      unsafe drop(columns, command, on: table.name)
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddConstraint:
      guard let definition = unsafe command.def,
        unsafe definition.pointee.node_case == PG_QUERY__NODE__NODE_CONSTRAINT
      else { return }
      unsafe addConstraint(definition.pointee.constraint.pointee, to: table)
    default:
      unsafe drop(.constraint, command, on: table.name)
    }
  }

  private mutating func drop(
    _ kind: ObjectKind, _ command: PgQuery__AlterTableCmd, on relation: ObjectName
  ) {
    guard let name = unsafe name(command.name) else { return }
    append(
      .drops(
        DatabaseObject(kind, name, on: relation), ifExists: unsafe command.missing_ok != 0,
        cascade: unsafe isCascade(command.behavior)))
  }

  /// `ADD CONSTRAINT c UNIQUE USING INDEX i` also renames the index to the constraint's name; without
  /// a name the constraint takes the index's.
  private mutating func addConstraint(_ constraint: PgQuery__Constraint, to table: DatabaseObject) {
    if unsafe constraint.contype == PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY {
      append(
        .alters(
          table, .primaryKey(columns: unsafe strings(constraint.keys, constraint.n_keys))))
    }
    let index = unsafe text(constraint.indexname)
    guard let name = unsafe name(constraint.conname) ?? index.map({ ObjectName(name: $0) }) else {
      guard let name = unsafe defaultName(of: constraint, on: table.name.name) else { return }
      let part = DatabaseObject(.constraint, ObjectName(name: name), on: table.name)
      append(.alters(table, .addsUnnamed(part)))
      return
    }
    create(.constraint, name, on: table.name)
    guard let index else { return }
    let indexName = ObjectName(schema: table.name.schema, name: index)
    append(.renames(DatabaseObject(.index, indexName, on: table.name), to: name.name))
  }
}
