package import MigrationCore

/// What `create` and `revert` print.
package enum CreationRendering {
  /// Prints the paths, for an editor or `git add`, and what to do next.
  package static func print(_ migration: CreatedMigration, to console: Console) {
    if console.isJSON {
      console.print(document: CreationPayload(migration))
      return
    }
    console.print(migration.path)
    if let path = migration.rollbackPath { console.print(path) }
    if migration.reverts != nil {
      console.hint("review both ways: the text was taken over as it is")
    } else {
      console.hint(
        "write the change; 'migration-manager template \(migration.name)' then suggests its undo")
    }
  }
}

/// The document of `create --json` and `revert --json`.
package struct CreationPayload: JSONDocument {
  private let migration: CreatedMigration

  /// The document of a new migration.
  package init(_ migration: CreatedMigration) {
    self.migration = migration
  }

  /// Writes the object.
  package func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("name", migration.name)
      json.member("version", migration.version)
      json.member("path", migration.path)
      json.member("rollback_path", migration.rollbackPath)
      json.member("reverts", migration.reverts)
    }
  }
}
