import Glibc

/// A request to stop.
package enum InterruptSignal: Sendable {
  /// SIGINT: somebody pressed Ctrl-C.
  case interrupt
  /// SIGTERM: another process asks.
  case terminate

  /// What a shell expects of a process that was ended by the signal: 128 and its number.
  package var exitStatus: Int32 {
    128 + number
  }

  /// The name as people know it.
  package var name: String {
    switch self {
    case .interrupt: "SIGINT"
    case .terminate: "SIGTERM"
    }
  }

  init?(number: Int32) {
    switch number {
    case SIGINT: self = .interrupt
    case SIGTERM: self = .terminate
    default: return nil
    }
  }

  var number: Int32 {
    switch self {
    case .interrupt: SIGINT
    case .terminate: SIGTERM
    }
  }

  /// Both, as the C library wants them.
  static var set: sigset_t {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    unsafe sigaddset(&set, SIGINT)
    unsafe sigaddset(&set, SIGTERM)
    return set
  }
}

/// Thrown instead of beginning work that a signal has already asked to stop.
package struct InterruptedError: Error, Hashable, Sendable {
  /// Which signal it was.
  package var signal: InterruptSignal
}
