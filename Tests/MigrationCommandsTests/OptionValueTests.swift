import MigrationCommands
import MigrationCore
import Testing

@Suite("Values of options")
struct OptionValueTests {
  @Test(
    "Times are written as in PostgreSQL's settings",
    arguments: [
      ("2s", 2_000), ("500ms", 500), ("1min", 60_000), ("1.5 min", 90_000), ("2h", 7_200_000),
      ("1d", 86_400_000), ("0", 0), ("250", 250), ("0.2ms", 1), ("2147483647", 2_147_483_647),
    ])
  func durations(text: String, milliseconds: Int) {
    #expect(DurationText.milliseconds(text, bareUnit: .milliseconds) == milliseconds)
  }

  @Test(
    "A time is written so that it reads back",
    arguments: [
      (0, "0"), (1_500, "1500ms"), (2_000, "2s"), (90_000, "90s"), (3_600_000, "1h"),
      (172_800_000, "2d"),
    ])
  func written(milliseconds: Int, text: String) {
    #expect(DurationText.text(milliseconds: milliseconds) == text)
    #expect(DurationText.milliseconds(text, bareUnit: .seconds) == milliseconds)
  }

  @Test("A bare number counts in the option's own unit")
  func bareNumber() {
    #expect(DurationText.milliseconds("10", bareUnit: .seconds) == 10_000)
  }

  @Test(
    "What is no time is refused",
    arguments: [
      "", "s", "2 sec", "2S", "-1s", "+1", "1e3", "1..5s", ".5s", "5.", "2147483648", "25d",
      "nan", "inf", "0x10", "٢s", "1s ",
    ])
  func noDurations(text: String) {
    #expect(DurationText.milliseconds(text, bareUnit: .milliseconds) == nil)
  }

  @Test(
    "The nearest word is suggested, and none when nothing is near",
    arguments: [
      ("rolback", "rollback"), ("lsit", "list"), ("rollbakc", "rollback"), ("ROLLBACK", "rollback"),
      ("lst", "list"),
      ("roll", "rollback"), ("reg", "register"), ("chekc", "check"), ("r", nil),
      ("frobnicate", nil),
      ("", nil),
    ] as [(String, String?)])
  func nearest(word: String, suggestion: String?) {
    let commands = CommandName.allCases.map { $0.rawValue }
    #expect(NearestName.of(word, among: commands) == suggestion)
  }

  @Test func ofTwoAsNearTheOneThatGoesOnIsMeant() {
    #expect(NearestName.of("writ", among: ["wait", "write"]) == "write")
    #expect(NearestName.of("wat", among: ["wait", "write"]) == "wait")
  }
}
