import CLibPQ

/// Asks the server to cancel the statement that a connection is running, from any thread.
///
/// Unchecked because it holds a pointer. The libpq manual, "Canceling Queries in Progress", on
/// `PQcancel`: "The PGcancel object is read-only as far as PQcancel is concerned, so it can also be
/// invoked from a thread that is separate from the one manipulating the PGconn object."
@safe
package final class CancelToken: @unchecked Sendable {
  private let handle: OpaquePointer

  /// Takes over a `PGcancel`.
  ///
  /// - Parameter handle: what `PQgetCancel` returned; freed with this object.
  init(owning handle: OpaquePointer) {
    unsafe self.handle = unsafe handle
  }

  deinit {
    unsafe PQfreeCancel(handle)
  }

  /// Sends the request over a connection of its own and waits until the server has taken it.
  ///
  /// Nothing happens if no statement is running. Whether the statement was really cancelled is
  /// told by its own outcome: it fails with 57014, or it was done already.
  ///
  /// - Returns: false if the request could not be delivered.
  @discardableResult
  package func cancel() -> Bool {
    var message = [CChar](repeating: 0, count: 256)
    return unsafe message.withUnsafeMutableBufferPointer { buffer in
      unsafe PQcancel(handle, buffer.baseAddress, Int32(buffer.count)) == 1
    }
  }
}
