internal import CLibPGQuery

extension LoneStatement {
  /// What a statement is that must run alone; nil for one that can run in a transaction.
  ///
  /// - Parameters:
  ///   - node: The statement's node.
  ///   - kind: Its kind.
  init?(_ node: Node, _ kind: StatementKind) {
    switch kind {
    case .nonTransactional:
      unsafe self.init(refused: node)
    case .transactionControl(.commitPrepared), .transactionControl(.rollbackPrepared):
      self = .unknowable
    case .doBlock where unsafe mayEndTransaction(node.pointee.do_stmt.pointee):
      self = .unknowable
    default:
      guard unsafe node.pointee.node_case == PG_QUERY__NODE__NODE_CALL_STMT else { return nil }
      self = .unknowable
    }
  }

  /// One that ``transactionRefusal(_:)`` gives a reason for.
  private init(refused node: Node) {
    self = .repeatable
    switch unsafe node.pointee.node_case {
    case PG_QUERY__NODE__NODE_INDEX_STMT:
      let statement = unsafe node.pointee.index_stmt.pointee
      guard let table = unsafe objectName(statement.relation) else { return }
      unsafe self = .createIndex(
        CreatedIndex(
          name: text(statement.idxname), defaultName: defaultName(of: statement), table: table,
          ifNotExists: statement.if_not_exists != 0, isUnique: statement.unique != 0))
    case PG_QUERY__NODE__NODE_DROP_STMT:
      let statement = unsafe node.pointee.drop_stmt.pointee
      let objects = unsafe nodes(statement.objects, statement.n_objects)
      unsafe self = .dropIndex(
        objects.compactMap { unsafe DatabaseObject(.index, namedBy: $0)?.name },
        ifExists: statement.missing_ok != 0,
        cascade: statement.behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE)
    case PG_QUERY__NODE__NODE_REINDEX_STMT:
      let statement = unsafe node.pointee.reindex_stmt.pointee
      let isConcurrent = unsafe flag("concurrently", statement.params, statement.n_params) == true
      guard let target = unsafe ReindexTarget(statement) else { return }
      self = .reindex(target, isConcurrent: isConcurrent)
    case PG_QUERY__NODE__NODE_ALTER_TABLE_STMT:
      let statement = unsafe node.pointee.alter_table_stmt.pointee
      guard let parent = unsafe objectName(statement.relation),
        let partition = unsafe detachedPartition(of: statement)
      else { return }
      self = .detachPartition(partition, of: parent)
    case PG_QUERY__NODE__NODE_DISCARD_STMT:
      self = .discard
    default:
      if let global = unsafe LoneStatement(global: node) { self = global }
    }
  }

  private init?(global node: Node) {
    func creation(_ kind: GlobalKind, _ name: UnsafeMutablePointer<CChar>?) -> LoneStatement? {
      unsafe text(name).map { .create(kind, $0) }
    }
    func removal(
      _ kind: GlobalKind, _ name: UnsafeMutablePointer<CChar>?, _ ifExists: protobuf_c_boolean
    ) -> LoneStatement? {
      unsafe text(name).map { .drop(kind, $0, ifExists: ifExists != 0) }
    }
    let statement: LoneStatement?
    switch unsafe node.pointee.node_case {
    case PG_QUERY__NODE__NODE_CREATEDB_STMT:
      statement = unsafe creation(.database, node.pointee.createdb_stmt.pointee.dbname)
    case PG_QUERY__NODE__NODE_CREATE_TABLE_SPACE_STMT:
      statement = unsafe creation(
        .tablespace, node.pointee.create_table_space_stmt.pointee.tablespacename)
    case PG_QUERY__NODE__NODE_CREATE_SUBSCRIPTION_STMT:
      statement = unsafe creation(
        .subscription, node.pointee.create_subscription_stmt.pointee.subname)
    case PG_QUERY__NODE__NODE_DROPDB_STMT:
      let drop = unsafe node.pointee.dropdb_stmt.pointee
      statement = unsafe removal(.database, drop.dbname, drop.missing_ok)
    case PG_QUERY__NODE__NODE_DROP_TABLE_SPACE_STMT:
      let drop = unsafe node.pointee.drop_table_space_stmt.pointee
      statement = unsafe removal(.tablespace, drop.tablespacename, drop.missing_ok)
    case PG_QUERY__NODE__NODE_DROP_SUBSCRIPTION_STMT:
      let drop = unsafe node.pointee.drop_subscription_stmt.pointee
      statement = unsafe removal(.subscription, drop.subname, drop.missing_ok)
    case PG_QUERY__NODE__NODE_ALTER_SUBSCRIPTION_STMT:
      let kind = unsafe node.pointee.alter_subscription_stmt.pointee.kind
      // What was added or taken off cannot be a second time.
      let isChange =
        kind == PG_QUERY__ALTER_SUBSCRIPTION_TYPE__ALTER_SUBSCRIPTION_ADD_PUBLICATION
        || kind == PG_QUERY__ALTER_SUBSCRIPTION_TYPE__ALTER_SUBSCRIPTION_DROP_PUBLICATION
      statement = isChange ? .unknowable : .repeatable
    default:
      statement = nil
    }
    guard let statement else { return nil }
    self = statement
  }
}

extension ReindexTarget {
  fileprivate init?(_ statement: PgQuery__ReindexStmt) {
    switch unsafe statement.kind {
    case PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_INDEX:
      guard let name = unsafe objectName(statement.relation) else { return nil }
      self = .index(name)
    case PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_TABLE:
      guard let name = unsafe objectName(statement.relation) else { return nil }
      self = .table(name)
    case PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_SCHEMA:
      guard let name = unsafe text(statement.name) else { return nil }
      self = .schema(name)
    default:
      self = .database
    }
  }
}

/// The partition that `DETACH PARTITION` names.
private func detachedPartition(of statement: PgQuery__AlterTableStmt) -> ObjectName? {
  let partitions = unsafe nodes(statement.cmds, statement.n_cmds).compactMap {
    node -> ObjectName? in
    guard unsafe node.pointee.node_case == PG_QUERY__NODE__NODE_ALTER_TABLE_CMD,
      let definition = unsafe node.pointee.alter_table_cmd.pointee.def,
      unsafe definition.pointee.node_case == PG_QUERY__NODE__NODE_PARTITION_CMD
    else { return nil }
    return unsafe objectName(definition.pointee.partition_cmd.pointee.name)
  }
  return partitions.first
}

/// Whether the body of a `DO` holds a statement that ends its transaction, or calls a procedure,
/// which may hold one (manual, chapter 43.8 "Transaction Management" of PL/pgSQL).
///
/// The word counts where a statement of PL/pgSQL can begin. A body in another language is told by the
/// same words wherever they stand in it, as in `plpy.commit()`.
private func mayEndTransaction(_ statement: PgQuery__DoStmt) -> Bool {
  let arguments = unsafe options(statement.args, statement.n_args)
  func value(_ name: String) -> String? {
    let option = unsafe arguments.first { unsafe text($0.pointee.defname) == name }
    return unsafe string(option?.pointee.arg)
  }
  guard let body = value("as") else { return false }
  let bytes = Array(body.utf8)
  let isPLpgSQL = value("language").map { $0.lowercased() == "plpgsql" } ?? true
  let ends = ["commit", "rollback", "call"]
  let openers = ["begin", "then", "else", "loop"]
  var scanner = LexicalScanner(bytes)
  var beginsStatement = true
  while let token = try? scanner.next() {
    if token.kind.isComment { continue }
    if beginsStatement || !isPLpgSQL, ends.contains(where: { bytes.spells($0, at: token.range) }) {
      return true
    }
    beginsStatement =
      token.kind == .semicolon || bytes[token.range].elementsEqual(">>".utf8)
      || openers.contains { bytes.spells($0, at: token.range) }
  }
  return false
}
