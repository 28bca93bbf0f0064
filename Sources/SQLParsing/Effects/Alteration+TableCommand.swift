internal import CLibPGQuery

extension Alteration {
  /// What a command of `ALTER TABLE` changes that is no part with a name.
  ///
  /// - Parameter command: The command.
  init(_ command: PgQuery__AlterTableCmd) {
    let name = unsafe text(command.name) ?? ""
    switch unsafe command.subtype {
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableRowSecurity: self = .rowSecurity(isEnabled: true)
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DisableRowSecurity: self = .rowSecurity(isEnabled: false)
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ForceRowSecurity:
      self = .forcedRowSecurity(isForced: true)
    case PG_QUERY__ALTER_TABLE_TYPE__AT_NoForceRowSecurity:
      self = .forcedRowSecurity(isForced: false)
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetNotNull: self = .notNull(column: name, isSet: true)
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropNotNull: self = .notNull(column: name, isSet: false)
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetLogged: self = .logging(isLogged: true)
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetUnLogged: self = .logging(isLogged: false)
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ColumnDefault: self = .columnDefault(column: name)
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AlterColumnType: self = .columnType(column: name)
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddIdentity: self = .identity(column: name)
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ValidateConstraint: self = .validation(constraint: name)
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ChangeOwner: self = .owner
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetRelOptions,
      PG_QUERY__ALTER_TABLE_TYPE__AT_ResetRelOptions, PG_QUERY__ALTER_TABLE_TYPE__AT_SetOptions,
      PG_QUERY__ALTER_TABLE_TYPE__AT_ResetOptions:
      self = .settings
    default:
      self =
        unsafe Alteration(ofTriggersIn: command) ?? Alteration(ofRelationsIn: command) ?? .other
    }
  }

  private init?(ofTriggersIn command: PgQuery__AlterTableCmd) {
    let name = unsafe text(command.name) ?? ""
    switch unsafe command.subtype {
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableTrig: self = .trigger(.named(name), isEnabled: true)
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrig: self = .trigger(.named(name), isEnabled: false)
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableTrigAll: self = .trigger(.all, isEnabled: true)
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrigAll: self = .trigger(.all, isEnabled: false)
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableTrigUser: self = .trigger(.user, isEnabled: true)
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrigUser: self = .trigger(.user, isEnabled: false)
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableRule: self = .rule(name, isEnabled: true)
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DisableRule: self = .rule(name, isEnabled: false)
    default: return nil
    }
  }

  /// `INHERIT`, `ATTACH PARTITION` and `OF`, which name another relation.
  private init?(ofRelationsIn command: PgQuery__AlterTableCmd) {
    guard let definition = unsafe command.def else { return nil }
    switch unsafe definition.pointee.node_case {
    case PG_QUERY__NODE__NODE_RANGE_VAR:
      guard let parent = unsafe objectName(definition.pointee.range_var) else { return nil }
      switch unsafe command.subtype {
      case PG_QUERY__ALTER_TABLE_TYPE__AT_AddInherit: self = .inheritance(parent, isAdded: true)
      case PG_QUERY__ALTER_TABLE_TYPE__AT_DropInherit: self = .inheritance(parent, isAdded: false)
      default: return nil
      }
    case PG_QUERY__NODE__NODE_PARTITION_CMD:
      guard let partition = unsafe objectName(definition.pointee.partition_cmd.pointee.name) else {
        return nil
      }
      switch unsafe command.subtype {
      case PG_QUERY__ALTER_TABLE_TYPE__AT_AttachPartition:
        self = .partition(partition, isAttached: true)
      case PG_QUERY__ALTER_TABLE_TYPE__AT_DetachPartition:
        self = .partition(partition, isAttached: false)
      default: return nil
      }
    case PG_QUERY__NODE__NODE_TYPE_NAME:
      let type = unsafe definition.pointee.type_name.pointee
      guard unsafe command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_AddOf,
        let name = unsafe objectName(strings(type.names, type.n_names))
      else { return nil }
      self = .type(name)
    default:
      return nil
    }
  }
}
