import MigrationCommands
@testable import MigrationCore
import Testing

@Suite("What check, init, register and show print")
struct CheckRenderingTests {
  private static func check(_ name: String) -> RollbackCheck {
    RollbackCheck(
      name: name, status: .applied, canRollback: true,
      reason: "Migration can be safely rolled back", dependents: [], drift: nil, irreversible: nil,
      fileMissing: false, remarks: [], hint: nil)
  }

  private static var blocked: RollbackCheck {
    var blocked = check("20250119_add_analytics_queue")
    blocked.canRollback = false
    blocked.reason = "Cannot rollback: other migrations depend on this one"
    blocked.dependents = ["20250121_add_migration_logs"]
    blocked.hint = "roll back '20250121_add_migration_logs' first"
    return blocked
  }

  @Test("A migration that others depend on, as the guide shows it")
  func blocked() {
    let (output, errors) = printed { CheckRendering.print([Self.blocked], to: $0) }
    #expect(
      output == """
        Status: ❌ Cannot rollback
        Reason: Cannot rollback: other migrations depend on this one

        Dependent migrations (must be rolled back first):
          - 20250121_add_migration_logs

        """)
    #expect(errors == "\n💡 roll back '20250121_add_migration_logs' first\n")
  }

  @Test("Several migrations are named, a block each")
  func several() {
    var drifted = Self.check("2_b")
    drifted.drift = .rollback
    drifted.fileMissing = true
    drifted.irreversible = "keys are hashed"
    drifted.remarks = ["its section is commented"]
    let (output, _) = printed(in: .asciiPipes) {
      CheckRendering.print([Self.check("3_c"), drifted], to: $0)
    }
    #expect(
      output == """
        Migration: 3_c
        Status: Can rollback
        Reason: Migration can be safely rolled back

        Migration: 2_b
        Status: Can rollback
        Reason: Migration can be safely rolled back
        Irreversible: keys are hashed
        Drift: the file's rollback SQL differs from what was recorded
        Note: its section is commented

        """)
  }

  @Test("The documents of check, init and show")
  func documents() {
    #expect(
      json(CheckPayload([Self.blocked])) == #"""
        {"migrations":[{"name":"20250119_add_analytics_queue","can_rollback":false,"reason":"Cannot rollback: other migrations depend on this one","dependents":["20250121_add_migration_logs"],"status":"applied","drift":null,"irreversible":null,"file_missing":false}]}
        """#)
    let result = InitializationResult(
      outcome: .created, schema: "a\"b", readers: ["r"], operators: [])
    #expect(
      json(InitPayload(result))
        == #"{"outcome":"created","schema":"a\"b","readers":["r"],"operators":[]}"#)
    #expect(
      json(ShowPayload(name: "1_a", shown: .up, sql: Array("SELECT 'ä\\';\r\n\u{1}".utf8)))
        == #"{"name":"1_a","direction":"up","sql":"SELECT 'ä\\';\r\n\u0001"}"#)
  }

  @Test("init says what became of the ledger, and who may use it")
  func initialization() {
    let (output, errors) = printed {
      InitRendering.print(
        InitializationResult(
          outcome: .created, schema: "public", readers: ["a", "b"], operators: ["c"]), to: $0)
      InitRendering.print(
        InitializationResult(outcome: .present, schema: "public", readers: [], operators: []),
        to: $0)
    }
    #expect(
      output == """
        ✅ Ledger created in schema 'public'
           Readers: a, b
           Operators: c
        ✅ Ledger in schema 'public' is up to date

        """)
    #expect(errors.hasPrefix("💡 'migration-manager register NAME'"))
  }

  @Test("register shows what was recorded, as the guide does, and by what evidence")
  func registration() {
    let result = RegistrationResult(
      name: "1_a", outcome: .registered, hasRollbackSQL: true, irreversible: nil,
      evidence: "4 of 4 objects exist", remarks: [], error: nil)
    let (output, errors) = printed { RegisterRendering.print([result], to: $0) }
    #expect(
      output == """
        ✅ Migration registered successfully
           Rollback SQL: ✅ Available
           Evidence: 4 of 4 objects exist

        """)
    #expect(errors == "")
    #expect(RegisterRendering.status(of: [result]) == .done)
    #expect(
      json(OutcomePayload([MigrationOutcomePayload(result)]))
        == #"{"migrations":[{"name":"1_a","outcome":"registered","sql":null,"duration_ms":null,"error":null,"evidence":"4 of 4 objects exist","missing":[]}],"dry_run":false}"#
    )
  }

  @Test("A migration that was not applied is an error that lists what is missing")
  func notApplied() {
    let refused = RegistrationResult(
      name: "2_b", outcome: .notApplied, hasRollbackSQL: true, irreversible: nil, evidence: "",
      remarks: [],
      error: ErrorReport(
        .refused, "migration '2_b' was not applied",
        details: ["missing: table public.b", "missing: index public.b_id"],
        hint: "apply it first"))
    var refreshed = refused
    refreshed.name = "1_a"
    refreshed.outcome = .refreshed
    refreshed.hasRollbackSQL = false
    refreshed.error = nil
    var heldUp = refreshed
    heldUp.name = "3_c"
    heldUp.outcome = .skipped
    let (output, errors) = printed {
      RegisterRendering.print([refreshed, refused, heldUp], to: $0)
    }
    #expect(
      output == """
        Migration: 1_a
        ✅ Migration refreshed successfully
           Rollback SQL: ❌ Not available

        Migration: 2_b

        Migration: 3_c
        ❌ Not recorded, because another one was refused

        """)
    #expect(
      errors == """
        error: migration '2_b' was not applied
          missing: table public.b
          missing: index public.b_id
        hint: apply it first

        """)
    #expect(RegisterRendering.status(of: [refreshed, refused]) == .refused)
  }
}
