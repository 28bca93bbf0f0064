internal import CLibPGQuery

/// The name of a type as `pg_catalog.format_type` writes it, without its modifiers.
///
/// - Parameter type: The field.
/// - Returns: `integer`, `text[]`, `app.mood`, `"Mood"`; nil where the field is absent.
func typeName(_ type: UnsafeMutablePointer<PgQuery__TypeName>?) -> String? {
  guard let type = unsafe type else { return nil }
  var parts = unsafe strings(type.pointee.names, type.pointee.n_names)
  guard let last = parts.last else { return nil }
  var name: String
  if parts.count == 1 || (parts.count == 2 && parts[0] == "pg_catalog") {
    name = standardTypeNames[last] ?? quotedIfNeeded(last)
  } else {
    if parts.count == 3, unsafe type.pointee.pct_type == 0 { parts.removeFirst() }
    name = parts.map(quotedIfNeeded).joined(separator: ".")
  }
  if unsafe type.pointee.pct_type != 0 { name += "%TYPE" }
  if unsafe type.pointee.n_array_bounds > 0 { name += "[]" }
  return name
}

/// The names that SQL has for types of `pg_catalog` (`format_type.c`).
private let standardTypeNames = [
  "bit": "bit",
  "bool": "boolean",
  "bpchar": "character",
  "float4": "real",
  "float8": "double precision",
  "int2": "smallint",
  "int4": "integer",
  "int8": "bigint",
  "interval": "interval",
  "numeric": "numeric",
  "time": "time without time zone",
  "timestamp": "timestamp without time zone",
  "timestamptz": "timestamp with time zone",
  "timetz": "time with time zone",
  "varbit": "bit varying",
  "varchar": "character varying",
]

/// The types of a routine's input arguments, from its declaration.
///
/// - Parameters:
///   - list: The parameters.
///   - count: How many.
/// - Returns: The types of the parameters that are not `OUT` or of the result table.
func inputTypes(_ list: NodeList?, _ count: Int) -> [String] {
  unsafe nodes(list, count).compactMap { node in
    guard unsafe node.pointee.node_case == PG_QUERY__NODE__NODE_FUNCTION_PARAMETER else {
      return nil
    }
    let parameter = unsafe node.pointee.function_parameter.pointee
    switch unsafe parameter.mode {
    case PG_QUERY__FUNCTION_PARAMETER_MODE__FUNC_PARAM_OUT,
      PG_QUERY__FUNCTION_PARAMETER_MODE__FUNC_PARAM_TABLE:
      return nil
    default:
      return unsafe typeName(parameter.arg_type)
    }
  }
}

/// The types of a routine's arguments, as a statement about an existing one names them.
///
/// - Parameter routine: The field.
/// - Returns: The types; nil where the statement leaves out the parentheses.
func argumentTypes(_ routine: PgQuery__ObjectWithArgs) -> [String]? {
  if unsafe routine.args_unspecified != 0 { return nil }
  if unsafe routine.n_objfuncargs > 0 {
    return unsafe inputTypes(routine.objfuncargs, routine.n_objfuncargs)
  }
  return unsafe nodes(routine.objargs, routine.n_objargs).compactMap { node in
    guard unsafe node.pointee.node_case == PG_QUERY__NODE__NODE_TYPE_NAME else { return nil }
    return unsafe typeName(node.pointee.type_name)
  }
}
