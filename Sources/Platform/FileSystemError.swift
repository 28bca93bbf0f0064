import Glibc

/// Why a file or folder could not be read.
package struct FileSystemError: Error, Hashable, Sendable {
  /// The common causes, told apart.
  package enum Kind: Hashable, Sendable {
    /// Nothing has this name.
    case notFound
    /// The name, or a folder on the way to it, may not be read.
    case permissionDenied
    /// It is a folder where a file is wanted.
    case isDirectory
    /// It is a FIFO, socket or device where a file is wanted, or no folder where one is wanted.
    case wrongType
    /// Anything else; the reason tells.
    case other
  }

  /// What kind of trouble it is.
  package var kind: Kind
  /// The path as it was given.
  package var path: String
  /// The error number of the C library.
  package var errorNumber: Int32
  /// The C library's words for it, for instance `No such file or directory`.
  package var reason: String

  /// Describes a failure by the number that a system call left.
  ///
  /// - Parameters:
  ///   - path: the path as it was given.
  ///   - errorNumber: the value of `errno`.
  package init(path: String, errorNumber: Int32) {
    self.path = path
    self.errorNumber = errorNumber
    reason = words(forErrorNumber: errorNumber)
    kind =
      switch errorNumber {
      case ENOENT, ENOTDIR: .notFound
      case EACCES, EPERM: .permissionDenied
      case EISDIR: .isDirectory
      default: .other
      }
  }

  static func notRegular(path: String) -> FileSystemError {
    var error = FileSystemError(path: path, errorNumber: EINVAL)
    error.kind = .wrongType
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
