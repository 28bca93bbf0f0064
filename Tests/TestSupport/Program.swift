import Foundation
import Glibc

/// How a program ended, and what it wrote.
package struct ProgramResult: Sendable, Equatable {
  /// The exit status; 128 + the signal's number if a signal ended it, as shells count.
  package let status: Int32
  /// What it wrote to standard output.
  package let stdout: String
  /// What it wrote to standard error.
  package let stderr: String
  /// The signal that ended it, if one did.
  package let signal: Int32?

  /// Decodes a status as `waitpid` returns it.
  init(waitStatus: Int32, stdout: String, stderr: String) {
    let signal = waitStatus & 0x7f
    self.signal = signal == 0 ? nil : signal
    status = signal == 0 ? (waitStatus >> 8) & 0xff : 128 + signal
    self.stdout = stdout
    self.stderr = stderr
  }
}

/// The built `migration-manager`, run as a user runs it.
///
/// Its environment is clean: `PATH`, `HOME` (an empty folder), `LC_ALL=C.UTF-8`, `TZ=UTC`, and in the
/// scope of a scratch database `DATABASE_URL`. It runs in an empty folder unless told otherwise.
package enum Program {
  /// Runs the program to its end.
  ///
  /// - Parameters:
  ///   - arguments: the command line, without the program's name.
  ///   - environment: added to the clean environment; `nil` takes a variable away.
  ///   - input: what it reads from standard input, then end of file.
  ///   - directory: the working directory.
  ///   - output: where standard output goes.
  ///   - deadline: how long it may take.
  /// - Returns: how it ended, and what it wrote.
  /// - Throws: ``TestSupportError`` if it is not built, cannot be started or takes too long.
  package static func run(
    _ arguments: [String], environment: [String: String?] = [:], input: String = "",
    directory: String? = nil, output: ChildProcess.Destination = .captured,
    deadline: Duration = .seconds(60)
  ) throws -> ProgramResult {
    let child = try start(
      arguments, environment: environment, directory: directory, output: output)
    try child.write(input.utf8, deadline: deadline)
    return try child.waitUntilExit(deadline: deadline)
  }

  /// Starts the program and leaves its standard input open, to be talked to.
  ///
  /// - Parameters: as for ``run(_:environment:input:directory:output:deadline:)``.
  /// - Throws: ``TestSupportError`` if it is not built or cannot be started.
  package static func start(
    _ arguments: [String], environment: [String: String?] = [:], directory: String? = nil,
    output: ChildProcess.Destination = .captured
  ) throws -> ChildProcess {
    let empty = try TemporaryFolder.empty.get().path
    var variables: [String: String] = [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin",
      "HOME": empty, "LC_ALL": "C.UTF-8", "TZ": "UTC",
    ]
    if let database = ScratchDatabase.inScope { variables["DATABASE_URL"] = database.url }
    for (name, value) in environment { variables[name] = value }
    return try ChildProcess(
      .init(
        executable: executable.get(), arguments: arguments, environment: variables,
        directory: directory ?? empty, output: output))
  }

  /// The program's path, for what starts it by other means: a shell, a terminal.
  ///
  /// - Throws: ``TestSupportError`` if it is not built.
  package static var path: String { get throws { try executable.get() } }

  /// The program's path: beside the test binary, else in the build folder of that name above it.
  private static let executable = Result {
    let name = "migration-manager"
    var folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    while folder.path != "/" {
      folder.deleteLastPathComponent()
      for candidate in [name, "debug/\(name)", ".build/debug/\(name)"] {
        let path = folder.appendingPathComponent(candidate).path
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
          !isFolder.boolValue,
          access(path, X_OK) == 0
        {
          return path
        }
      }
    }
    throw TestSupportError("\(name) is not built: run 'swift build' first")
  }
}
