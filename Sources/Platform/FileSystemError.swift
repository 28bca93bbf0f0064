import Glibc

/// Why a file or folder could not be read.
package struct FileSystemError: Error, Hashable, Sendable {
  /// The path as it was given.
  package var path: String
  /// The C library's words for it, for instance `No such file or directory`.
  package var reason: String

  /// Describes a failure by the number that a system call left.
  ///
  /// - Parameters:
  ///   - path: the path as it was given.
  ///   - errorNumber: the value of `errno`.
  package init(path: String, errorNumber: Int32) {
    self.path = path
    reason = words(forErrorNumber: errorNumber)
  }

  init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  static func notRegular(path: String) -> FileSystemError {
    var error = FileSystemError(path: path, errorNumber: EINVAL)
    error.reason = "Not a regular file"
    return error
  }
}

extension FileSystemError: CustomStringConvertible {
  /// Path and reason, for instance `migrations/1.sql: Permission denied`.
  package var description: String { "\(path): \(reason)" }
}

/// The C library's words for an error number.
///
/// - Parameter number: a value of `errno`.
/// - Returns: for instance `No such file or directory`.
func words(forErrorNumber number: Int32) -> String {
  // Since glibc 2.32 the text belongs to the thread (strerror(3)).
  unsafe strerror(number).map { unsafe String(cString: $0) } ?? "error \(number)"
}
