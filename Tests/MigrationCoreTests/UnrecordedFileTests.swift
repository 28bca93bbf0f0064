import Testing

@testable import MigrationCore

@Suite("Which files without a row are taken for pending")
struct UnrecordedFileTests {
  private let seen = UnrecordedFile.applied(evidence: "the object that it creates exists")

  private func uncertain(
    _ files: KeyValuePairs<String, UnrecordedFile>, _ overview: LedgerOverview
  ) -> [String] {
    let files = Dictionary(uniqueKeysWithValues: files.map { (MigrationName($0.key), $0.value) })
    return UnrecordedFile.uncertain(files, overview).keys.sorted().map(\.text)
  }

  private func row(
    _ name: String, _ status: MigrationStatus = .applied, checksum: String? = "c",
    isRegistered: Bool = false
  ) -> RecordedMigration {
    RecordedMigration(
      name: name, status: status, checksum: checksum, isRegistered: isRegistered)
  }

  @Test("A blank ledger: untold only where others are seen, or a runner's table is there")
  func blank() {
    var overview = LedgerOverview([row("0_x", .rolledBack, checksum: nil)])
    #expect(overview.isBlank)
    #expect(!overview.isShared)
    overview.holdsRelations = true
    #expect(overview.isShared)
    #expect(uncertain(["1_a": .untold, "2_b": .untold], overview) == [])
    #expect(uncertain(["1_a": .untold, "2_b": seen], overview) == ["1_a", "2_b"])
    #expect(
      uncertain(
        ["1_a": .untold, "2_b": .partial(evidence: "1 of 2", missing: [])], overview)
        == ["1_a", "2_b"])
    let unreadable = UnrecordedFile.unreadable(ErrorReport(.file, "no"))
    #expect(uncertain(["1_a": .untold, "2_b": unreadable], overview) == ["2_b"])
    overview.runnerTables = ["public.goose_db_version"]
    #expect(uncertain(["1_a": .untold], overview) == ["1_a"])
  }

  @Test("Newer than what migrate applied is its own; what only sync or register know is not")
  func newer() {
    let registered = row("5_e", isRegistered: true)
    #expect(
      uncertain(["4_d": .untold, "6_f": .untold], LedgerOverview([registered])) == ["4_d", "6_f"])
    let both = LedgerOverview([registered, row("3_c"), row("6_f")])
    #expect(uncertain(["4_d": .untold, "7_g": .untold, "8_h": seen], both) == ["4_d", "8_h"])
    // Rolled back since, it tells as much; written by a hand, it does not.
    let past = LedgerOverview([registered, row("6_f", .rolledBack)])
    #expect(uncertain(["7_g": .untold], past) == [])
    let byHand = LedgerOverview([registered, row("6_f", checksum: nil)])
    #expect(uncertain(["7_g": .untold], byHand) == ["7_g"])
  }

  @Test("One refusal for all of a blank ledger")
  func refusal() {
    var overview = LedgerOverview([])
    overview.runnerTables = ["public.goose_db_version"]
    let files = (1...7).map {
      (name: MigrationName("\($0)_a"), file: $0 == 1 ? seen : UnrecordedFile.untold)
    }
    #expect(
      UnrecordedFile.refusal(ofBlankLedgerWith: files, overview)
        == ErrorReport(
          .refused, "the ledger holds nothing, and 7 migrations may be applied already",
          details: [
            "'1_a': it was applied and not recorded: the object that it creates exists",
            "'2_a': nothing tells whether it was applied",
            "'3_a': nothing tells whether it was applied",
            "'4_a': nothing tells whether it was applied",
            "'5_a': nothing tells whether it was applied",
            "and 2 more, which 'migration-manager status' lists",
            "another runner's table is here: public.goose_db_version",
          ],
          hint: "run 'migration-manager sync', which records what is applied, with "
            + "'--assume-applied-before NAME' for the files of which nothing tells"))
    #expect(
      UnrecordedFile.refusal(ofBlankLedgerWith: Array(files.prefix(1)), LedgerOverview([]))?.hint
        == "run 'migration-manager sync', which records what is applied")
  }

  @Test("A folder without a file of all that stands is another one's, unless they were renamed")
  func foreign() {
    let overview = LedgerOverview([row("1_a"), row("2_b"), row("3_c", .rolledBack)])
    func folder(
      _ files: [String], renamed: [MigrationName: String] = [:]
    ) -> ForeignFolder? {
      ForeignFolder(
        overview, missing: overview.missing(from: files.map(MigrationName.init)), renamed: renamed)
    }
    #expect(
      folder(["3_c", "9_z"])?.refusal(of: "db").message
        == "'db' holds the file of none of the 2 applied migrations")
    #expect(folder(["1_a"]) == nil)
    #expect(folder(["1_z"], renamed: [MigrationName("1_z"): "1_a"]) == nil)
    #expect(ForeignFolder(LedgerOverview([]), missing: [], renamed: [:]) == nil)
  }
}
