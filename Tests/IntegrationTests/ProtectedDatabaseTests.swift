import TestSupport
import Testing

/// `"protected": true`: a yes is too little, the database's name is wanted.
@Suite(.scratchDatabase) struct ProtectedDatabaseTests {
  private let workspace: Workspace
  private let name = "20250101_create_users"

  init() throws {
    workspace = try Workspace()
    try workspace.write("CREATE TABLE users ();", section: "DROP TABLE users;", to: name)
    try workspace.adopt(name)
    try workspace.folder.write(
      #"{"environments": {"production": {"url": "$PRODUCTION_URL", "protected": true}}}"#,
      to: "migration-manager.json")
  }

  private var database: ScratchDatabase { workspace.database }

  private var place: String {
    "Database: \(database.name) on \(database.socketDirectory):\(database.port) as postgres "
      + "(from migration-manager.json, environment production)"
  }

  private func run(_ arguments: String..., input: String = "") throws -> ProgramResult {
    try workspace.run(
      arguments + ["--env", "production"], environment: ["PRODUCTION_URL": database.url],
      input: input)
  }

  private func expectNothingChanged() throws {
    #expect(try database.hasTable("users"))
    #expect(try database.status(of: name) == "applied")
    #expect(try database.events(of: name) == ["register registered"])
  }

  private static let asking = [
    ["rollback", "20250101_create_users"], ["forget", "20250101_create_users"],
    ["resolve", "20250101_create_users", "--rolled-back"], ["init", "--drop"],
  ]

  @Test(arguments: asking) func aYesIsTooLittle(command: [String]) throws {
    for option in ["--yes", "-y"] {
      let result = try workspace.run(
        command + [option, "--env", "production"],
        environment: ["PRODUCTION_URL": database.url], input: "\(database.name)\n")
      #expect(result.status == 1)
      #expect(result.stdout == "")
      #expect(
        result.stderr.hasSuffix(
          """
          error: environment 'production' is protected, and '--yes' is too little; nothing was changed
            \(place)
          hint: give --confirm \(database.name), or leave out --yes and type the database's name when asked

          """), "\(result.stderr)")
    }
    try expectNothingChanged()
  }

  @Test(arguments: asking) func onlyTheNameGoesOn(command: [String]) throws {
    let environment: [String: String?] = ["PRODUCTION_URL": database.url]
    let production = command + ["--env", "production"]
    for answer in [
      "", "yes\n", "production\n", "\(database.name)x\n", "\(database.name.uppercased())\n",
    ] {
      let result = try workspace.run(production, environment: environment, input: answer)
      #expect(result.status == 1)
      #expect(
        result.stderr.hasSuffix(
          "hint: only the database's name goes on; '--confirm NAME' gives it beforehand\n"))
    }
    try expectNothingChanged()
    let result = try workspace.run(
      production, environment: environment, input: " \(database.name) \n")
    #expect(result.status == 0)
    #expect(result.stderr.contains("\n⚠️  Environment 'production' is protected. To "))
    #expect(result.stderr.contains(", type the name of the database, '\(database.name)': \n"))
  }

  @Test(arguments: asking) func theNameMayBeGivenBeforehand(command: [String]) throws {
    let environment: [String: String?] = ["PRODUCTION_URL": database.url]
    let wrong = try workspace.run(
      command + ["--env", "production", "--yes", "--confirm", "shop"], environment: environment)
    #expect(wrong.status == 1)
    #expect(
      wrong.stderr.hasSuffix(
        """
        error: this is the database '\(database.name)', not 'shop'; nothing was changed
          \(place)
        hint: correct --confirm, or connect to the database that you mean

        """), "\(wrong.stderr)")
    try expectNothingChanged()
    let right = try workspace.run(
      command + ["--env", "production", "--confirm", database.name], environment: environment)
    #expect(right.status == 0)
    #expect(!right.stderr.contains("is protected"))
  }

  @Test func theNameIsHeldAgainstWhatIsNotProtected() throws {
    let wrong = try workspace.run(["rollback", name, "--yes", "--confirm", "shop"])
    #expect(wrong.status == 1)
    #expect(wrong.stderr.contains("error: this is the database '\(database.name)', not 'shop'"))
    try expectNothingChanged()
    #expect(try workspace.run(["rollback", name, "--confirm", database.name]).status == 0)
    #expect(try !database.hasTable("users"))
  }

  @Test(
    arguments: asking.map { $0.filter { $0 != "--drop" } }
      + [["rollback", "20250101_create_users"], ["forget", "20250101_create_users"]].map {
        $0 + ["--dry-run"]
      })
  func theNameIsHeldAgainstWhereverItIsGiven(command: [String]) throws {
    let events = try database.psql("SELECT count(*) FROM migration_events")
    let result = try workspace.run(command + ["--confirm", "shop"])
    #expect(result.status == 1)
    #expect(result.stdout == "")
    #expect(
      result.stderr.hasSuffix(
        """
        error: this is the database '\(database.name)', not 'shop'; nothing was changed
          Database: \(database.name) on \(database.socketDirectory):\(database.port) as postgres \
        (from DATABASE_URL)
        hint: correct --confirm, or connect to the database that you mean

        """), "\(result.stderr)")
    #expect(try database.psql("SELECT count(*) FROM migration_events") == events)
    try expectNothingChanged()
  }

  @Test func noLedgerIsMadeInAnotherDatabase() throws {
    let elsewhere = ["init", "--schema", "elsewhere", "--confirm"]
    #expect(try workspace.run(elsewhere + ["shop"]).status == 1)
    #expect(try database.psql("SELECT to_regnamespace('elsewhere') IS NULL") == "t")
    #expect(try workspace.run(elsewhere + [database.name]).status == 0)
  }

  @Test func programsAreToldToo() throws {
    let refused = try run("rollback", name, "--yes", "--json")
    #expect(refused.status == 1)
    let document: Outcomes = try refused.document()
    #expect(document.migrations.map(\.outcome) == ["refused"])
    #expect(document.error?.code == "refused")
    let drop = try run("init", "--drop", "--yes", "--json")
    #expect(drop.status == 1)
    #expect(try drop.errorDocument().code == "refused")
    try expectNothingChanged()
  }

  @Test func whatTakesNothingAwayDoesNotAsk() throws {
    try workspace.write("CREATE TABLE tags ();", section: "DROP TABLE tags;", to: "20250102_tags")
    #expect(try run("migrate").status == 0)
    #expect(try run("register", name).status == 0)
    #expect(try run("sync").status == 0)
    #expect(try run("init").status == 0)
    #expect(try run("rollback", name, "--dry-run", "--yes").status == 0)
    #expect(try run("list").status == 0)
    #expect(try database.hasTable("tags"))
  }

  @Test func theWholeFileMayBeProtected() throws {
    try workspace.folder.write(#"{"protected": true}"#, to: "migration-manager.json")
    let result = try workspace.run(["rollback", name, "--yes"])
    #expect(result.status == 1)
    #expect(
      result.stderr.contains(
        "error: this database is protected, and '--yes' is too little; nothing was changed\n"))
    let asked = try workspace.run(["rollback", name], input: "\(database.name)\n")
    #expect(asked.status == 0)
    #expect(
      asked.stderr.contains(
        "⚠️  This database is protected. To rollback this migration, type the name of the database, "
          + "'\(database.name)': \n"))
  }
}
