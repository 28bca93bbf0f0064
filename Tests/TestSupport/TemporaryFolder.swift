import Foundation
import Glibc

/// A folder of its own under the temporary folder, removed with all it holds when it is let go.
package final class TemporaryFolder: Sendable {
  /// The absolute path.
  package let path: String

  /// Makes a folder that only its owner may enter.
  ///
  /// - Parameter folder: what it is made in; the temporary folder by default.
  /// - Throws: ``TestSupportError`` if that fails.
  package init(in folder: String? = nil) throws {
    // A socket's path must stay under 108 bytes (unix(7)), with ours in it.
    let base = folder ?? FileManager.default.temporaryDirectory.path
    let template = (base.utf8.count < 60 ? base : "/tmp") + "/migration-manager-XXXXXX"
    var name = Array(template.utf8CString)
    guard mkdtemp(&name) != nil else { throw TestSupportError("cannot make a folder in \(base)") }
    path = String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  deinit { remove() }

  /// Removes the folder now.
  package func remove() {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// One empty folder for this process, removed when it exits.
  static let empty: Result<TemporaryFolder, any Error> = Result {
    let folder = try TemporaryFolder()
    atexit { try? TemporaryFolder.empty.get().remove() }
    return folder
  }
}

/// A folder of migration files, removed when it is let go.
package final class MigrationFolder: Sendable {
  private let folder: TemporaryFolder

  /// The absolute path.
  package var path: String { folder.path }

  /// Makes a folder that holds `files`.
  ///
  /// - Parameter files: texts by file name; a name may have folders in it, which are made.
  /// - Throws: what `FileManager` throws.
  package init(_ files: [String: String] = [:]) throws {
    folder = try TemporaryFolder()
    for (name, text) in files { try write(text, to: name) }
  }

  /// The path of the file `name`, there or not.
  package func path(of name: String) -> String { path + "/" + name }

  /// Writes `text` as the whole of the file `name`.
  ///
  /// - Throws: what `FileManager` throws.
  package func write(_ text: String, to name: String) throws {
    try write(bytes: text.utf8, to: name)
  }

  /// Writes `bytes` as the whole of the file `name`.
  ///
  /// - Throws: what `FileManager` throws.
  package func write(bytes: some Sequence<UInt8>, to name: String) throws {
    let file = URL(fileURLWithPath: path(of: name))
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
  }

  /// Takes the file `name` from everyone but its owner, as libpq wants of a password file.
  ///
  /// - Throws: what `FileManager` throws.
  package func restrict(_ name: String) throws {
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path(of: name))
  }

  /// Removes the file `name`.
  ///
  /// - Throws: what `FileManager` throws.
  package func remove(_ name: String) throws {
    try FileManager.default.removeItem(atPath: path(of: name))
  }
}
