import Foundation
import TestSupport

/// A project's checkout, and a shell in it whose `PATH` has what the packages install and the other
/// runners, which stand in `Tests/Runners`.
struct ShellProject {
  let database: ScratchDatabase
  let folder: MigrationFolder

  /// Makes an empty checkout.
  init(on database: ScratchDatabase = .current) throws {
    self.database = database
    folder = try MigrationFolder()
    try link("bin/migration-manager", to: try Program.path)
    try link(
      "bin/migration-manager-rollback-batch", to: "\(Documentation.root)/scripts/rollback-batch")
    for runner in ["supabase", "prisma"] {
      try link("bin/\(runner)", to: "\(Documentation.root)/Tests/Runners/\(runner)")
    }
  }

  /// Runs bash on a script in a file, as `bash OPTION... FILE`.
  ///
  /// - Parameters:
  ///   - script: its text.
  ///   - options: options of bash beside those that keep it from reading start-up files.
  ///   - environment: added to a clean environment that names no database.
  ///   - input: what the script reads.
  /// - Returns: how it ended, and what it wrote.
  /// - Throws: ``TestSupportError`` if it takes too long.
  func bash(
    _ script: String, options: [String] = [], environment: [String: String] = [:],
    input: String = ""
  ) throws -> ProgramResult {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
    let variables = [
      "PATH": "\(folder.path)/bin:\(database.programs):\(path)", "HOME": folder.path,
      "LC_ALL": "C.UTF-8", "TZ": "UTC",
    ]
    let file = ".script-\(UUID().uuidString)"
    try folder.write(script, to: file)
    defer { try? folder.remove(file) }
    let child = try ChildProcess(
      .init(
        executable: "/bin/bash", arguments: ["--noprofile", "--norc"] + options + [file],
        environment: variables.merging(environment) { $1 }, directory: folder.path))
    try child.write(input.utf8)
    return try child.waitUntilExit()
  }

  /// libpq's own variables for the database: what `psql` without arguments reaches.
  var connectionVariables: [String: String] {
    [
      "PGHOST": database.socketDirectory, "PGPORT": "\(database.port)", "PGUSER": "postgres",
      "PGDATABASE": database.name,
    ]
  }

  /// Makes the file `name` a program of the checkout.
  ///
  /// By a program of its own: what is open for writing here would be so too in a child that another
  /// test starts just then, and cannot be run meanwhile (ETXTBSY).
  func writeProgram(_ script: String, to name: String) throws {
    let result = try bash(
      #"rm -f "$FILE" && printf '#!/bin/bash\n%s\n' "$TEXT" > "$FILE" && chmod +x "$FILE""#,
      environment: ["TEXT": script, "FILE": name])
    guard result.status == 0 else {
      throw UnexpectedResult(arguments: ["writing", name], result: result)
    }
  }

  /// Makes the file `name` a link.
  func link(_ name: String, to target: String) throws {
    let path = URL(filePath: folder.path(of: name))
    try FileManager.default.createDirectory(
      at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: path.path, withDestinationPath: target)
  }
}
