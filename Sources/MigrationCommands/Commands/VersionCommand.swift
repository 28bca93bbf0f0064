import MigrationCore

/// `--version`: the versions of the program and of the libraries in it; it needs no session.
enum VersionCommand {
  /// Prints the versions.
  static func run(console: Console) {
    let payload = VersionPayload(version: Session.toolVersion, libraries: Session.libraryVersions)
    if console.isJSON {
      console.print(document: payload)
    } else {
      console.print("migration-manager \(payload.version)")
      for library in payload.libraries { console.print("\(library.name) \(library.version)") }
    }
  }
}

/// The document of `--version --json`.
package struct VersionPayload: JSONDocument {
  /// The program's version.
  package let version: String
  /// The names and versions of its libraries.
  package let libraries: [(name: String, version: String)]

  /// The document of versions.
  package init(version: String, libraries: [(name: String, version: String)]) {
    self.version = version
    self.libraries = libraries
  }

  /// Writes the object.
  package func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("version", version)
      json.member("libraries", libraries.map(LibraryPayload.init))
    }
  }
}

/// One library of `--version --json`.
private struct LibraryPayload: JSONValue {
  let name: String
  let version: String

  func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("name", name)
      json.member("version", version)
    }
  }
}
