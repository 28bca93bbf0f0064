import Foundation
import Glibc

/// A stream socket of the file system (unix(7)), closed in children.
///
/// A value only borrows the descriptor: who opened it calls ``close()``, once.
struct UnixSocket: Sendable {
  let descriptor: Int32

  /// Listens at `path`.
  ///
  /// - Throws: ``TestSupportError`` if the socket cannot be made.
  static func listening(at path: String) throws -> UnixSocket {
    let socket = try UnixSocket(opening: path, bind)
    guard listen(socket.descriptor, 64) == 0 else { throw failure("listen at", path) }
    return socket
  }

  /// Connects to whoever listens at `path`.
  ///
  /// - Throws: ``TestSupportError`` if nobody does.
  static func connected(to path: String) throws -> UnixSocket {
    try UnixSocket(opening: path, connect)
  }

  private init(descriptor: Int32) { self.descriptor = descriptor }

  private init(
    opening path: String,
    _ attach: (Int32, UnsafePointer<sockaddr>?, socklen_t) -> Int32
  ) throws {
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    descriptor = socket(AF_UNIX, kind, 0)
    guard descriptor >= 0 else { throw Self.failure("open", path) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    let fits = withUnsafeMutableBytes(of: &address.sun_path) { room in
      guard bytes.count < room.count else { return false }
      room.copyBytes(from: bytes)
      return true
    }
    let code = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        attach(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard fits, code == 0 else {
      Glibc.close(descriptor)
      throw Self.failure("attach to", path)
    }
  }

  private static func failure(_ what: String, _ path: String) -> TestSupportError {
    TestSupportError("cannot \(what) the socket \(path): \(String(cString: strerror(errno)))")
  }

  /// Waits for the next client.
  ///
  /// - Returns: its socket; nil once ``cut()`` was called.
  func accept() -> UnixSocket? {
    while true {
      let client = Glibc.accept(descriptor, nil, nil)
      if client >= 0 {
        // A child that inherits it in between does no harm: `cut()` ends what all of them share.
        _ = fcntl(client, F_SETFD, FD_CLOEXEC)
        return UnixSocket(descriptor: client)
      }
      guard errno == EINTR || errno == ECONNABORTED else { return nil }
    }
  }

  /// Reads exactly so many bytes.
  ///
  /// - Returns: nil when the other side has closed before.
  func read(_ count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let got = bytes.withUnsafeMutableBytes {
        recv(descriptor, $0.baseAddress?.advanced(by: filled), count - filled, 0)
      }
      if got < 0, errno == EINTR { continue }
      guard got > 0 else { return nil }
      filled += got
    }
    return bytes
  }

  /// Writes all bytes.
  ///
  /// - Returns: false when the other side has closed.
  func write(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let sent = rest.withUnsafeBytes {
        send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if sent < 0, errno == EINTR { continue }
      guard sent > 0 else { return false }
      rest = rest.dropFirst(sent)
    }
    return true
  }

  /// Ends both directions: either side reads end of file, and calls that wait here return.
  func cut() { shutdown(descriptor, Int32(SHUT_RDWR)) }

  /// Gives the descriptor back.
  func close() { Glibc.close(descriptor) }
}
