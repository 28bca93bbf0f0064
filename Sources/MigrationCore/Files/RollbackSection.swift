/// The rollback section of a migration, and the SQL that it holds: what stands between the markers of
/// its file, or the whole of a file beside it.
package struct RollbackSection: Equatable, Sendable {
  /// How the SQL is written.
  package enum Style: String, Sendable {
    /// As SQL: the runner must not run the whole file.
    case live
    /// Every line behind `--`.
    case commentedLines = "commented_lines"
    /// In one `/* */`.
    case commentedBlock = "commented_block"
    /// As the whole of a file beside the migration's.
    case file
  }

  /// The bytes of the migration's file from the start of the START marker's line to the end of the
  /// END marker's; none where the SQL stands in a file of its own.
  package var range: Range<Int>
  /// The line of the START marker, counted from 1; that of a file of its own is 1.
  package var startLine: Int
  /// How the SQL is written.
  package var style: Style
  /// How the SQL runs.
  package var mode: TransactionMode
  /// The rollback SQL, uncommented, without blank lines around it; nil when there is none.
  package var sql: String?
  /// The line of its file on which ``sql`` begins.
  package var firstLine: Int
  /// For each line of ``sql``, how many characters of the file's line stand before it; empty where
  /// none do.
  package var prefixes: [Int]
  /// What a reader should know of it: a dropped BEGIN and COMMIT, a comment that looks like SQL and
  /// does not parse, words about transactions that are not understood.
  package var remarks: [Remark]

  /// Something that a reader should know of a section.
  package struct Remark: Equatable, Sendable {
    /// The line of the section's file, counted from 1.
    package let line: Int
    /// The words, on one line.
    package let words: String
  }
}

/// What a file says about its own undoing.
package enum RollbackDeclaration: Equatable, Sendable {
  /// A section between markers (its SQL may be absent).
  case section(RollbackSection)
  /// `-- ROLLBACK IRREVERSIBLE: why`.
  case irreversible(why: String, line: Int)
  /// Nothing; the lines that were probably meant as markers.
  case none(nearMisses: [NearMiss])

  /// A comment that was probably meant as a marker.
  package struct NearMiss: Equatable, Sendable {
    /// The line, counted from 1.
    package let line: Int
    /// The comment as written.
    package let text: String
    /// Whether it is no comment of its own, but a line of a `/* */`.
    package let isInBlockComment: Bool

    /// Whether it may have been meant to begin a section: all but what ends one, and prose behind
    /// `ROLLBACK:`.
    package var opensSection: Bool {
      let words = text.uppercased().split { !$0.isLetter }
      let isEnd = words.contains { ["END", "ENDS", "STOP", "FINISH"].contains($0) }
      return !isEnd && (!text.contains(":") || words.contains { $0 == "DOWN" || $0 == "START" })
    }
  }
}
