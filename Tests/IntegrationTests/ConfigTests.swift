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

  @Test func nothingIsSet() throws {
    let result = try run(files: ["db/migrations/.keep": ""])
    #expect(result.status == 0)
    #expect(result.stderr == "")
    let rule = String(repeating: "─", count: 76)
    #expect(
      result.stdout == """
        Configuration file: none
        Environment: none
        Protected: no

        Settings:

        \(rule)
        Setting            Value                                             From
        \(rule)
        url                -                                                 default
        dir                db/migrations                                     default
        schema             public, or migration_manager beside Prisma        default
        lock_timeout       2s                                                default
        lock_retries       2                                                 default
        wait               1min                                              default
        statement_timeout  the server's setting                              default
        connect_timeout    what the URL or PGCONNECT_TIMEOUT says, else 10s  default
        connect_wait       0                                                 default
        \(rule)

        """)
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
    #expect(document.setting("url") == "host=db dbname=shop user=ana from \(production)")
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
      #"host='a b' dbname='' user='it\'s' password=***"#
    ),
    ("postgres://ana:s3cr@et@db/shop", "-"), ("host=db password=s3cret nonsense", "-"),
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
        ".env": "MIGRATION_MANAGER_ENV=staging\nSTAGING_URL=postgres://db/stage\n",
      ])
    let document: Document = try set.document()
    #expect(document.environmentFrom == "MIGRATION_MANAGER_ENV in .env")
    #expect(
      document.setting("url") == "host=db dbname=stage from STAGING_URL in .env, "
        + "migration-manager.json, environment staging")
  }

  @Test func libpqsOwnVariables() throws {
    let variables = ["PGDATABASE": "my shop", "PGHOST": "/tmp", "PGPASSWORD": "s3cret"]
    let result = try run("--json", environment: variables.mapValues(Optional.some))
    #expect(result.hides("s3cret"))
    let document: Document = try result.document()
    #expect(document.setting("url") == "PGDATABASE='my shop' PGHOST=/tmp from PGDATABASE")
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
