import MigrationCore
import Testing

@Suite("Names: versions and order")
struct MigrationNameTests {
  @Test(
    "The version is the leading digits, a date with its parts",
    arguments: [
      ("20250120_add_users", "20250120"),
      ("20251019232120_add_users", "20251019232120"),
      ("2025_10_20_150000_create_posts", "2025_10_20_150000"),
      ("2019-01-01-000000-0000_add_likes", "2019-01-01-000000-0000"),
      ("2019-01-01-120000_add_likes", "2019-01-01-120000"),
      ("2025-01-20_add_users", "2025-01-20"),
      ("2025_01_20", "2025_01_20"),
      ("2025_01_20_2fa", "2025_01_20"),
      ("0007_2_factor", "0007"),
      ("0007_add_users", "0007"),
      ("7-init", "7"),
      ("20250120", "20250120"),
      ("add_users", ""),
      ("v1_init", ""),
    ])
  func versions(name: String, version: String) {
    #expect(MigrationName(name).version == version)
  }

  @Test("Versions are ordered as numbers of any length, then by name")
  func order() {
    let sorted = [
      "add_users", "0002_b", "3_a", "0010_b", "10_a", "20250119_a", "20250119_b", "2025-01-20_c",
      "20250121_d", "2025_10_20_150000_e", "20251020150001_f",
      // Around the largest number of 64 bits.
      "18446744073709551614_z", "18446744073709551615_y", "18446744073709551616_x",
      "99999999999999999999999999_g", "100000000000000000000000000_h",
    ]
    #expect(sorted.reversed().map { MigrationName($0) }.sorted().map(\.text) == sorted)
  }

  @Test("One version may have several migrations; none of them is newer than the other")
  func sharedVersion() {
    #expect(!MigrationName("20250119_b").isNewer(than: MigrationName("2025-01-19_a")))
    #expect(!MigrationName("2025-01-19_a").isNewer(than: MigrationName("20250119_b")))
    #expect(MigrationName("20250120_a").isNewer(than: MigrationName("20250119_b")))
    #expect(!MigrationName("9_a").isNewer(than: MigrationName("10_a")))
  }

  @Test("A name is typed with or without .sql")
  func arguments() throws {
    #expect(try MigrationName.fromArgument("20250120_a.sql") == MigrationName("20250120_a"))
    #expect(try MigrationName.fromArgument("20250120_a") == MigrationName("20250120_a"))
    #expect(try MigrationName.fromArgument("it's; \"odd\"").text == "it's; \"odd\"")
  }

  @Test("Nothing, and paths, are no names", arguments: ["", ".sql"])
  func emptyArguments(argument: String) {
    #expect(throws: ErrorReport.self) { try MigrationName.fromArgument(argument) }
  }

  @Test(
    "A path is refused as such",
    arguments: [
      "../x", "/etc/passwd", "migrations/20250120_a.sql", "./a", "a/", "..", ".", "...sql",
      "..\u{2F}\u{301}x",
    ])
  func paths(argument: String) {
    let report = #expect(throws: ErrorReport.self) { try MigrationName.fromArgument(argument) }
    #expect(report?.code == .usage)
    #expect(report?.message == "'\(argument)' is a path, not a migration's name")
    #expect(report?.hint == "give the name alone and the folder with --dir")
  }
}
