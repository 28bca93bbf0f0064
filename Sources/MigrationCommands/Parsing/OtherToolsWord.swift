/// Words that are commands of other migration tools (dbmate, sqitch, golang-migrate, Rails, Flyway,
/// Alembic, the Supabase CLI), and what they are called here.
package enum OtherToolsWord: Equatable, Sendable {
  /// It does what this command does.
  case sameAs(CommandName)

  /// Every word.
  package static let all: [String: OtherToolsWord] = [
    "undo": .sameAs(.rollback), "down": .sameAs(.rollback),
    "downgrade": .sameAs(.rollback),
    "info": .sameAs(.status), "ls": .sameAs(.list),
    "new": .sameAs(.create), "generate": .sameAs(.create), "add": .sameAs(.create),
    "up": .sameAs(.migrate), "apply": .sameAs(.migrate), "deploy": .sameAs(.migrate),
    "upgrade": .sameAs(.migrate), "push": .sameAs(.migrate),
  ]
}
