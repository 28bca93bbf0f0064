import LedgerSQL
import SQLParsing

@testable import MigrationCore

/// A file as text; its path is `db/NAME.sql`.
func migrationFile(_ text: String, name: String = "1_a") throws -> MigrationFile {
  try MigrationFile(name: MigrationName(name), path: "db/\(name).sql", bytes: Array(text.utf8))
}

/// A file whose up SQL is one statement, then a section with that body.
func migrationFile(section body: String, name: String = "1_a") throws -> MigrationFile {
  try migrationFile(
    "CREATE TABLE a();\n-- ROLLBACK START\n\(body)\n-- ROLLBACK END\n", name: name)
}

/// SQL, parsed.
func parsed(_ sql: String) -> ParsedSQL { SQLParser.parse(SourceText(sql)) }

/// What the ledger would hold of a file that was registered.
func record(of file: MigrationFile, status: MigrationStatus = .applied) -> LedgerRecord {
  let sums = file.checksums
  var metadata = LedgerRecord.Metadata()
  metadata.upChecksum = sums.up
  metadata.upCodeChecksum = sums.upCode
  metadata.rollbackChecksum = sums.rollback
  metadata.rollbackCodeChecksum = sums.rollbackCode
  metadata.irreversible = file.declaration.irreversible
  metadata.rollbackMode = file.rollbackMode
  metadata.searchPath = "app, public"
  return LedgerRecord(
    name: file.name.text, status: status,
    canRollback: status == .applied && file.rollbackSQL != nil,
    reason: status == .applied
      ? "Migration can be safely rolled back"
      : "Migration status is \(status.rawValue), not applied",
    dependents: [], checksum: sums.file, metadata: metadata, rollbackSQL: file.rollbackSQL)
}

/// Calls of a ledger in the schema `public`, with literals as a server with standard strings
/// reads them.
var ledgerCalls: LedgerCalls {
  func quote(_ text: String) -> String {
    let parts = text.split(separator: "'", omittingEmptySubsequences: false)
    return "'\(parts.joined(separator: "''"))'"
  }
  return LedgerCalls(
    schema: LedgerSchemaName(name: "public", quotedIdentifier: "public", quotedLiteral: "'public'"),
    quote: quote, quoteJoined: { quote(String(decoding: $0.joined(), as: UTF8.self)) })
}

/// A run of no one in particular.
let anyRun = RunIdentity(
  id: "00000000-0000-4000-8000-000000000000", osUser: "ann", host: "desk", toolVersion: "1")
