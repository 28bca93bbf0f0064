import TestSupport
import Testing

/// `list`: columns, order, totals, and what programs get.
@Suite(.scratchLedger) struct ListTests {
  let database = ScratchDatabase.current

  /// Five migrations of every kind, registered out of order, applied at known times.
  private func makeHistory() throws {
    let migrations = [
      SampleMigration.table("users", name: "20250106_create_users"),
      .table("teams", name: "20250108_create_teams", dependsOn: ["20250106_create_users"]),
      SampleMigration(name: "20250110_legacy", up: "CREATE TABLE legacy (id int);", rollback: nil),
      SampleMigration(
        name: "20250112_broken", up: "CREATE TABLE broken (id int);", rollback: "DROP TABLE br;"),
      .table("gone", name: "20250114_gone"),
    ]
    let folder = try database.adopt([3, 0, 4, 2, 1].map { migrations[$0] })
    for (name, status) in [("20250112_broken", Int32(2)), ("20250114_gone", 0)] {
      let result = try Program.run(["rollback", name, "--yes", "--dir", folder.path])
      #expect(result.status == status)
    }
    try database.psql(
      """
      UPDATE migration_history
      SET applied_at = to_timestamp(migration_version, 'YYYYMMDD') AT TIME ZONE 'UTC'
        + interval '14:30:05.25'
      """)
  }

  @Test func theTable() throws {
    try makeHistory()
    let result = try Program.run(["list"])
    #expect(result.status == 0)
    #expect(result.stderr == "📋 Listing rollbackable migrations...\n\n")
    let rule = String(repeating: "─", count: 121)
    #expect(
      result.stdout == """
        Applied Migrations:

        \(rule)
        Migration              Can Rollback  Applied At        Has Rollback  Blocking Reason
        \(rule)
        20250110_legacy        ❌ No         2025-01-10 14:30  ❌            No rollback SQL defined for this migration
        20250108_create_teams  ✅ Yes        2025-01-08 14:30  ✅            -
        20250106_create_users  ❌ No         2025-01-06 14:30  ✅            Cannot rollback: other migrations depend on this one
        \(rule)

        Total: 3 migrations
        Rollbackable: 1

        """)
  }

  @Test func everyStatus() throws {
    try makeHistory()
    let result = try Program.run(["list", "--all"])
    #expect(result.status == 0)
    #expect(result.stderr == "📋 Listing migrations...\n\n")
    let rule = String(repeating: "─", count: 134)
    #expect(
      result.stdout == """
        All Migrations:

        \(rule)
        Migration              Status       Can Rollback  Applied At        Has Rollback  Blocking Reason
        \(rule)
        20250114_gone          rolled_back  ❌ No         2025-01-14 14:30  ✅            Migration status is rolled_back, not applied
        20250112_broken        failed       ❌ No         2025-01-12 14:30  ✅            Migration status is failed, not applied
        20250110_legacy        applied      ❌ No         2025-01-10 14:30  ❌            No rollback SQL defined for this migration
        20250108_create_teams  applied      ✅ Yes        2025-01-08 14:30  ✅            -
        20250106_create_users  applied      ❌ No         2025-01-06 14:30  ✅            Cannot rollback: other migrations depend on this one
        \(rule)

        Total: 5 migrations
        Rollbackable: 1

        """)
  }

  @Test func timesAreLocal() throws {
    try makeHistory()
    let result = try Program.run(["list"], environment: ["TZ": "Asia/Kathmandu"])
    #expect(result.stdout.contains("20250108_create_teams  ✅ Yes        2025-01-08 20:15  ✅"))
    let document = try Program.run(["list", "--json"], environment: ["TZ": "Asia/Kathmandu"])
    #expect(document.stdout.contains(#""applied_at":"2025-01-08T14:30:05.250000Z""#))
  }

  @Test func aLimitLeavesTheTotals() throws {
    try makeHistory()
    let one = try Program.run(["list", "--limit", "1"]).stdout
    #expect(one.contains("\n20250110_legacy  ❌ No "))
    #expect(!one.contains("20250108"))
    #expect(one.hasSuffix("\nTotal: 3 migrations (1 shown)\nRollbackable: 1\n"))
    let many = try Program.run(["list", "--limit", "9"]).stdout
    #expect(try many == Program.run(["list"]).stdout)
    let all = try Program.run(["list", "--all", "--limit=2"]).stdout
    #expect(all.hasSuffix("\nTotal: 5 migrations (2 shown)\nRollbackable: 1\n"))
    let none = try Program.run(["list", "--limit", "0"])
    #expect(none.status == 64)
  }

  @Test func namesAndNothingElse() throws {
    try makeHistory()
    for (options, names) in [
      ([], ["20250110_legacy", "20250108_create_teams", "20250106_create_users"]),
      (["--limit", "1"], ["20250110_legacy"]),
      (["--all", "--limit", "2"], ["20250114_gone", "20250112_broken"]),
    ] {
      let result = try Program.run(["list", "--names"] + options)
      #expect(result.status == 0)
      #expect(result.stdout == names.map { $0 + "\n" }.joined())
      #expect(result.stderr == "")
    }
  }

  /// What `list --json` promises, key by key.
  struct Document: Decodable, Equatable {
    struct Migration: Decodable, Equatable {
      var name: String
      var version: String
      var status: String
      var appliedAt: String?
      var canRollback: Bool
      var hasRollbackSQL: Bool
      var blockingReason: String?
      var dependents: [String]

      enum CodingKeys: String, CodingKey {
        case name, version, status, dependents
        case appliedAt = "applied_at"
        case canRollback = "can_rollback"
        case hasRollbackSQL = "has_rollback_sql"
        case blockingReason = "blocking_reason"
      }
    }
    var migrations: [Migration]
    var total: Int
    var rollbackable: Int
  }

  @Test func theDocument() throws {
    try makeHistory()
    let result = try Program.run(["list", "--all", "--json"])
    #expect(result.stderr == "")
    let document = try result.document(Document.self)
    #expect(document.total == 5)
    #expect(document.rollbackable == 1)
    #expect(
      document.migrations == [
        .init(
          name: "20250114_gone", version: "20250114", status: "rolled_back",
          appliedAt: "2025-01-14T14:30:05.250000Z", canRollback: false, hasRollbackSQL: true,
          blockingReason: "Migration status is rolled_back, not applied", dependents: []),
        .init(
          name: "20250112_broken", version: "20250112", status: "failed",
          appliedAt: "2025-01-12T14:30:05.250000Z", canRollback: false, hasRollbackSQL: true,
          blockingReason: "Migration status is failed, not applied", dependents: []),
        .init(
          name: "20250110_legacy", version: "20250110", status: "applied",
          appliedAt: "2025-01-10T14:30:05.250000Z", canRollback: false, hasRollbackSQL: false,
          blockingReason: "No rollback SQL defined for this migration", dependents: []),
        .init(
          name: "20250108_create_teams", version: "20250108", status: "applied",
          appliedAt: "2025-01-08T14:30:05.250000Z", canRollback: true, hasRollbackSQL: true,
          blockingReason: nil, dependents: []),
        .init(
          name: "20250106_create_users", version: "20250106", status: "applied",
          appliedAt: "2025-01-06T14:30:05.250000Z", canRollback: false, hasRollbackSQL: true,
          blockingReason: "Cannot rollback: other migrations depend on this one",
          dependents: ["20250108_create_teams"]),
      ])
    let limited = try Program.run(["list", "--json", "--limit", "1"]).document(Document.self)
    #expect(limited.migrations.map(\.name) == ["20250110_legacy"])
    #expect(limited.total == 3)
    #expect(limited.rollbackable == 1)
    #expect(
      try Program.run(["list", "--names", "--json", "--limit", "2"]).stdout
        == #"{"names":["20250110_legacy","20250108_create_teams"]}"# + "\n")
  }

  @Test func nothingRecorded() throws {
    try runSuccessfully(["init"])
    let result = try Program.run(["list"])
    #expect(result.status == 0)
    #expect(
      result.stdout == """
        Applied Migrations:

        No migrations are recorded.

        Total: 0 migrations
        Rollbackable: 0

        """)
    #expect(
      try Program.run(["list", "--json"]).stdout
        == #"{"migrations":[],"total":0,"rollbackable":0}"# + "\n")
    #expect(try Program.run(["list", "--names"]).stdout == "")
  }

  @Test func aLongNameIsNeverCut() throws {
    let name = "20250101_" + String(repeating: "very_", count: 40) + "long"
    try database.adopt([.table("users", name: name)])
    #expect(try Program.run(["list"]).stdout.contains("\n\(name)  ✅ Yes  "))
    #expect(try Program.run(["list", "--names"]).stdout == name + "\n")
  }

  @Test func withoutAUTF8LocaleItIsASCII() throws {
    try makeHistory()
    let result = try Program.run(["list"], environment: ["LC_ALL": "C"])
    #expect(result.stdout.utf8.allSatisfy { $0 < 0x80 })
    #expect(result.stderr == "Listing rollbackable migrations...\n\n")
    #expect(result.stdout.contains("\n20250108_create_teams  Yes           2025-01-08 14:30  yes "))
  }

  @Test func tenThousandRows() throws {
    try runSuccessfully(["init"])
    try database.psql(
      """
      INSERT INTO migration_history (migration_name, migration_version, rollback_sql, metadata)
      SELECT format('%s_change_%s', version, number), version, repeat('DROP TABLE x; ', 200),
        jsonb_build_object('sequence', number)
      FROM (SELECT number, (20200000000000 + number)::text AS version
        FROM generate_series(1, 10000) AS number) AS row;
      INSERT INTO migration_dependencies (migration_name, depends_on)
      SELECT later.migration_name, earlier.migration_name
      FROM migration_history AS later JOIN migration_history AS earlier
        ON (earlier.metadata -> 'sequence')::int * 2 = (later.metadata -> 'sequence')::int;
      """)
    let list = try Program.run(["list"])
    #expect(list.status == 0)
    #expect(list.stdout.hasSuffix("\nTotal: 10000 migrations\nRollbackable: 5000\n"))
    #expect(list.stdout.occurrences(of: "\n2020") == 10000)
    let newest = "20200000010000_change_10000"
    #expect(try Program.run(["list", "--names", "--limit", "1"]).stdout == newest + "\n")
    let names = try Program.run(["list", "--names"]).stdout.split(separator: "\n")
    #expect(names.count == 10000)
    #expect(names.first ?? "" == newest)
    #expect(names.last == "20200000000001_change_1")
    let document = try Program.run(["list", "--json"]).document(Document.self)
    #expect(document.migrations.count == 10000)
    #expect(document.migrations.last?.dependents == ["20200000000002_change_2"])
    #expect(document.rollbackable == 5000)
    #expect(try Program.run(["check", "20200000000001_change_1"]).status == 1)
  }
}
