import Foundation
import Synchronization

/// A `psql` that stays open: another session beside the program, perhaps in a transaction.
///
/// A statement that fails ends it. It ends when it is let go, without a COMMIT.
package final class PsqlSession: Sendable {
  private let child: ChildProcess
  private let count = Atomic(0)

  /// The process id of the backend that serves it.
  package let backend: Int

  /// Connects.
  ///
  /// - Parameters:
  ///   - database: where.
  ///   - user: as whom.
  ///   - application: what `pg_stat_activity` shows as `application_name`.
  /// - Throws: ``TestSupportError`` with psql's messages if it does not get in.
  package init(
    _ database: ScratchDatabase, user: String = "postgres", application: String = "psql"
  ) throws {
    child = try ChildProcess(
      .init(
        executable: ServerInstallation.found.get().programs + "/psql",
        arguments: [
          "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", database.connectionString(user: user),
        ],
        environment: [
          "PATH": "/usr/bin:/bin", "HOME": "/", "LC_ALL": "C.UTF-8", "PGAPPNAME": application,
        ]))
    try child.write("SELECT pg_backend_pid();\n\\echo connected\n".utf8)
    let shown = try child.wait(for: "connected", on: .output)
    guard let backend = Int(shown.prefix { $0.isNumber }) else {
      throw TestSupportError("psql did not tell its backend: \(shown)")
    }
    self.backend = backend
  }

  deinit { child.send(signal: SIGKILL) }

  /// Sends statements and does not wait for them.
  ///
  /// - Throws: ``TestSupportError`` if psql does not read.
  package func begin(_ sql: String) throws { try child.write("\(sql);\n".utf8) }

  /// Waits until everything sent so far was done.
  ///
  /// - Throws: ``TestSupportError`` with psql's messages if a statement failed.
  package func finish() throws {
    let mark = "-- done \(count.add(1, ordering: .relaxed).newValue) --"
    try child.write("\\echo '\(mark)'\n".utf8)
    try child.wait(for: mark, on: .output)
  }

  /// Runs statements and waits for them.
  ///
  /// - Throws: ``TestSupportError`` with psql's messages if one fails.
  package func run(_ sql: String) throws {
    try begin(sql)
    try finish()
  }
}
