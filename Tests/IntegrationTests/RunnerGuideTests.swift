import Foundation
import TestSupport
import Testing

/// What `docs/supabase.md` and `docs/prisma.md` give to be typed, from the first section to the last,
/// word for word, beside runners that do to the database what theirs do.
@Suite(.scratchDatabase) struct RunnerGuideTests {
  private let project: ShellProject
  private let database = ScratchDatabase.current
  private let name = "20250120101500_add_user_settings"

  init() throws { project = try ShellProject() }

  private func type(_ headings: String..., of page: String) throws {
    for heading in headings { try DocumentedSession("## \(heading)", of: page).run(in: project) }
  }

  private func shell(_ command: String) throws -> ProgramResult {
    try project.bash(command, environment: project.connectionVariables)
  }

  private func run(_ command: String) throws {
    let result = try shell(command)
    guard result.status == 0 else { throw UnexpectedResult(arguments: [command], result: result) }
  }

  // MARK: Supabase

  private func makeSupabaseProject() throws {
    try project.folder.write(
      "CREATE TABLE users (id bigint PRIMARY KEY);\n",
      to: "supabase/migrations/20250106093000_create_users.sql")
    try run("supabase db push")
    try type(
      "On a Monday morning", "The section is a comment", "Deploy", of: "docs/supabase.md")
  }

  @Test func theGuideForSupabase() throws {
    try makeSupabaseProject()
    try type("Roll back", "What the CLI does next", of: "docs/supabase.md")
    #expect(try database.hasTable("user_settings"))
    #expect(try database.status(of: name) == "applied")
    #expect(try database.supabaseVersions() == "20250106093000 20250120101500")
  }

  /// What "Beside another runner" of the guide shows.
  @Test func aLiveSection() throws {
    try project.folder.write(
      "CREATE TABLE gone ();\n-- ROLLBACK START\nDROP TABLE gone;\n-- ROLLBACK END\n",
      to: "supabase/migrations/20250122_live.sql")
    try run("supabase db push")
    let result = try shell("migration-manager register 20250122_live")
    #expect(result.status == 1)
    let shown =
      "error: "
      + result.stderr.components(separatedBy: "\nerror: ").dropFirst().joined(
        separator: "\nerror: ")
    #expect(
      try Documentation.section("## Beside another runner", of: "docs/guide.md")
        .contains("```console\n\(shown)```"), "\(shown)")
  }

  /// The rows of "What the CLI does next".
  @Test(arguments: [
    ("keep", false, true, 0, ""),
    (
      "keep", true, false, 1,
      "Remote migration versions not found in local migrations directory.\n"
    ),
    ("remove", true, false, 0, ""),
    ("remove", false, false, 0, "Applying migration 20250120101500_add_user_settings.sql...\n"),
    (
      "remove", false, true, 1,
      "Found local migration files to be inserted before the last migration on remote database.\n"
    ),
  ])
  func whatSupabaseDoesNext(
    action: String, fileIsGone: Bool, isFollowed: Bool, status: Int32, says: String
  ) throws {
    try makeSupabaseProject()
    let file = "supabase/migrations/\(name).sql"
    if fileIsGone { try project.folder.remove(file) }
    if isFollowed {
      try project.folder.write(
        "CREATE TABLE later ();\n", to: "supabase/migrations/20250121000000_later.sql")
      try run("supabase db push")
    }
    try run("migration-manager rollback \(name) --yes --runner-ledger \(action)")
    let push = try shell("supabase db push")
    #expect(push.status == status)
    #expect(push.stderr == says)
    #expect(try database.hasTable("user_settings") == (says.hasPrefix("Applying")))
    if status == 1, !fileIsGone {
      try run("supabase db push --include-all")
      #expect(try database.hasTable("user_settings"))
    }
  }

  // MARK: Prisma

  private func makePrismaProject() throws {
    try project.folder.write(
      "CREATE TABLE \"User\" (\"id\" SERIAL PRIMARY KEY);\n",
      to: "prisma/migrations/20250106093000_init/migration.sql")
    try project.folder.write(
      "provider = \"postgresql\"\n", to: "prisma/migrations/migration_lock.toml")
    try run("prisma migrate deploy")
    try type("On a Monday morning", "The section is a comment", "Deploy", of: "docs/prisma.md")
  }

  @Test func theGuideForPrisma() throws {
    try makePrismaProject()
    try type("Roll back", "What Prisma does next", of: "docs/prisma.md")
    #expect(try database.hasTable("\"UserSettings\""))
    #expect(try database.status(of: name, ledger: "migration_manager") == "applied")
    #expect(
      try database.psql(
        "SELECT count(*), count(rolled_back_at) FROM _prisma_migrations "
          + "WHERE migration_name = '\(name)'") == "2|1")
  }

  /// The column of `migrate deploy` in "What Prisma does next".
  @Test(arguments: ["keep", "remove"], [true, false])
  func whatPrismaDoesNext(action: String, folderIsGone: Bool) throws {
    try makePrismaProject()
    if folderIsGone { try project.folder.remove("prisma/migrations/\(name)") }
    try run("migration-manager rollback \(name) --yes --runner-ledger \(action)")
    let deployment = try shell("prisma migrate deploy")
    #expect(deployment.status == 0)
    let isApplied = action == "remove" && !folderIsGone
    #expect(deployment.stderr == (isApplied ? "Applying migration `\(name)`\n" : ""))
    #expect(try database.hasTable("\"UserSettings\"") == isApplied)
  }
}
