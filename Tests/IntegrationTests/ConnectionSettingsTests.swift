import TestSupport
import Testing

/// Which database it is: the option, the variables, `.env`, libpq's own, in that order, and said.
@Suite(.scratchLedger) struct ConnectionSettingsTests {
  let database = ScratchDatabase.current

  /// An address of a server that does not exist: whoever uses it fails.
  private static let nowhere = "postgresql://nobody@127.0.0.1:1/nothing"

  private var place: String {
    "\(database.name) on \(database.socketDirectory):\(database.port) as postgres"
  }

  /// The line that `init` says about its database.
  private func target(
    _ options: [String] = [], environment: [String: String?] = [:], directory: String? = nil
  ) throws -> String? {
    try runSuccessfully(["init"] + options, environment: environment, directory: directory)
      .stderr.split(separator: "\n").first { $0.hasPrefix("Database: ") }.map(String.init)
  }

  @Test func theOptionWinsOverTheEnvironment() throws {
    let variables = ["DATABASE_URL": Self.nowhere, "SUPABASE_DB_URL": Self.nowhere]
    for options in [["--database-url", database.url], ["--database-url=\(database.url)"]] {
      #expect(
        try target(options, environment: variables) == "Database: \(place) (from --database-url)")
    }
  }

  @Test func databaseURLWinsOverSupabases() throws {
    #expect(
      try target(environment: ["SUPABASE_DB_URL": Self.nowhere])
        == "Database: \(place) (from DATABASE_URL)")
  }

  @Test(arguments: [nil, ""] as [String?]) func supabasesURLIsNext(other: String?) throws {
    let variables: [String: String?] = [
      "DATABASE_URL": other, "SUPABASE_DB_URL": database.connectionString,
    ]
    #expect(try target(environment: variables) == "Database: \(place) (from SUPABASE_DB_URL)")
  }

  @Test func libpqsVariablesAreLast() throws {
    let variables: [String: String?] = [
      "DATABASE_URL": nil, "PGHOST": database.socketDirectory, "PGUSER": "postgres",
      "PGDATABASE": database.name,
    ]
    #expect(try target(environment: variables) == "Database: \(place) (from PGDATABASE)")
  }

  @Test func libpqsVariablesFillInWhatTheURLLeavesOut() throws {
    let variables = [
      "DATABASE_URL": "postgresql:///\(database.name)", "PGHOST": database.socketDirectory,
      "PGUSER": "postgres",
    ]
    #expect(try target(environment: variables) == "Database: \(place) (from DATABASE_URL)")
  }

  @Test func aServiceFile() throws {
    let folder = try MigrationFolder([
      "services":
        "[shop]\nhost=\(database.socketDirectory)\nuser=postgres\ndbname=\(database.name)\n"
    ])
    let variables: [String: String?] = [
      "DATABASE_URL": nil, "PGSERVICE": "shop", "PGSERVICEFILE": folder.path(of: "services"),
    ]
    #expect(try target(environment: variables) == "Database: \(place) (from PGSERVICE)")
  }

  @Test func prismasParametersAreLeftOutWithANote() throws {
    let url = database.url + "&schema=public&pgbouncer=true"
    let note =
      "note: the connection parameters 'schema', 'pgbouncer' are not PostgreSQL's and are ignored\n"
    let migration = SampleMigration.table("users")
    try database.psql(migration.up)
    let folder = try MigrationFolder([migration])
    let options = ["--database-url", url, "--dir", folder.path]

    let registered = try Program.run(["register", migration.name] + options)
    #expect(registered.status == 0)
    #expect(registered.stderr.occurrences(of: note) == 1)
    let listed = try Program.run(["list", "--names"] + options)
    #expect(listed.stdout == migration.name + "\n")
    #expect(listed.stderr == note)
    let document = try Program.run(["list", "--json"] + options)
    #expect(document.status == 0)
    #expect(document.stderr == "")
    let rolledBack = try Program.run(["rollback", migration.name, "--yes"] + options)
    #expect(rolledBack.status == 0)
    #expect(rolledBack.stderr.occurrences(of: note) == 1)
    #expect(try !database.hasTable("users"))
  }

  @Test func allOfPrismasParametersAtOnce() throws {
    let foreign = "connection_limit=5&pool_timeout=2&sslaccept=strict&socket_timeout=3"
    let url = database.url + "&" + foreign + "&statement_cache_size=0"
    let result = try runSuccessfully(["init", "--database-url", url])
    #expect(
      result.stderr.contains(
        """
        note: the connection parameters 'connection_limit', 'pool_timeout', 'sslaccept', \
        'socket_timeout', 'statement_cache_size' are not PostgreSQL's and are ignored

        """))
  }

  static let garbage: [(String, String)] = [
    (
      "garbage", "it is neither a URI (postgres://USER@HOST:PORT/DATABASE) nor KEYWORD=VALUE pairs"
    ),
    ("mysql://ann:s3cret@db/shop", "it is neither a URI (postgres://"),
    ("   ", "it is empty"),
    ("host=a b", "a value that holds blanks must stand in single quotes"),
    ("host='a", "a single quote is not closed"),
    ("hots=a dbname=b", #"PostgreSQL knows no keyword "hots""#),
    ("postgres://db/shop?sslmod=require", #"PostgreSQL knows no parameter "sslmod""#),
    ("postgres://db:port/shop", "the port is not a number from 1 to 65535"),
    ("postgres://db:99999/shop", "the port is not a number from 1 to 65535"),
    ("postgres://ann:s3cret%zz@db/shop", #"a "%" is not followed by two hexadecimal digits"#),
    ("postgres://[::1/shop", #"an IPv6 address has no closing "]""#),
    ("host=db pasword=s3cret password=s3cret", "PostgreSQL knows no such keyword as one of those"),
  ]

  @Test(arguments: garbage) func garbageIsExplained(text: String, reason: String) throws {
    let variables = ["DATABASE_URL": text]
    let result = try Program.run(["list"], environment: variables)
    #expect(result.status == 2)
    #expect(result.stdout == "")
    #expect(result.stderr.contains("error: invalid connection string: \(reason)"))
    #expect(result.stderr.contains(" (from DATABASE_URL)\n"))
    #expect(
      result.stderr.hasSuffix(
        """
        hint: write it as postgres://USER@HOST:PORT/DATABASE, or leave it to PGHOST, PGUSER and so on

        """))
    let document = try Program.run(["list", "--json", "--verbose"], environment: variables)
    #expect(document.status == 2)
    #expect(try document.errorDocument().code == "connection")
    for shown in [result, document] { #expect(shown.hides("s3cret")) }
  }

  @Test func anEmptyOptionIsAnErrorOfUsage() throws {
    let result = try Program.run(["list", "--database-url", ""])
    #expect(result.status == 64)
    #expect(result.stderr.hasPrefix("error: the value of option '--database-url' is empty\n"))
  }
}

extension String {
  /// How often `part` stands in the text.
  func occurrences(of part: String) -> Int { ranges(of: part).count }
}
