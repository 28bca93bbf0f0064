package import MigrationCore

/// What `config` prints.
package enum ConfigRendering {
  /// Prints the file, the environments and the settings.
  package static func print(_ report: ConfigurationReport, to console: Console) {
    console.print("Configuration file: \(report.file ?? "none")")
    if !report.environments.isEmpty {
      let names = report.environments.map { $0.isProtected ? "\($0.name) (protected)" : $0.name }
      console.print("Environments: \(names.joined(separator: ", "))")
    }
    let origin = report.environmentOrigin.map { " (from \($0))" } ?? ""
    console.print("Environment: \(report.environment ?? "none")\(origin)")
    console.print("Protected: \(report.isProtected ? "yes" : "no")")
    console.print()
    console.print("Settings:")
    console.print()
    console.print(
      bytes: table(of: report.rows).rendered(
        limit: console.surroundings.outputWidth, symbols: console.symbols))
    for problem in report.rows.compactMap(\.problem) { console.warning(problem) }
  }

  private static func table(of rows: [ConfigurationReport.Row]) -> Table {
    var table = Table(
      [
        Table.Column("Setting"), Table.Column("Value", .cuttable(minimum: 20)),
        Table.Column("From", .wrapping(minimum: 20)),
      ], expectedRows: rows.count)
    for row in rows {
      table.add(row.name)
      table.add(row.value ?? row.standardWords ?? "-")
      table.add(row.origin)
    }
    return table
  }
}

/// The document of `config --json`.
package struct ConfigPayload: JSONDocument {
  private let report: ConfigurationReport

  /// The document of what is in force.
  package init(_ report: ConfigurationReport) { self.report = report }

  /// Writes the object.
  package func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("file", report.file)
      json.member("environment", report.environment)
      json.member("environment_from", report.environmentOrigin)
      json.member("protected", report.isProtected)
      json.member("environments", report.environments.map(EnvironmentPayload.init))
      json.member("settings", report.rows.map(SettingPayload.init))
    }
  }
}

private struct EnvironmentPayload: JSONValue {
  let environment: ConfigurationReport.Environment

  func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("name", environment.name)
      json.member("protected", environment.isProtected)
    }
  }
}

private struct SettingPayload: JSONValue {
  let row: ConfigurationReport.Row

  func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("name", row.name)
      json.member("value", row.value)
      json.member("from", row.origin)
      json.member("problem", row.problem)
    }
  }
}
