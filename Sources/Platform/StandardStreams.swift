import Glibc
import Synchronization

/// Why output could not be written.
package enum StreamError: Error, Hashable, Sendable {
  /// The reader is gone, for instance `| head -1` after its line.
  case closed
  /// Anything else, for instance a full disk; holds the C library's words.
  case failed(String)
}

extension StreamError: CustomStringConvertible {
  /// What happened, in a few words.
  package var description: String {
    switch self {
    case .closed: "the output was closed by its reader"
    case .failed(let reason): "the output could not be written: \(reason)"
    }
  }
}

/// The three standard streams, without buffers between: what is written is written.
package enum StandardStreams {
  /// A stream that takes output.
  package enum Output: Int32, Sendable {
    /// Where results go.
    case standardOutput = 1
    /// Where progress, warnings, errors and prompts go.
    case standardError = 2
  }

  /// Makes a write to a closed pipe an error instead of the end of the process, for the whole
  /// process. To be called before threads are started.
  package static func ignoreBrokenPipes() {
    signal(SIGPIPE, SIG_IGN)
  }

  /// Takes the places of standard streams that the parent has closed, so that no connection gets
  /// one of their numbers and is read or written as that stream. Reading and writing still fails.
  /// To be called before anything is opened.
  package static func reserveDescriptors() {
    let modes = [STDIN_FILENO: O_WRONLY, STDOUT_FILENO: O_RDONLY, STDERR_FILENO: O_RDONLY]
    for (descriptor, mode) in modes.sorted(by: { $0.key < $1.key })
    where fcntl(descriptor, F_GETFD) < 0 {
      // The lowest free number is the one that is missing: those below it are open.
      _ = unsafe open("/dev/null", mode)
    }
  }

  /// Whether anything was written to standard output, or is being written; safe to ask from any
  /// thread.
  package static var outputHasBegun: Bool { outputBegan.load(ordering: .acquiring) }

  private static let outputBegan = Atomic(false)

  /// Writes bytes, all of them.
  ///
  /// - Parameters:
  ///   - bytes: what to write.
  ///   - stream: where to.
  /// - Throws: `StreamError`.
  package static func write(
    _ bytes: [UInt8], to stream: Output = .standardOutput
  ) throws(StreamError) {
    if stream == .standardOutput { outputBegan.store(true, ordering: .releasing) }
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes[written...].withUnsafeBytes { rest in
        unsafe Glibc.write(stream.rawValue, rest.baseAddress, rest.count)
      }
      if count >= 0 {
        written += count
        continue
      }
      switch errno {
      case EINTR: continue
      case EAGAIN: waitUntilReady(stream.rawValue, for: POLLOUT)
      case EPIPE: throw .closed
      default: throw .failed(words(forErrorNumber: errno))
      }
    }
  }

  /// Reads one line of standard input, and not a byte more: what follows stays for others.
  ///
  /// - Returns: the line without its end (`\n` or `\r\n`), bytes that are not UTF-8 mended; nil if
  ///   the input has ended or is closed.
  package static func readLine() -> String? {
    var line: [UInt8] = []
    while true {
      var byte: UInt8 = 0
      let count = unsafe read(STDIN_FILENO, &byte, 1)
      if count < 0 && errno == EINTR { continue }
      if count < 0 && errno == EAGAIN {
        waitUntilReady(STDIN_FILENO, for: POLLIN)
        continue
      }
      if count <= 0 && line.isEmpty { return nil }
      if count <= 0 || byte == UInt8(ascii: "\n") { break }
      line.append(byte)
    }
    if line.last == UInt8(ascii: "\r") { line.removeLast() }
    return String(decoding: line, as: UTF8.self)
  }

  /// Waits for a stream that somebody made non-blocking.
  private static func waitUntilReady(_ descriptor: Int32, for event: Int32) {
    var request = pollfd(fd: descriptor, events: Int16(event), revents: 0)
    _ = unsafe poll(&request, 1, -1)
  }
}
