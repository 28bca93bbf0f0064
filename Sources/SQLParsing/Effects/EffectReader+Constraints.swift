internal import CLibPGQuery

/// Constraints that a statement names while it creates a table, a column or a domain.
extension EffectReader {
  /// The constraints among the elements of a table, or of one of its columns: those with a name are
  /// created, those without come with their owner.
  ///
  /// Only kinds that PostgreSQL keeps under a name in every release: that of a `NOT NULL` is dropped
  /// before version 18, that of a `DEFAULT` in all.
  ///
  /// - Parameters:
  ///   - elements: Columns and constraints.
  ///   - owner: The table or domain.
  ///   - isTemporary: Whether the owner is.
  ///   - ifNotExists: Whether the statement says so of what holds them.
  ///   - column: The column that they stand at; nil for those of a table or domain.
  ///   - isDomain: Whether the owner is a domain.
  mutating func createConstraints(
    among elements: [Node], of owner: ObjectName?, isTemporary: Bool = false,
    ifNotExists: Bool = false, column: String? = nil, isDomain: Bool = false
  ) {
    guard let owner else { return }
    unsafe elements.forEach { element in
      switch unsafe element.pointee.node_case {
      case PG_QUERY__NODE__NODE_COLUMN_DEF:
        let column = unsafe element.pointee.column_def.pointee
        unsafe createConstraints(
          among: nodes(column.constraints, column.n_constraints), of: owner,
          isTemporary: isTemporary, ifNotExists: ifNotExists, column: text(column.colname))
        if !isTemporary { unsafe implySequence(of: column, of: owner) }
      case PG_QUERY__NODE__NODE_CONSTRAINT:
        let constraint = unsafe element.pointee.constraint.pointee
        guard unsafe constraint.contype.keepsName else { return }
        if let name = unsafe name(constraint.conname) {
          create(
            .constraint, name, on: owner, isTemporary: isTemporary, ifNotExists: ifNotExists)
        } else if !isTemporary {
          imply(
            .constraint,
            isDomain
              ? defaultName(ofConstraintOfDomain: owner.name)
              : unsafe defaultName(of: constraint, on: owner.name, column: column), on: owner)
        }
      default:
        break
      }
    }
  }

  /// The sequence of a `serial` or identity column.
  private mutating func implySequence(of column: PgQuery__ColumnDef, of table: ObjectName) {
    guard let name = unsafe text(column.colname) else { return }
    let isIdentity = unsafe nodes(column.constraints, column.n_constraints).contains { node in
      unsafe node.pointee.node_case == PG_QUERY__NODE__NODE_CONSTRAINT
        && node.pointee.constraint.pointee.contype == PG_QUERY__CONSTR_TYPE__CONSTR_IDENTITY
    }
    let type = unsafe column.type_name.flatMap { type in
      unsafe nodes(type.pointee.names, type.pointee.n_names).last.flatMap { unsafe string($0) }
    }
    guard isIdentity || type.map(Self.serialTypes.contains) ?? false else { return }
    imply(.sequence, defaultName(ofSequenceOf: name, on: table.name), on: table)
  }

  private static let serialTypes: Set<String> = [
    "serial", "serial4", "bigserial", "serial8", "smallserial", "serial2",
  ]
}

extension PgQuery__ConstrType {
  /// Whether a constraint of this type has a row, and so a name, of its own.
  fileprivate var keepsName: Bool {
    switch self {
    case PG_QUERY__CONSTR_TYPE__CONSTR_CHECK, PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY,
      PG_QUERY__CONSTR_TYPE__CONSTR_UNIQUE, PG_QUERY__CONSTR_TYPE__CONSTR_EXCLUSION,
      PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN:
      true
    default:
      false
    }
  }
}
