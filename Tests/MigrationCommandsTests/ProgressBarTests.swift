import MigrationCommands
import Testing

@Suite("The progress bar")
struct ProgressBarTests {
  @Test("What is soon over needs none")
  func soonOver() {
    var bar = ProgressBar()
    #expect(bar.line(done: 0, of: 10, width: 80, usesUTF8: true, now: 0) == nil)
    #expect(bar.line(done: 9, of: 10, width: 80, usesUTF8: true, now: 499_999) == nil)
    #expect(bar.erasure() == nil)
  }

  @Test("It is drawn in place, not too often, and taken away")
  func drawn() {
    var bar = ProgressBar()
    #expect(bar.line(done: 0, of: 1_000, width: 34, usesUTF8: false, now: 1) == nil)
    #expect(
      bar.line(done: 250, of: 1_000, width: 34, usesUTF8: false, now: 600_000)
        == "\r[###.........] 25 % (250 of 1000)\u{1B}[K")
    #expect(bar.line(done: 260, of: 1_000, width: 34, usesUTF8: false, now: 650_000) == nil)
    #expect(
      bar.line(done: 500, of: 1_000, width: 34, usesUTF8: true, now: 700_000)
        == "\r[██████░░░░░░] 50 % (500 of 1000)\u{1B}[K")
    #expect(bar.erasure() == "\r\u{1B}[K")
    #expect(bar.erasure() == nil)
  }

  @Test("A terminal of no width gets the numbers alone")
  func narrow() {
    var bar = ProgressBar()
    _ = bar.line(done: 0, of: 2, width: 5, usesUTF8: true, now: 0)
    #expect(
      bar.line(done: 1, of: 2, width: 5, usesUTF8: true, now: 900_000)
        == "\r[] 50 % (1 of 2)\u{1B}[K")
  }
}
