import Testing

@testable import PostgresClient

@Suite struct ConnectionStringTests {
  @Test(arguments: [
    (
      "postgresql://app@db/shop?schema=public&pgbouncer=true",
      "postgresql://app@db/shop", ["schema", "pgbouncer"]
    ),
    (
      "postgres://app@db/shop?sslmode=require&schema=my%20app&connect_timeout=3",
      "postgres://app@db/shop?sslmode=require&connect_timeout=3", ["schema"]
    ),
    (
      "postgres://u:p?schema=x@db/shop?connection_limit=1&pool_timeout=2&sslaccept=strict"
        + "&socket_timeout=3&statement_cache_size=0",
      "postgres://u:p?schema=x@db/shop",
      ["connection_limit", "pool_timeout", "sslaccept", "socket_timeout", "statement_cache_size"]
    ),
    ("postgres:///shop?host=/tmp&schema", "postgres:///shop?host=/tmp", ["schema"]),
    (" postgres://app@db/shop\r\n", "postgres://app@db/shop", []),
    ("postgres://a,b:6543/shop", "postgres://a,b:6543/shop", []),
    ("postgres://[::1]:5432/shop", "postgres://[::1]:5432/shop", []),
    ("host=db dbname=shop password='two words'", "host=db dbname=shop password='two words'", []),
  ])
  func foreignParametersAreDropped(
    text: String, normalized: String, dropped: [String]
  ) throws {
    let result = try ConnectionString.normalizing(text)
    #expect(result.text == normalized)
    #expect(result.droppedParameters == dropped)
  }

  @Test(arguments: [
    ("", "it is empty"),
    ("  ", "it is empty"),
    (
      "shop",
      "it is neither a URI (postgres://USER@HOST:PORT/DATABASE) nor KEYWORD=VALUE pairs"
    ),
    (
      "mysql://root@db/shop",
      "it is neither a URI (postgres://USER@HOST:PORT/DATABASE) nor KEYWORD=VALUE pairs"
    ),
    (
      "dbname=postgres://app:Hush@db/shop",
      "the name of its database is a connection string itself: give that one alone"
    ),
    ("hots=db", "PostgreSQL knows no keyword \"hots\""),
    ("postgres://app@db/shop?sslmod=require", "PostgreSQL knows no parameter \"sslmod\""),
    ("host='db", "a single quote is not closed"),
    ("postgres://[::1/shop", "an IPv6 address has no closing \"]\""),
    ("postgres://app@db/shop?host=%00", "%00 is not allowed"),
  ])
  func garbageIsExplained(text: String, reason: String) {
    let expected = ConnectionError(
      kind: .invalidConnectionString, message: "invalid connection string: \(reason)")
    #expect(throws: expected) { try ConnectionString.normalizing(text) }
  }

  @Test func aDatabaseMayHaveAStrangeName() throws {
    let string = "host=db dbname='a=b: c//d'"
    #expect(try ConnectionString.normalizing(string).text == string)
  }

  @Test(arguments: [
    ("postgres://app:pw@db/shop", true), ("postgres://app@db:5432/shop", false),
    ("postgres://db/shop?password=pw", true), ("host=db password=pw", true),
    ("host=db password=''", false), ("postgres://app:p@w@db/shop", true),
    ("mysql://app:pw@db/shop", true), ("mysql://app@db:3306/shop", false),
    ("dbname=postgres://app:pw@db/shop", true), ("dbname='user=app password=pw'", true),
    ("nonsense", false),
  ])
  func passwordsAreNoticed(text: String, holdsPassword: Bool) {
    #expect(ConnectionString.holdsPassword(text) == holdsPassword)
  }

  /// Each holds `Hush` in what is, or was meant to be, the password.
  @Test(arguments: [
    "Hush",
    "postgres:Hush@db/shop",
    "postgres://app:Hush%zz@db/shop",
    "postgres://app:pass@Hush@db/shop",
    "postgres://app:pass/Hush@db/shop",
    "postgres://app:Hush/word@db/shop",
    "postgres://app:12/Hush@db/shop",
    "postgres://app:pass@db:Hush/shop",
    "postgres://app:p@s?Hush@db/shop",
    "postgres://app:p@s?Hush=1@db/shop",
    "postgres://app:p@[Hush/shop",
    "postgres://app@db/shop?password=pass&Hush=1",
    "postgres://app@db/shop?password=pass&Hush",
    "postgres://app@db/shop?password=a=Hush",
    "host=db password=pass Hush",
    "host=db password=pass Hush=1",
    "host=db password='Hush",
    "host=db PASSWORD=Hush",
    "postgres://app:Hush\u{0}@db/shop",
  ])
  func noPieceOfAPasswordIsRepeated(text: String) {
    let error = #expect(throws: ConnectionError.self) {
      try ConnectionString.normalizing(text)
    }
    #expect(error?.kind == .invalidConnectionString)
    #expect(error?.message.hasPrefix("invalid connection string: ") == true)
    #expect(error.map { "\($0)" }?.contains("Hush") == false)
    #expect(error.map { String(reflecting: $0) }?.contains("Hush") == false)
  }
}
