import MigrationCommands
import Testing

@testable import MigrationCore

@Suite("What migrate prints")
struct MigrateRenderingTests {
  /// A plan for files that each hold `SELECT` and their number.
  private static func plan(_ count: Int, standing: Int = 0) throws -> MigrationPlan {
    let texts: [String] = (0..<count).map { "\($0 + 1)_a" }
    let names: [MigrationName] = texts.map { MigrationName($0) }
    let planner = MigrationPlanner(
      files: names, overview: LedgerOverview([]), request: MigrationRequest(), boundary: nil)
    var read: [MigrationName: Result<PendingFile, ErrorReport>] = [:]
    for name in names {
      let file = try MigrationFile(
        name: name, path: "db/\(name.text).sql", bytes: Array("SELECT \(name.version);".utf8))
      read[name] = .success(PendingFile(file))
    }
    var plan = planner.plan(read)
    plan.standing = standing
    return plan
  }

  @Test("A dry run shows the order and the SQL")
  func dryRun() throws {
    let plan = try Self.plan(2)
    let (output, errors) = printed(in: .terminal(width: 8)) {
      MigrateRendering.print(dryRun: plan, to: $0)
    }
    #expect(
      output == """
        ✅ Dry run: 2 migrations would be applied, in this order (not executed)

        1_a:
        ────────
        SELECT 1;
        ────────

        2_a:
        ────────
        SELECT 2;
        ────────

        """)
    #expect(
      errors == "warning: no rollback SQL, so it cannot be rolled back: '1_a', '2_a'\n")
    let (document, _) = printed(isJSON: true) { MigrateRendering.print(dryRun: plan, to: $0) }
    #expect(
      document == #"""
        {"migrations":[{"name":"1_a","outcome":"planned","sql":"SELECT 1;","duration_ms":null,"error":null},{"name":"2_a","outcome":"planned","sql":"SELECT 2;","duration_ms":null,"error":null}],"dry_run":true}

        """#)
  }

  @Test("Of the section that was blanked out nothing is shown; blank lines within stay")
  func blankedSection() throws {
    let file = try MigrationFile(
      name: MigrationName("1_a"), path: "db/1_a.sql",
      bytes: Array("SELECT 1;\n\nSELECT 2;\n\n-- ROLLBACK START\nSELECT 3;\n-- ROLLBACK END\n".utf8)
    )
    let plan = MigrationPlanner(
      files: [file.name], overview: LedgerOverview([]), request: MigrationRequest(), boundary: nil
    ).plan([file.name: .success(PendingFile(file))])
    let (document, _) = printed(isJSON: true) { MigrateRendering.print(dryRun: plan, to: $0) }
    #expect(document.contains(#","sql":"SELECT 1;\n\nSELECT 2;\n","#))
  }

  @Test("What was done, in one line")
  func done() throws {
    let plan = try Self.plan(3)
    let applied = MigrationResult(name: "1_a", outcome: .applied, durationMicroseconds: 41_207)
    func line(_ results: [MigrationResult]) -> String {
      printed { MigrateRendering.print(results, of: plan, to: $0) }.output
    }
    #expect(line([applied]) == "✅ Applied 1 migration\n")
    #expect(
      line([applied, applied, .init(name: "2_a", outcome: .skipped)])
        == "✅ Applied 2 migrations, 1 by another run meanwhile\n")
    #expect(
      line([.init(name: "1_a", outcome: .skipped), .init(name: "2_a", outcome: .skipped)])
        == "✅ Nothing left to apply: 2 migrations applied by another run meanwhile\n")
    let failed = MigrationResult(
      name: "2_a", outcome: .failed, error: ErrorReport(.sql, "no such table", hint: "mend it"))
    let (output, errors) = printed {
      MigrateRendering.print([applied, failed], of: plan, to: $0)
    }
    #expect(output == "❌ Applied 1 of 3 migrations\n")
    #expect(
      errors == "error: no such table\nhint: mend it\n"
        + "warning: no rollback SQL, so it cannot be rolled back: '1_a'\n")
    let (document, _) = printed(isJSON: true) {
      MigrateRendering.print([applied], of: plan, to: $0)
    }
    #expect(
      document == #"""
        {"migrations":[{"name":"1_a","outcome":"applied","sql":null,"duration_ms":41.207,"error":null}],"dry_run":false}

        """#)
  }

  @Test("Nothing to do")
  func nothing() throws {
    let plan = try Self.plan(0, standing: 8)
    let (output, _) = printed { MigrateRendering.print([], of: plan, to: $0) }
    #expect(output == "✅ Nothing to apply: 8 migrations applied already\n")
  }

  @Test("All that stands against it, up to ten; the worst is the exit status")
  func refused() throws {
    var plan = try Self.plan(2)
    plan.refusals = (1...12).map {
      .init(name: "\($0)_a", error: ErrorReport(.refused, "no \($0)"))
    }
    let (output, errors) = printed {
      MigrateRendering.print(refusalsOf: plan, isDryRun: false, to: $0)
    }
    #expect(output == "❌ Nothing was applied\n")
    #expect(errors.hasSuffix("error: no 10\nand 2 more, which --verbose lists\n"))
    #expect(MigrateRendering.status(ofRefused: plan) == .refused)
    plan.refusals = [
      .init(name: "2_a", error: ErrorReport(.refused, "no")),
      .init(name: "2_a", error: ErrorReport(.file, "unreadable")),
    ]
    #expect(MigrateRendering.status(ofRefused: plan) == .failed)
    let (document, _) = printed(isJSON: true) {
      MigrateRendering.print(refusalsOf: plan, isDryRun: true, to: $0)
    }
    #expect(
      document.hasPrefix(
        #"{"migrations":[{"name":"1_a","outcome":"skipped","sql":null,"duration_ms":null,"error":null},"#
          + #"{"name":"2_a","outcome":"refused","sql":null,"#))
  }
}
