import Glibc
import Synchronization
import Testing

@testable import Platform

/// What a signal does at which moment, with signals that are only said to have come.
@Suite struct InterruptGateTests {
  private let gate = InterruptGate()

  private func receive(_ signal: InterruptSignal) -> (isIdle: Bool, shouldRepeat: Bool) {
    var isIdle = false
    let shouldRepeat = gate.receive(signal) { _, _ in isIdle = true }
    return (isIdle, shouldRepeat)
  }

  @Test func nothingProtectedMeansIdle() {
    #expect(receive(.interrupt) == (true, false))
    #expect(gate.pending == nil)
  }

  @Test func aSignalInProtectedWorkIsRemembered() {
    gate.protected {
      gate.protected {}
      #expect(receive(.terminate) == (false, false))
      #expect(receive(.interrupt) == (false, false))
    }
    #expect(gate.pending == .terminate)
    #expect(receive(.interrupt).isIdle)
    #expect(gate.pending == .terminate)
  }

  @Test func aStatementIsCancelledWhileItRunsAndNotAfter() throws {
    let cancellations = Atomic(0)
    try gate.protected {
      try gate.withCancelAction({ cancellations.add(1, ordering: .relaxed) }) {
        #expect(receive(.interrupt) == (false, true))
        #expect(receive(.interrupt) == (false, true))
        #expect(gate.repeatCancel())
        #expect(cancellations.load(ordering: .relaxed) == 3)
      }
      #expect(!gate.repeatCancel())
    }
    #expect(cancellations.load(ordering: .relaxed) == 3)
  }

  @Test func workDoesNotBeginAfterASignal() {
    gate.protected {
      _ = receive(.interrupt)
      #expect(throws: InterruptedError(signal: .interrupt)) {
        try gate.withCancelAction({}) { Issue.record("it ran") }
      }
    }
  }

  @Test func aStatementThatOnlyReadsIsCancelledBeforeTheEnd() throws {
    let cancellations = Atomic(0)
    try gate.withCancelAction({ cancellations.add(1, ordering: .relaxed) }) {
      _ = gate.receive(.interrupt) { _, cancel in cancel?() }
    }
    #expect(cancellations.load(ordering: .relaxed) == 1)
  }

  @Test func theEndOfWorkIsNoticedWhenItThrows() {
    struct Failure: Error {}
    #expect(throws: Failure.self) { try gate.protected { throw Failure() } }
    #expect(throws: Failure.self) { try gate.withCancelAction({}) { throw Failure() } }
    #expect(receive(.interrupt) == (true, false))
    #expect(!gate.repeatCancel())
  }
}

/// Sends this process a signal, which is to end it.
private func endByItself(_ number: Int32) throws -> Never {
  // The test runner may have been started to ignore it.
  signal(number, SIG_DFL)
  let thread = try #require(Interrupts.startThread { exitImmediately($0.exitStatus) })
  pthread_kill(thread, number)
  while true { pause() }
}

/// Real signals, each in a process of its own. They are sent to the thread that takes them: the test
/// runner has threads already, which a signal to the process would end.
@Suite struct InterruptsTests {
  @Test func anIdleProcessEndsByTheSignalsStatus() async {
    await #expect(processExitsWith: .exitCode(130)) { try endByItself(SIGINT) }
    await #expect(processExitsWith: .exitCode(143)) { try endByItself(SIGTERM) }
    await #expect(processExitsWith: .exitCode(129)) { try endByItself(SIGHUP) }
  }

  /// As under nohup(1).
  @Test func aHangUpThatIsIgnoredStaysIgnored() async {
    await #expect(processExitsWith: .success) {
      signal(SIGHUP, SIG_IGN)
      var heeded = InterruptSignal.heeded
      #expect(sigismember(&heeded, SIGHUP) == 0)
      _ = try #require(Interrupts.startThread { exitImmediately($0.exitStatus) })
      kill(getpid(), SIGHUP)
    }
  }

  /// A shell without job control lets what it starts in the background ignore SIGINT.
  @Test(arguments: [SIGINT, SIGTERM])
  func otherSignalsAreTakenEvenIfIgnored(number: Int32) async {
    await #expect(processExitsWith: .exitCode(77)) { [number] in
      signal(number, SIG_IGN)
      let thread = try #require(Interrupts.startThread { _ in exitImmediately(77) })
      pthread_kill(thread, number)
      while true { pause() }
    }
  }

  @Test func protectedWorkIsFinishedAndItsStatementCancelledUntilItEnds() async {
    await #expect(processExitsWith: .exitCode(7)) {
      signal(SIGINT, SIG_DFL)
      let thread = try #require(Interrupts.startThread { exitImmediately($0.exitStatus) })
      let requests = Atomic(0)
      try Interrupts.protected {
        try Interrupts.withCancelAction({ requests.add(1, ordering: .relaxed) }) {
          pthread_kill(thread, SIGINT)
          // The first requests are lost on the way; the third one ends the statement.
          while requests.load(ordering: .relaxed) < 3 { MonotonicClock.sleep(milliseconds: 1) }
        }
      }
      exitImmediately(Interrupts.pending == .interrupt ? 7 : 1)
    }
  }

  @Test func aCancelRequestThatHangsDoesNotKeepAnIdleProcessAlive() async {
    await #expect(processExitsWith: .exitCode(130)) {
      signal(SIGINT, SIG_DFL)
      let thread = try #require(Interrupts.startThread { exitImmediately($0.exitStatus) })
      try Interrupts.withCancelAction({ MonotonicClock.sleep(milliseconds: 600_000) }) {
        pthread_kill(thread, SIGINT)
        while true { pause() }
      }
    }
  }
}
