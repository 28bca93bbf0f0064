import Foundation
import TestSupport
import Testing

@testable import PostgresClient

/// What goes to libpq beside what the user said. Each in a process of its own: libpq reads the
/// environment.
@Suite struct ConnectionParametersTests {
  private static func values(
    _ string: String?, timeout: Int? = nil
  ) -> [String: String] {
    let request = ConnectionRequest(
      connectionString: string, connectTimeoutSeconds: timeout, applicationName: "mine")
    let entries = ConnectionParameters(request).entries
    return Dictionary(entries.map { ($0.keyword, $0.value) }) { $1 }
  }

  private static let defaults = [
    "client_encoding": "UTF8", "fallback_application_name": "mine", "keepalives": "1",
    "keepalives_idle": "15", "keepalives_interval": "5", "keepalives_count": "3",
    "tcp_user_timeout": "30000", "connect_timeout": "10",
  ]

  @Test func keepalivesAndATimeoutAreSetWhereTheUserIsSilent() async {
    await #expect(processExitsWith: .success) {
      for name in ["PGSERVICE", "PGCONNECT_TIMEOUT"] { unsetenv(name) }
      #expect(Self.values(nil) == Self.defaults)
      let string = "host=db"
      #expect(Self.values(string) == Self.defaults.merging(["dbname": string]) { $1 })
    }
  }

  @Test func theStringWins() async {
    await #expect(processExitsWith: .success) {
      for name in ["PGSERVICE", "PGCONNECT_TIMEOUT"] { unsetenv(name) }
      let values = Self.values("postgres://db/shop?keepalives_idle=99&connect_timeout=3")
      #expect(values["keepalives_idle"] == nil)
      #expect(values["connect_timeout"] == nil)
      #expect(values["keepalives_count"] == "3")
    }
  }

  @Test func theEnvironmentWinsAndTheOptionWinsOverAll() async {
    await #expect(processExitsWith: .success) {
      setenv("PGCONNECT_TIMEOUT", "4", 1)
      #expect(Self.values("host=db")["connect_timeout"] == nil)
      #expect(Self.values("host=db", timeout: 7)["connect_timeout"] == "7")
      #expect(Self.values("host=db connect_timeout=3", timeout: 0)["connect_timeout"] == "0")
    }
  }

  @Test func theServiceFileWins() async {
    await #expect(processExitsWith: .success) {
      let folder = try MigrationFolder(["services": "[shop]\ntcp_user_timeout=1\nhost=db\n"])
      setenv("PGSERVICEFILE", folder.path(of: "services"), 1)
      #expect(Self.values("service=shop")["tcp_user_timeout"] == nil)
      #expect(Self.values("service=shop")["keepalives"] == "1")
      setenv("PGSERVICE", "shop", 1)
      #expect(Self.values(nil)["tcp_user_timeout"] == nil)
    }
  }
}
