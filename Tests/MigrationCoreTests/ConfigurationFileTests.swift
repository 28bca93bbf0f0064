import MigrationCore
import Testing

@Suite("migration-manager.json, read strictly")
struct ConfigurationFileTests {
  private func read(_ text: String) throws -> ConfigurationFile {
    try ConfigurationFile.read(Array(text.utf8), path: "c.json")
  }

  private func failure(_ text: String) -> String? {
    let report = #expect(throws: ErrorReport.self) { try read(text) }
    #expect(report?.code == .file)
    return report.map {
      "\($0.location?.description ?? "-"): \($0.message) (\($0.hint ?? "-"))"
    }
  }

  @Test("Every key, for all and in an environment")
  func everything() throws {
    let file = try read(
      """
      {
        "dir": "db", "schema": "ops", "lock_timeout": "5s", "lock_retries": 0, "wait": 90,
        "statement_timeout": 250, "connect_timeout": "1min", "connect_wait": 1.5,
        "url": "postgres:///dev", "protected": false,
        "environments": {
          "staging": {"url": "$STAGING_URL"},
          "production": {"url": "${PRODUCTION_URL}", "protected": true, "lock_timeout": "2s"},
          "empty": {}
        }
      }
      """)
    #expect(
      file.general.values == [
        .directory: .text("db"), .schema: .text("ops"), .lockTimeout: .milliseconds(5_000),
        .lockRetries: .integer(0), .wait: .milliseconds(90_000),
        .statementTimeout: .milliseconds(250), .connectTimeout: .milliseconds(60_000),
        .connectWait: .milliseconds(1_500), .url: .text("postgres:///dev"),
      ])
    #expect(Set(file.general.values.keys) == Set(Setting.allCases))
    #expect(file.general.isProtected == false)
    #expect(file.general.url == .literal("postgres:///dev"))
    #expect(file.environments.map(\.name) == ["staging", "production", "empty"])
    #expect(file.section(of: "staging")?.url == .variable("STAGING_URL"))
    #expect(file.section(of: "staging")?.isProtected == nil)
    #expect(file.section(of: "production")?.url == .variable("PRODUCTION_URL"))
    #expect(file.section(of: "production")?.isProtected == true)
    #expect(file.section(of: "empty")?.values == [:])
    #expect(file.section(of: "stagin") == nil)
    #expect(try read("{}") == ConfigurationFile(path: "c.json"))
  }

  @Test(
    "Keys that are not known name the nearest",
    arguments: [
      ("{\"dri\": \"db\"}", "c.json:1:2: unknown key 'dri' (did you mean 'dir'?)"),
      (
        "{\"environments\": {\"staging\": {\n  \"urll\": \"x\"}}}",
        "c.json:2:3: unknown key 'environments.staging.urll' "
          + "(did you mean 'environments.staging.url'?)"
      ),
      (
        "{\"environments\": {\"a\": {\"environments\": {}}}}",
        "c.json:1:25: unknown key 'environments.a.environments' "
          + "('environments' stands in the file's own object)"
      ),
      (
        "{\"colour\": 1}",
        "c.json:1:2: unknown key 'colour' (the keys are 'url', 'dir', 'schema', 'lock_timeout', "
          + "'lock_retries', 'wait', 'statement_timeout', 'connect_timeout', 'connect_wait', "
          + "'protected', 'environments')"
      ),
      (
        "{\"dir\": \"a\", \"dir\": \"b\"}",
        "c.json:1:14: 'dir' is given twice (take one of them out)"
      ),
      (
        "{\"environments\": {\"a\": {}, \"a\": {}}}",
        "c.json:1:28: 'environments.a' is given twice (take one of them out)"
      ),
      ("{\"environments\": {\"\": {}}}", "c.json:1:19: an environment has no name (-)"),
    ])
  func keys(text: String, message: String) {
    #expect(failure(text) == message)
  }

  @Test(
    "Values that a key cannot have",
    arguments: [
      ("[]", "1:1: the file must be an object, not an array (-)"),
      ("{\"environments\": [\"a\"]}", "1:18: 'environments' must be an object, not an array (-)"),
      (
        "{\"environments\": {\"a\": \"u\"}}",
        "1:24: 'environments.a' must be an object, not \"u\" (-)"
      ),
      ("{\"dir\": 1}", "1:9: 'dir' must be a text that is not empty, not 1 (-)"),
      ("{\"dir\": \"\"}", "1:9: 'dir' must be a text that is not empty, not an empty text (-)"),
      ("{\"schema\": null}", "1:12: 'schema' must be a text that is not empty, not null (-)"),
      ("{\"dir\": \"a\\u0000\"}", "1:9: 'dir' holds a zero byte (-)"),
      (
        "{\"lock_retries\": \"2\"}",
        "1:18: 'lock_retries' must be a whole number of at least 0, not \"2\" (-)"
      ),
      (
        "{\"lock_retries\": -1}",
        "1:18: 'lock_retries' must be a whole number of at least 0, not -1 (-)"
      ),
      (
        "{\"lock_retries\": 1.5}",
        "1:18: 'lock_retries' must be a whole number of at least 0, not 1.5 (-)"
      ),
      (
        "{\"wait\": \"5 sec\"}",
        "1:10: 'wait' must be a time such as \"2s\" or a number of seconds, not \"5 sec\" "
          + "(units are ms, s, min, h and d, and 24d is the most)"
      ),
      (
        "{\"lock_timeout\": {}}",
        "1:18: 'lock_timeout' must be a time such as \"2s\" or a number of milliseconds, not an object "
          + "(units are ms, s, min, h and d, and 24d is the most)"
      ),
      ("{\"protected\": \"true\"}", "1:15: 'protected' must be true or false, not \"true\" (-)"),
      (
        "{\"schema\": \"$SCHEMA\"}",
        "1:12: 'schema' cannot name a variable: only a 'url' can "
          + "(write the value itself, or give it with '--schema')"
      ),
      (
        "{\"dir\": \"db/${X}\"}",
        "1:9: 'dir' cannot name a variable: only a 'url' can "
          + "(write the value itself, or give it with '--dir')"
      ),
    ])
  func values(text: String, message: String) {
    #expect(failure(text) == "c.json:" + message)
  }

  @Test(
    "A variable is the whole of a url, or none",
    arguments: [
      "$", "${", "${}", "$1A", "$A B", "${A}/shop", "postgres://u:${PW}@h/d", "$(secret)",
    ])
  func variables(url: String) {
    #expect(
      failure("{\"url\": \"\(url)\"}")
        == "c.json:1:9: 'url' does not name a variable as its whole value "
        + "(write \"$NAME\" or \"${NAME}\" and put all of the URL into that variable)")
  }

  @Test("What is no JSON, with its place; what is not UTF-8")
  func syntax() throws {
    #expect(
      failure("{\n  \"dir\": \"db\",\n}")
        == "c.json:3:1: 'c.json' is no JSON: no comma may stand before '}' (-)")
    #expect(
      failure("dir: db")
        == "c.json:1:1: 'c.json' is no JSON: a value is expected here "
        + "(it must be one object: {\"dir\": \"migrations\", ...})")
    let report = #expect(throws: ErrorReport.self) {
      try ConfigurationFile.read([0x7B, 0xFF], path: "c.json")
    }
    #expect(report?.message == "'c.json' is not UTF-8")
  }
}
