import Glibc

extension FileSystem {
  /// Why a file was not replaced.
  package enum ReplacementError: Error, Hashable, Sendable {
    /// It holds something else than was expected.
    case changed
    /// The system refused.
    case failed(FileSystemError)
  }

  /// Puts other bytes into a file: at any moment, whatever dies, it holds the old or the new ones.
  ///
  /// The new bytes are written to a file beside it, brought to disk and renamed over it. The file
  /// keeps its mode, owner and group; a symbolic link stays one, and what it leads to is replaced.
  /// SIGINT, SIGTERM and SIGHUP wait until it is done.
  ///
  /// - Parameters:
  ///   - path: the path of a regular file, or of a link to one.
  ///   - bytes: what it will hold.
  ///   - expected: what it must hold now.
  /// - Throws: ``ReplacementError``; the file is as it was then, and nothing stands beside it.
  package static func replaceFile(
    atPath path: String, with bytes: [UInt8], expecting expected: [UInt8]
  ) throws(ReplacementError) {
    try Interrupts.protected { () throws(ReplacementError) in
      do {
        let target = try resolved(path)
        let temporary = try writeBeside(target, bytes)
        do {
          guard try readFile(atPath: target) == expected else { throw ReplacementError.changed }
          guard unsafe rename(temporary, target) == 0 else {
            throw FileSystemError(path: path, errorNumber: errno)
          }
        } catch {
          unsafe unlink(temporary)
          throw error
        }
        synchronizeFolder(of: target)
      } catch let error as ReplacementError {
        throw error
      } catch let error as FileSystemError {
        throw .failed(FileSystemError(path: path, reason: error.reason))
      } catch {
        throw .failed(FileSystemError(path: path, errorNumber: EIO))
      }
    }
  }

  /// The path that is left when all symbolic links are followed (`realpath(3)`).
  ///
  /// - Parameter path: a path to something that exists.
  /// - Returns: an absolute path.
  /// - Throws: `FileSystemError` if it leads nowhere.
  package static func resolved(_ path: String) throws(FileSystemError) -> String {
    guard !path.utf8.contains(0), let resolved = unsafe realpath(path, nil) else {
      throw FileSystemError(path: path, errorNumber: path.utf8.contains(0) ? EINVAL : errno)
    }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
  }

  /// Writes a new file in the folder of another, with that one's mode and owner, and brings it to
  /// disk.
  ///
  /// - Parameters:
  ///   - path: the other file.
  ///   - bytes: what to write.
  /// - Returns: the path of the new file.
  /// - Throws: `FileSystemError`; no new file is left then.
  private static func writeBeside(_ path: String, _ bytes: [UInt8]) throws(FileSystemError)
    -> String
  {
    var status = stat()
    guard unsafe stat(path, &status) == 0, unsafe access(path, W_OK) == 0 else {
      throw FileSystemError(path: path, errorNumber: errno)
    }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegular(path: path) }
    let temporary = "\(folder(of: path))/.migration-manager.\(UniqueIdentifier.random())"
    let descriptor = unsafe open(
      temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw FileSystemError(path: path, errorNumber: errno) }
    let isWritten =
      write(bytes, to: descriptor)
      && ((status.st_uid == geteuid() && status.st_gid == getegid())
        || fchown(descriptor, status.st_uid, status.st_gid) == 0)
      && fchmod(descriptor, status.st_mode & 0o7777) == 0 && fsync(descriptor) == 0
    let failure = errno
    let isClosed = close(descriptor) == 0
    guard isWritten, isClosed else {
      let number = isWritten ? errno : failure
      unsafe unlink(temporary)
      throw FileSystemError(path: path, errorNumber: number)
    }
    return temporary
  }

  static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    unsafe bytes.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count {
        let written = unsafe Glibc.write(
          descriptor, buffer.baseAddress.map { unsafe $0 + done }, buffer.count - done)
        if written < 0, errno == EINTR { continue }
        guard written > 0 else { return false }
        done += written
      }
      return true
    }
  }

  /// Brings a renaming to disk. Where that fails the file is right all the same, and the system will
  /// write it in its own time.
  static func synchronizeFolder(of path: String) {
    let descriptor = unsafe open(folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  /// The folder of a path; `.` where it names none.
  private static func folder(of path: String) -> String {
    guard let end = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return end == path.startIndex ? "/" : String(path[..<end])
  }
}
