package import MigrationCore

/// What `init` prints.
package enum InitRendering {
  /// Prints what became of the ledger, and who may use it.
  package static func print(_ result: InitializationResult, to console: Console) {
    let outcome =
      switch result.outcome {
      case .created: "Ledger created in schema '\(result.schema)'"
      case .upgraded: "Ledger in schema '\(result.schema)' upgraded"
      case .present: "Ledger in schema '\(result.schema)' is up to date"
      }
    console.print(console.symbols.mark(true, outcome))
    if !result.readers.isEmpty {
      console.print("   Readers: \(result.readers.joined(separator: ", "))")
    }
    if !result.operators.isEmpty {
      console.print("   Operators: \(result.operators.joined(separator: ", "))")
    }
    if result.outcome == .created {
      console.hint("'migration-manager register NAME' records a migration that is applied")
    }
  }
}

/// The document of `init --json`.
package struct InitPayload: JSONDocument {
  private let result: InitializationResult

  /// The document of a result.
  package init(_ result: InitializationResult) { self.result = result }

  /// Writes the object.
  package func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("outcome", result.outcome.rawValue)
      json.member("schema", result.schema)
      json.member("readers", result.readers)
      json.member("operators", result.operators)
    }
  }
}
