import MigrationCore
import Testing

@Suite("What is in force, and who said so")
struct ConfigurationTests {
  private static let text = """
    {
      "dir": "all", "schema": "ops", "lock_timeout": "5s", "url": "general", "protected": true,
      "environments": {
        "staging": {"dir": "staged", "lock_timeout": 1, "url": "$URL", "protected": false},
        "bare": {}
      }
    }
    """

  private func choose(
    _ environment: [String: String] = [:], options: SessionOptions = SessionOptions(),
    file: String? = text, dotEnv: String = ""
  ) throws -> Configuration {
    try Configuration.choose(
      options, file: file.map { try ConfigurationFile.read(Array($0.utf8), path: "c.json") },
      environment: { environment[$0] }, dotEnv: DotEnv.entries(in: dotEnv))
  }

  private func options(environment: String) -> SessionOptions {
    var options = SessionOptions()
    options.environment = environment
    return options
  }

  private func shown(_ configuration: Configuration, _ setting: Setting) -> String {
    guard let entry = configuration.entries[setting] else { return "-" }
    return "\(entry.value.text) from \(entry.origin.description)"
  }

  @Test("Option, chosen environment, variable, the file's own keys, default: in this order")
  func order() throws {
    let variables = ["MIGRATIONS_DIR": "named"]
    #expect(shown(try choose(file: nil), .directory) == "-")
    #expect(shown(try choose(), .directory) == "all from c.json")
    #expect(shown(try choose(variables), .directory) == "named from MIGRATIONS_DIR")
    #expect(
      shown(try choose(dotEnv: "MIGRATIONS_DIR=m"), .directory) == "m from MIGRATIONS_DIR in .env")
    let staging = options(environment: "staging")
    #expect(
      shown(try choose(variables, options: staging), .directory)
        == "staged from c.json, environment staging"
    )
    #expect(
      shown(try choose(variables, options: options(environment: "bare")), .directory)
        == "named from MIGRATIONS_DIR")
    var all = staging
    all.directory = "typed"
    all.lockTimeoutMilliseconds = 0
    #expect(shown(try choose(variables, options: all), .directory) == "typed from --dir")
    #expect(shown(try choose(options: all), .lockTimeout) == "0 from --lock-timeout")
    #expect(
      shown(try choose(options: staging), .lockTimeout) == "1ms from c.json, environment staging")
    #expect(shown(try choose(options: staging), .schema) == "ops from c.json")
    #expect(shown(try choose(options: staging), .wait) == "-")
  }

  @Test("What nobody sets has its default; times are rounded up to what is needed")
  func settings() throws {
    let standard = try choose(file: nil).settings()
    #expect(standard.schema == nil)
    #expect(standard.lockTimeoutMilliseconds == 2_000)
    #expect(standard.lockRetries == 2)
    #expect(standard.waitSeconds == 60)
    #expect(standard.statementTimeoutMilliseconds == nil)
    #expect(standard.connectTimeoutSeconds == nil)
    #expect(standard.connectWaitSeconds == 0)
    let set = try choose(
      file: """
        {"schema": "s", "lock_timeout": 0, "lock_retries": 7, "wait": "500ms",
         "statement_timeout": "1s", "connect_timeout": 3, "connect_wait": "1min"}
        """
    ).settings()
    #expect(set.schema == "s")
    #expect(set.lockTimeoutMilliseconds == 0)
    #expect(set.lockRetries == 7)
    #expect(set.waitSeconds == 1)
    #expect(set.statementTimeoutMilliseconds == 1_000)
    #expect(set.connectTimeoutSeconds == 3)
    #expect(set.connectWaitSeconds == 60)
  }

  @Test("Of lock timeouts only one that is typed is for what runs outside a transaction")
  func lockTimeout() throws {
    #expect(try !choose(file: nil).settings().isLockTimeoutSet)
    #expect(try !choose().settings().isLockTimeoutSet)
    #expect(try !choose(options: options(environment: "staging")).settings().isLockTimeoutSet)
    var typed = SessionOptions()
    typed.lockTimeoutMilliseconds = 2_000
    #expect(try choose(options: typed).settings().isLockTimeoutSet)
  }

  @Test("An environment is chosen by the option, else by the variable")
  func choice() throws {
    #expect(try choose().choice == nil)
    let variable = try choose(["MIGRATION_MANAGER_ENV": "bare"], dotEnv: "MIGRATION_MANAGER_ENV=x")
    #expect(variable.choice == .init(name: "bare", origin: .variable("MIGRATION_MANAGER_ENV")))
    let dotEnv = try choose(dotEnv: "MIGRATION_MANAGER_ENV=bare")
    #expect(dotEnv.choice == .init(name: "bare", origin: .dotEnv("MIGRATION_MANAGER_ENV")))
    let option = try choose(
      ["MIGRATION_MANAGER_ENV": "bare"], options: options(environment: "staging"))
    #expect(option.choice == .init(name: "staging", origin: .option("--env")))
    let empty = try choose(["MIGRATION_MANAGER_ENV": ""], options: options(environment: "staging"))
    #expect(empty.choice == .init(name: "staging", origin: .option("--env")))
  }

  @Test("A variable that chooses and is empty is refused: another database might be meant")
  func emptyChoice() {
    func report(_ environment: [String: String], dotEnv: String = "") -> ErrorReport? {
      #expect(throws: ErrorReport.self) { try choose(environment, dotEnv: dotEnv) }
    }
    let hint = "set it to the environment's name, or unset it, or give --env"
    #expect(
      report(["MIGRATION_MANAGER_ENV": ""], dotEnv: "MIGRATION_MANAGER_ENV=bare")
        == ErrorReport(
          .usage, "MIGRATION_MANAGER_ENV is set, but empty: it should name an environment",
          hint: hint))
    #expect(
      report([:], dotEnv: "MIGRATION_MANAGER_ENV=")
        == ErrorReport(
          .usage, "MIGRATION_MANAGER_ENV in .env is set, but empty: it should name an environment",
          hint: hint))
  }

  @Test("An environment's database is never the one that the file names for all")
  func database() throws {
    #expect(try choose().connection?.url == .literal("general"))
    #expect(
      try choose(options: options(environment: "staging")).connection
        == ConfiguredConnection(path: "c.json", environment: "staging", url: .variable("URL")))
    #expect(
      try choose(options: options(environment: "bare")).connection
        == ConfiguredConnection(path: "c.json", environment: "bare", url: nil))
    #expect(try choose(file: nil).connection == nil)
  }

  @Test("What is protected for all is so in every environment that does not say otherwise")
  func protection() throws {
    #expect(try choose().protection == Protection(environment: nil))
    #expect(
      try choose(options: options(environment: "bare")).protection
        == Protection(environment: "bare"))
    #expect(try choose(options: options(environment: "staging")).protection == nil)
    #expect(try choose(file: "{}").protection == nil)
  }

  @Test("An environment that is not there is an error that names those that are")
  func unknownEnvironment() {
    let report = #expect(throws: ErrorReport.self) {
      try choose(options: options(environment: "stagin"))
    }
    #expect(
      report
        == ErrorReport(
          .usage, "'c.json' has no environment 'stagin'",
          details: ["it has 'staging', 'bare'", "--env asks for it"],
          hint: "did you mean 'staging'?"))
    let none = #expect(throws: ErrorReport.self) {
      try choose(["MIGRATION_MANAGER_ENV": "production"], file: "{}")
    }
    #expect(
      none
        == ErrorReport(
          .file, "'c.json' has no environment 'production'",
          details: ["it has none", "MIGRATION_MANAGER_ENV asks for it"],
          hint: "correct MIGRATION_MANAGER_ENV, or add it under 'environments'"))
    let noFile = #expect(throws: ErrorReport.self) {
      try choose(options: options(environment: "staging"), file: nil)
    }
    #expect(
      noFile
        == ErrorReport(
          .file,
          "there is no 'migration-manager.json' here, which would tell what environment 'staging' is",
          details: ["--env asks for it"],
          hint: "run it in the folder of that file, or name the file with --config"))
    let unset = #expect(throws: ErrorReport.self) {
      try choose(["MIGRATION_MANAGER_ENV": "staging"], file: nil)
    }
    #expect(
      unset?.hint
        == "run it in the folder of that file, or name the file with --config, or unset "
        + "MIGRATION_MANAGER_ENV")
  }

  @Test("A schema that cannot be one is refused where it was said")
  func schema() {
    let file = #expect(throws: ErrorReport.self) {
      try choose(file: "{\"schema\": \"pg_x\"}").settings()
    }
    #expect(
      file
        == ErrorReport(
          .file, "the schema 'pg_x' is PostgreSQL's own", hint: "give another one in c.json"))
    var options = SessionOptions()
    options.schema = String(repeating: "s", count: 64)
    let option = #expect(throws: ErrorReport.self) { try choose(options: options).settings() }
    #expect(option?.code == .usage)
    #expect(option?.hint == "give a shorter one with --schema")
  }
}
