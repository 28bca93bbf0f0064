import TestSupport
import Testing

/// `.env` in the working directory: fills in what the environment lacks, for our names alone.
@Suite(.scratchDatabase) struct DotEnvTests {
  let database = ScratchDatabase.current
  private static let nowhere = "postgresql://nobody@127.0.0.1:1/nothing"

  private var place: String {
    "\(database.name) on \(database.socketDirectory):\(database.port) as postgres"
  }

  /// Runs the program where `.env` holds `text`.
  private func run(
    _ arguments: [String], dotEnv text: String, environment: [String: String?] = [:],
    files: [String: String] = [:]
  ) throws -> ProgramResult {
    let folder = try MigrationFolder(files.merging([".env": text]) { $1 })
    return try Program.run(
      arguments, environment: environment.merging(["DATABASE_URL": nil]) { own, _ in own },
      directory: folder.path)
  }

  private func expectConnected(_ result: ProgramResult, from source: String = ".env") {
    #expect(result.status == 0)
    #expect(result.stderr.contains("\nDatabase: \(place) (from \(source))\n"))
  }

  @Test(arguments: [
    "DATABASE_URL=@", "DATABASE_URL='@'", "DATABASE_URL=\"@\"", "export DATABASE_URL=@",
    "  export   DATABASE_URL = '@'  # the shop", "DATABASE_URL=@ # the shop",
    "\u{FEFF}DATABASE_URL=@", "# DATABASE_URL=x\n\nDATABASE_URL=@\r\nOTHER=1",
    "DATABASE_URL=first\nDATABASE_URL=@", "SUPABASE_DB_URL=@", "DATABASE_URL=\nSUPABASE_DB_URL=@",
  ])
  func waysToWriteIt(line: String) throws {
    let text = line.replacing("@", with: database.url) + "\n"
    expectConnected(try run(["init"], dotEnv: text))
  }

  @Test func aNumberSignInsideAURLIsNotAComment() throws {
    let result = try run(
      ["init"], dotEnv: "DATABASE_URL=\(database.url)&application_name=shop#1\n")
    expectConnected(result)
    #expect(
      try database.psql("SELECT count(*) FROM migration_events WHERE operation = 'init'") == "1")
  }

  @Test func nothingIsInterpolated() throws {
    let result = try run(
      ["init"], dotEnv: "DATABASE_URL=postgresql:///${NAME}?host=\(database.socketDirectory)\n",
      environment: ["NAME": database.name, "PGUSER": "postgres"])
    #expect(result.status == 2)
    #expect(result.stderr.contains("there is no database '${NAME}' at"))
  }

  @Test func theEnvironmentComesFirst() throws {
    let result = try run(
      ["init"], dotEnv: "DATABASE_URL=\(Self.nowhere)\nPGUSER=nobody\n",
      environment: [
        "DATABASE_URL": "postgresql:///\(database.name)?host=\(database.socketDirectory)",
        "PGUSER": "postgres",
      ])
    expectConnected(result, from: "DATABASE_URL")
  }

  @Test func anEmptyVariableLacksAValue() throws {
    let warning = "warning: DATABASE_URL is set, but empty: it is passed over\n"
    let result = try run(
      ["init"], dotEnv: "DATABASE_URL=\(database.url)\n", environment: ["DATABASE_URL": ""])
    expectConnected(result)
    #expect(result.stderr.contains(warning))
    let libpq = try run(
      ["init"], dotEnv: "",
      environment: [
        "DATABASE_URL": "", "PGDATABASE": database.name, "PGHOST": database.socketDirectory,
        "PGUSER": "postgres",
      ])
    expectConnected(libpq, from: "PGDATABASE")
    #expect(libpq.stderr.contains(warning))
    let option = try run(
      ["init", "--database-url", database.url], dotEnv: "", environment: ["DATABASE_URL": ""])
    expectConnected(option, from: "--database-url")
    #expect(!option.stderr.contains("warning: "))
  }

  @Test func theOptionComesBeforeIt() throws {
    expectConnected(
      try run(["init", "--database-url", database.url], dotEnv: "DATABASE_URL=\(Self.nowhere)\n"),
      from: "--database-url")
  }

  @Test func libpqsOwnNames() throws {
    let text = """
      PGHOST=\(database.socketDirectory)
      PGUSER='postgres'
      PGDATABASE="\(database.name)"
      PGAPPNAME='the "shop"'

      """
    expectConnected(try run(["init"], dotEnv: text))
  }

  @Test func aPieceEach() throws {
    let result = try run(
      ["init"], dotEnv: "PGHOST=\(database.socketDirectory)\nPGDATABASE=nothing\n",
      environment: ["PGDATABASE": database.name, "PGUSER": "postgres"])
    expectConnected(result)
  }

  @Test func otherProgramsNamesAreNoneOfOurBusiness() throws {
    // An open quote, and a locale that would bring symbols into the output.
    let text = """
      SECRET="never closed
      LC_ALL=C.UTF-8
      DATABASE_URL=\(database.url)
      POSTGRES_URL=\(Self.nowhere)

      """
    let result = try run(["list"], dotEnv: text, environment: ["LC_ALL": nil])
    #expect(result.status == 2)
    #expect(
      result.stderr == """
        Listing rollbackable migrations...

        error: there is no migration ledger in schema "public"
          database: \(database.name) on \(database.socketDirectory):\(database.port) as postgres (from .env)
        hint: run 'migration-manager init'

        """)
  }

  @Test func theMigrationsFolder() throws {
    let migration = SampleMigration.table("users")
    try database.psql(migration.up)
    let text = "DATABASE_URL=\(database.url)\nMIGRATIONS_DIR='my changes'\n"
    let files = ["my changes/\(migration.fileName)": migration.text, "migrations/.keep": ""]
    let registered = try run(["register", migration.name], dotEnv: text, files: files)
    #expect(registered.status == 0)
    #expect(try database.status(of: migration.name) == "applied")
    let elsewhere = try run(
      ["register", migration.name], dotEnv: text, environment: ["MIGRATIONS_DIR": "migrations"],
      files: files)
    #expect(elsewhere.status == 2)
    #expect(elsewhere.stderr.contains("error: no migration '\(migration.name)' in 'migrations'\n"))
  }

  @Test func aMigrationsFolderThatIsGone() throws {
    let gone = try run(
      ["template", "1_a"], dotEnv: "", environment: ["MIGRATIONS_DIR": "gone"])
    #expect(gone.status == 2)
    #expect(
      gone.stderr.hasSuffix(
        """
        error: cannot read the migrations folder 'gone': No such file or directory
        hint: MIGRATIONS_DIR names it: correct or unset that, or name the folder with --dir

        """))
    let named = try run(["template", "1_a", "--dir", "gone"], dotEnv: "MIGRATIONS_DIR=other\n")
    #expect(
      named.stderr.hasSuffix("hint: name the folder with --dir, or set MIGRATIONS_DIR\n"))
  }

  @Test func anOpenQuoteIsAnErrorAtItsLine() throws {
    let text = "# the shop\nDATABASE_URL=\"postgres://ann:s3cret@db/shop\n"
    let result = try run(["list"], dotEnv: text)
    #expect(result.status == 2)
    #expect(result.hides("s3cret"))
    #expect(
      result.stderr.hasSuffix(
        ".env:2: error: the value of DATABASE_URL has an open quote\nhint: close the quote\n"))
    let error = try run(["list", "--json"], dotEnv: text).errorDocument()
    #expect(error.code == "file")
    #expect(error.file == ".env")
    #expect(error.line == 2)
  }

  @Test func aFileThatCannotBeReadIsAWarning() throws {
    let folder = try MigrationFolder([".env/folder": ""])
    let result = try Program.run(["init"], directory: folder.path)
    #expect(result.status == 0)
    #expect(result.stderr.contains("warning: cannot read .env: Is a directory\n"))
  }

  /// The folder is read by another thread while the server is waited for: the environment must not
  /// change then, which a debug build makes sure of.
  @Test(arguments: [["status"], ["migrate"], ["sync"], ["migrate", "--dry-run"]])
  func variablesAreTakenOverBeforeThreadsStart(command: [String]) throws {
    let result = try run(
      command,
      dotEnv: """
        PGHOST=\(database.socketDirectory)
        PGPORT=\(database.port)
        PGUSER=postgres
        PGDATABASE=\(database.name)

        """, files: ["migrations/1_users.sql": "CREATE TABLE users ();\n"])
    #expect(result.status == 0, "\(result.stderr)")
  }
}
