import PostgresClient
import Testing

@Suite struct SQLStateTests {
  @Test(arguments: [
    "55P03", "40001", "40P01", "57014", "57P01", "57P02", "57P03", "57P05", "08006", "53300",
    "53100",
  ])
  func passingTroubleIsTransient(code: String) {
    #expect(SQLState(rawValue: code).isTransient)
  }

  @Test(arguments: [
    "00000", "42601", "42P01", "23505", "55006", "55000", "40002", "57000", "P0001",
  ])
  func otherErrorsAreNot(code: String) {
    #expect(!SQLState(rawValue: code).isTransient)
  }
}
