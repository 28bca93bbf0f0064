import Glibc

/// Ends the process in good order: what the C library has buffered is written first.
///
/// - Parameter status: the exit status.
package func exit(_ status: Int32) -> Never {
  Glibc.exit(status)
}

/// Ends the process at once, without anything that might wait for another thread: for signals.
///
/// - Parameter status: the exit status.
package func exitImmediately(_ status: Int32) -> Never {
  _exit(status)
}
