package import Platform

extension ErrorReport {
  /// A signal, and the work is undone or was not begun.
  ///
  /// - Parameter signal: the signal.
  package init(interruptedBy signal: InterruptSignal) {
    self.init(
      .interrupted, "interrupted by \(signal.name): nothing was changed",
      hint: "the same command again starts afresh")
  }
}
