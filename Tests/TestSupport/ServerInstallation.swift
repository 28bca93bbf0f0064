import Foundation
import Glibc

/// The PostgreSQL server programs of this machine, and the account they run under.
struct ServerInstallation {
  /// The folder of `initdb`, `postgres` and `psql`.
  let programs: String
  /// The account to switch to: PostgreSQL refuses to run as root.
  let account: Account?

  /// An account of the operating system.
  struct Account {
    let name: String
    let user: uid_t
    let group: gid_t
  }

  /// Where the programs are: `POSTGRES_BIN` if set, else the newest of Debian's, else the `PATH`.
  static let found = Result {
    let environment = ProcessInfo.processInfo.environment
    let debian = "/usr/lib/postgresql"
    let versions = (try? FileManager.default.contentsOfDirectory(atPath: debian)) ?? []
    let folders =
      [environment["POSTGRES_BIN"] ?? ""]
      + versions.sorted { (Int($0) ?? 0) > (Int($1) ?? 0) }.map { "\(debian)/\($0)/bin" }
      + (environment["PATH"] ?? "").split(separator: ":").map(String.init)
    guard let programs = folders.first(where: { access("\($0)/initdb", X_OK) == 0 }) else {
      throw TestSupportError("PostgreSQL's initdb is not installed: run 'scripts/setup'")
    }
    let accounts = getuid() == 0 ? ["postgres", "nobody"] : []
    return ServerInstallation(
      programs: programs, account: accounts.lazy.compactMap(Account.init(named:)).first)
  }

  /// A command that runs under the account and dies with the calling process; `program` is the
  /// name of one of the programs, or an absolute path.
  func command(
    _ program: String, _ arguments: [String], output: ChildProcess.Destination = .captured
  ) -> ChildProcess.Command {
    var options = ["--pdeathsig", "QUIT"]
    if let account {
      options += ["--reuid=\(account.name)", "--regid=\(account.group)", "--init-groups"]
    }
    let path = program.hasPrefix("/") ? program : "\(programs)/\(program)"
    return ChildProcess.Command(
      executable: "/usr/bin/setpriv", arguments: options + [path] + arguments,
      environment: ["PATH": "\(programs):/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"],
      output: output, error: output)
  }

  /// Makes a folder that belongs to the account, in memory where there is room.
  func makeFolder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder(in: MemoryFolder.base)
    if let account { chown(folder.path, account.user, account.group) }
    return folder
  }

  /// Runs SQL with `psql -XAtq -v ON_ERROR_STOP=1`.
  func psql(_ sql: String, connectionString: String) throws -> ProgramResult {
    try client(
      "psql", ["-XAtq", "-v", "ON_ERROR_STOP=1", "-d", connectionString, "-f", "-"], input: sql)
  }

  /// Runs one of the client programs in a clean environment.
  func client(_ program: String, _ arguments: [String], input: String = "") throws -> ProgramResult
  {
    let child = try ChildProcess(
      .init(
        executable: "\(programs)/\(program)", arguments: arguments,
        environment: ["PATH": "/usr/bin:/bin", "HOME": "/", "LC_ALL": "C.UTF-8", "TZ": "UTC"]))
    try child.write(input.utf8)
    return try child.waitUntilExit()
  }
}

extension ServerInstallation.Account {
  /// Looks an account up; nil if the machine has none of that name.
  init?(named name: String) {
    guard let entry = getpwnam(name)?.pointee else { return nil }
    self.init(name: name, user: entry.pw_uid, group: entry.pw_gid)
  }
}
