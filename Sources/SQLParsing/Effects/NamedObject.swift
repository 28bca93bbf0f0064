internal import CLibPGQuery

extension DatabaseObject {
  /// The object that `DROP`, `RENAME`, `SET SCHEMA` or `OWNER TO` names.
  ///
  /// Every kind has a shape of its own in the parse tree: a string, a list of strings, a type, a
  /// routine with arguments. (An initializer that returns nil for a shape it does not know.)
  ///
  /// - Parameters:
  ///   - kind: What it is.
  ///   - node: How the statement names it.
  init?(_ kind: ObjectKind, namedBy node: Node) {
    switch unsafe node.pointee.node_case {
    case PG_QUERY__NODE__NODE_STRING:
      guard let name = unsafe string(node) else { return nil }
      self.init(kind, ObjectName(name: name))
    case PG_QUERY__NODE__NODE_TYPE_NAME:
      let type = unsafe node.pointee.type_name.pointee
      guard let name = unsafe objectName(strings(type.names, type.n_names)) else { return nil }
      self.init(kind, name)
    case PG_QUERY__NODE__NODE_RANGE_VAR:
      guard let name = unsafe objectName(node.pointee.range_var) else { return nil }
      self.init(kind, name)
    case PG_QUERY__NODE__NODE_OBJECT_WITH_ARGS:
      let routine = unsafe node.pointee.object_with_args.pointee
      guard let name = unsafe objectName(strings(routine.objname, routine.n_objname)) else {
        return nil
      }
      self.init(kind, name, argumentTypes: unsafe SQLParsing.argumentTypes(routine))
    case PG_QUERY__NODE__NODE_LIST:
      let list = unsafe node.pointee.list.pointee
      unsafe self.init(kind, listed: nodes(list.items, list.n_items))
    default:
      return nil
    }
  }

  private init?(_ kind: ObjectKind, listed items: [Node]) {
    var parts = unsafe items.compactMap { unsafe string($0) }
    switch kind {
    case .cast:
      guard unsafe items.count == 2,
        let name = unsafe castName(typeField(items[0]), typeField(items[1]))
      else { return nil }
      self.init(kind, name)
    case .transform:
      guard let type = unsafe items.first,
        let name = unsafe transformName(typeField(type), language: parts.last)
      else { return nil }
      self.init(kind, name)
    case .trigger, .policy, .rule, .constraint, .column:
      guard let name = parts.popLast() else { return nil }
      let domain = unsafe items.first.flatMap { unsafe typeField($0)?.pointee }
      if let domain = unsafe domain {
        parts = unsafe strings(domain.names, domain.n_names)
      }
      self.init(kind, ObjectName(name: name), on: objectName(parts))
    case .operatorClass, .operatorFamily:
      guard let name = objectName(Array(parts.dropFirst())) else { return nil }
      self.init(kind, name)
    default:
      guard let name = objectName(parts) else { return nil }
      self.init(kind, name)
    }
  }
}

private func typeField(_ node: Node) -> UnsafeMutablePointer<PgQuery__TypeName>? {
  let isType = unsafe node.pointee.node_case == PG_QUERY__NODE__NODE_TYPE_NAME
  return unsafe isType ? node.pointee.type_name : nil
}
