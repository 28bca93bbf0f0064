import Foundation
import Glibc

/// The file system in memory, for servers: making and dropping a database writes some hundred files.
enum MemoryFolder {
  /// Where it is; nil where there is none, or less room than servers may come to need. Containers
  /// often have 64 MB there.
  static let base: String? = {
    let path = "/dev/shm"
    var room = statvfs()
    guard statvfs(path, &room) == 0, room.f_bavail * room.f_frsize >= 4 << 30,
      access(path, W_OK) == 0
    else { return nil }
    removeLeftovers(in: path)
    return path
  }()

  /// Removes what tests left that were killed an hour ago or more: it would stay until the machine
  /// is started again.
  private static func removeLeftovers(in base: String) {
    let files = FileManager.default
    for name in (try? files.contentsOfDirectory(atPath: base)) ?? []
    where name.hasPrefix("migration-manager-") {
      let path = "\(base)/\(name)"
      let attributes = try? files.attributesOfItem(atPath: path)
      guard let changed = attributes?[.modificationDate] as? Date,
        changed.timeIntervalSinceNow < -3600
      else { continue }
      let lock = try? String(contentsOfFile: path + "/data/postmaster.pid", encoding: .utf8)
      let process = lock?.split(separator: "\n").first.flatMap { pid_t($0) }
      if let process, kill(process, 0) == 0 { continue }
      try? files.removeItem(atPath: path)
    }
  }
}
