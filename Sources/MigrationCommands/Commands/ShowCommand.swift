package import MigrationCore

/// `show`: exactly a migration's up SQL or rollback SQL.
struct ShowCommand: Command {
  private let name: String
  private let shown: ShownSQL

  init(_ line: ParsedCommandLine) {
    name = line.arguments.first ?? ""
    shown = line.isSet(.up) ? .up : .rollback
  }

  var writes: Bool { false }

  func run(in session: Session, console: Console) throws -> ExitStatus {
    let sql = try session.show(name, shown)
    if console.isJSON {
      let name = MigrationName.withoutSuffix(name)
      console.print(document: ShowPayload(name: name, shown: shown, sql: sql))
    } else {
      console.print(bytes: sql)
    }
    return .done
  }
}

/// The document of `show --json`.
package struct ShowPayload: JSONDocument {
  private let name: String
  private let shown: ShownSQL
  private let sql: [UInt8]

  /// The document of a migration's SQL.
  package init(name: String, shown: ShownSQL, sql: [UInt8]) {
    self.name = name
    self.shown = shown
    self.sql = sql
  }

  /// Writes the object.
  package func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("name", name)
      json.member("direction", shown == .up ? "up" : "rollback")
      json.member("sql", String(decoding: sql, as: UTF8.self))
    }
  }
}
