import Foundation
import Glibc
import Synchronization

/// A child process whose output is drained by a thread of its own, so that full pipes never block it.
///
/// The child starts with an empty signal mask and default signal actions, whatever the test runner
/// has set. It is spawned by the thread that then waits for it: a parent-death signal
/// (`PR_SET_PDEATHSIG` is tied to the spawning *thread*) therefore fires only when this process ends.
package final class ChildProcess: Sendable {
  /// One of the two output streams of a child.
  package enum Stream: Int, Sendable {
    /// Standard output.
    case output
    /// Standard error.
    case error
  }

  /// Where a child's output stream goes.
  package enum Destination: Sendable {
    /// Kept in memory, see ``ChildProcess/text(of:)``.
    case captured
    /// A pipe that nobody reads any more, as left behind by `| head -1`.
    case brokenPipe
    /// Appended to the file at this path; `/dev/full` and `/dev/null` are files too.
    case file(String)
  }

  /// What to run, and how.
  package struct Command: Sendable {
    /// The path of the executable file.
    package var executable: String
    /// The arguments, without the program's name.
    package var arguments: [String]
    /// The whole environment.
    package var environment: [String: String]
    /// The working directory.
    package var directory: String
    /// Where standard output goes.
    package var output: Destination
    /// Where standard error goes.
    package var error: Destination

    /// Describes a command; nothing runs yet.
    package init(
      executable: String, arguments: [String], environment: [String: String],
      directory: String = "/", output: Destination = .captured, error: Destination = .captured
    ) {
      self.executable = executable
      self.arguments = arguments
      self.environment = environment
      self.directory = directory
      self.output = output
      self.error = error
    }
  }

  private struct State {
    var identifier: pid_t?
    var spawnError: Int32?
    var waitStatus: Int32?
    var input: Int32?
    var texts: [[UInt8]] = [[], []]
    var openStreams = 0
  }

  /// Held around every change of `state`, and signalled after it.
  private let changed = NSCondition()
  private let state = Mutex(State())
  /// The command's file name, for messages.
  private let name: String

  /// Starts `command`. An executable that does not exist shows as exit status 127.
  ///
  /// - Throws: ``TestSupportError`` if it cannot be started.
  package init(_ command: Command) throws {
    name = (command.executable as NSString).lastPathComponent
    let input = try Pipe()
    let output = try Outlet(command.output)
    let error = try Outlet(command.error)
    let captured = [output.readEnd, error.readEnd].compactMap { $0 }
    update {
      $0.input = input.writeEnd
      $0.openStreams = captured.count
    }
    Thread.detachNewThread { [self] in
      let result = spawn(
        command, standardStreams: [input.readEnd, output.writeEnd, error.writeEnd])
      for descriptor in [input.readEnd, output.writeEnd, error.writeEnd] { close(descriptor) }
      switch result {
      case .success(let identifier):
        update { $0.identifier = identifier }
        reap(identifier)
      case .failure(let failure):
        update { $0.spawnError = failure.code }
      }
    }
    let ends = [(Stream.output, output.readEnd), (.error, error.readEnd)]
    Thread.detachNewThread { [self] in drain(ends) }
    wait(until: Duration.seconds(3600).fromNow) { $0.identifier != nil || $0.spawnError != nil }
    if let code = state.withLock({ $0.spawnError }) {
      throw TestSupportError(
        "cannot start \(command.executable): \(String(cString: strerror(code)))")
    }
  }

  /// The process id; still set after the child has ended.
  package var identifier: Int32 { state.withLock { $0.identifier ?? 0 } }

  /// Whether the child has not ended yet.
  package var isRunning: Bool { state.withLock { $0.waitStatus == nil } }

  /// What the child has written so far to `stream`; bytes that are not UTF-8 show as U+FFFD.
  package func text(of stream: Stream) -> String {
    state.withLock { String(decoding: $0.texts[stream.rawValue], as: UTF8.self) }
  }

  /// Sends `signal`, unless the child has ended.
  package func send(signal: Int32) {
    changed.lock()
    defer { changed.unlock() }
    if let identifier = state.withLock({ $0.waitStatus == nil ? $0.identifier : nil }) {
      kill(identifier, signal)
    }
  }

  /// Writes to the child's standard input, waiting while its pipe is full.
  ///
  /// A child that no longer reads is not an error: the rest is dropped, as a shell would.
  /// - Throws: ``TestSupportError`` if the child neither reads nor ends for `deadline`.
  package func write(_ bytes: some Sequence<UInt8>, deadline: Duration = .seconds(60)) throws {
    guard let descriptor = state.withLock({ $0.input }) else { return }
    var rest = Array(bytes)[...]
    while !rest.isEmpty {
      var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      guard poll(&request, 1, deadline.milliseconds) != 0 else {
        throw TestSupportError("\(name) does not read its standard input")
      }
      if request.revents & Int16(POLLERR) != 0 { return }
      // A pipe that polls as writable takes this many bytes without blocking (POSIX, write()).
      let written = writeIgnoringBrokenPipe(descriptor, rest.prefix(Int(PIPE_BUF)))
      guard written >= 0 else { return }
      rest = rest.dropFirst(written)
    }
  }

  /// Closes the child's standard input: it reads end of file.
  package func closeInput() {
    update { state in
      if let descriptor = state.input { close(descriptor) }
      state.input = nil
    }
  }

  /// Waits until `text` stands in what `stream` has shown so far.
  ///
  /// - Returns: everything that `stream` has shown so far.
  /// - Throws: ``TestSupportError`` if `deadline` passes or the child ends without showing it.
  @discardableResult
  package func wait(
    for text: String, on stream: Stream, deadline: Duration = .seconds(60)
  ) throws -> String {
    let wanted = Array(text.utf8)
    let shown = { (state: State) in state.texts[stream.rawValue].contains(wanted) }
    wait(until: deadline.fromNow) {
      shown($0) || ($0.waitStatus != nil && $0.openStreams == 0)
    }
    guard self.text(of: stream).contains(text) else {
      throw TestSupportError(
        "\(name) did not show \"\(text)\"\(isRunning ? " in time" : "")\n" + transcript)
    }
    return self.text(of: stream)
  }

  /// Closes standard input and waits until the child has ended and all its output is read.
  ///
  /// - Throws: ``TestSupportError`` if `deadline` passes; the child is then killed.
  package func waitUntilExit(deadline: Duration = .seconds(60)) throws -> ProgramResult {
    closeInput()
    wait(until: deadline.fromNow) { $0.waitStatus != nil && $0.openStreams == 0 }
    let (status, open) = state.withLock { ($0.waitStatus, $0.openStreams) }
    guard let status, open == 0 else {
      send(signal: SIGKILL)
      throw TestSupportError("\(name) did not end in time\n" + transcript)
    }
    return ProgramResult(
      waitStatus: status, stdout: text(of: .output), stderr: text(of: .error))
  }

  private var transcript: String {
    "stdout: \(text(of: .output))\nstderr: \(text(of: .error))"
  }

  private func update(_ change: (inout State) -> Void) {
    changed.lock()
    state.withLock { change(&$0) }
    changed.broadcast()
    changed.unlock()
  }

  private func wait(until limit: Date, for condition: (State) -> Bool) {
    changed.lock()
    defer { changed.unlock() }
    while !state.withLock({ condition($0) }), changed.wait(until: limit) {}
  }

  /// Waits for the end, and reaps under the lock: `send(signal:)` never meets a reused process id.
  private func reap(_ identifier: pid_t) {
    var information = siginfo_t()
    while waitid(P_PID, id_t(identifier), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
    update { state in
      var status: Int32 = 0
      waitpid(identifier, &status, 0)
      state.waitStatus = status
    }
  }

  private func drain(_ ends: [(Stream, Int32?)]) {
    var open = ends.compactMap { stream, end in end.map { (stream, $0) } }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while !open.isEmpty {
      var requests = open.map { pollfd(fd: $0.1, events: Int16(POLLIN), revents: 0) }
      guard poll(&requests, nfds_t(requests.count), -1) > 0 else { continue }
      for ((stream, descriptor), request) in zip(open, requests) where request.revents != 0 {
        let count = read(descriptor, &buffer, buffer.count)
        if count < 0, errno == EINTR { continue }
        if count > 0 {
          update { $0.texts[stream.rawValue].append(contentsOf: buffer[..<count]) }
        } else {
          close(descriptor)
          open.removeAll { $0.1 == descriptor }
          update { $0.openStreams -= 1 }
        }
      }
    }
  }
}
