import Glibc
import Synchronization

/// Something the test machinery itself could not do; the message says what.
package struct TestSupportError: Error, CustomStringConvertible {
  /// What went wrong.
  package let description: String

  init(_ description: String) { self.description = description }
}

/// An error number of the operating system, `errno`.
struct SystemError: Error {
  let code: Int32
}

/// The two ends of a pipe; neither is inherited by children that are not given it.
struct Pipe {
  let readEnd: Int32
  let writeEnd: Int32

  init() throws {
    var ends: [Int32] = [-1, -1]
    let code = spawning.withLock { _ in
      guard pipe(&ends) == 0 else { return errno }
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      return 0
    }
    guard code == 0 else { throw SystemError(code: code) }
    readEnd = ends[0]
    writeEnd = ends[1]
  }
}

/// Held while a pipe is made or a child starts. Swift does not see `pipe2`, and a child that starts
/// before a pipe's ends are marked would keep them open.
private let spawning = Mutex<Void>(())

/// An open ``ChildProcess/Destination``: the child's end, and ours if there is something to read.
struct Outlet {
  let readEnd: Int32?
  let writeEnd: Int32

  init(_ destination: ChildProcess.Destination) throws {
    switch destination {
    case .captured:
      let pipe = try Pipe()
      readEnd = pipe.readEnd
      writeEnd = pipe.writeEnd
    case .brokenPipe:
      let pipe = try Pipe()
      close(pipe.readEnd)
      readEnd = nil
      writeEnd = pipe.writeEnd
    case .file(let path):
      let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
      guard descriptor >= 0 else { throw SystemError(code: errno) }
      readEnd = nil
      writeEnd = descriptor
    }
  }
}

/// Starts `command` with `posix_spawn`, an empty signal mask and default signal actions.
func spawn(
  _ command: ChildProcess.Command, standardStreams: [Int32]
) -> Result<pid_t, SystemError> {
  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  for (target, descriptor) in standardStreams.enumerated() {
    posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(target))
  }

  var attributes = posix_spawnattr_t()
  posix_spawnattr_init(&attributes)
  defer { posix_spawnattr_destroy(&attributes) }
  var none = sigset_t()
  sigemptyset(&none)
  var all = sigset_t()
  sigfillset(&all)
  posix_spawnattr_setsigmask(&attributes, &none)
  posix_spawnattr_setsigdefault(&attributes, &all)
  posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

  // `env -C` changes the folder and becomes the program; Swift does not see posix_spawn's way.
  let words = ["env", "-C", command.directory, command.executable] + command.arguments
  let arguments = words.map { strdup($0) }
  let environment = command.environment.map { strdup("\($0.key)=\($0.value)") }
  defer { for string in arguments + environment { free(string) } }
  var identifier: pid_t = 0
  let code = spawning.withLock { _ in
    posix_spawn(
      &identifier, "/usr/bin/env", &actions, &attributes, arguments + [nil], environment + [nil])
  }
  return code == 0 ? .success(identifier) : .failure(SystemError(code: code))
}

/// `write(2)` that returns -1 with `EPIPE` where nobody reads, without the signal of that name.
func writeIgnoringBrokenPipe(_ descriptor: Int32, _ bytes: ArraySlice<UInt8>) -> Int {
  var brokenPipe = sigset_t()
  sigemptyset(&brokenPipe)
  sigaddset(&brokenPipe, SIGPIPE)
  var previous = sigset_t()
  pthread_sigmask(SIG_BLOCK, &brokenPipe, &previous)
  defer { pthread_sigmask(SIG_SETMASK, &previous, nil) }
  let written = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
  if written < 0, errno == EPIPE {
    var immediately = timespec()
    sigtimedwait(&brokenPipe, nil, &immediately)
  }
  return written
}
