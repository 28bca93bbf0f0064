internal import CLibPGQuery

/// Runs a piece of work on a thread with a stack of its own, and waits for it.
///
/// - Parameters:
///   - size: Bytes of stack; only the part that is used takes memory.
///   - work: What to run.
/// - Returns: What the work returns; nil where the system has no such thread to give.
func onStack<Result>(ofSize size: Int, _ work: () -> Result) -> Result? {
  withoutActuallyEscaping(work) { work in
    let errand = Errand(work)
    let context = unsafe Unmanaged.passUnretained(errand).toOpaque()
    let ran = unsafe clibpgquery_run_on_stack(
      size,
      { context in
        if let context = unsafe context {
          unsafe Unmanaged<AnyErrand>.fromOpaque(context).takeUnretainedValue().run()
        }
        return nil
      }, context)
    return withExtendedLifetime(errand) { ran ? errand.result : nil }
  }
}

/// What the thread is given: it knows how to run the work, not what comes out.
private class AnyErrand {
  func run() {}
}

private final class Errand<Result>: AnyErrand {
  private(set) var result: Result?
  private let work: () -> Result

  init(_ work: @escaping () -> Result) {
    self.work = work
  }

  override func run() {
    result = work()
  }
}
