internal import SQLParsing

/// What parsing finds in a migration's SQL before anything runs.
struct SQLInspection {
  /// Why it must not run, in the order of the places; the first is shown.
  var refusals: [ErrorReport] = []
  /// What to know before it runs.
  var warnings: [String] { warningsOfUse + (syntaxError.map { [Self.warning(of: $0)] } ?? []) }
  /// The same without the syntax error.
  private(set) var warningsOfUse: [String] = []
  /// Where the parser gave up; nil where it knows all of it.
  private(set) var syntaxError: ErrorReport?
  /// The byte ranges of its statements, in order.
  var statements: [Range<Int>] = []
  /// What it is cut into where it runs statement by statement; none where it is one transaction.
  let units: [MigrationUnit]
  /// Whether the parser knows all of it.
  let isParsed: Bool
  /// The stretches that are not for the server, in order: byte ranges.
  private(set) var omissions: [Range<Int>]
  /// What the server gets for each `COPY ... FROM stdin`, in order.
  private(set) var copyData: [ArraySlice<UInt8>]
  /// Whether there is nothing in it to run.
  var isEmpty: Bool { isParsed && statements.isEmpty && refusals.isEmpty }
  /// Whether all of it changes definitions and can run no code of a user: nothing of it outlives its
  /// statements, neither a setting nor a check that waits for the end.
  let isPlain: Bool
  /// What it locks.
  let locks: LockEstimate
  /// What it may leave in its session.
  let cleanup: SessionCleanup
  /// The text it was found in.
  let text: SourceText
  /// The text for people: stars for secrets; each line as long as it was.
  let shownText: SourceText
  /// The same as a string.
  let shownSQL: String
  private let secrets: [Range<Int>]

  /// Reads a migration's SQL.
  ///
  /// - Parameters:
  ///   - sql: the SQL.
  ///   - direction: which of a migration's two texts it is. The ledger keeps rollback SQL, so that
  ///     one must hold no secrets.
  ///   - mode: how it runs.
  ///   - origin: where it stands, for positions.
  ///   - name: the migration's name, for hints.
  init(
    of sql: String, _ direction: Direction, mode: TransactionMode = .single, origin: SQLOrigin,
    name: String
  ) {
    text = SourceText(sql)
    let parsed = SQLParser.parse(text)
    isParsed = parsed.syntaxError == nil
    let mark = text.byteOrderMarkLength
    omissions = (mark > 0 ? [0..<mark] : []) + parsed.omissions
    copyData = parsed.copyData.map { [bytes = text.bytes] data in bytes[data.content] }
    isPlain = isParsed && parsed.statements.allSatisfy(\.isPlainDefinition)
    locks = LockEstimate(of: parsed.statements)
    cleanup = SessionCleanup(after: parsed.statements, in: text)
    secrets = parsed.statements.flatMap(\.secrets)
    let text = text
    let shownText = text.masking(secrets)
    self.shownText = shownText
    shownSQL = secrets.isEmpty ? sql : String(decoding: shownText.bytes, as: UTF8.self)
    let script = mode == .none ? UnitScript(of: parsed, in: text) : nil
    units = script?.units ?? []
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
    let register = ShellWord.command("register", name)
    let completeCopies = Set(parsed.copyData.filter(\.isEnded).map(\.statement))
    for (index, statement) in parsed.statements.enumerated() {
      let start = statement.range.lowerBound
      statements.append(statement.range)
      switch statement.kind {
      case .copyFromStdin where !completeCopies.contains(index):
        refusals.append(
          refuse(
            at: start, "COPY ... FROM stdin in \(direction.sql): no line '\\.' ends its data",
            hint: "write the data below it and then that line, or INSERT statements"))
      case .setting(let setting, _, _) where setting == "session_replication_role":
        let place = origin.location(line: text.position(atByte: start).line, column: 1)
        warningsOfUse.append(
          "\(place.file):\(place.line): sets session_replication_role: "
            + "triggers and foreign keys are not checked")
      default: break
      }
      if direction == .rollback, let secret = statement.secrets.first {
        refusals.append(
          refuse(
            at: secret.lowerBound, "a password in the rollback SQL would be kept in the ledger",
            hint: "set the password by hand, outside migrations"))
      }
    }
    let findings =
      script?.refusals
      ?? SingleTransaction(direction: direction, origin: origin, name: name, text: text)
      .refusals(of: parsed.statements)
    refusals += findings.map { refuse(at: $0.offset, $0.message, hint: $0.hint) }
    for warning in script?.warnings ?? [] {
      let place = origin.location(line: text.position(atByte: warning.offset).line, column: 1)
      warningsOfUse.append("\(place.file):\(place.line): \(warning.message)")
    }
    if direction == .rollback,
      let todo = SectionTodos(in: text).warning(from: origin, in: text)
    {
      warningsOfUse.append(todo)
    }
    if let error = parsed.syntaxError {
      let place = error.position
      syntaxError = ErrorReport(
        .refused, error.message,
        details: Caret.lines(in: shownText, line: place.line, column: place.column),
        hint: direction == .up
          ? "mend it" : "mend the rollback SQL: it is recorded as it is, and could never run",
        location: origin.location(line: place.line, column: place.column))
    }
    if direction == .rollback, refusals.isEmpty, statements.isEmpty, !sql.isEmpty {
      refusals.append(
        refuse(
          at: 0, "the rollback SQL holds no statement: it would undo nothing",
          hint: "write it into its file and run \(register)"))
    }
    refusals.sort { Self.place(of: $0) < Self.place(of: $1) }
  }
}

extension SQLInspection {
  /// What was found, where no more than a part of the text is sent.
  ///
  /// - Parameter stretch: bytes that hold whole statements.
  /// - Returns: the same text with the rest left out of what the server gets.
  func restricted(to stretch: Range<Int>) -> SQLInspection {
    var part = self
    part.statements = statements.filter { stretch.contains($0.lowerBound) }
    part.copyData = copyData.filter { stretch.contains($0.startIndex) }
    part.omissions = omissions.filter { stretch.contains($0.lowerBound) }
    if stretch.lowerBound > 0 { part.omissions.insert(0..<stretch.lowerBound, at: 0) }
    if stretch.upperBound < text.bytes.count {
      part.omissions.append(stretch.upperBound..<text.bytes.count)
    }
    return part
  }
}

extension SQLInspection: Equatable {
  /// What is found follows from the text and from where it stands.
  static func == (left: Self, right: Self) -> Bool {
    left.refusals == right.refusals && left.shownSQL == right.shownSQL
  }
}

extension SQLInspection {
  private static func warning(of syntaxError: ErrorReport) -> String {
    "\(syntaxError.sentence): the server will refuse it, unless it is SQL newer than PostgreSQL 15"
  }

  private static func place(of refusal: ErrorReport) -> (Int, Int) {
    (refusal.location?.line ?? 0, refusal.location?.column ?? 0)
  }

  /// A statement for people, on one line, cut when it is long.
  ///
  /// - Parameter index: which one, counted from 0.
  /// - Returns: its text with stars for secrets; nil where there is no such statement.
  func shownStatement(_ index: Int) -> String? {
    guard statements.indices.contains(index) else { return nil }
    let range = statements[index]
    let inside = secrets.filter { range.contains($0.lowerBound) }.map {
      $0.lowerBound - range.lowerBound..<min($0.upperBound, range.upperBound) - range.lowerBound
    }
    let sql = SourceText(bytes: Array(text.bytes[range])).masking(inside)
    return String(decoding: sql.bytes, as: UTF8.self).shortLine
  }
}

extension String {
  /// The text with each run of white space as one blank, cut when it is long.
  var shortLine: String {
    let text = split(whereSeparator: \.isWhitespace).joined(separator: " ")
    // Not an ellipsis: the ledger's database may have an encoding that lacks it.
    return text.count > 200 ? text.prefix(197) + "..." : text
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
