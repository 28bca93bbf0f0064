import Foundation
import TestSupport
import Testing

/// `config`: what is in force and who said so, without a server.
@Suite struct ConfigTests {
  private struct Document: Decodable {
    struct Environment: Decodable, Equatable {
      var name: String
      var protected: Bool
    }
    struct Setting: Decodable, Equatable {
      var name: String
      var value: String?
      var from: String
      var problem: String?
    }
    var file: String?
    var environment: String?
    var environmentFrom: String?
    var protected: Bool
    var environments: [Environment]
    var settings: [Setting]

    func setting(_ name: String) -> String {
      guard let setting = settings.first(where: { $0.name == name }) else { return "" }
      return "\(setting.value ?? "-") from \(setting.from)"
    }

    enum CodingKeys: String, CodingKey {
      case file, environment, protected, environments, settings
      case environmentFrom = "environment_from"
    }
  }

  private func run(
    _ options: String..., environment: [String: String?] = [:], files: [String: String] = [:]
  ) throws -> ProgramResult {
    let folder = try MigrationFolder(files)
    return try Program.run(
      ["config"] + options, environment: environment, directory: folder.path)
  }

  private static let file = """
    {
      "dir": "changes", "lock_timeout": "5s", "protected": true,
      "environments": {
        "staging": {"url": "$STAGING_URL", "protected": false},
        "production": {"url": "postgres://ana@db/shop", "wait": 90}
      }
    }
    """

  @Test func nextToNothingIsSet() throws {
    let result = try run(
      environment: ["PGHOST": "/tmp", "PGUSER": "ana"], files: ["db/migrations/.keep": ""])
    #expect(result.status == 0)
    #expect(result.stderr == "")
    let url =
      "host=/tmp (PGHOST) port=5432 (default) dbname=ana (default) user=ana (PGUSER)"
    let rule = String(repeating: "─", count: 19 + url.count + 9)
    func value(_ text: String) -> String {
      text + String(repeating: " ", count: url.count - text.count)
    }
    #expect(
      result.stdout == """
        Configuration file: none
        Environment: none
        Protected: no

        Settings:

        \(rule)
        Setting            \(value("Value"))  From
        \(rule)
        url                \(url)  PGHOST
        dir                \(value("db/migrations"))  default
        schema             \(value("public, or migration_manager beside Prisma"))  default
        lock_timeout       \(value("2s"))  default
        lock_retries       \(value("2"))  default
        wait               \(value("1min"))  default
        statement_timeout  \(value("the server's setting"))  default
        connect_timeout    \(value("what the URL or PGCONNECT_TIMEOUT says, else 10s"))  default
        connect_wait       \(value("0"))  default
        \(rule)

        """)
  }

  @Test func libpqsDefaultsAreShown() throws {
    let document: Document = try run("--json").document()
    let url = document.setting("url")
    #expect(
      url.wholeMatch(
        of:
          #/host=\/\S+ \(default\) port=5432 \(default\) dbname=(\S+) \(default\) user=(\S+) \(default\) from default/#
      ).map { $0.1 == $0.2 } == true, "\(url)")
  }

  @Test func everyOriginIsNamed() throws {
    let result = try run(
      "--json", "--env", "production", "--lock-retries", "7",
      environment: ["MIGRATIONS_DIR": "named", "DATABASE_URL": "postgres://other"],
      files: ["migration-manager.json": Self.file])
    #expect(result.status == 0)
    let document: Document = try result.document()
    #expect(document.file == "migration-manager.json")
    #expect(document.environment == "production")
    #expect(document.environmentFrom == "--env")
    #expect(document.protected)
    #expect(
      document.environments == [
        .init(name: "staging", protected: false), .init(name: "production", protected: true),
      ])
    let production = "migration-manager.json, environment production"
    #expect(
      document.setting("url")
        == "host=db port=5432 (default) dbname=shop user=ana from \(production)")
    #expect(document.setting("dir") == "named from MIGRATIONS_DIR")
    #expect(document.setting("schema") == "- from default")
    #expect(document.setting("lock_timeout") == "5s from migration-manager.json")
    #expect(document.setting("lock_retries") == "7 from --lock-retries")
    #expect(document.setting("wait") == "90s from \(production)")
    #expect(document.setting("connect_wait") == "0 from default")
  }

  @Test(arguments: [
    (
      "postgres://ana:s3cret@db:6543/shop?sslmode=require&sslpassword=s3cret",
      "host=db port=6543 dbname=shop user=ana password=*** sslmode=require sslpassword=***"
    ),
    (
      #"host='a b' user='it\'s' password=s3cret dbname=''"#,
      #"host='a b' port=5432 (default) dbname='it\'s' (default) user='it\'s' password=***"#
    ),
    ("postgres://ana:s3cr@et@db/shop", "-"), ("host=db password=s3cret nonsense", "-"),
    ("dbname=postgres://ana:s3cret@db/shop", "-"), ("dbname='user=ana password=s3cret'", "-"),
  ]) func passwordsAreHidden(url: String, shown: String) throws {
    let result = try run("--json", environment: ["DATABASE_URL": url])
    #expect(result.status == 0)
    #expect(result.hides("s3cr"))
    let document: Document = try result.document()
    #expect(document.setting("url") == "\(shown) from DATABASE_URL")
    let table = try run(environment: ["DATABASE_URL": url])
    #expect(table.hides("s3cr"))
    #expect(table.stdout.contains("\nurl                \(shown) "))
    #expect(table.stderr.hasPrefix("warning: invalid connection string: ") == (shown == "-"))
  }

  @Test func aVariableThatTheFileNames() throws {
    let unset = try run("--env", "staging", files: ["migration-manager.json": Self.file])
    #expect(unset.status == 0)
    #expect(unset.stdout.contains("\nProtected: no\n"))
    #expect(
      unset.stderr
        == "warning: the url of environment 'staging' is in the variable 'STAGING_URL', "
        + "which is not set\n")
    let set = try run(
      "--json",
      files: [
        "migration-manager.json": Self.file,
        ".env": "MIGRATION_MANAGER_ENV=staging\nSTAGING_URL=postgres://ana@db:1/stage\n",
      ])
    let document: Document = try set.document()
    #expect(document.environmentFrom == "MIGRATION_MANAGER_ENV in .env")
    #expect(
      document.setting("url") == "host=db port=1 dbname=stage user=ana from STAGING_URL in .env, "
        + "migration-manager.json, environment staging")
  }

  @Test func libpqsOwnVariables() throws {
    let variables = [
      "PGDATABASE": "my shop", "PGHOST": "/tmp", "PGPASSWORD": "s3cret",
    ]
    let result = try run(
      "--json", environment: variables.mapValues(Optional.some),
      files: [".env": "PGPORT=6543\nPGSSLMODE=require\n"])
    #expect(result.hides("s3cret"))
    let document: Document = try result.document()
    #expect(
      document.setting("url").replacing(#/user=\S+/#, with: "user=me")
        == "host=/tmp (PGHOST) port=6543 (PGPORT in .env) dbname='my shop' (PGDATABASE) "
        + "user=me (default) password=*** (PGPASSWORD) sslmode=require (PGSSLMODE in .env) "
        + "from PGPORT in .env")
  }

  @Test func aServiceFile() throws {
    let result = try run(
      "--json",
      environment: ["DATABASE_URL": "service=shop user=ana", "PGSERVICEFILE": "services"],
      files: ["services": "[shop]\nhost=db\ndbname=shop\npassword=s3cret\n"])
    #expect(result.hides("s3cret"))
    let document: Document = try result.document()
    #expect(
      document.setting("url")
        == "service=shop host=db (service file) port=5432 (default) dbname=shop (service file) "
        + "user=ana password=*** (service file) from DATABASE_URL")
  }

  /// What is left over from other work must not decide unseen where an environment is.
  @Test func variablesThatCompleteAnEnvironmentAreWarnedAbout() throws {
    func shown(_ url: String, _ environment: [String: String?]) throws -> (String, String) {
      let result = try run(
        "--json", "--env", "production", environment: environment,
        files: [
          "migration-manager.json":
            #"{"environments": {"production": {"url": "\#(url)"}}}"#
        ])
      #expect(result.status == 0)
      let document: Document = try result.document()
      let origin = " from migration-manager.json, environment production"
      return (document.setting("url").replacing(origin, with: ""), result.stderr)
    }
    func warning(_ variables: String) -> String {
      "warning: the url of environment 'production' is completed by \(variables): write it into the "
        + "url, or unset what is left over\n"
    }
    #expect(
      try shown(
        "postgresql://db.example.com/shop",
        ["PGHOSTADDR": "127.0.0.1", "PGPORT": "5999", "PGUSER": "ana", "PGDATABASE": "other"])
        == (
          "host=db.example.com hostaddr=127.0.0.1 (PGHOSTADDR) port=5999 (PGPORT) dbname=shop "
            + "user=ana (PGUSER)", warning("PGHOSTADDR=127.0.0.1, PGPORT=5999")
        ))
    #expect(
      try shown("postgresql:///shop", ["PGHOST": "/tmp", "PGUSER": "ana"])
        == (
          "host=/tmp (PGHOST) port=5432 (default) dbname=shop user=ana (PGUSER)",
          warning("PGHOST=/tmp")
        ))
    // This one says that variables decide; that one needs none.
    #expect(
      try shown("postgresql://", ["PGHOST": "/tmp", "PGUSER": "ana"])
        == (
          "host=/tmp (PGHOST) port=5432 (default) dbname=ana (default) user=ana (PGUSER)", ""
        ))
    #expect(
      try shown("postgresql://db:1/shop", ["PGHOST": "/tmp", "PGPORT": "2", "PGUSER": "ana"])
        == ("host=db port=1 dbname=shop user=ana (PGUSER)", ""))
  }

  @Test func aSchemaThatCannotBeOneIsSaid() throws {
    let result = try run("--json", "--schema", "pg_ops")
    #expect(result.status == 0)
    #expect(result.stderr == "")
    let document: Document = try result.document()
    #expect(
      document.settings.first { $0.name == "schema" }
        == .init(
          name: "schema", value: "pg_ops", from: "--schema",
          problem: "the schema 'pg_ops' is PostgreSQL's own"))
    #expect(
      try run("--schema", "pg_ops").stderr
        == "warning: the schema 'pg_ops' is PostgreSQL's own\n")
  }

  @Test func aFileThatCannotBeReadIsAnError() throws {
    let result = try run(files: ["migration-manager.json": "{\"wiat\": 1}"])
    #expect(result.status == 2)
    #expect(result.stdout == "")
    #expect(
      result.stderr == """
        migration-manager.json:1:2: error: unknown key 'wiat'
        hint: did you mean 'wait'?

        """)
  }
}
