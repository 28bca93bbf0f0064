import Glibc

/// A request to stop.
package enum InterruptSignal: CaseIterable, Sendable {
  /// SIGINT: somebody pressed Ctrl-C.
  case interrupt
  /// SIGTERM: another process asks.
  case terminate
  /// SIGHUP: the terminal is gone.
  case hangUp

  /// What a shell expects of a process that was ended by the signal: 128 and its number.
  package var exitStatus: Int32 {
    128 + number
  }

  /// The name as people know it.
  package var name: String {
    switch self {
    case .interrupt: "SIGINT"
    case .terminate: "SIGTERM"
    case .hangUp: "SIGHUP"
    }
  }

  init?(number: Int32) {
    guard let signal = Self.allCases.first(where: { $0.number == number }) else { return nil }
    self = signal
  }

  var number: Int32 {
    switch self {
    case .interrupt: SIGINT
    case .terminate: SIGTERM
    case .hangUp: SIGHUP
    }
  }

  /// Whether whoever started this process lets it ignore the signal, as nohup(1) does with SIGHUP.
  private var isIgnored: Bool {
    var action = sigaction()
    guard unsafe sigaction(number, nil, &action) == 0 else { return false }
    // Functions cannot be compared; SIG_IGN is a number in the place of one.
    return unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// Those that are taken, as the C library wants them.
  ///
  /// A hang-up that was ignored from the start stays ignored: the work is meant to outlive its
  /// terminal. SIGINT and SIGTERM are always taken, as psql takes them: a shell without job control
  /// lets what it starts in the background ignore SIGINT, and a script that sends one means it.
  static var heeded: sigset_t {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    for signal in allCases where signal != .hangUp || !signal.isIgnored {
      unsafe sigaddset(&set, signal.number)
    }
    return set
  }
}

/// Thrown instead of beginning work that a signal has already asked to stop.
package struct InterruptedError: Error, Hashable, Sendable {
  /// Which signal it was.
  package var signal: InterruptSignal
}
