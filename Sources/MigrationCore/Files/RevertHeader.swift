/// Reads the `-- Reverts:` line of a file's header.
enum RevertHeader {
  /// The migration that a file says it undoes, for those who only go forward.
  ///
  /// - Parameter comments: the text of the `--` comments before the first statement, from the dashes
  ///   on.
  /// - Returns: the name behind the first such line, less `.sql`; nil without one.
  static func name(in comments: some Sequence<String>) -> String? {
    for comment in comments {
      let body = comment.drop { $0 == "-" }
      // Of thousands of comments hardly one: no other is looked at to its end.
      guard let first = body.first(where: { !$0.isWhitespace }), first == "R" || first == "r",
        let colon = body.firstIndex(of: ":"),
        body[..<colon].filter({ !$0.isWhitespace }).lowercased() == "reverts",
        let name = body[body.index(after: colon)...].split(whereSeparator: \.isWhitespace).first
      else { continue }
      return MigrationName.withoutSuffix(String(name))
    }
    return nil
  }
}
