import MigrationCore
import Testing

@Suite("Near names: what a mistyped one may have meant")
struct NearestNamesTests {
  private let known = [
    "20250119_add_users", "20250120_add_user_settings", "20250121_add_tags", "20250122_drop_tags",
  ]

  @Test(
    "Slips of the keyboard, parts of a name, other case",
    arguments: [
      ("20250119_add_uesrs", ["20250119_add_users"]),
      ("20250119_ad_users", ["20250119_add_users"]),
      ("user_settings", ["20250120_add_user_settings"]),
      ("20250121_ADD_TAGS", ["20250121_add_tags"]),
      ("tags", ["20250121_add_tags", "20250122_drop_tags"]),
      ("tgas", ["20250121_add_tags", "20250122_drop_tags"]),
      ("usres", ["20250119_add_users"]), ("usr-settings", ["20250120_add_user_settings"]),
      ("20250122", ["20250122_drop_tags"]), ("20250211", ["20250121_add_tags"]),
      ("2025_01_22", ["20250122_drop_tags"]),
    ])
  func near(typed: String, first: [String]) {
    #expect(Array(NearestNames.of(typed, among: known).prefix(first.count)) == first)
  }

  @Test("Nothing like it, and nothing at all, are like nothing")
  func far() {
    #expect(NearestNames.of("zzzzzzzzzzzz", among: known) == [])
    #expect(NearestNames.of("", among: known) == [])
    #expect(NearestNames.of("x", among: [String]()) == [])
  }

  @Test("Digits are a version, not a part of one")
  func versions() {
    #expect(
      NearestNames.of("3", among: ["20261120152003_drop_email", "0003_a", "13_b"]) == ["0003_a"])
    #expect(NearestNames.of("003", among: ["20261120003003_drop_email", "3_a"]) == ["3_a"])
    #expect(NearestNames.of("20", among: known) == [])
    #expect(NearestNames.of("ad", among: known) == [])
  }

  @Test("At most as many as asked for")
  func limit() {
    #expect(NearestNames.of("2025", among: known).count == 3)
    #expect(NearestNames.of("2025", among: known, limit: 1) == ["20250119_add_users"])
  }

  @Test("A name of 300 characters takes no longer than others")
  func long() {
    let long = String(repeating: "a", count: 300)
    #expect(NearestNames.of(long, among: known) == [])
    #expect(NearestNames.of(long + "b", among: [long]) == [long])
  }

  @Test("Insertions, deletions, replacements and swaps count one each")
  func distances() {
    func distance(_ left: String, _ right: String) -> Int {
      NearestNames.editDistance(Array(left.unicodeScalars), Array(right.unicodeScalars))
    }
    #expect(distance("abc", "abc") == 0)
    #expect(distance("abc", "abxc") == 1)
    #expect(distance("abc", "ac") == 1)
    #expect(distance("abc", "axc") == 1)
    #expect(distance("abc", "acb") == 1)
    #expect(distance("", "abc") == 3)
    #expect(distance("äöü", "aou") == 3)
  }
}
