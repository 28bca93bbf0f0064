package import MigrationCore
import Platform

/// What `list` prints.
package enum ListRendering {
  /// Prints the heading, the table and the totals.
  ///
  /// - Parameters:
  ///   - list: the migrations.
  ///   - everyStatus: whether those that are not applied are among them: then a column says so.
  ///   - console: where to.
  package static func print(_ list: MigrationList, everyStatus: Bool, to console: Console) {
    console.print(everyStatus ? "All Migrations:" : "Applied Migrations:")
    console.print()
    if list.migrations.isEmpty {
      console.print("No migrations are recorded.")
      console.hint("'migration-manager register NAME' records a migration that is applied")
    } else {
      let table = table(of: list.migrations, everyStatus: everyStatus, symbols: console.symbols)
      console.print(
        bytes: table.rendered(limit: console.surroundings.outputWidth, symbols: console.symbols))
    }
    console.print()
    console.print(total(of: list))
    console.print("Rollbackable: \(list.rollbackable)")
  }

  private static func total(of list: MigrationList) -> String {
    let total = "Total: \(list.total) migration\(list.total == 1 ? "" : "s")"
    let shown = list.migrations.count
    return shown < list.total ? "\(total) (\(shown) shown)" : total
  }

  private static func table(
    of migrations: [MigrationSummary], everyStatus: Bool, symbols: Symbols
  ) -> Table {
    var columns = [Table.Column("Migration", .cuttable(minimum: 20))]
    if everyStatus { columns.append(Table.Column("Status")) }
    columns += [
      Table.Column("Can Rollback"), Table.Column("Applied At"), Table.Column("Has Rollback"),
      Table.Column("Blocking Reason", .wrapping(minimum: 26)),
    ]
    var table = Table(columns, expectedRows: migrations.count)
    let can = Table.Text(symbols.mark(true, "Yes"))
    let cannot = Table.Text(symbols.mark(false, "No"))
    let has = Table.Text(symbols.mark(true))
    let hasNot = Table.Text(symbols.mark(false))
    for migration in migrations {
      table.add(migration.name)
      if everyStatus { table.add(migration.status.rawValue) }
      table.add(migration.canRollback ? can : cannot)
      table.add(migration.appliedAt.map { LocalTime.format(microsecondsSince1970: Int($0)) } ?? "-")
      table.add(migration.hasRollbackSQL ? has : hasNot)
      table.add(migration.canRollback ? "-" : migration.reason)
    }
    return table
  }
}

/// The document of `list --json`.
package struct ListPayload: JSONDocument {
  private let list: MigrationList

  /// The document of a list.
  package init(_ list: MigrationList) { self.list = list }

  /// Writes the object.
  package func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("migrations", list.migrations.map(MigrationPayload.init))
      json.member("total", list.total)
      json.member("rollbackable", list.rollbackable)
    }
  }
}

/// One migration of `list --json`.
private struct MigrationPayload: JSONValue {
  let migration: MigrationSummary

  func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("name", migration.name)
      json.member("version", migration.version)
      json.member("status", migration.status.rawValue)
      json.member(
        "applied_at", migration.appliedAt.map { LocalTime.rfc3339(microsecondsSince1970: Int($0)) })
      json.member("can_rollback", migration.canRollback)
      json.member("has_rollback_sql", migration.hasRollbackSQL)
      json.member("blocking_reason", migration.canRollback ? nil : migration.reason)
      json.member("dependents", migration.dependents)
    }
  }
}

/// The document of `list --names --json`.
package struct NamesPayload: JSONDocument {
  /// The names, newest first.
  package let names: [String]

  /// The document of names.
  package init(names: [String]) { self.names = names }

  /// Writes the object.
  package func write(to json: inout JSONWriter) {
    json.object { $0.member("names", names) }
  }
}
