import Synchronization

/// Decides what a signal does, whatever the moment at which it comes.
///
/// All of it stands behind one lock, which is also held while an action runs. So a signal comes
/// either before a write is protected, and the process ends with nothing begun, or after, and is
/// remembered; and a cancel request is never sent once the work that it is for has ended.
final class InterruptGate: Sendable {
  private struct State {
    var protectedDepth = 0
    var cancelAction: (@Sendable () -> Void)?
    var pending: InterruptSignal?
  }

  private let state = Mutex(State())

  /// The signal that arrived while work was protected.
  var pending: InterruptSignal? { state.withLock { $0.pending } }

  func protected<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    state.withLock { $0.protectedDepth += 1 }
    defer { state.withLock { $0.protectedDepth -= 1 } }
    return try body()
  }

  /// Protects all that is still to come.
  func settle() {
    state.withLock { $0.protectedDepth += 1 }
  }

  func withCancelAction<Result>(
    _ action: @escaping @Sendable () -> Void, body: () throws -> Result
  ) throws -> Result {
    let (signal, outer) = state.withLock { state in
      let outer = state.cancelAction
      if state.pending == nil { state.cancelAction = action }
      return (state.pending, outer)
    }
    if let signal { throw InterruptedError(signal: signal) }
    defer { state.withLock { $0.cancelAction = outer } }
    return try body()
  }

  /// Takes a signal.
  ///
  /// - Parameters:
  ///   - signal: which one.
  ///   - whenIdle: called, with the lock held, if nothing is protected; is given the action that
  ///     would cancel what runs, and should end the process.
  /// - Returns: whether the cancel request should be repeated in a while.
  func receive(
    _ signal: InterruptSignal, whenIdle: (InterruptSignal, (@Sendable () -> Void)?) -> Void
  ) -> Bool {
    state.withLock { state in
      guard state.protectedDepth > 0 else {
        whenIdle(signal, state.cancelAction)
        return false
      }
      if state.pending == nil { state.pending = signal }
      state.cancelAction?()
      return state.cancelAction != nil
    }
  }

  /// Sends the cancel request again: the first one may have come before the statement had reached
  /// the server, where it does nothing.
  ///
  /// - Returns: whether it should be repeated in a while.
  func repeatCancel() -> Bool {
    state.withLock { state in
      guard state.pending != nil, let action = state.cancelAction else { return false }
      action()
      return true
    }
  }
}
