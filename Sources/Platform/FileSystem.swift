import Glibc

/// One name in a folder.
package struct DirectoryEntry: Hashable, Sendable {
  /// What a name stands for; a symbolic link is what it leads to.
  package enum Kind: Hashable, Sendable {
    /// A regular file.
    case file
    /// A folder.
    case directory
    /// A FIFO, socket or device.
    case other
    /// A symbolic link that leads nowhere.
    case danglingLink
    /// Something whose name is not UTF-8: `name` shows it mended and opens nothing.
    case unreadableName
  }

  /// The name, without the folder.
  package var name: String
  /// What it stands for.
  package var kind: Kind

  /// Names an entry.
  ///
  /// - Parameters:
  ///   - name: the name, without the folder.
  ///   - kind: what it stands for.
  package init(name: String, kind: Kind) {
    self.name = name
    self.kind = kind
  }
}

/// Reading files and folders.
package enum FileSystem {
  /// Reads a whole file.
  ///
  /// - Parameter path: the path of a regular file, or of a link to one.
  /// - Returns: its bytes.
  /// - Throws: `FileSystemError` if it is missing, may not be read, or is no regular file. A FIFO
  ///   is refused at once, not waited for.
  package static func readFile(atPath path: String) throws(FileSystemError) -> [UInt8] {
    try checkPath(path)
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
    guard descriptor >= 0 else { throw FileSystemError(path: path, errorNumber: errno) }
    defer { close(descriptor) }

    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      throw FileSystemError(path: path, errorNumber: errno)
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw FileSystemError(path: path, errorNumber: EISDIR)
    default: throw .notRegular(path: path)
    }

    // One byte more than there should be: if the file grew meanwhile, the rest is read after it.
    var bytes = try readChunk(descriptor, upTo: Int(status.st_size) + 1, path: path)
    guard bytes.count > status.st_size else { return bytes }
    while true {
      let chunk = try readChunk(descriptor, upTo: 1 << 20, path: path)
      if chunk.isEmpty { return bytes }
      bytes += chunk
    }
  }

  /// Reads until so many bytes are there or the file ends.
  private static func readChunk(
    _ descriptor: Int32, upTo limit: Int, path: String
  ) throws(FileSystemError) -> [UInt8] {
    var failure: Int32 = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
      while count < limit {
        let received = unsafe read(
          descriptor, buffer.baseAddress.map { unsafe $0 + count }, limit - count)
        if received < 0 && errno == EINTR { continue }
        if received < 0 { failure = errno }
        if received <= 0 { return }
        count += received
      }
    }
    guard failure == 0 else { throw FileSystemError(path: path, errorNumber: failure) }
    return bytes
  }

  /// Lists a folder.
  ///
  /// - Parameter path: the path of a folder, or of a link to one.
  /// - Returns: its entries in no order, without `.` and `..`. A name that is not UTF-8 is listed
  ///   with the kind `unreadableName`, so that it can be reported.
  /// - Throws: `FileSystemError` if it is missing, may not be read, or is no folder.
  package static func directoryEntries(
    atPath path: String
  ) throws(FileSystemError) -> [DirectoryEntry] {
    try checkPath(path)
    guard let stream = unsafe opendir(path) else {
      throw FileSystemError(path: path, errorNumber: errno)
    }
    defer { unsafe closedir(stream) }

    var entries: [DirectoryEntry] = []
    while true {
      errno = 0
      guard let entry = unsafe readdir(stream) else {
        guard errno == 0 else { throw FileSystemError(path: path, errorNumber: errno) }
        return entries
      }
      let name = unsafe name(of: entry)
      guard name.text != ".", name.text != ".." else { continue }
      let kind: DirectoryEntry.Kind =
        if !name.isUTF8 {
          .unreadableName
        } else {
          switch unsafe Int(entry.pointee.d_type) {
          case Int(DT_REG): .file
          case Int(DT_DIR): .directory
          case Int(DT_LNK), Int(DT_UNKNOWN):
            kind(ofPath: "\(path)/\(name.text)") ?? .danglingLink
          default: .other
          }
        }
      entries.append(DirectoryEntry(name: name.text, kind: kind))
    }
  }

  private static func name(
    of entry: UnsafeMutablePointer<dirent>
  ) -> (text: String, isUTF8: Bool) {
    unsafe withUnsafePointer(to: &entry.pointee.d_name) { tuple in
      let name = unsafe UnsafeRawPointer(tuple).assumingMemoryBound(to: CChar.self)
      if let text = unsafe String(validatingCString: name) { return (text, true) }
      return unsafe (String(cString: name), false)
    }
  }

  /// Whether anything can be reached at a path; a link that leads nowhere is nothing.
  ///
  /// - Parameter path: any path.
  /// - Returns: true if something is there.
  package static func fileExists(atPath path: String) -> Bool {
    kind(ofPath: path) != nil
  }

  /// Whether there is something of that name; a link that leads nowhere is something: it was meant to
  /// lead to what is looked for, and who reads it will be told.
  ///
  /// - Parameter path: any path.
  /// - Returns: true if something is there.
  package static func entryExists(atPath path: String) -> Bool {
    var status = stat()
    guard !path.utf8.contains(0) else { return false }
    return unsafe lstat(path, &status) == 0
  }

  /// Whether a path leads to a folder.
  ///
  /// - Parameter path: any path.
  /// - Returns: true for a folder, or a link to one.
  package static func isDirectory(atPath path: String) -> Bool {
    kind(ofPath: path) == .directory
  }

  private static func kind(ofPath path: String) -> DirectoryEntry.Kind? {
    var status = stat()
    guard !path.utf8.contains(0), unsafe stat(path, &status) == 0 else { return nil }
    return switch status.st_mode & S_IFMT {
    case S_IFREG: .file
    case S_IFDIR: .directory
    default: .other
    }
  }

  /// C ends a path at a zero byte: such a path would name something else.
  private static func checkPath(_ path: String) throws(FileSystemError) {
    guard !path.utf8.contains(0) else { throw FileSystemError(path: path, errorNumber: EINVAL) }
  }
}
