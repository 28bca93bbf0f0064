internal import CLibPGQuery

/// Constraints that a statement names while it creates a table, a column or a domain.
extension EffectReader {
  /// The named constraints among the elements of a table, or of one of its columns.
  ///
  /// Only kinds that PostgreSQL keeps under a name in every release: that of a `NOT NULL` is dropped
  /// before version 18, that of a `DEFAULT` in all.
  ///
  /// - Parameters:
  ///   - elements: Columns and constraints.
  ///   - owner: The table or domain.
  ///   - isTemporary: Whether the owner is.
  ///   - ifNotExists: Whether the statement says so of what holds them.
  mutating func createConstraints(
    among elements: [Node], of owner: ObjectName?, isTemporary: Bool = false,
    ifNotExists: Bool = false
  ) {
    guard let owner else { return }
    unsafe elements.forEach { element in
      switch unsafe element.pointee.node_case {
      case PG_QUERY__NODE__NODE_COLUMN_DEF:
        let column = unsafe element.pointee.column_def.pointee
        unsafe createConstraints(
          among: nodes(column.constraints, column.n_constraints), of: owner,
          isTemporary: isTemporary, ifNotExists: ifNotExists)
      case PG_QUERY__NODE__NODE_CONSTRAINT:
        let constraint = unsafe element.pointee.constraint.pointee
        guard unsafe constraint.contype.keepsName else { return }
        unsafe create(
          .constraint, name(constraint.conname), on: owner, isTemporary: isTemporary,
          ifNotExists: ifNotExists)
      default:
        break
      }
    }
  }
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
