import Foundation
import TestSupport
import Testing

/// What `docs/configuration.md` shows is what the program prints, but for the database's place.
@Suite(.scratchDatabase) struct ConfigurationPageTests {
  private static let page = "docs/configuration.md"
  private static let url = "postgresql://ana:secret@db.example.com:5432/shop"
  private let project: ShellProject

  init() throws {
    project = try ShellProject()
    let blocks = Documentation.blocks(in: try Documentation.text(of: Self.page))
    let file = try #require(blocks.first { $0.language == "json" })
    try project.folder.write(file.body, to: "migration-manager.json")
  }

  @Test func theExampleIsUnderstoodAndShown() throws {
    let shown = try Documentation.block("console", of: "## What is in force", in: Self.page)
    try project.folder.write("", to: "db/migrations/.keep")
    let result = try project.bash(
      "migration-manager config --env production 2>&1",
      environment: ["PRODUCTION_DATABASE_URL": Self.url])
    #expect(shown == "$ migration-manager config --env production\n" + result.stdout)
  }

  @Test func aProtectedDatabaseWantsItsName() throws {
    let migration = SampleMigration.table("users")
    try project.folder.write(migration.text, to: "db/migrations/\(migration.fileName)")
    let database = project.database
    let place = "\(database.name) on \(database.socketDirectory):\(database.port) as postgres"
    let environment = ["PRODUCTION_DATABASE_URL": database.url, "PRODUCTION": database.name]
    let migrated = try project.bash(
      "migration-manager migrate --env production 2>&1", environment: environment)
    #expect(migrated.status == 0, "\(migrated.stdout)")
    let section = try Documentation.section("## Protected databases", of: Self.page)
    let sessions = Documentation.blocks(in: section).filter { $0.language == "console" }
    #expect(sessions.count == 3)
    // The one that goes on comes last.
    for session in [sessions[0], sessions[2], sessions[1]] {
      let command = try #require(session.body.split(separator: "\n").first).dropFirst(2)
      let result = try project.bash(
        "{ \(command)\n} 2>&1", environment: environment, input: "\(database.name)\n")
      let printed = result.stdout.replacing(place, with: "shop on db.example.com:5432 as ana")
        .replacing(database.name, with: "shop")
      #expect(
        session.body.replacing("'shop': shop\n", with: "'shop': \n") == "$ \(command)\n" + printed)
    }
  }
}
