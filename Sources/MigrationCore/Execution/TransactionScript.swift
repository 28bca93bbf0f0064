internal import SQLParsing

/// The query string of one transaction, from BEGIN to COMMIT, sent as a whole.
///
/// It is made of segments: our own statements, and pieces of the migrations' SQL. So it knows what an
/// answer of the server (how many statements completed, a position in the string) means in terms of
/// a migration's SQL.
struct TransactionScript {
  /// The whole query string.
  private(set) var text = ""
  /// What the server gets for each `COPY ... FROM stdin`, in order.
  private(set) var copyData: [ArraySlice<UInt8>] = []
  /// How many characters (Unicode scalars) and bytes the string has: error positions count the
  /// former, but for a server whose encoding is SQL_ASCII.
  private var length = Length()
  private var segments: [Segment] = []
  private var pieces: [Piece] = []

  /// Statements that stand together and mean the same to a reader of errors.
  private struct Segment {
    var stage: TransactionStage
    var statements: Int
  }

  /// A stretch of a migration's SQL.
  private struct Piece {
    var step: Int
    /// Where it begins in the migration's SQL.
    var source: Length
    /// Where it begins in the query string.
    var start: Length
    var length: Length
  }

  private struct Length {
    var characters = 0
    var bytes = 0

    func counted(inBytes: Bool) -> Int { inBytes ? bytes : characters }

    static func + (left: Self, right: Self) -> Self {
      Self(characters: left.characters + right.characters, bytes: left.bytes + right.bytes)
    }
  }

  /// Writes the script of DESIGN.md section 6, step 4.
  ///
  /// - Parameters:
  ///   - work: what is to be done.
  ///   - calls: the ledger's function calls.
  ///   - check: the statement that checks the ledger's owners, where the last look was long ago.
  ///   - settings: the `SET LOCAL`s of this run, repeated after `RESET ALL`.
  ///   - deferral: `set_constraints_deferred.sql`.
  /// - Throws: when a value cannot be quoted.
  init(
    _ work: TransactionWork, calls: LedgerCalls, check: String?, settings: TransactionSettings,
    deferral: String
  ) throws {
    // Whoever waits for it, or looks at pg_stat_activity, sees what it is: the first line of its string.
    append(
      ["\(Self.mark)\(work.title)\nBEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"], .preparation)
    append(settings.statements, .preparation)
    if let check { append([check], .preparation) }
    append([work.lock ?? calls.lock] + work.guards, .preparation)
    if work.tellsSteps || work.tellsStatements {
      append([ProgressMark.begun.statement], .preparation)
    }
    append(["SAVEPOINT \(Self.savepoint)"], .preparation)
    var path: String?
    var constraintsAreImmediate = false
    for (index, step) in work.steps.enumerated() {
      if constraintsAreImmediate, !step.inspection.isPlain {
        append([deferral], .settling(step: index))
        constraintsAreImmediate = false
      }
      if let wanted = step.searchPath, wanted != path {
        append([try calls.setSearchPath(wanted)], .preparation)
      } else if step.searchPath == nil, path != nil {
        append(["RESET search_path"], .preparation)
      }
      path = step.searchPath
      if !step.settings.isEmpty { append(step.settings, .settling(step: index)) }
      append(step, at: index, tellsStatements: work.tellsStatements)
      // What is plain leaves nothing behind; before COMMIT all is put right in any case.
      if !step.inspection.isPlain || index == work.steps.count - 1 {
        append(["SET CONSTRAINTS ALL IMMEDIATE"], .constraints(step: index))
        constraintsAreImmediate = true
        append(
          step.inspection.cleanup.afterSuccess + settings.statements, .settling(step: index))
        path = nil
      }
      if work.tellsSteps { append([ProgressMark.step(index).statement], .settling(step: index)) }
    }
    if let removal = work.removal { append([removal], .runnerLedgers) }
    append(work.records + ["COMMIT"], .conclusion)
  }

  /// Writes the query string of a statement that cannot run in a transaction: nothing but itself, behind
  /// a comment that tells whose it is.
  ///
  /// - Parameters:
  ///   - work: the migration with that statement alone.
  ///   - range: where it stands in the text, in bytes.
  ///   - run: who runs it; whether it still runs is found by that.
  init(alone work: TransactionWork, at range: Range<Int>, run: RunIdentity) {
    let line = Self.comment(on: work.title, run)
    add(line, Self.length(of: line))
    guard let source = work.steps.first?.inspection.text else { return }
    let sql = source.text(in: range)
    let length = Self.length(of: sql)
    pieces.append(
      Piece(
        step: 0, source: Self.length(of: source.text(in: 0..<range.lowerBound)),
        start: self.length, length: length))
    add(sql, length)
    segments.append(Segment(stage: .sql(step: 0, statement: 0), statements: 1))
  }

  /// What begins the comment that tells what a transaction is.
  static let mark = "-- migration-manager: "

  /// The line before a statement that runs alone.
  ///
  /// The run comes first: of a query others see no more than `track_activity_query_size` bytes, which
  /// may be as few as a hundred, and names are long.
  static func comment(on title: String, _ run: RunIdentity) -> String {
    "\(mark)run \(run.id), \(title)\n"
  }

  /// What one of our comments says that a query does; nil for any other query.
  static func title(of query: String) -> Substring? {
    guard query.hasPrefix(mark) else { return nil }
    let line = query.dropFirst(mark.count).prefix { !$0.isNewline }
    guard line.hasPrefix("run "), let comma = line.firstRange(of: ", ") else { return line }
    return line[comma.upperBound...]
  }

  /// The savepoint before the first migration's SQL.
  static let savepoint = "migration_manager"

  /// What the number of completed statements says about where the server stopped.
  ///
  /// - Parameters:
  ///   - completed: how many statements completed before the error.
  ///   - isInTransaction: whether the connection is left in a (failed) transaction.
  /// - Returns: the part of the script that holds the statement that failed.
  func stage(completed: Int, isInTransaction: Bool) -> TransactionStage {
    if completed == 0 && !isInTransaction { return .nothing }
    var left = completed
    for segment in segments {
      if left < segment.statements {
        guard case .sql(let step, let first) = segment.stage else { return segment.stage }
        return .sql(step: step, statement: first + left)
      }
      left -= segment.statements
    }
    return .conclusion
  }

  /// Which place of which migration's SQL the server points at.
  ///
  /// The semicolon behind the SQL is where a statement ends too soon: it counts as the SQL's end.
  ///
  /// - Parameters:
  ///   - position: the server's, counted from 1.
  ///   - inBytes: whether it counts bytes, not characters.
  /// - Returns: the step, and the offset in its SQL, counted from 1 in the same unit; nil when the
  ///   server points at a statement of ours.
  func place(at position: Int, inBytes: Bool) -> (step: Int, offset: Int)? {
    guard
      let piece = pieces.last(where: { $0.start.counted(inBytes: inBytes) < position })
    else { return nil }
    let offset = position - piece.start.counted(inBytes: inBytes)
    let count = piece.length.counted(inBytes: inBytes)
    guard offset <= count + Self.ending.utf8.count - 1 else { return nil }
    return (piece.step, piece.source.counted(inBytes: inBytes) + min(offset, max(count, 1)))
  }

  /// What follows a migration's SQL: the line end closes a last comment, the semicolon a last
  /// statement.
  private static let ending = "\n;\n"

  /// Appends a migration's SQL without what is not for the server, with a mark before each statement
  /// but the first where the end of each is to be told.
  private mutating func append(_ step: TransactionStep, at index: Int, tellsStatements: Bool) {
    let inspection = step.inspection
    let breaks = tellsStatements && inspection.isParsed ? inspection.statements.dropFirst() : []
    var nextStatement = 0
    var start = 0
    var source = Length()
    func skip(to end: Int) {
      source = source + Self.length(of: inspection.text.text(in: start..<end))
      start = end
    }
    /// Appends the SQL up to a byte, with the statements that begin before it.
    func append(to end: Int) {
      let sql =
        start == 0 && end == step.sql.utf8.count ? step.sql : inspection.text.text(in: start..<end)
      let length = Self.length(of: sql)
      pieces.append(Piece(step: index, source: source, start: self.length, length: length))
      let first = nextStatement
      while nextStatement < inspection.statements.count,
        inspection.statements[nextStatement].lowerBound < end
      {
        nextStatement += 1
      }
      add(sql, length)
      segments.append(
        Segment(stage: .sql(step: index, statement: first), statements: nextStatement - first))
      source = source + length
      start = end
    }
    var cuts: [(range: Range<Int>, mark: Bool)] = inspection.omissions.map { ($0, false) }
    cuts += breaks.map { ($0.lowerBound..<$0.lowerBound, true) }
    cuts.sort { ($0.range.lowerBound, $0.mark ? 1 : 0) < ($1.range.lowerBound, $1.mark ? 1 : 0) }
    for cut in cuts {
      append(to: cut.range.lowerBound)
      if cut.mark {
        let mark = ProgressMark.statement(step: index, statement: nextStatement - 1)
        self.append([mark.statement], .settling(step: index))
      } else {
        skip(to: cut.range.upperBound)
      }
    }
    append(to: step.sql.utf8.count)
    copyData += inspection.copyData
    add(Self.ending, Self.length(of: Self.ending))
    if tellsStatements, nextStatement > 0 {
      let mark = ProgressMark.statement(step: index, statement: nextStatement - 1)
      self.append([mark.statement], .settling(step: index))
    }
  }

  private mutating func append(_ statements: [String], _ stage: TransactionStage) {
    for statement in statements {
      let line = statement + ";\n"
      add(line, Self.length(of: line))
    }
    segments.append(Segment(stage: stage, statements: statements.count))
  }

  private mutating func add(_ part: String, _ partLength: Length) {
    text += part
    length = length + partLength
  }

  private static func length(of text: String) -> Length {
    // By bytes, each but those that continue a character: walking over scalars takes longer by far.
    Length(
      characters: text.utf8.count { $0 & 0b1100_0000 != 0b1000_0000 }, bytes: text.utf8.count)
  }
}
