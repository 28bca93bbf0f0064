package import MigrationCore

/// What `check` prints.
package enum CheckRendering {
  /// Prints a block for each migration, named where there are several.
  package static func print(_ checks: [RollbackCheck], to console: Console) {
    for (index, check) in checks.enumerated() {
      if index > 0 { console.print() }
      if checks.count > 1 { console.print("Migration: \(check.name)") }
      print(check, to: console)
    }
  }

  private static func print(_ check: RollbackCheck, to console: Console) {
    let status = check.canRollback ? "Can rollback" : "Cannot rollback"
    console.print("Status: \(console.symbols.mark(check.canRollback, status))")
    console.print("Reason: \(check.reason)")
    if let why = check.irreversible { console.print("Irreversible: \(why)") }
    // The other kinds of drift, and a missing file, come as remarks that name the file.
    if check.drift == .rollback {
      console.print("Drift: the file's rollback SQL differs from what was recorded")
    }
    for remark in check.remarks { console.print("Note: \(remark)") }
    if !check.dependents.isEmpty {
      console.print()
      console.print("Dependent migrations (must be rolled back first):")
      for dependent in check.dependents { console.print("  - \(dependent)") }
    }
    if let hint = check.hint {
      console.progress()
      console.hint(hint)
    }
  }
}

/// The document of `check --json`.
package struct CheckPayload: JSONDocument {
  private let checks: [RollbackCheck]

  /// The document of answers.
  package init(_ checks: [RollbackCheck]) { self.checks = checks }

  /// Writes the object.
  package func write(to json: inout JSONWriter) {
    json.object { $0.member("migrations", checks.map(CheckedPayload.init)) }
  }
}

/// One migration of `check --json`.
private struct CheckedPayload: JSONValue {
  let check: RollbackCheck

  func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("name", check.name)
      json.member("can_rollback", check.canRollback)
      json.member("reason", check.reason)
      json.member("dependents", check.dependents)
      json.member("status", check.status?.rawValue)
      json.member("drift", check.drift?.rawValue)
      json.member("irreversible", check.irreversible)
      json.member("file_missing", check.fileMissing)
    }
  }
}
