import MigrationCommands
@testable import MigrationCore
import Testing

@Suite("What rollback prints and asks")
struct RollbackRenderingTests {
  private let plan = rollbackPlan("DROP TABLE a;")
  private let rule = String(repeating: "─", count: 76)

  private func confirmed(_ answers: String...) -> Bool {
    var isConfirmed = false
    _ = printed(answers: answers) {
      isConfirmed = RollbackRendering.confirm(plan, target: nil, on: $0)
    }
    return isConfirmed
  }

  @Test("Only yes goes on; the end of the input means no")
  func answers() {
    #expect(confirmed("yes"))
    #expect(confirmed("  yes\t"))
    for answer in ["y", "YES", "Yes", "", "no", "yes please", "yes\u{0}"] {
      #expect(!confirmed(answer), "\(answer)")
    }
    #expect(!confirmed())
  }

  @Test("The SQL is seen before the question, on standard error")
  func question() {
    let (output, errors) = printed(in: .asciiPipes, answers: ["yes"]) {
      RollbackRendering.announce("1_a", isDryRun: false, to: $0)
      _ = RollbackRendering.confirm(plan, target: nil, on: $0)
    }
    let rule = String(repeating: "-", count: 76)
    #expect(output == "")
    #expect(
      errors == """
        ! Rolling back: 1_a

        SQL to be executed:
        \(rule)
        DROP TABLE a;
        \(rule)

        !  Are you sure you want to rollback this migration? (yes/no):\u{20}


        """)
  }

  @Test("Quiet and JSON leave out progress, but never what must be seen before saying yes")
  func quiet() {
    let target = DatabaseTarget(
      database: "app", host: "db", port: "5432", user: "me", source: ".env")
    for (verbosity, isJSON) in [(Console.Verbosity.quiet, false), (.normal, true)] {
      let (output, errors) = printed(verbosity, isJSON: isJSON, answers: ["no"]) {
        RollbackRendering.announce("1_a", isDryRun: false, to: $0)
        _ = RollbackRendering.confirm(plan, target: target, on: $0)
      }
      #expect(output == "")
      #expect(
        errors == """
          Database: app on db:5432 as me (from .env)

          SQL to be executed:
          \(rule)
          DROP TABLE a;
          \(rule)

          ⚠️  Are you sure you want to rollback this migration? (yes/no):\u{20}

          """)
    }
  }

  @Test("On a terminal the answer's own line end is not doubled")
  func terminalEcho() {
    let errors = printed(in: .terminal(width: 40), answers: ["no"]) {
      _ = RollbackRendering.confirm(plan, target: nil, on: $0)
    }.errors
    #expect(errors.hasSuffix("(yes/no): \n"))
    #expect(errors.contains("\n" + String(repeating: "─", count: 40) + "\n"))
  }

  @Test("A dry run, as the guide shows it")
  func dryRun() {
    let (output, errors) = printed {
      RollbackRendering.announce("1_a", isDryRun: true, to: $0)
      RollbackRendering.print(dryRun: plan, to: $0)
    }
    #expect(
      output == """
        ✅ Dry run: rollback SQL shown below (not executed)

        SQL that would be executed:
        \(rule)
        DROP TABLE a;
        \(rule)

        """)
    #expect(errors == "🔍 DRY RUN: Rolling back: 1_a\n\n")
  }

  @Test("A rollback that was done, as the guide shows it")
  func done() {
    let result = rollbackOutcome(
      RollbackResult(name: "1_a", sql: "DROP TABLE a;\n", durationMicroseconds: 41_007))
    let (output, errors) = printed(.verbose) {
      RollbackRendering.print(result, to: $0)
    }
    #expect(
      output == """
        ✅ Migration rolled back successfully

        SQL executed:
        \(rule)
        DROP TABLE a;
        \(rule)

        """)
    #expect(errors == "Took 41.007 ms\n")
    let document = printed(isJSON: true) {
      RollbackRendering.print(result, to: $0)
    }.output
    #expect(
      document == #"""
        {"migrations":[{"name":"1_a","outcome":"rolled_back","sql":"DROP TABLE a;\n","duration_ms":41.007,"error":null,"runner_ledgers":[]}],"dry_run":false}

        """#)
  }

  @Test("What was refused or failed stands in the document twice: at the migration and at the top")
  func refused() {
    let error = ErrorReport(
      .sql, "relation \"b\" does not exist", details: ["LINE 1: DROP TABLE b"], hint: "mend it",
      location: ErrorReport.Location(file: "m/1_a.sql", line: 7, column: 12), sqlState: "42P01")
    let object =
      #"{"code":"sql","message":"relation \"b\" does not exist","hint":"mend it","file":"m/1_a.sql","line":7,"column":12,"sqlstate":"42P01","details":["LINE 1: DROP TABLE b"]}"#
    let payload = MigrationOutcomePayload(name: "1_a", outcome: .failed, error: error)
    #expect(
      json(OutcomePayload([payload]))
        == #"{"migrations":[{"name":"1_a","outcome":"failed","sql":null,"duration_ms":null,"error":\#(object)}],"dry_run":false,"error":\#(object)}"#
    )
    #expect(json(ErrorDocument(error)) == #"{"error":\#(object)}"#)
  }
}
