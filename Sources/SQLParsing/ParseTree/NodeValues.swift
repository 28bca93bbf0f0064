internal import CLibPGQuery

/// Reading the C structs of a parse tree as Swift values.
///
/// In protobuf's version 3 a string that is not there is an empty one; no name in SQL is empty.

/// A list of nodes, as the C structs hold it.
typealias NodeList = UnsafeMutablePointer<UnsafeMutablePointer<PgQuery__Node>?>

/// A text field.
///
/// - Parameter pointer: The field.
/// - Returns: The text; nil where it is absent or empty.
func text(_ pointer: UnsafeMutablePointer<CChar>?) -> String? {
  guard let pointer = unsafe pointer, unsafe pointer.pointee != 0 else { return nil }
  return unsafe String(cString: pointer)
}

/// The nodes of a list.
///
/// - Parameters:
///   - list: The list's field.
///   - count: The field that holds its length.
/// - Returns: The nodes, in order.
func nodes(_ list: NodeList?, _ count: Int) -> [Node] {
  guard let list = unsafe list else { return unsafe [] }
  return unsafe UnsafeBufferPointer(start: list, count: count).compactMap { unsafe $0 }
}

/// The text of a string node, bare or as a constant.
///
/// - Parameter node: A node.
/// - Returns: Its text, which may be empty; nil for other nodes and for NULL.
func string(_ node: Node?) -> String? {
  guard let node = unsafe node else { return nil }
  switch unsafe node.pointee.node_case {
  case PG_QUERY__NODE__NODE_STRING:
    return unsafe node.pointee.string.pointee.sval.map { unsafe String(cString: $0) }
  case PG_QUERY__NODE__NODE_A_CONST:
    guard unsafe node.pointee.a_const.pointee.val_case == PG_QUERY__A__CONST__VAL_SVAL else {
      return nil
    }
    return unsafe node.pointee.a_const.pointee.sval.pointee.sval.map { unsafe String(cString: $0) }
  default:
    return nil
  }
}

/// The texts of the string nodes in a list.
///
/// - Parameters:
///   - list: The list's field.
///   - count: The field that holds its length.
/// - Returns: The texts, in order.
func strings(_ list: NodeList?, _ count: Int) -> [String] {
  unsafe nodes(list, count).compactMap { unsafe string($0) }
}

/// A name in parts: the last is the name, the one before it the schema.
///
/// - Parameter parts: One to three names; a database before the schema is dropped.
/// - Returns: The name; nil where there are no parts.
func objectName(_ parts: [String]) -> ObjectName? {
  guard let name = parts.last else { return nil }
  return ObjectName(schema: parts.dropLast().last, name: name)
}

/// The name of a table or of another relation.
///
/// - Parameter range: The field.
/// - Returns: The name; nil where the field is absent.
func objectName(_ range: UnsafeMutablePointer<PgQuery__RangeVar>?) -> ObjectName? {
  guard let range = unsafe range, let name = unsafe text(range.pointee.relname) else { return nil }
  return unsafe ObjectName(schema: text(range.pointee.schemaname), name: name)
}

/// Whether a relation is declared `TEMPORARY`.
///
/// - Parameter range: The field.
/// - Returns: True if it is; the schema `pg_temp` is not looked at.
func isTemporary(_ range: UnsafeMutablePointer<PgQuery__RangeVar>?) -> Bool {
  unsafe range.flatMap { unsafe text($0.pointee.relpersistence) } == "t"
}

/// The options of a statement, `WITH (name = value, ...)` and the like.
///
/// - Parameters:
///   - list: The list's field.
///   - count: The field that holds its length.
/// - Returns: The options, in order.
func options(
  _ list: NodeList?, _ count: Int
) -> [UnsafeMutablePointer<PgQuery__DefElem>] {
  unsafe nodes(list, count).compactMap { node in
    guard unsafe node.pointee.node_case == PG_QUERY__NODE__NODE_DEF_ELEM else {
      return unsafe Optional<UnsafeMutablePointer<PgQuery__DefElem>>.none
    }
    return unsafe node.pointee.def_elem
  }
}

/// The value of an option that is on or off, as `defGetBoolean` in `define.c` reads it.
///
/// - Parameters:
///   - name: The option.
///   - list: The list's field.
///   - count: The field that holds its length.
/// - Returns: The value, true where the option has none; nil where it is not given.
func flag(_ name: String, _ list: NodeList?, _ count: Int) -> Bool? {
  let option = unsafe options(list, count).first { unsafe text($0.pointee.defname) == name }
  guard let option = unsafe option?.pointee else { return nil }
  guard let value = unsafe option.arg else { return true }
  switch unsafe value.pointee.node_case {
  case PG_QUERY__NODE__NODE_INTEGER:
    return unsafe value.pointee.integer.pointee.ival != 0
  case PG_QUERY__NODE__NODE_BOOLEAN:
    return unsafe value.pointee.boolean.pointee.boolval != 0
  case PG_QUERY__NODE__NODE_TYPE_NAME:
    return unsafe typeName(value.pointee.type_name)?.lowercased() != "off"
  default:
    return unsafe !["false", "off"].contains(string(value)?.lowercased())
  }
}
