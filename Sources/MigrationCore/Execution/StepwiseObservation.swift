internal import LedgerSQL
internal import PostgresClient
internal import SQLParsing

extension Database {
  /// Whether a recorded search path is this connection's own.
  func hasSearchPath(_ path: String) -> Bool {
    guard let schemas = facts?.schemas else { return false }
    let own = schemas.map {
      "\"\($0.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\""
    }
    return path == own.joined(separator: ", ")
  }

  /// What is half applied or half rolled back.
  ///
  /// - Parameter requirement: what the command needs of the ledger.
  /// - Returns: the open rows of the journal.
  /// - Throws: ``ErrorReport``.
  func openSteps(_ requirement: Requirement) throws -> OpenSteps {
    let results = try read(requirement) { [$0.statement(.openSteps)] }
    return results.lazy.compactMap(OpenSteps.init).first ?? OpenSteps()
  }

  /// What the catalog holds of the objects of a statement that runs alone.
  ///
  /// - Parameters:
  ///   - statement: the statement.
  ///   - unit: where it stands.
  ///   - work: what it is of: under its search path and settings the names are looked up.
  ///   - isConcluding: whether no signal keeps it from that.
  /// - Returns: what is there; nil where the catalog does not tell of such a statement.
  /// - Throws: `QueryError`, with no transaction left open.
  func observation(
    of statement: LoneStatement, _ unit: MigrationUnit, in work: StepwiseWork,
    isConcluding: Bool = false
  ) throws -> Observation? {
    guard var question = ObservationQuestion(of: statement) else { return nil }
    question.roles = unit.settings.filter(\.changesRole).map(\.sql)
    let path = try work.searchPath.map { try calls.setSearchPath($0) }
    return try observation(
      question, under: [path].compactMap { $0 } + unit.settings.map(\.sql),
      isConcluding: isConcluding)
  }

  /// What the catalog answers to a question about the objects of a statement that runs alone.
  ///
  /// - Parameters:
  ///   - question: the question.
  ///   - settings: statements that make settings for it.
  ///   - isConcluding: whether no signal keeps it from that.
  /// - Returns: the answer.
  /// - Throws: `QueryError`, with no transaction left open.
  func observation(
    _ question: ObservationQuestion, under settings: [String] = [], isConcluding: Bool = false
  ) throws -> Observation? {
    var string = ["BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY"] + settings
    string.append(
      self.statement(.loneObservation, ["question": try quote(encodedJSON(question))])
        .trimmed.droppingLast(";"))
    string.append("ROLLBACK")
    do {
      let text = string.joined(separator: ";\n")
      let results = try isConcluding ? conclude(text) : execute(text)
      return results.lazy.compactMap { result in
        result.columnIndex(named: "observation").flatMap {
          Observation(json: result.value(row: 0, column: $0))
        }
      }.first
    } catch {
      if isInTransaction { _ = try? conclude("ROLLBACK") }
      throw error
    }
  }
}

extension StepwiseWork {
  /// Where it goes on after what is in the journal.
  func resumePoint(_ journal: [JournalRow]) -> ResumePoint {
    ResumePoint.decide(units, journal: journal, of: name, direction, origin: origin)
  }

  /// The statement that a person must tell about before it goes on.
  ///
  /// - Parameters:
  ///   - journal: the open rows of it.
  ///   - database: asked what the catalog holds.
  /// - Returns: the statement; nil where there is no question.
  /// - Throws: ``ErrorReport`` where the catalog cannot be asked.
  func question(after journal: [JournalRow], on database: Database) throws -> UnseenStatement? {
    guard !journal.isEmpty,
      case .unseen(let unit, let before) = resumePoint(journal)
    else { return nil }
    let statement = lone(unit)
    do {
      let now = try database.observation(of: statement, unit, in: self)
      guard case .ask = LoneVerdict.judge(statement, before: before, now: now) else { return nil }
    } catch let error as QueryError {
      throw ErrorReport(error, reading: database.target)
    }
    return UnseenStatement(
      migration: name, number: unit.number, count: units.count, words: words(for: unit),
      refusal: question(about: unit), checksum: unit.checksum)
  }

  /// Why it cannot run here: behind a pooler no setting holds from one statement to the next, unless
  /// both are in one transaction.
  func refusal(on database: Database) -> ErrorReport? {
    guard !database.isDirect else { return nil }
    let hasOwnPath = searchPath.map { !database.hasSearchPath($0) } ?? false
    let culprit = units.first { unit in
      guard case .lone = unit.kind else { return false }
      return hasOwnPath || !unit.settings.isEmpty
    }
    guard let culprit else { return nil }
    return ErrorReport(
      .refused,
      "statement \(culprit.number) of '\(name)' runs outside a transaction, and needs "
        + (culprit.settings.isEmpty ? "another search path" : "settings")
        + ": behind a pooler none would hold",
      details: [words(for: culprit)], hint: "connect to the server itself, not to the pooler")
  }
}
