import Glibc

/// Who runs this process, and where; for the audit trail.
package enum HostInformation {
  /// The name of this machine (gethostname(2)); `localhost` if it has none.
  package static var hostName: String {
    var name = [CChar](repeating: 0, count: 256)
    let status = unsafe gethostname(&name, name.count - 1)
    let text = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    return status == 0 && !text.isEmpty ? text : "localhost"
  }

  /// The name of the operating system's user (getpwuid(3)); where the user has none, as in many
  /// containers, what `LOGNAME` says, else the number.
  package static var userName: String {
    let user = getuid()
    var record = unsafe passwd()
    var found: UnsafeMutablePointer<passwd>?
    var buffer = [CChar](repeating: 0, count: 1 << 14)
    let size = buffer.count
    // The record points into the buffer, so both are used up inside.
    let name = unsafe buffer.withUnsafeMutableBufferPointer { buffer -> String? in
      guard let start = buffer.baseAddress else { return nil }
      guard unsafe getpwuid_r(user, &record, start, size, &found) == 0 else { return nil }
      return unsafe found?.pointee.pw_name.map { unsafe String(cString: $0) }
    }
    return name ?? Environment.value(for: "LOGNAME") ?? String(user)
  }
}
