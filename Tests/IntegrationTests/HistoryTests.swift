import Foundation
import TestSupport
import Testing

/// `history`: the audit trail.
@Suite(.scratchLedger) struct HistoryTests {
  /// What `history --json` prints.
  private struct Trail: Decodable {
    struct Event: Decodable {
      var occurredAt: String
      var runID: String
      var migration: String?
      var operation: String
      var outcome: String
      var role: String
      var error: String?
      var reason: String?

      enum CodingKeys: String, CodingKey {
        case occurredAt = "occurred_at"
        case runID = "run_id"
        case migration, operation, outcome, role, error, reason
      }
    }
    var events: [Event]
    var hasMore: Bool

    enum CodingKeys: String, CodingKey {
      case events
      case hasMore = "has_more"
    }
  }

  let workspace: Workspace
  let users = "20250101_create_users"
  let teams = "20250102_create_teams"

  init() throws {
    workspace = try Workspace()
    try workspace.write("CREATE TABLE users ();", section: "DROP TABLE user;", to: users)
    try workspace.write("CREATE TABLE teams ();", section: "DROP TABLE teams;", to: teams)
    try workspace.adopt(users, teams)
  }

  /// `MIGRATION OPERATION OUTCOME`, newest first.
  private func events(_ arguments: String...) throws -> [String] {
    let trail: Trail = try workspace.run(["history", "--json"] + arguments).document()
    return trail.events.map { "\($0.migration ?? "-") \($0.operation) \($0.outcome)" }
  }

  @Test func whatHappenedNewestFirst() throws {
    _ = try workspace.run(["rollback", users, "--yes", "--reason", "incident 4"])
    try workspace.runSuccessfully("resolve", users, "--applied", "--yes")
    let result = try workspace.run(
      ["history", users],
      environment: ["LC_ALL": "C.UTF-8", "TZ": "UTC"])
    #expect(result.status == 0)
    #expect(result.stderr == "📋 Listing the events of: \(users)\n\n")
    let lines = result.stdout.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.replacing(#/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/#, with: "TIME")
        .replacing(#/postgres \(\S+\)/#, with: "WHO").replacing(#/ {2,}/#, with: "  ")
        .replacing(#/─+/#, with: "─")
    }
    #expect(
      lines.joined(separator: "\n") == """
        Events:

        ─
        When  Operation  Outcome  Migration  Who  What
        ─
        TIME  resolve  done  \(users)  WHO  failed -> applied
        TIME  rollback  fail  \(users)  WHO  syntax error at or near "user"; reason: incident 4
        TIME  register  registered  \(users)  WHO  -
        ─

        Total: 3 events

        """)
  }

  @Test func ofAllAndOfSome() throws {
    #expect(
      try events() == [
        "\(teams) register registered", "\(users) register registered", "- init done",
      ])
    #expect(try events("--limit", "2").count == 2)
    let trail: Trail = try workspace.run(["history", "--limit", "1", "--json"]).document()
    #expect(trail.hasMore)
    let whole: Trail = try workspace.run(["history", users, "--limit", "1", "--json"]).document()
    #expect(!whole.hasMore)
    #expect(whole.events.map(\.role) == ["postgres"])
    #expect(
      try workspace.database.psql(
        "SELECT run_id FROM migration_events WHERE migration_name = '\(users)'")
        == whole.events.first?.runID)
    let shown = try workspace.run(["history", "--limit", "1"])
    #expect(shown.stdout.hasSuffix("\nTotal: 1 event\n"))
    #expect(
      shown.stderr.hasSuffix("💡 there are older ones: give a larger --limit, or none\n"))
  }

  @Test func namesAreFollowed() throws {
    let people = "20250101_create_people"
    try workspace.runSuccessfully("rename", users, people, "--force")
    // The old name is given to another one.
    try workspace.runSuccessfully("rename", teams, users, "--force")
    #expect(
      try events(people) == ["\(people) rename done", "\(users) register registered"])
    #expect(
      try events(users) == [
        "\(users) rename done", "\(people) rename done", "\(teams) register registered",
        "\(users) register registered",
      ])
    let text = try workspace.run(["history", people]).stdout
    #expect(text.contains("was \(users)\n"))
  }

  @Test func whatIsForgottenIsNot() throws {
    try workspace.runSuccessfully("forget", teams, "--yes")
    try workspace.folder.remove("migrations/\(teams).sql")
    #expect(try events(teams) == ["\(teams) forget done", "\(teams) register registered"])
  }

  @Test func aNameThatNobodyKnows() throws {
    let result = try workspace.run(["history", "20250102_create_team"])
    #expect(result.status == 1)
    #expect(
      result.stderr.hasSuffix(
        """
        error: Migration not found: '20250102_create_team'
          did you mean '\(teams)'?
          did you mean '\(users)'?
        hint: 'migration-manager list --all' shows what is recorded

        """))
    // A file that nothing has happened to yet is known.
    try workspace.write("SELECT 1;", to: "20250103_new")
    let new = try workspace.run(["history", "20250103_new"])
    #expect(new.status == 0)
    #expect(new.stdout == "Events:\n\nNo events are recorded.\n\nTotal: 0 events\n")
  }

  @Test func readersSeeItWithoutTheSQL() throws {
    try workspace.runSuccessfully("rollback", teams, "--yes")
    try workspace.database.withRole("reader") { role in
      try workspace.runSuccessfully("init", "--reader", role)
      let url = workspace.database.url(user: role)
      for arguments in [["history", teams], ["history", "--json"]] {
        let result = try workspace.run(arguments + ["--database-url", url])
        #expect(result.status == 0)
        #expect(result.stdout.contains("rollback"))
        #expect(result.hides("DROP TABLE"))
      }
    }
  }
}
