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
    always + survivors(of: cleanups)
  }

  /// After ROLLBACK: that puts roles and settings back by itself.
  ///
  /// - Parameter cleanups: of all the SQL that may have run since.
  /// - Returns: the statements, each once.
  static func survivors(of cleanups: [SessionCleanup]) -> [String] {
    var statements: [String] = []
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
    // What a DO block or a function executes is no statement of the text: there its words tell.
    let bodies = statements.filter(\.isCode).map { Array(text.bytes[$0.range]) }
    func code(mayHold words: WordSearch) -> Bool { bodies.contains(where: words.mayMatch) }
    func has(_ tag: String) -> Bool { statements.contains { $0.tag == tag } }
    func mayHave(_ tag: String, _ words: WordSearch) -> Bool {
      has(tag) || code(mayHold: words)
    }
    if mayHave("PREPARE", Self.prepareWords) { survivors.append("DEALLOCATE ALL") }
    if text.mentions("pg_advisory_lock") || text.mentions("pg_try_advisory_lock") {
      survivors.append("SELECT pg_catalog.pg_advisory_unlock_all()")
    }
    if mayHave("LISTEN", Self.listenWords) { others.append("UNLISTEN *") }
    let makesTemporary =
      statements.contains(where: \.makesTemporaryObject) || code(mayHold: Self.temporaryWords)
    // A cursor that a block leaves open on a temporary table would keep that from being dropped.
    if makesTemporary || mayHave("DECLARE CURSOR", Self.holdWords) { others.append("CLOSE ALL") }
    if makesTemporary { others.append("DISCARD TEMP") }
  }

  private static let prepareWords = WordSearch(["prepare"])
  private static let listenWords = WordSearch(["listen"])
  private static let holdWords = WordSearch(["hold"])
  private static let temporaryWords = WordSearch(["temp", "temporary", "pg_temp"])
}

extension Statement {
  /// Whether it holds code that runs there and then, or may be called by what follows.
  fileprivate var isCode: Bool {
    switch kind {
    case .doBlock, .unknownToParser: true
    default: tag == "CREATE FUNCTION" || tag == "CREATE PROCEDURE"
    }
  }
}

extension SourceText {
  /// Whether a word stands in the text, in any case and also as a part of another word.
  ///
  /// Bytewise: of the standard library's search for one string in another, most is preparation,
  /// and it took a fifteenth of the time of reading a small migration.
  ///
  /// - Parameter word: in lower case, of letters and underscores.
  /// - Returns: whether it does.
  fileprivate func mentions(_ word: StaticString) -> Bool {
    let word = word.description.utf8
    let span = bytes.span
    guard let first = word.first, span.count >= word.count else { return false }
    for start in 0...(span.count - word.count) where Self.lowered(span[start]) == first {
      var offset = start
      if word.allSatisfy({
        defer { offset += 1 }
        return Self.lowered(span[offset]) == $0
      }) {
        return true
      }
    }
    return false
  }

  private static func lowered(_ byte: UInt8) -> UInt8 {
    (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
  }
}
