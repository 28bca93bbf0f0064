/// What a script holds.
package struct ParsedSQL: Sendable {
  /// The statements, in order. Where the grammar refused the script, each is parsed alone, and
  /// those that it refuses are ``StatementKind/unknownToParser``.
  package let statements: [Statement]

  /// The first thing that the grammar refuses.
  ///
  /// The grammar is that of PostgreSQL 15: what it refuses, a newer server may accept.
  package let syntaxError: SQLSyntaxError?

  /// Lines for `psql`, in order. They are no part of any statement.
  package let metaCommands: [MetaCommand]

  /// The data of each `COPY ... FROM stdin`, in bytes, the line `\.` included. No part of any
  /// statement.
  package let copyData: [Range<Int>]
}

/// What the grammar refuses.
package struct SQLSyntaxError: Error, Hashable, Sendable {
  /// The parser's words, such as `syntax error at or near "FORM"`.
  package let message: String

  /// Where it stands.
  package let position: SourcePosition
}

/// A line that is a command for `psql`, not SQL: `\i other.sql`.
package struct MetaCommand: Hashable, Sendable {
  /// The line from its `\`, without trailing white space.
  package let text: String

  /// Where its `\` stands.
  package let position: SourcePosition
}
