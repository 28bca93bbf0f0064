/// A name as PostgreSQL sees it: folded to lower case unless it was quoted.
package struct ObjectName: Hashable, Sendable {
  /// The schema; nil where the search path decides, or where the kind of object has none.
  package let schema: String?

  /// The name within the schema.
  package let name: String

  /// Names something.
  ///
  /// - Parameters:
  ///   - schema: The schema; nil for none.
  ///   - name: The name within it.
  package init(schema: String? = nil, name: String) {
    self.schema = schema
    self.name = name
  }
}

extension ObjectName: CustomStringConvertible {
  /// `app.users`, without quotes.
  package var description: String {
    schema.map { "\($0).\(name)" } ?? name
  }
}

/// An object of the database, as a statement names it.
package struct DatabaseObject: Hashable, Sendable {
  /// What it is, as the statement says: `ALTER TABLE v RENAME` calls a view a table.
  package let kind: ObjectKind

  /// Its name. An index stands in the schema of its table; parts of a table (columns, constraints,
  /// triggers, policies, rules) and labels of an enum have no schema of their own.
  package let name: ObjectName

  /// The table, view, type or domain that it is a part of or was made for: of columns, attributes,
  /// enum labels, constraints, indexes, triggers, policies, rules and statistics, where the statement names it.
  package let owner: ObjectName?

  /// The types of the input arguments of a function, procedure or aggregate, or of an operator's
  /// two sides (`NONE` where it has none), as
  /// `pg_catalog.format_type` writes them (`integer`, `text[]`, `app.mood`); nil for other objects
  /// and where the statement leaves them out.
  package let argumentTypes: [String]?

  /// Names an object.
  ///
  /// - Parameters:
  ///   - kind: What it is.
  ///   - name: Its name.
  ///   - owner: The table or type that it is a part of.
  ///   - argumentTypes: The types of a function's input arguments.
  package init(
    _ kind: ObjectKind, _ name: ObjectName, on owner: ObjectName? = nil,
    argumentTypes: [String]? = nil
  ) {
    self.kind = kind
    self.name = name
    self.owner = owner
    self.argumentTypes = argumentTypes
  }

  /// The name that stands for all columns of a table of which the text does not tell them.
  package static let anyColumn = "*"

  /// Whether it lives and dies with the session: it stands in `pg_temp`.
  package var isInTemporarySchema: Bool {
    (kind == .schema ? name.name : name.schema) == "pg_temp" || owner?.schema == "pg_temp"
  }
}

extension DatabaseObject: CustomStringConvertible {
  /// Kind and name for messages: `table app.users`, `column email of app.users`,
  /// `function app.add(integer, integer)`.
  package var description: String {
    let arguments = argumentTypes.map { "(\($0.joined(separator: ", ")))" } ?? ""
    let part = kind != .index ? owner.map { " of \($0)" } ?? "" : ""
    return "\(kind) \(name)\(arguments)\(part)"
  }
}
