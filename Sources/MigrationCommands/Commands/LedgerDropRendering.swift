package import MigrationCore

/// What became of a ledger under `init --drop`: the words of JSON's `outcome`.
package enum LedgerDropOutcome: String, Sendable, CaseIterable {
  /// It was dropped.
  case dropped
  /// There was none.
  case absent
  /// The person at the prompt said no.
  case declined
}

/// What `init --drop` prints and asks.
package enum LedgerDropRendering {
  /// Shows what will be dropped and what is lost with it, and asks.
  ///
  /// - Parameters:
  ///   - inventory: what the ledger consists of.
  ///   - target: where; shown here only when progress, which says it too, is silent.
  ///   - console: whom to ask.
  /// - Returns: true only for the answer `yes`.
  package static func confirm(
    _ inventory: LedgerInventory, target: DatabaseTarget?, on console: Console
  ) -> Bool {
    console.confirm("drop the migration ledger", on: target) { console in
      for line in lines(of: inventory) { console.preview(line) }
      console.preview("")
      console.warning(loss(of: inventory))
    }
  }

  /// Says what will be dropped and what is lost with it, where nobody is asked.
  package static func announce(_ inventory: LedgerInventory, to console: Console) {
    for line in lines(of: inventory) { console.progress(line) }
    console.progress()
    console.warning(loss(of: inventory))
    console.progress()
  }

  /// Prints what became of a ledger, when nobody declined.
  package static func print(
    _ outcome: LedgerDropOutcome, _ inventory: LedgerInventory, to console: Console
  ) {
    if console.isJSON {
      console.print(document: LedgerDropPayload(outcome, inventory))
      return
    }
    guard outcome == .dropped else {
      console.print(
        console.symbols.mark(
          true, "There is no migration ledger in schema '\(inventory.schema)': nothing to drop"))
      return
    }
    console.print(
      console.symbols.mark(true, "Ledger dropped from schema '\(inventory.schema)'"))
    let counts = [
      (inventory.tables.count, "table"), (inventory.views.count, "view"),
      (inventory.functions.count, "function"), (inventory.dropsSchema ? 1 : 0, "schema"),
    ]
    let parts = counts.filter { $0.0 > 0 }.map { counted(Int64($0.0), $0.1) }
    console.print("   \(parts.joined(separator: ", "))")
    if inventory.madeSchema, !inventory.dropsSchema {
      console.note(
        "schema '\(inventory.schema)' stays: it holds other objects, or is another role's")
    }
    console.hint("what the migrations made is untouched; 'migration-manager init' starts afresh")
  }

  /// The heading, and the objects, one a line.
  private static func lines(of inventory: LedgerInventory) -> [String] {
    let width = inventory.tables.map { DisplayWidth.of($0.name) }.max() ?? 0
    let tables = inventory.tables.map { table in
      let padding = String(repeating: " ", count: width - DisplayWidth.of(table.name))
      let rows = table.rows.map { counted($0, "row") } ?? "rows not visible"
      return "  table     \(table.name)\(padding)  \(rows)"
    }
    return ["Objects to be dropped from schema '\(inventory.schema)':"] + tables
      + inventory.views.map { "  view      \($0)" }
      + inventory.functions.map { "  function  \($0)" }
      + (inventory.dropsSchema ? ["  schema    \(inventory.schema)"] : [])
  }

  private static func counted(_ count: Int64, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }

  private static func loss(of inventory: LedgerInventory) -> String {
    let events = inventory.eventCount.map { " (\(counted($0, "event")))" } ?? ""
    return "the audit trail\(events) goes with it, and so does every recorded rollback SQL\n"
      + "nothing brings them back but a backup, such as pg_dump makes; "
      + "what the migrations made stays"
  }
}

/// The document of `init --drop --json`.
package struct LedgerDropPayload: JSONDocument {
  private let outcome: LedgerDropOutcome
  private let inventory: LedgerInventory
  private let error: ErrorReport?

  /// The document of an outcome.
  ///
  /// - Parameters:
  ///   - outcome: what became of the ledger.
  ///   - inventory: what was dropped or, declined, would have been.
  ///   - error: why it was not.
  package init(
    _ outcome: LedgerDropOutcome, _ inventory: LedgerInventory, error: ErrorReport? = nil
  ) {
    self.outcome = outcome
    self.inventory = inventory
    self.error = error
  }

  /// Writes the object.
  package func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("outcome", outcome.rawValue)
      json.member("schema", inventory.schema)
      json.member("drops_schema", inventory.dropsSchema)
      json.member("tables", inventory.tables.map(TablePayload.init))
      json.member("views", inventory.views)
      json.member("functions", inventory.functions)
      if let error { json.member("error", ErrorPayload(error)) }
    }
  }
}

private struct TablePayload: JSONValue {
  let table: LedgerInventory.Table

  func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("name", table.name)
      json.member("rows", table.rows.map(Int.init))
    }
  }
}
