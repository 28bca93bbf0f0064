/// What a script holds.
package struct ParsedSQL: Sendable {
  /// The statements, in order. Where the grammar refused the script, each is parsed alone, and
  /// those that it refuses are ``StatementKind/unknownToParser``.
  package let statements: [Statement]

  /// The first thing that the grammar refuses.
  ///
  /// The grammar is that of PostgreSQL 15: what it refuses, a newer server may accept.
  package let syntaxError: SQLSyntaxError?

  /// Lines for `psql`, in order, but for ``restrictions``. They are no part of any statement.
  package let metaCommands: [MetaCommand]

  /// The data that stands after each `COPY ... FROM stdin`, in order. No part of any statement.
  package let copyData: [CopyData]

  /// The lines `\restrict` and `\unrestrict` that `pg_dump` writes around a dump, in bytes, in
  /// order. They guard `psql` against commands in the data and mean nothing without it (manual,
  /// reference page of `psql`). No part of any statement.
  package let restrictions: [Range<Int>]

  /// What the server must not see where the script is sent to it: ``copyData``, which goes another
  /// way, and ``restrictions``; in bytes, in order, apart from each other.
  package var omissions: [Range<Int>] {
    (copyData.map(\.range) + restrictions).sorted { $0.lowerBound < $1.lowerBound }
  }
}

/// The lines of data after a `COPY ... FROM stdin`.
package struct CopyData: Hashable, Sendable {
  /// Which of the script's statements it is for, the first being 0.
  package let statement: Int

  /// All of its lines, in bytes, with the line `\.` that ends them but without the line end after
  /// it.
  package let range: Range<Int>

  /// What the server gets of it, in bytes: the lines before the line `\.`.
  package let content: Range<Int>

  /// Whether a line `\.` ends it; without one it goes on to the end of the script.
  package let isEnded: Bool
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
