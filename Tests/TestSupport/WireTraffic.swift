import Foundation
import Synchronization

/// All that passes through a ``WireProxy``: its connections, its traps, what was seen.
final class WireTraffic: Sendable {
  private struct State {
    var traps: [WireProxy.Trap] = []
    var links: [ObjectIdentifier: WireLink] = [:]
    var queries: [String] = []
    var cancelRequests = 0
    var isRefusing = false
  }

  private let state = Mutex(State())
  private let serverPath: String

  init(serverPath: String) { self.serverPath = serverPath }

  var queries: [String] { state.withLock { $0.queries } }
  var cancelRequests: Int { state.withLock { $0.cancelRequests } }

  func add(_ trap: WireProxy.Trap) { state.withLock { $0.traps.append(trap) } }

  func refuse(_ isRefusing: Bool) { state.withLock { $0.isRefusing = isRefusing } }

  /// Closes what stands now, and lets go of what is held.
  func cut() {
    for link in state.withLock({ Array($0.links.values) }) { link.cut() }
  }

  /// Closes the client's side of what stands now.
  func abandonServer() {
    for link in state.withLock({ Array($0.links.values) }) { link.abandonServer() }
  }

  /// Connects a client to the server; a server that is not there shows as a closed connection.
  func serve(_ client: UnixSocket) {
    guard !state.withLock({ $0.isRefusing }),
      let server = try? UnixSocket.connected(to: serverPath)
    else {
      client.close()
      return
    }
    let link = WireLink(client: client, server: server, traffic: self)
    state.withLock { $0.links[ObjectIdentifier(link)] = link }
    link.start()
  }

  func forget(_ link: WireLink) {
    state.withLock { $0.links[ObjectIdentifier(link)] = nil }
  }

  func noteCancelRequest() { state.withLock { $0.cancelRequests += 1 } }

  /// Finds the trap that was set for a client that connects.
  func trapForStartUp() -> WireProxy.Trap? {
    state.withLock { state in
      state.traps.first { trap in trap.spring { if case .startUp = $0 { true } else { false } } }
    }
  }

  /// Takes note of a query, and finds the trap that was set for it.
  func trap(forQuery text: String) -> WireProxy.Trap? {
    state.withLock { state in
      state.queries.append(text)
      return state.traps.first { trap in
        trap.spring { if case .query(let wanted) = $0 { text.contains(wanted) } else { false } }
      }
    }
  }

  /// Finds the trap that was set for the end of a statement.
  func trap(forCommandComplete tag: String) -> WireProxy.Trap? {
    state.withLock { state in
      state.traps.first { trap in
        trap.spring { if case .commandComplete(tag) = $0 { true } else { false } }
      }
    }
  }
}

/// One client's connection: two threads, each passing messages in one direction.
final class WireLink: Sendable {
  private let client: UnixSocket
  private let server: UnixSocket
  private let traffic: WireTraffic
  private let isCut = Atomic(false)
  /// Held while a socket is cut or closed: a descriptor that was closed may be another's by now.
  private let openDirections = Mutex(2)

  init(client: UnixSocket, server: UnixSocket, traffic: WireTraffic) {
    self.client = client
    self.server = server
    self.traffic = traffic
  }

  func start() {
    Thread.detachNewThread { self.run(self.passToServer) }
    Thread.detachNewThread { self.run(self.passToClient) }
  }

  /// Closes both sides.
  func cut() {
    isCut.store(true, ordering: .sequentiallyConsistent)
    shutDown(client, server)
  }

  /// Closes the client's side; the server is not told, and what it says is lost.
  func abandonServer() {
    isAbandoned.store(true, ordering: .sequentiallyConsistent)
    shutDown(client)
  }

  private func shutDown(_ sockets: UnixSocket...) {
    openDirections.withLock { if $0 > 0 { for socket in sockets { socket.cut() } } }
  }

  private func run(_ direction: () -> Void) {
    direction()
    cut()
    let isLast = openDirections.withLock { open in
      open -= 1
      if open == 0 {
        client.close()
        server.close()
      }
      return open == 0
    }
    if isLast { traffic.forget(self) }
  }

  private func passToServer() {
    // The first message has no type: start-up, or a request to cancel with the code 80877102.
    guard let head = client.read(4), let body = client.read(Self.length(of: head) - 4) else {
      return
    }
    let isCancelRequest = Self.length(of: Array(body.prefix(4))) == 80_877_102
    let trap = isCancelRequest ? nil : traffic.trapForStartUp()
    guard pass(head + body, to: server, trap) else { return }
    if isCancelRequest { traffic.noteCancelRequest() }
    while let (type, message) = Self.message(from: client) {
      let trap =
        type == UInt8(ascii: "Q") ? traffic.trap(forQuery: Self.text(of: message)) : nil
      guard pass(message, to: server, trap) else { return }
    }
    // An abandoned server is not told that its client has gone.
    while isAbandoned.load(ordering: .sequentiallyConsistent), !isCutNow { pause() }
  }

  private func passToClient() {
    while let (type, message) = Self.message(from: server) {
      let trap =
        type == UInt8(ascii: "C")
        ? traffic.trap(forCommandComplete: Self.text(of: message)) : nil
      if isAbandoned.load(ordering: .sequentiallyConsistent) { continue }
      guard pass(message, to: client, trap) else { return }
    }
  }

  private let isAbandoned = Atomic(false)
  private var isCutNow: Bool { isCut.load(ordering: .sequentiallyConsistent) }

  /// Passes a message on as the trap says, if there is one.
  ///
  /// - Returns: false when the connection has ended.
  private func pass(
    _ message: [UInt8], to receiver: UnixSocket, _ trap: WireProxy.Trap?
  ) -> Bool {
    switch trap?.action {
    case nil: return receiver.write(message)
    case .cut: return false
    case .cutHalfway:
      _ = receiver.write(Array(message.prefix(message.count / 2)))
      return false
    case .passAndCut:
      _ = receiver.write(message)
      return false
    case .delay(let duration):
      Thread.sleep(forTimeInterval: Double(duration.milliseconds) / 1000)
      return receiver.write(message)
    case .hold:
      waitForRelease(of: trap)
      return receiver.write(message)
    case .abandon:
      abandonServer()
      waitForRelease(of: trap)
      return server.write(message)
    }
  }

  private func waitForRelease(of trap: WireProxy.Trap?) {
    while let trap, !trap.isReleased, !isCutNow { pause() }
  }

  private func pause() { Thread.sleep(forTimeInterval: 0.002) }

  // MARK: Messages

  /// Reads a message: a type, a length that counts itself, a body.
  private static func message(from sender: UnixSocket) -> (type: UInt8, bytes: [UInt8])? {
    guard let head = sender.read(5), let type = head.first,
      let body = sender.read(length(of: Array(head.dropFirst())) - 4)
    else { return nil }
    return (type, head + body)
  }

  private static func length(of bytes: [UInt8]) -> Int {
    bytes.reduce(0) { $0 << 8 | Int($1) }
  }

  /// The text of a message that holds one, without its final zero.
  private static func text(of message: [UInt8]) -> String {
    String(decoding: message.dropFirst(5).dropLast(), as: UTF8.self)
  }
}
