internal import SQLParsing

/// What a migration's SQL leaves in its session, and the statements that take it away again.
///
/// Behind a pooler the session is handed to others. What any SQL may have changed is always reset;
/// what would touch things that other clients of a pooled session put there is taken away only
/// where the SQL's own text made some.
struct SessionCleanup {
  /// Takes back roles and settings.
  static let always = ["RESET SESSION AUTHORIZATION", "RESET ROLE", "RESET ALL"]

  /// What a ROLLBACK does not take away: prepared statements and session-level advisory locks.
  private(set) var survivors: [String] = []
  /// What a ROLLBACK takes away too.
  private(set) var others: [String] = []

  /// After SQL that went well.
  var afterSuccess: [String] { Self.always + survivors + others }

  /// After ROLLBACK TO SAVEPOINT.
  ///
  /// - Parameter cleanups: of all the SQL that may have run since.
  /// - Returns: the statements, each once.
  static func afterFailure(of cleanups: [SessionCleanup]) -> [String] {
    var statements = always
    for survivor in cleanups.flatMap(\.survivors) where !statements.contains(survivor) {
      statements.append(survivor)
    }
    return statements
  }

  /// Reads what SQL does to its session.
  ///
  /// - Parameters:
  ///   - statements: the parsed SQL.
  ///   - text: its text.
  init(after statements: [Statement], in text: SourceText) {
    func has(_ tag: String) -> Bool { statements.contains { $0.tag == tag } }
    if has("PREPARE") { survivors.append("DEALLOCATE ALL") }
    let words = String(decoding: text.bytes, as: UTF8.self).lowercased()
    if words.contains("pg_advisory_lock") || words.contains("pg_try_advisory_lock") {
      survivors.append("SELECT pg_catalog.pg_advisory_unlock_all()")
    }
    if has("LISTEN") { others.append("UNLISTEN *") }
    if has("DECLARE CURSOR") { others.append("CLOSE ALL") }
    if statements.contains(where: \.makesTemporaryObject) { others.append("DISCARD TEMP") }
  }
}
