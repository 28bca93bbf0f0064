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
    append(.alters(DatabaseObject(kind, relation)))
    unsafe nodes(statement.cmds, statement.n_cmds).forEach { command in
      guard unsafe command.pointee.node_case == PG_QUERY__NODE__NODE_ALTER_TABLE_CMD else { return }
      unsafe readCommand(
        command.pointee.alter_table_cmd.pointee, on: relation,
        columns: kind == .type ? .attribute : .column)
    }
  }

  private mutating func readCommand(
    _ command: PgQuery__AlterTableCmd, on relation: ObjectName, columns: ObjectKind
  ) {
    switch unsafe command.subtype {
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddColumn:
      guard let definition = unsafe command.def,
        unsafe definition.pointee.node_case == PG_QUERY__NODE__NODE_COLUMN_DEF
      else { return }
      let ifNotExists = unsafe command.missing_ok != 0
      unsafe create(
        columns, name(definition.pointee.column_def.pointee.colname), on: relation,
        ifNotExists: ifNotExists)
      unsafe createConstraints(among: [definition], of: relation, ifNotExists: ifNotExists)
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropColumn:
      unsafe drop(columns, command, on: relation)
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddConstraint:
      guard let definition = unsafe command.def,
        unsafe definition.pointee.node_case == PG_QUERY__NODE__NODE_CONSTRAINT
      else { return }
      unsafe addConstraint(definition.pointee.constraint.pointee, on: relation)
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropConstraint:
      unsafe drop(.constraint, command, on: relation)
    default:
      break
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

  /// `ADD CONSTRAINT c UNIQUE USING INDEX i` also renames the index to the constraint's name.
  private mutating func addConstraint(_ constraint: PgQuery__Constraint, on relation: ObjectName) {
    guard let name = unsafe name(constraint.conname) else { return }
    create(.constraint, name, on: relation)
    guard let index = unsafe text(constraint.indexname), index != name.name else { return }
    let indexName = ObjectName(schema: relation.schema, name: index)
    append(.renames(DatabaseObject(.index, indexName, on: relation), to: name.name))
  }
}
