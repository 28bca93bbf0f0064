import MigrationCommands
@testable import MigrationCore
import Testing

@Suite("What list prints")
struct ListRenderingTests {
  /// 2025-01-20 14:30:05.5 UTC; tests run with whatever zone there is, so only the form of the
  /// local time is looked at.
  private static let moment: Int64 = 1_737_383_405_500_000

  private static func summary(
    _ name: String, _ status: MigrationStatus = .applied, at: Int64? = moment,
    can: Bool = true, has: Bool = true, reason: String = "Migration can be safely rolled back",
    dependents: [String] = []
  ) -> MigrationSummary {
    MigrationSummary(
      name: name, version: String(name.prefix { $0 != "_" }), status: status, appliedAt: at,
      canRollback: can, hasRollbackSQL: has, reason: reason, dependents: dependents)
  }

  private let list = MigrationList(
    migrations: [
      summary("20250120_migration_rollback_system", at: nil),
      summary(
        "20250119_add_metrics_schema", at: nil, can: false,
        reason: "Cannot rollback: other migrations depend on this one",
        dependents: ["20250120_migration_rollback_system"]),
    ],
    total: 34, rollbackable: 32)

  @Test("Heading, table and totals go to standard output, and nothing else")
  func table() {
    let (output, errors) = printed { ListRendering.print(list, everyStatus: false, to: $0) }
    let rule = String(repeating: "─", count: 128)
    #expect(
      output == """
        Applied Migrations:

        \(rule)
        Migration                           Can Rollback  Applied At  Has Rollback  Blocking Reason
        \(rule)
        20250120_migration_rollback_system  ✅ Yes        -           ✅            -
        20250119_add_metrics_schema         ❌ No         -           ✅            Cannot rollback: other migrations depend on this one
        \(rule)

        Total: 34 migrations (2 shown)
        Rollbackable: 32

        """)
    #expect(errors == "")
  }

  @Test("Without a UTF-8 locale not a byte is beyond ASCII")
  func ascii() {
    let (output, _) = printed(in: .asciiPipes) {
      ListRendering.print(list, everyStatus: false, to: $0)
    }
    #expect(output.utf8.allSatisfy { $0 < 0x80 })
    #expect(output.contains("Yes           -           yes           -\n"))
    #expect(output.contains("\n-----"))
  }

  @Test("Every status has a column of its own when all are listed")
  func everyStatus() {
    let list = MigrationList(
      migrations: [
        Self.summary(
          "3_c", .rolledBack, can: false, reason: "Migration status is rolled_back, not applied"),
        Self.summary("2_b", .failed, can: false, has: false, reason: "-"),
      ], total: 2, rollbackable: 0)
    let (output, _) = printed { ListRendering.print(list, everyStatus: true, to: $0) }
    #expect(output.hasPrefix("All Migrations:\n"))
    #expect(output.contains("Migration  Status       Can Rollback  Applied At        Has Rollback"))
    #expect(output.contains("3_c        rolled_back  ❌ No         20"))
    #expect(output.contains("2_b        failed       ❌ No         20"))
    #expect(output.hasSuffix("\nTotal: 2 migrations\nRollbackable: 0\n"))
  }

  @Test("A name is never cut in a pipe, however long it is")
  func longName() {
    let name = "20250120_" + String(repeating: "x", count: 300)
    let list = MigrationList(migrations: [Self.summary(name)], total: 1, rollbackable: 1)
    let piped = printed { ListRendering.print(list, everyStatus: false, to: $0) }.output
    #expect(piped.contains("\n\(name)  ✅ Yes"))
    #expect(piped.contains("Total: 1 migration\n"))
    let shown = printed(in: .terminal(width: 80)) {
      ListRendering.print(list, everyStatus: false, to: $0)
    }.output
    for line in shown.split(separator: "\n") {
      #expect(DisplayWidth.of(String(line)) <= 80)
    }
  }

  @Test("An empty ledger is said to be empty, with what to do")
  func empty() {
    let (output, errors) = printed {
      ListRendering.print(
        MigrationList(migrations: [], total: 0, rollbackable: 0), everyStatus: false, to: $0)
    }
    #expect(
      output == """
        Applied Migrations:

        No migrations are recorded.

        Total: 0 migrations
        Rollbackable: 0

        """)
    #expect(
      errors == "💡 'migration-manager register NAME' records a migration that is applied\n")
  }

  @Test("JSON has the keys of the reference in their order, and times in UTC")
  func document() {
    let list = MigrationList(
      migrations: [
        Self.summary("2_b"),
        Self.summary("1_a", can: false, reason: "Cannot rollback: x", dependents: ["2_b"]),
      ], total: 9, rollbackable: 8)
    #expect(
      json(ListPayload(list)) == #"""
        {"migrations":[{"name":"2_b","version":"2","status":"applied","applied_at":"2025-01-20T14:30:05.500000Z","can_rollback":true,"has_rollback_sql":true,"blocking_reason":null,"dependents":[]},{"name":"1_a","version":"1","status":"applied","applied_at":"2025-01-20T14:30:05.500000Z","can_rollback":false,"has_rollback_sql":true,"blocking_reason":"Cannot rollback: x","dependents":["2_b"]}],"total":9,"rollbackable":8}
        """#)
    #expect(json(NamesPayload(names: ["2_b", "1_a"])) == #"{"names":["2_b","1_a"]}"#)
  }
}
