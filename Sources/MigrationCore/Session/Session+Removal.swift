internal import LedgerSQL
internal import PostgresClient

/// What a ledger consists of, and so what `init --drop` drops.
public struct LedgerInventory: Equatable, Sendable {
  /// A table of the ledger.
  public struct Table: Equatable, Sendable, Decodable {
    /// Its name, without the schema.
    public var name: String
    /// How many rows of it the role sees; nil where it may not look.
    public var rows: Int64?
  }
  /// The ledger's schema.
  public var schema: String
  /// Its tables.
  public var tables: [Table]
  /// The names of its views, without the schema.
  public var views: [String]
  /// The signatures of its functions, without the schema.
  public var functions: [String]
  /// Whether the ledger made its schema.
  public var madeSchema: Bool
  /// Whether the schema is dropped too: the ledger made it, and nothing else is in it.
  public var dropsSchema: Bool

  /// Describes a ledger.
  public init(
    schema: String, tables: [Table], views: [String], functions: [String],
    madeSchema: Bool = false, dropsSchema: Bool = false
  ) {
    self.schema = schema
    self.tables = tables
    self.views = views
    self.functions = functions
    self.madeSchema = madeSchema
    self.dropsSchema = dropsSchema
  }

  /// Whether there is no ledger, not even a part of one.
  public var isEmpty: Bool { tables.isEmpty && views.isEmpty && functions.isEmpty }

  /// How many events the audit trail holds; nil where the role may not look, or there is none.
  public var eventCount: Int64? { tables.first { $0.name == "migration_events" }?.rows }
}

extension LedgerInventory.Table {
  /// Names a table with its rows.
  public init(_ name: String, rows: Int64?) {
    self.name = name
    self.rows = rows
  }
}

extension Session {
  /// Says what ``dropLedger()`` would drop; changes nothing and takes no lock of runners.
  ///
  /// - Returns: the parts of the ledger; empty where there is none.
  /// - Throws: ``ErrorReport`` when objects under the ledger's names are not the ledger's, when this
  ///   role may not drop it, or the server takes no writing statements.
  public func inventory() throws -> LedgerInventory {
    let database = try database()
    let results = try database.read(.drop) { [$0.statement(.ledgerInventory)] }
    let inventory = try LedgerInventory(results, schema: database.schema.name)
    if !inventory.isEmpty, let impediment = database.writeImpediment { throw impediment }
    return inventory
  }

  /// Drops the ledger with all that it recorded, in one transaction under the lock of all runners.
  ///
  /// - Returns: what was dropped; empty where there was no ledger any more.
  /// - Throws: ``ErrorReport``: of code `refused` where other objects depend on the ledger's. Nothing
  ///   was changed then, but for code `fateUnknown`.
  public func dropLedger() throws -> LedgerInventory {
    let schema = try livingDatabase().schema
    do {
      let results = try transaction(lock: nil) { [LedgerSQL.removal(in: schema)] }
      return try LedgerInventory(results, schema: schema.name)
    } catch var report as ErrorReport {
      switch report.sqlState {
      case SQLState.dependentObjectsStillExist.rawValue:
        report.code = .refused
        report.message = "other objects depend on the migration ledger in schema '\(schema.name)'"
        report.details = report.details.flatMap(Self.dependents)
        report.hint = "drop or change them first; nothing was changed"
      case SQLState.insufficientPrivilege.rawValue:
        report.hint = "connect as the ledger's owner: no other role may drop it"
      default: break
      }
      throw report
    }
  }

  /// The server's DETAIL names them, one a line.
  private static func dependents(in detail: String) -> [String] {
    detail.split(separator: "\n").map { line in
      String(line.hasPrefix("DETAIL: ") ? line.dropFirst("DETAIL: ".count) : line)
    }
  }
}

extension LedgerInventory {
  /// Reads the row of `ledger_inventory.sql`.
  ///
  /// - Throws: ``ErrorReport`` of code `internalError` when the server did not send it.
  fileprivate init(_ results: [QueryResult], schema: String) throws {
    struct Document: Decodable {
      var tables: [Table]
      var views: [String]
      var functions: [String]
      var madeSchema: Bool
      var dropsSchema: Bool

      enum CodingKeys: String, CodingKey {
        case tables, views, functions
        case madeSchema = "made_schema"
        case dropsSchema = "drops_schema"
      }
    }
    let text = results.lazy.compactMap { result in
      result.columnIndex(named: "inventory").flatMap { result.value(row: 0, column: $0) }
    }.first
    guard let document = decodedJSON(Document.self, from: text) else {
      throw ErrorReport(.internalError, "the server gave fewer results than it was asked for")
    }
    self.init(
      schema: schema, tables: document.tables, views: document.views,
      functions: document.functions, madeSchema: document.madeSchema,
      dropsSchema: document.dropsSchema)
  }
}
