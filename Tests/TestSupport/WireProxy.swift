import Foundation
import Synchronization

/// Stands between programs and a server on a Unix socket, knows the messages that pass (PostgreSQL
/// manual, chapter 55 "Frontend/Backend Protocol"), and acts at a moment that a test names.
///
/// ```swift
/// let proxy = try WireProxy(to: database.server)
/// let trap = proxy.set(.commandComplete("COMMIT"), .cut)
/// let result = try Program.run(words, environment: ["DATABASE_URL": proxy.url(of: database)])
/// #expect(trap.isSprung)
/// ```
package final class WireProxy: Sendable {
  /// What a trap waits for.
  package enum Moment: Sendable {
    /// A client has connected and said who it is; the server does not know it yet.
    case startUp
    /// A client's query string that contains this text has come whole; none of it was passed on.
    case query(containing: String)
    /// The server has said that a statement is done, by this tag; it was not passed on.
    case commandComplete(String)
  }

  /// What then happens to that message and its connection.
  package enum Action: Sendable {
    /// It is lost: both sides are closed at once.
    case cut
    /// Half of it passes, then both sides are closed.
    case cutHalfway
    /// It passes, then both sides are closed.
    case passAndCut
    /// The client's side is closed, the server's stays open: it gets the message when the trap is
    /// released.
    case abandon
    /// It passes when the trap is released.
    case hold
    /// It passes late.
    case delay(Duration)
  }

  /// Acts once, at the first moment of its kind.
  package final class Trap: Sendable {
    let moment: Moment
    let action: Action
    private let sprung = Atomic(false)
    private let released = Atomic(false)

    init(_ moment: Moment, _ action: Action) {
      self.moment = moment
      self.action = action
    }

    /// Whether the moment has come.
    package var isSprung: Bool { sprung.load(ordering: .sequentiallyConsistent) }

    /// Whether ``release()`` was called.
    var isReleased: Bool { released.load(ordering: .sequentiallyConsistent) }

    /// Lets pass what was held.
    package func release() { released.store(true, ordering: .sequentiallyConsistent) }

    /// Waits until the moment has come.
    ///
    /// - Throws: ``TestSupportError`` if it does not come in time.
    package func wait(deadline: Duration = .seconds(60)) throws {
      try waitUntil("the proxy saw \(moment)", deadline: deadline) { isSprung }
    }

    /// Takes the trap for a message, if it is still set and that is its moment.
    func spring(_ isItsMoment: (Moment) -> Bool) -> Bool {
      isItsMoment(moment)
        && sprung.compareExchange(
          expected: false, desired: true, ordering: .sequentiallyConsistent
        ).exchanged
    }
  }

  private let folder: TemporaryFolder
  private let traffic: WireTraffic
  private let listener: UnixSocket

  /// Starts to listen.
  ///
  /// - Parameter server: where everything is passed on to, on the server's Unix socket.
  /// - Throws: ``TestSupportError`` if there can be no socket.
  package init(to server: TestServer) throws {
    folder = try TemporaryFolder()
    listener = try UnixSocket.listening(at: "\(folder.path)/.s.PGSQL.5432")
    traffic = WireTraffic(serverPath: "\(server.socketDirectory)/.s.PGSQL.\(server.port)")
    Thread.detachNewThread { [listener, traffic] in
      while let client = listener.accept() { traffic.serve(client) }
      listener.close()
    }
  }

  deinit {
    listener.cut()
    traffic.cut()
  }

  /// The connection string, as superuser, of a database behind this proxy.
  package func url(of database: ScratchDatabase) -> String {
    database.url(user: "postgres", socketDirectory: folder.path, port: 5432)
  }

  /// Sets a trap for the first moment of a kind that is still to come.
  package func set(_ moment: Moment, _ action: Action) -> Trap {
    let trap = Trap(moment, action)
    traffic.add(trap)
    return trap
  }

  /// Closes the client's side of every connection that stands now; the server is not told.
  package func abandonServer() { traffic.abandonServer() }

  /// Closes both sides of every connection that stands now.
  package func cut() { traffic.cut() }

  /// Whether new connections are refused at once, as by a server that is gone.
  package func refuseConnections(_ isRefusing: Bool) { traffic.refuse(isRefusing) }

  /// The query strings that clients have sent: one each for a round trip.
  package var queries: [String] { traffic.queries }

  /// How many requests to cancel a statement were passed on.
  package var cancelRequests: Int { traffic.cancelRequests }
}
