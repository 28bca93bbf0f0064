import CLibPQ

extension Connection {
  /// Where this connection leads (libpq, `PQhost`, `PQport`, `PQdb`, `PQuser`).
  package var target: ConnectionTarget {
    func text(_ value: UnsafeMutablePointer<CChar>?) -> String {
      unsafe value.map { unsafe String(cString: $0) } ?? ""
    }
    return unsafe withHandle { handle in
      unsafe ConnectionTarget(
        host: text(PQhost(handle)), address: givenAddress(of: handle),
        port: Int(text(PQport(handle))) ?? 5432,
        database: text(PQdb(handle)), user: text(PQuser(handle)))
    }
  }

  /// What the server says of a setting that it reports by itself, such as
  /// `standard_conforming_strings` (libpq, `PQparameterStatus`); costs no round trip.
  ///
  /// - Parameter name: the setting.
  /// - Returns: its value; nil for a setting that is not reported.
  package func parameterStatus(_ name: String) -> String? {
    unsafe withHandle { handle in
      unsafe PQparameterStatus(handle, name).map { unsafe String(cString: $0) }
    }
  }

  /// Whether a transaction is open, and in which state.
  package var transactionStatus: TransactionStatus {
    unsafe withHandle { handle in
      switch unsafe PQtransactionStatus(handle) {
      case PQTRANS_IDLE: .idle
      case PQTRANS_ACTIVE: .active
      case PQTRANS_INTRANS: .inTransaction
      case PQTRANS_INERROR: .inError
      default: .unknown
      }
    }
  }

  /// Whether the connection stands, as far as can be told without asking the server: a server that
  /// has closed it is noticed, one that has vanished is not.
  package var isAlive: Bool {
    unsafe withHandle { unsafe isOpen($0) }
  }
}

/// The address that libpq goes to in the place of the host that it was given (`hostaddr`,
/// `PGHOSTADDR`).
///
/// - Parameter handle: a `PGconn`.
/// - Returns: nil where the host itself is looked up, or none was given.
func givenAddress(of handle: OpaquePointer) -> String? {
  let options = unsafe PQconninfo(handle)
  defer { unsafe PQconninfoFree(options) }
  let values = unsafe optionValues(options)
  guard values["hostaddr"]?.isEmpty == false, values["host"]?.isEmpty == false,
    let address = unsafe PQhostaddr(handle).map({ unsafe String(cString: $0) }), !address.isEmpty
  else { return nil }
  return address
}

/// Whether a connection stands, after a look at what has arrived (libpq, `PQconsumeInput`, which
/// does not wait).
///
/// `PQstatus` alone is not enough: when the server is gone before a statement is sent, libpq 15
/// reports the failed write and leaves the status good.
///
/// - Parameter handle: a `PGconn`.
/// - Returns: false if it is known to be closed.
func isOpen(_ handle: OpaquePointer) -> Bool {
  // The server's farewell may come first and the end of the stream only at the second look.
  for _ in 0..<2 where unsafe PQconsumeInput(handle) == 0 { return false }
  return unsafe PQstatus(handle) == CONNECTION_OK
}
