import Testing

@testable import PostgresClient

@Suite struct ConnectionFailureTests {
  @Test(arguments: [
    ("sorry, too many clients already", ConnectionError.Kind.tooManyConnections),
    ("too many connections for role \"app\"", .tooManyConnections),
    ("the database system is starting up", .serverStarting),
    ("the database system is not yet accepting connections", .serverStarting),
    ("database \"role x does not exist\" does not exist", .databaseMissing),
    ("role \"the database system is\" does not exist", .authenticationFailed),
    ("password authentication failed for user \"app\"", .authenticationFailed),
    ("no pg_hba.conf entry for host \"10.0.0.1\", user \"app\"", .authenticationFailed),
  ])
  func theServersSentencesAreKnown(sentence: String, kind: ConnectionError.Kind) {
    let text = "connection to server at \"db\" (10.0.0.9), port 5432 failed: FATAL:  \(sentence)\n"
    #expect(ConnectionFailure(text: text).kind == kind)
  }

  @Test(arguments: [
    (
      "failed: Connection refused\n\tIs the server running?\n",
      ConnectionError.Kind.serverUnreachable
    ),
    ("failed: timeout expired\n", .timedOut),
    ("failed: fe_sendauth: no password supplied\n", .authenticationFailed),
    ("invalid sslmode value: \"maybe\"\n", .invalidConnectionString),
    ("definition of service \"shop\" not found\n", .invalidConnectionString),
  ])
  func libpqsSentencesAreKnown(text: String, kind: ConnectionError.Kind) {
    #expect(ConnectionFailure(text: text).kind == kind)
  }

  @Test func aVerboseTextTellsTheCodeInAnyLanguage() {
    let failure = ConnectionFailure(
      text: """
        connection to server at "db" failed: ВАЖНО:  28P01: пользователь не прошёл проверку
        LOCATION:  auth_failed, auth.c:335

        """)
    #expect(failure.kind == .authenticationFailed)
    #expect(failure.sqlState == SQLState(rawValue: "28P01"))
    #expect(
      failure.message
        == "connection to server at \"db\" failed: ВАЖНО:  пользователь не прошёл проверку")
  }

  @Test func oneHostOfSeveralThatIsStartingIsWorthWaitingFor() {
    let failure = ConnectionFailure(
      text: """
        connection to server at "a" failed: FATAL:  the database system is starting up
        connection to server at "b" failed: Connection refused
        \tIs the server running on that host and accepting TCP/IP connections?

        """)
    #expect(failure.kind == .serverStarting)
    #expect(failure.message.split(separator: "\n").count == 3)
  }
}
