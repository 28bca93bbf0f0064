import Glibc

extension FileSystem {
  /// Makes a file that is not there yet: it never takes the place of another, or of a link.
  ///
  /// SIGINT, SIGTERM and SIGHUP wait until it is done.
  ///
  /// - Parameters:
  ///   - path: where it will be; its folder must be there.
  ///   - bytes: what it will hold.
  /// - Throws: `FileSystemError` where something is there or it cannot be written; what was written
  ///   of it is gone then.
  package static func createFile(
    atPath path: String, holding bytes: [UInt8]
  ) throws(FileSystemError) {
    try Interrupts.protected { () throws(FileSystemError) in
      guard !path.utf8.contains(0) else { throw FileSystemError(path: path, errorNumber: EINVAL) }
      let descriptor = unsafe open(
        path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o666)
      guard descriptor >= 0 else { throw FileSystemError(path: path, errorNumber: errno) }
      let isWritten = write(bytes, to: descriptor) && fsync(descriptor) == 0
      let failure = errno
      let isClosed = close(descriptor) == 0
      guard isWritten, isClosed else {
        let number = isWritten ? errno : failure
        unsafe unlink(path)
        throw FileSystemError(path: path, errorNumber: number)
      }
      synchronizeFolder(of: path)
    }
  }

  /// Makes a folder that is not there yet.
  ///
  /// - Parameter path: where it will be; the folder around it must be there.
  /// - Throws: `FileSystemError` where something is there or it cannot be made.
  package static func createDirectory(atPath path: String) throws(FileSystemError) {
    guard !path.utf8.contains(0), unsafe mkdir(path, 0o777) == 0 else {
      throw FileSystemError(path: path, errorNumber: path.utf8.contains(0) ? EINVAL : errno)
    }
  }

  /// Takes away a file that this program made, or a folder with nothing in it.
  ///
  /// - Parameter path: where it is; nothing happens where it cannot be taken away.
  package static func removeIfPossible(_ path: String) {
    guard !path.utf8.contains(0) else { return }
    unsafe remove(path)
  }
}
