internal import CLibPGQuery

/// The name that the server gives an index, where it is free (`ChooseIndexName` in `indexcmds.c`).
///
/// - Parameter statement: `CREATE INDEX` without a name.
/// - Returns: Such as `users_email_idx`; nil where the table is not named.
func defaultName(of statement: PgQuery__IndexStmt) -> String? {
  guard let table = unsafe objectName(statement.relation) else { return nil }
  let keys = unsafe nodes(statement.index_params, statement.n_index_params)
  let included = unsafe nodes(statement.index_including_params, statement.n_index_including_params)
  let columns = unsafe keys.map { unsafe elementName($0) } + included.map { unsafe elementName($0) }
  return objectName(table.name, joined(toldApart(columns)), "idx")
}

/// The name that the server gives a constraint of a table, where it is free (`ChooseConstraintName`
/// in `pg_constraint.c`, `ChooseIndexName` in `indexcmds.c`).
///
/// - Parameters:
///   - constraint: A constraint without a name.
///   - owner: The name of its table or domain, without the schema.
///   - column: The column that it stands at; nil for one of the table.
/// - Returns: Such as `users_email_key`; nil for what is no constraint of its own.
func defaultName(
  of constraint: PgQuery__Constraint, on owner: String, column: String? = nil
) -> String? {
  switch unsafe constraint.contype {
  case PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY:
    return objectName(owner, nil, "pkey")
  case PG_QUERY__CONSTR_TYPE__CONSTR_UNIQUE:
    let keys = unsafe column.map { [$0] } ?? strings(constraint.keys, constraint.n_keys)
    let included = unsafe strings(constraint.including, constraint.n_including)
    return objectName(owner, joined(toldApart(keys + included)), "key")
  case PG_QUERY__CONSTR_TYPE__CONSTR_EXCLUSION:
    let elements = unsafe nodes(constraint.exclusions, constraint.n_exclusions).map { pair in
      guard unsafe pair.pointee.node_case == PG_QUERY__NODE__NODE_LIST,
        let element = unsafe nodes(pair.pointee.list.pointee.items, 1).first
      else { return "expr" }
      return unsafe elementName(element)
    }
    return objectName(owner, joined(toldApart(elements)), "excl")
  case PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN:
    let columns = unsafe column.map { [$0] } ?? strings(constraint.fk_attrs, constraint.n_fk_attrs)
    return objectName(owner, joined(columns), "fkey")
  case PG_QUERY__CONSTR_TYPE__CONSTR_CHECK:
    let columns = unsafe constraint.raw_expr.map { unsafe columnNames(in: $0) } ?? []
    return objectName(owner, columns.count == 1 ? columns.first : nil, "check")
  default:
    return nil
  }
}

/// The name that the server gives a constraint of a domain, where it is free (`domainAddConstraint`
/// in `typecmds.c`, which has no column to name).
///
/// - Parameter domain: The name of the domain, without the schema.
/// - Returns: Such as `price_check`.
func defaultName(ofConstraintOfDomain domain: String) -> String {
  objectName(domain, nil, "check")
}

/// The name that the server gives the sequence of a `serial` or identity column, where it is free.
///
/// - Parameters:
///   - column: The column.
///   - table: The name of its table, without the schema.
/// - Returns: Such as `users_id_seq`.
func defaultName(ofSequenceOf column: String, on table: String) -> String {
  objectName(table, column, "seq")
}

/// What an element of an index is called: its column, or what its expression is called as a column.
private func elementName(_ node: Node) -> String {
  guard unsafe node.pointee.node_case == PG_QUERY__NODE__NODE_INDEX_ELEM else { return "expr" }
  let element = unsafe node.pointee.index_elem.pointee
  if let column = unsafe text(element.name) { return column }
  return unsafe element.expr.flatMap { unsafe columnName(of: $0)?.name } ?? "expr"
}

/// The longest name, in bytes (`NAMEDATALEN` less one).
let longestName = 63

/// `name1_name2_label`, the longer of the two names cut until it fits (`makeObjectName` in
/// `indexcmds.c`).
private func objectName(_ first: String, _ second: String?, _ label: String) -> String {
  let whole = second.map { "\(first)_\($0)_\(label)" } ?? "\(first)_\(label)"
  if whole.utf8.count <= longestName { return whole }
  var first = Array(first.utf8)
  var second = second.map { Array($0.utf8) }
  let room = longestName - label.utf8.count - 1 - (second == nil ? 0 : 1)
  var lengths = (first.count, second?.count ?? 0)
  while lengths.0 + lengths.1 > room {
    if lengths.0 > lengths.1 { lengths.0 -= 1 } else { lengths.1 -= 1 }
  }
  first = clipped(first, to: lengths.0)
  second = second.map { clipped($0, to: lengths.1) }
  let parts = [first] + (second.map { [$0] } ?? []) + [Array(label.utf8)]
  return String(decoding: Array(parts.joined(separator: [UInt8(ascii: "_")])), as: UTF8.self)
}

/// Cuts text in UTF-8 to so many bytes at most, between characters (`pg_mbcliplen`).
///
/// - Parameters:
///   - name: The text.
///   - length: How many bytes may stay.
/// - Returns: The text or its beginning.
func clipped(_ name: [UInt8], to length: Int) -> [UInt8] {
  var end = min(length, name.count)
  while end > 0, end < name.count, name[end] & 0b1100_0000 == 0b1000_0000 { end -= 1 }
  return Array(name[..<end])
}

/// The columns' names in one, no longer than it takes (`ChooseIndexNameAddition`).
private func joined(_ columns: [String]) -> String {
  var name = ""
  for column in columns {
    name += name.isEmpty ? column : "_\(column)"
    if name.utf8.count > longestName { break }
  }
  return name
}

/// Names with numbers after those that came before (`ChooseIndexColumnNames`).
private func toldApart(_ columns: [String]) -> [String] {
  var names: [String] = []
  for column in columns {
    var name = column
    var number = 1
    while names.contains(name) {
      let digits = String(number)
      let kept = clipped(Array(column.utf8), to: longestName - digits.utf8.count)
      name = String(decoding: kept, as: UTF8.self) + digits
      number += 1
    }
    names.append(name)
  }
  return names
}

/// What an expression is called as a column, and how much that says (`FigureColnameInternal` in
/// `parse_target.c`).
private func columnName(of node: Node) -> (name: String, isStrong: Bool)? {
  switch unsafe node.pointee.node_case {
  case PG_QUERY__NODE__NODE_COLUMN_REF:
    let reference = unsafe node.pointee.column_ref.pointee
    return unsafe strings(reference.fields, reference.n_fields).last.map { ($0, true) }
  case PG_QUERY__NODE__NODE_FUNC_CALL:
    let call = unsafe node.pointee.func_call.pointee
    return unsafe strings(call.funcname, call.n_funcname).last.map { ($0, true) }
  case PG_QUERY__NODE__NODE_COALESCE_EXPR: return ("coalesce", true)
  case PG_QUERY__NODE__NODE_MIN_MAX_EXPR:
    let isGreatest =
      unsafe node.pointee.min_max_expr.pointee.op == PG_QUERY__MIN_MAX_OP__IS_GREATEST
    return (isGreatest ? "greatest" : "least", true)
  case PG_QUERY__NODE__NODE_A_INDIRECTION:
    let indirection = unsafe node.pointee.a_indirection.pointee
    if let field = unsafe strings(indirection.indirection, indirection.n_indirection).last {
      return (field, true)
    }
    return unsafe indirection.arg.flatMap { unsafe columnName(of: $0) }
  case PG_QUERY__NODE__NODE_A_ARRAY_EXPR: return ("array", true)
  case PG_QUERY__NODE__NODE_ROW_EXPR: return ("row", true)
  case PG_QUERY__NODE__NODE_A_EXPR:
    let isNullIf =
      unsafe node.pointee.a_expr.pointee.kind == PG_QUERY__A__EXPR__KIND__AEXPR_NULLIF
    return isNullIf ? ("nullif", true) : nil
  case PG_QUERY__NODE__NODE_CASE_EXPR:
    let otherwise = unsafe node.pointee.case_expr.pointee.defresult
    let named = unsafe otherwise.flatMap { unsafe columnName(of: $0) }
    return named.flatMap { $0.isStrong ? $0 : nil } ?? ("case", false)
  case PG_QUERY__NODE__NODE_COLLATE_CLAUSE:
    return unsafe node.pointee.collate_clause.pointee.arg.flatMap { unsafe columnName(of: $0) }
  case PG_QUERY__NODE__NODE_TYPE_CAST:
    let cast = unsafe node.pointee.type_cast.pointee
    let named = unsafe cast.arg.flatMap { unsafe columnName(of: $0) }
    if let named, named.isStrong { return named }
    guard let type = unsafe cast.type_name?.pointee else { return named }
    return unsafe strings(type.names, type.n_names).last.map { ($0, false) } ?? named
  default:
    return nil
  }
}
