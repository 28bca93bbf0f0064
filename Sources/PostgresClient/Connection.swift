import CLibPQ

/// A session with a PostgreSQL server, over libpq.
///
/// Only one statement runs at a time and every call waits for its answer. The connection cannot be
/// copied or shared between threads; it is closed when it goes out of scope. To stop a statement
/// from another thread, hand that thread `cancelToken`.
///
/// ```swift
/// let connection = try Connection.open(ConnectionRequest(connectionString: url))
/// let results = try connection.execute("SELECT 1; SELECT 2")
/// ```
@safe
package struct Connection: ~Copyable {
  private let handle: OpaquePointer
  private let noticeBox: NoticeBox
  /// Cancels what this connection runs, from any thread.
  package let cancelToken: CancelToken

  private init(owning handle: OpaquePointer, cancelToken: CancelToken) {
    unsafe self.handle = unsafe handle
    self.cancelToken = cancelToken
    noticeBox = NoticeBox()
    // The box outlives the handle: it is released after `deinit` has closed the connection.
    let context = unsafe Unmanaged.passUnretained(noticeBox).toOpaque()
    _ = unsafe PQsetNoticeReceiver(handle, deliverNotice, context)
  }

  deinit {
    unsafe PQfinish(handle)
  }

  /// Lends the `PGconn` to the rest of this module.
  ///
  /// - Parameter body: what to do with it; must not keep it.
  /// - Returns: what `body` returns.
  /// - Throws: what `body` throws.
  func withHandle<Result, Failure: Error>(
    _ body: (OpaquePointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    unsafe try body(handle)
  }

  /// The process that serves this connection, as it said at log-in (libpq, `PQbackendPID`). A pooler
  /// tells a number of its own.
  package var serverProcessID: Int { unsafe Int(PQbackendPID(handle)) }

  /// Called for each notice while `execute` runs, on the same thread; it must not use this
  /// connection. Without it notices are dropped.
  package var onNotice: ((Notice) -> Void)? {
    get { noticeBox.handler }
    nonmutating set { noticeBox.handler = newValue }
  }
}

extension Connection {
  /// Connects and logs in (libpq, `PQconnectdbParams`).
  ///
  /// The client encoding is UTF-8. Keepalives notice a vanished server within about 30 seconds.
  /// Several hosts in the string are tried in turn.
  ///
  /// - Parameter request: where to, for how long, under which name.
  /// - Returns: the open connection.
  /// - Throws: `ConnectionError`, free of passwords.
  package static func open(_ request: ConnectionRequest) throws(ConnectionError) -> Connection {
    var request = request
    if let string = request.connectionString {
      request.connectionString = try ConnectionString.normalizing(string).text
    }
    let parameters = ConnectionParameters(request)
    try ConnectionString.checkDatabaseName(parameters.databaseName)
    let opened = unsafe parameters.withCArrays { keywords, values in
      unsafe PQconnectdbParams(keywords, values, 1)
    }
    guard let handle = unsafe opened else { throw outOfMemory }

    if unsafe PQstatus(handle) != CONNECTION_OK {
      let failure = unsafe ConnectionFailure(text: errorText(of: handle))
      // A text that explains nothing may be a server's in another language: ask for its code.
      if failure.kind == nil {
        _ = unsafe PQsetErrorVerbosity(handle, PQERRORS_VERBOSE)
        unsafe PQreset(handle)
      }
    }
    guard unsafe PQstatus(handle) == CONNECTION_OK else {
      let error = unsafe connectionError(of: handle)
      unsafe PQfinish(handle)
      throw error
    }
    _ = unsafe PQsetErrorVerbosity(handle, PQERRORS_DEFAULT)
    guard let cancel = unsafe PQgetCancel(handle) else {
      unsafe PQfinish(handle)
      throw outOfMemory
    }
    return unsafe Connection(owning: handle, cancelToken: CancelToken(owning: cancel))
  }

  private static var outOfMemory: ConnectionError {
    ConnectionError(kind: .other, message: "out of memory")
  }

  private static func connectionError(of handle: OpaquePointer) -> ConnectionError {
    func known(_ value: UnsafeMutablePointer<CChar>?) -> String? {
      let text = unsafe value.map { unsafe String(cString: $0) } ?? ""
      return text.isEmpty ? nil : text
    }
    let failure = unsafe ConnectionFailure(text: errorText(of: handle))
    var error = ConnectionError(kind: failure.kind ?? .other, message: failure.message)
    error.sqlState = failure.sqlState
    error.host = unsafe known(PQhost(handle))
    error.address = unsafe givenAddress(of: handle)
    error.port = unsafe known(PQport(handle)).flatMap { Int($0) }
    error.database = unsafe known(PQdb(handle))
    error.user = unsafe known(PQuser(handle))
    if let password = unsafe known(PQpass(handle)) { error.mask(password) }
    return error
  }

  private static func errorText(of handle: OpaquePointer) -> String {
    unsafe PQerrorMessage(handle).map { unsafe String(cString: $0) } ?? ""
  }

  /// The version of the libpq that is in use, for instance `15.18`.
  package static var libpqVersion: String {
    let version = PQlibVersion()
    return "\(version / 10000).\(version % 10000)"
  }
}

extension ConnectionError {
  /// The last guard: no known sentence repeats a password, but should one, it is struck out. A
  /// password that is also the name of the role, host or database may stay where that is named.
  ///
  /// - Parameter password: what must not be seen.
  fileprivate mutating func mask(_ password: String) {
    let names = [host, database, user, port.map(String.init)]
    guard !names.contains(password) else { return }
    var rest = message[...]
    var masked = ""
    while let range = rest.firstRange(of: password) {
      masked += rest[..<range.lowerBound] + "********"
      rest = rest[range.upperBound...]
    }
    message = masked + rest
  }
}

/// Holds the closure that takes a connection's notices, at an address that libpq can keep.
private final class NoticeBox {
  var handler: ((Notice) -> Void)?
}

/// A `PQnoticeReceiver`.
private func deliverNotice(context: UnsafeMutableRawPointer?, result: OpaquePointer?) {
  guard let context = unsafe context, let result = unsafe result else { return }
  let box = unsafe Unmanaged<NoticeBox>.fromOpaque(context).takeUnretainedValue()
  unsafe box.handler?(Diagnostics(borrowing: result).notice)
}
