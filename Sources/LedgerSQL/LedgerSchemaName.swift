/// The name of the schema that holds the ledger, with the forms in which SQL needs it.
///
/// This module quotes nothing itself: the quoted forms come from libpq
/// (`PQescapeIdentifier`, `PQescapeLiteral`), which know the connection's encoding.
package struct LedgerSchemaName: Hashable, Sendable {
  /// The bare name, as it stands in `pg_namespace.nspname`.
  package let name: String

  /// The name as a quoted identifier, double quotes included.
  package let quotedIdentifier: String

  /// The name as a quoted string literal, single quotes included.
  let quotedLiteral: String

  /// Makes a name of forms that libpq has quoted.
  ///
  /// - Parameters:
  ///   - name: The bare name.
  ///   - quotedIdentifier: What `PQescapeIdentifier` makes of it.
  ///   - quotedLiteral: What `PQescapeLiteral` makes of it.
  package init(name: String, quotedIdentifier: String, quotedLiteral: String) {
    self.name = name
    self.quotedIdentifier = quotedIdentifier
    self.quotedLiteral = quotedLiteral
  }
}
