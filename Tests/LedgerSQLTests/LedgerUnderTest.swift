import LedgerSQL
import TestSupport
import Testing

/// The ledger in one schema of the test's scratch database, spoken to through psql.
struct LedgerUnderTest {
  let database = ScratchDatabase.current
  let schema: LedgerSchemaName

  /// What the server said when it refused a statement.
  struct Refusal: Error, Equatable {
    let sqlState: String
    let message: String
    var detail = ""
    var hint = ""
  }

  init(schema: String = "public") {
    self.schema = LedgerSchemaName(
      name: schema, quotedIdentifier: schema.quoted(with: "\""),
      quotedLiteral: schema.quoted(with: "'"))
  }

  /// Makes a ledger in the test's scratch database.
  static func created(in schema: String = "public") throws -> LedgerUnderTest {
    let ledger = LedgerUnderTest(schema: schema)
    if schema != "public" || !ledger.database.holdsLedger { try ledger.create() }
    return ledger
  }

  /// The schema as it stands in SQL.
  var prefix: String { schema.name.quoted(with: "\"") }

  func create(as user: String = "postgres") throws {
    try run(LedgerSQL.creation(in: schema), as: user)
  }

  func check(
    _ requirement: String, explicit: Bool = false, as user: String = "postgres"
  ) throws {
    try run(
      LedgerSQL.statement(
        .sessionCheck, in: schema,
        values: ["requirement": "'\(requirement)'", "explicit": "'\(explicit)'"]),
      as: user)
  }

  /// Runs SQL in one transaction, `LEDGER` standing for its schema.
  ///
  /// - Returns: what psql printed, rows as lines and columns parted by `|`.
  /// - Throws: ``Refusal``.
  @discardableResult
  func run(_ sql: String, as user: String = "postgres") throws -> String {
    try send("BEGIN;\n\(sql)\n;\nCOMMIT;\n", as: user)
  }

  /// Runs SQL as ``run(_:as:)`` does, each statement in a transaction of its own.
  @discardableResult
  func send(_ sql: String, as user: String = "postgres") throws -> String {
    let text = "\\set VERBOSITY verbose\n" + sql.replacing("LEDGER.", with: "\(prefix).")
    let result = try database.psqlOutcome(text, user: user)
    guard result.status == 0 else { throw Refusal(psqlMessages: result.stderr) }
    return result.stdout.split(separator: "\n").joined(separator: "\n")
  }

  /// Records an applied migration with what most tests need of it.
  func register(
    _ name: String, rollback: String? = "SELECT 1", dependsOn: [String] = [],
    metadata: String = "{}"
  ) throws {
    try run(registration(name, rollback: rollback, dependsOn: dependsOn, metadata: metadata))
  }

  /// The call that records an applied migration; its version is the digits before the first `_`.
  func registration(
    _ name: String, rollback: String? = "SELECT 1", dependsOn: [String] = [],
    metadata: String = "{}"
  ) -> String {
    let names = dependsOn.map { $0.quoted(with: "\"") }.joined(separator: ",")
    return """
      SELECT LEDGER.migration_register(
        '00000000-0000-4000-8000-000000000001',
        jsonb_build_object(
          'name', \(name.quoted(with: "'")), 'version', '\(name.prefix { $0 != "_" })',
          'rollback_sql', \(rollback?.quoted(with: "'") ?? "NULL"), 'checksum', 'c0ffee',
          'metadata', '\(metadata)'::jsonb, 'depends_on', '[\(names)]'::jsonb),
        '{"os_user": "ada", "host": "engine", "tool_version": "1.0", "reason": "because"}')
      """
  }

  /// The one value that a query over the ledger gives.
  func value(_ expression: String) throws -> String { try send("SELECT \(expression);") }

  func status(of name: String) throws -> String {
    try value("(SELECT status FROM LEDGER.migration_history WHERE migration_name = '\(name)')")
  }

  /// `success|message|sql_executed`.
  @discardableResult
  func execute(_ name: String, dryRun: Bool = false, as user: String = "postgres") throws -> String
  {
    try send(
      "SELECT * FROM LEDGER.execute_migration_rollback(\(name.quoted(with: "'")), \(dryRun));",
      as: user)
  }
}

extension LedgerUnderTest.Refusal {
  /// Reads the first error of psql's messages at `VERBOSITY verbose`.
  init(psqlMessages: String) {
    var detail = ""
    var hint = ""
    var error: (String, String) = ("", psqlMessages)
    for line in psqlMessages.split(separator: "\n") {
      if let start = line.firstRange(of: "ERROR:  ") {
        let text = line[start.upperBound...]
        error = (String(text.prefix(5)), String(text.dropFirst(7)))
      } else if let start = line.firstRange(of: "DETAIL:  ") {
        detail = String(line[start.upperBound...])
      } else if let start = line.firstRange(of: "HINT:  ") {
        hint = String(line[start.upperBound...])
      }
    }
    self.init(sqlState: error.0, message: error.1, detail: detail, hint: hint)
  }
}

/// Expects the server to refuse, and returns how it did.
func refusal(
  sourceLocation: SourceLocation = #_sourceLocation, of body: () throws -> Void
) -> LedgerUnderTest.Refusal? {
  #expect(throws: LedgerUnderTest.Refusal.self, sourceLocation: sourceLocation, performing: body)
}

extension String {
  /// Quoted for SQL, with `mark` doubled inside.
  func quoted(with mark: String) -> String {
    mark + replacing(mark, with: mark + mark) + mark
  }

  func replacing(_ text: String, with replacement: String) -> String {
    split(separator: text, omittingEmptySubsequences: false).joined(separator: replacement)
  }
}
