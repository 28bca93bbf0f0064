import TestSupport
import Testing

/// What `docs/no-transaction.md` shows is what the program prints.
@Suite(.scratchDatabase) struct StatementPageTests {
  @Test func aFailureAndHowItGoesOn() throws {
    let project = try ShellProject()
    try project.database.psql(
      """
      CREATE TABLE users (id int PRIMARY KEY, email text);
      INSERT INTO users VALUES (1, 'ada@example.org'), (2, 'ADA@example.org');
      """)
    try runSuccessfully(["init"])
    try DocumentedSession("## After a failure", of: "docs/no-transaction.md").run(
      in: project, statuses: ["migration-manager migrate --reason": 2])
  }
}
