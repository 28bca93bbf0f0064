internal import CLibPGQuery

extension StatementKind {
  /// The setting of `SET` or `RESET`.
  ///
  /// - Parameter statement: Its struct.
  init(setting statement: PgQuery__VariableSetStmt) {
    let name = unsafe text(statement.name)?.lowercased()
    let isLocal = unsafe statement.is_local != 0
    switch unsafe statement.kind {
    case PG_QUERY__VARIABLE_SET_KIND__VAR_SET_VALUE:
      let values = unsafe nodes(statement.args, statement.n_args).compactMap { unsafe constant($0) }
      self = .setting(name: name ?? "", values: values, isLocal: isLocal)
    case PG_QUERY__VARIABLE_SET_KIND__VAR_SET_MULTI:
      let first = name?.split(separator: " ").first.map(String.init)
      self = .setting(name: first ?? "", values: [], isLocal: isLocal)
    case PG_QUERY__VARIABLE_SET_KIND__VAR_RESET_ALL:
      self = .setting(name: "all", values: nil, isLocal: false)
    default:
      self = .setting(name: name ?? "", values: nil, isLocal: isLocal)
    }
  }

  /// The setting of `SELECT set_config('name', 'value', is_local)`, as `pg_dump` writes it; nil for
  /// any other query.
  ///
  /// - Parameter statement: The query's struct.
  init?(setConfigIn statement: PgQuery__SelectStmt) {
    guard unsafe statement.n_from_clause == 0, unsafe statement.n_target_list == 1,
      let target = unsafe nodes(statement.target_list, 1).first,
      unsafe target.pointee.node_case == PG_QUERY__NODE__NODE_RES_TARGET,
      let expression = unsafe target.pointee.res_target.pointee.val,
      unsafe expression.pointee.node_case == PG_QUERY__NODE__NODE_FUNC_CALL
    else { return nil }
    let call = unsafe expression.pointee.func_call.pointee
    let arguments = unsafe nodes(call.args, call.n_args)
    guard unsafe strings(call.funcname, call.n_funcname).last == "set_config",
      unsafe arguments.count == 3, let name = unsafe string(arguments[0]),
      let value = unsafe string(arguments[1])
    else { return nil }
    let isLocal = unsafe constant(arguments[2]) == "true"
    let isList = name.lowercased() == "search_path"
    self = .setting(
      name: name.lowercased(), values: isList ? identifiers(in: value) : [value], isLocal: isLocal)
  }
}

/// A constant, as text: `'a'`, `10`, `1.5`, `true`, with a type cast or without.
private func constant(_ node: Node) -> String? {
  switch unsafe node.pointee.node_case {
  case PG_QUERY__NODE__NODE_TYPE_CAST:
    return unsafe node.pointee.type_cast.pointee.arg.flatMap { unsafe constant($0) }
  case PG_QUERY__NODE__NODE_A_CONST:
    let constant = unsafe node.pointee.a_const.pointee
    switch unsafe constant.val_case {
    case PG_QUERY__A__CONST__VAL_IVAL: return unsafe String(constant.ival.pointee.ival)
    case PG_QUERY__A__CONST__VAL_FVAL: return unsafe text(constant.fval.pointee.fval)
    case PG_QUERY__A__CONST__VAL_BOOLVAL:
      return unsafe constant.boolval.pointee.boolval != 0 ? "true" : "false"
    default: return unsafe string(node)
    }
  default:
    return unsafe string(node)
  }
}

/// The identifiers in a text, whatever stands between them (`SplitIdentifierString` in `varlena.c`).
///
/// - Parameter value: Such as the value of `search_path`, or a name in a constant of type `regclass`.
/// - Returns: The identifiers, folded to lower case where they are not quoted.
func identifiers(in value: String) -> [String] {
  let bytes = Array(value.utf8)
  var scanner = LexicalScanner(bytes)
  var names: [[UInt8]] = []
  while let token = try? scanner.next() {
    switch token.kind {
    case .word:
      // Only ASCII is folded where an encoding has characters of several bytes (`scansup.c`).
      names.append(
        bytes[token.range].map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 })
    case .quotedIdentifier:
      let quoted = bytes[token.range].dropFirst().dropLast()
      names.append(
        Array(
          quoted.split(separator: [0x22, 0x22], omittingEmptySubsequences: false).joined(
            separator: [0x22])))
    default: break
    }
  }
  return names.map { String(decoding: clipped($0, to: longestName), as: UTF8.self) }
}
