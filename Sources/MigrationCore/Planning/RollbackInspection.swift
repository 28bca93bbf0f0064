internal import Platform
internal import SQLParsing

/// What parsing finds in rollback SQL before anything runs.
struct RollbackInspection {
  /// Why it must not run, in the order of the places; the first is shown.
  var refusals: [ErrorReport] = []
  /// What to know before it runs.
  var warnings: [String] = []
  /// The byte ranges of its statements, in order.
  var statements: [Range<Int>] = []
  /// What it may leave in its session.
  let cleanup: SessionCleanup
  /// The text it was found in.
  let text: SourceText
  /// The text for people: stars for passwords, which are refused; each line as long as it was.
  let shownText: SourceText

  /// The same as a string.
  let shownSQL: String

  /// Reads rollback SQL.
  ///
  /// - Parameters:
  ///   - sql: the rollback SQL.
  ///   - origin: where it stands, for positions.
  ///   - name: the migration's name, for hints.
  init(of sql: String, origin: SQLOrigin, name: String) {
    text = SourceText(sql)
    let parsed = SQLParser.parse(text)
    cleanup = SessionCleanup(after: parsed.statements, in: text)
    let text = text
    let shownText = text.masking(parsed.statements.flatMap(\.secrets))
    self.shownText = shownText
    let holdsSecrets = parsed.statements.contains { !$0.secrets.isEmpty }
    shownSQL = holdsSecrets ? String(decoding: shownText.bytes, as: UTF8.self) : sql
    func refuse(at offset: Int, _ message: String, hint: String) -> ErrorReport {
      let place = text.position(atByte: offset)
      return ErrorReport(
        .refused, message,
        details: Caret.lines(in: shownText, line: place.line, column: place.column),
        hint: hint, location: origin.location(line: place.line, column: place.column))
    }
    for command in parsed.metaCommands {
      refusals.append(
        refuse(
          at: command.position.byteOffset, "'\(command.text)' is a psql command, not SQL",
          hint: "write the SQL itself: the server does not know psql's commands"))
    }
    for statement in parsed.statements {
      let start = statement.range.lowerBound
      statements.append(statement.range)
      switch statement.kind {
      case .transactionControl:
        refusals.append(
          refuse(
            at: start, "\(statement.tag) in the rollback SQL: it runs inside one transaction",
            hint: "remove it, and run \(ShellWord.command("register", name)) if it is recorded"))
      case .nonTransactional(let reason):
        refusals.append(
          refuse(
            at: start, reason,
            hint:
              "write it without CONCURRENTLY or the like; a rollback runs inside one transaction"))
      case .copyFromStdin:
        refusals.append(
          refuse(
            at: start, "COPY ... FROM stdin in the rollback SQL: there is no stdin to copy from",
            hint: "write INSERT statements"))
      case .setting(let setting, _, _) where setting == "session_replication_role":
        let place = origin.location(line: text.position(atByte: start).line, column: 1)
        warnings.append(
          "\(place.file):\(place.line): sets session_replication_role: "
            + "triggers and foreign keys are not checked")
      default: break
      }
      if let secret = statement.secrets.first {
        refusals.append(
          refuse(
            at: secret.lowerBound, "a password in the rollback SQL would be kept in the ledger",
            hint: "set the password by hand, outside migrations"))
      }
    }
    if let todo = SectionTodos(in: text).warning(from: origin, in: text) { warnings.append(todo) }
    if let error = parsed.syntaxError {
      let place = origin.location(line: error.position.line, column: error.position.column)
      warnings.append(
        "\(place.description): \(error.message): the server will refuse it, unless it is SQL newer "
          + "than PostgreSQL 15")
    }
    if refusals.isEmpty, statements.isEmpty, !sql.isEmpty {
      refusals.append(
        refuse(
          at: 0, "the rollback SQL holds no statement: it would undo nothing",
          hint: "write it into its file and run \(ShellWord.command("register", name))"))
    }
    refusals.sort { Self.place(of: $0) < Self.place(of: $1) }
  }
}

extension RollbackInspection {
  private static func place(of refusal: ErrorReport) -> (Int, Int) {
    (refusal.location?.line ?? 0, refusal.location?.column ?? 0)
  }
}

extension SourceText {
  /// The same text with stars for the characters of some parts; line ends stay.
  fileprivate func masking(_ parts: [Range<Int>]) -> SourceText {
    if parts.isEmpty { return self }
    var masked: [UInt8] = []
    var next = 0
    for part in parts {
      masked += bytes[next..<part.lowerBound]
      masked += text(in: part).unicodeScalars.map { scalar in
        scalar == "\n" || scalar == "\r"
          ? UInt8(truncatingIfNeeded: scalar.value) : UInt8(ascii: "*")
      }
      next = part.upperBound
    }
    return SourceText(bytes: masked + bytes[next...])
  }
}

/// A line of SQL with a caret under a place in it.
enum Caret {
  /// The line and, below it, the caret; long lines are cut around the place.
  ///
  /// - Parameters:
  ///   - text: the SQL.
  ///   - line: counted from 1.
  ///   - column: in characters, counted from 1.
  /// - Returns: two lines, none when the line is empty.
  static func lines(in text: SourceText, line: Int, column: Int) -> [String] {
    let width = 100
    var scalars = Array(text.line(line).unicodeScalars)
    guard !scalars.isEmpty else { return [] }
    var offset = min(max(column - 1, 0), scalars.count)
    if scalars.count > width {
      let first = max(0, min(offset - width / 2, scalars.count - width))
      scalars = Array(scalars[first..<(first + width)])
      offset -= first
    }
    var shown = String.UnicodeScalarView()
    shown.append(contentsOf: scalars)
    var under = String.UnicodeScalarView()
    for scalar in scalars.prefix(offset) {
      let width = Terminal.displayWidth(of: String(scalar))
      under.append(contentsOf: scalar == "\t" ? ["\t"] : Array(repeating: " ", count: width))
    }
    return [String(shown), String(under) + "^"]
  }
}
