internal import SQLParsing

/// A migration's SQL cut into units, to be run statement by statement. Pure: it touches neither disk
/// nor database.
///
/// What stands between `BEGIN` and `COMMIT` is one unit. Settings of the session (`SET`, `RESET`, `SET
/// ROLE`) are none: they hold for the units behind them, whenever those run.
struct UnitScript: Sendable {
  /// Something at a place of the SQL that must not be, or should be known.
  struct Finding: Equatable, Sendable {
    /// Where, in bytes.
    var offset: Int
    /// What is wrong, or to be known.
    var message: String
    /// What to do; empty for what only should be known.
    var hint = ""
  }

  /// The units, in order.
  private(set) var units: [MigrationUnit] = []
  /// What cannot be run statement by statement.
  private(set) var refusals: [Finding] = []
  /// What has no effect.
  private(set) var warnings: [Finding] = []

  private let text: SourceText
  /// Where the data of each `COPY ... FROM stdin` ends, by its statement.
  private let dataEnds: [Int: Int]
  private var settings: [MigrationUnit.Setting] = []
  private var block: Block?
  /// Where the data of the last `COPY` ends: what stands before it belongs to that unit.
  private var dataEnd = 0

  /// What stands between a `BEGIN` and its `COMMIT`.
  private struct Block {
    var begin: Statement
    var first: Int
    var statements: [Statement] = []
    var settings: [MigrationUnit.Setting] = []
  }

  /// Cuts SQL into units.
  ///
  /// - Parameters:
  ///   - parsed: what parsing found in it.
  ///   - text: the SQL.
  init(of parsed: ParsedSQL, in text: SourceText) {
    self.text = text
    dataEnds = Dictionary(
      parsed.copyData.map { ($0.statement, $0.range.upperBound) },
      uniquingKeysWith: { first, _ in first })
    for (index, statement) in parsed.statements.enumerated() {
      if block == nil {
        take(statement, at: index)
      } else {
        takeInBlock(statement, at: index)
      }
      if let end = dataEnds[index] { dataEnd = end }
    }
    if let block {
      refuse(
        block.begin, "BEGIN without a COMMIT after it",
        hint: "write COMMIT; after the statements that belong together")
    }
  }

  // MARK: Statements

  private mutating func take(_ statement: Statement, at index: Int) {
    // Behind a COPY on its line, before its data.
    if statement.range.lowerBound < dataEnd {
      join(statement, at: index)
      return
    }
    switch statement.kind {
    case .transactionControl(.begin):
      block = Block(begin: statement, first: index + 1)
      if hasModes(statement) {
        warnings.append(
          Finding(
            offset: statement.range.lowerBound,
            message: "what stands behind BEGIN is left out: each transaction is READ COMMITTED"))
      }
      return
    case .transactionControl(.commitPrepared), .transactionControl(.rollbackPrepared): break
    case .transactionControl(.commit):
      refuse(statement, "COMMIT without a BEGIN before it", hint: "remove it")
      return
    case .transactionControl:
      refuseControl(statement)
      return
    case .setting(let name, _, let isLocal):
      if isLocal || name == "transaction" {
        warnings.append(
          Finding(
            offset: statement.range.lowerBound,
            message: "\(isLocal ? "SET LOCAL" : "SET TRANSACTION") has no effect outside BEGIN and "
              + "COMMIT"))
      } else {
        note(setting(of: statement, name), in: &settings)
      }
      return
    default: break
    }
    if statement.lone == .discard {
      settings = []
      return
    }
    if let limitation = statement.lone?.limitation {
      refuse(statement, limitation, hint: "write a statement for each index, without CASCADE")
      return
    }
    if let what = statement.vanishing {
      refuse(
        statement, "\(what) would be gone before the next statement runs",
        hint: "put it, and what needs it, between BEGIN; and COMMIT;")
      return
    }
    append(
      statement.range, index..<(index + 1), statement.lone.map { .lone($0) } ?? .transactional,
      end: dataEnds[index])
  }

  /// Whether a `BEGIN` or `START TRANSACTION` asks for an isolation level or the like.
  private func hasModes(_ statement: Statement) -> Bool {
    let words = text.text(in: statement.range).split { !$0.isLetter }
    return words.contains {
      !["BEGIN", "START", "TRANSACTION", "WORK"].contains($0.uppercased())
    }
  }

  private mutating func takeInBlock(_ statement: Statement, at index: Int) {
    switch statement.kind {
    case .transactionControl(.commit):
      if statement.range.lowerBound < dataEnd {
        refuseBeforeData(statement)
      }
      endBlock(at: index)
      return
    case .transactionControl(.begin):
      refuse(
        statement, "BEGIN inside of BEGIN and COMMIT", hint: "write COMMIT; before it, or remove it"
      )
      return
    case .transactionControl(.commitPrepared), .transactionControl(.rollbackPrepared):
      refuseInBlock(statement, "\(statement.tag) cannot run inside a transaction block")
      return
    case .transactionControl:
      refuseControl(statement)
      return
    case .nonTransactional(let reason):
      refuseInBlock(statement, reason)
      return
    case .setting(let name, _, isLocal: false) where name != "transaction":
      let setting = setting(of: statement, name)
      block?.settings.append(setting)
    default: break
    }
    block?.statements.append(statement)
  }

  private mutating func endBlock(at index: Int) {
    guard let block else { return }
    self.block = nil
    if let first = block.statements.first, let last = block.statements.last {
      let indices = block.first..<index
      let end = indices.compactMap { dataEnds[$0] }.max()
      append(first.range.lowerBound..<last.range.upperBound, indices, .transactional, end: end)
      for use in EnumValueUse.find(in: block.statements, of: text) {
        refusals.append(
          Finding(
            offset: use.offset, message: use.message,
            hint: "put ALTER TYPE ... ADD VALUE before the BEGIN"))
      }
    }
    for setting in block.settings { note(setting, in: &settings) }
  }

  // MARK: Units

  private mutating func append(
    _ range: Range<Int>, _ statements: Range<Int>, _ kind: MigrationUnit.Kind, end: Int?
  ) {
    let range = range.lowerBound..<max(range.upperBound, end ?? 0)
    let place = text.position(atByte: range.lowerBound)
    units.append(
      MigrationUnit(
        number: units.count + 1, line: place.line, range: range, statements: statements,
        sql: String(repeating: " ", count: place.column - 1) + text.text(in: range), kind: kind,
        settings: settings, checksum: checksum(of: range)))
  }

  /// Makes a statement a part of the unit before it, whose data stands behind both.
  private mutating func join(_ statement: Statement, at index: Int) {
    guard var unit = units.last, unit.kind == .transactional, statement.lone == nil,
      statement.isPartOfTransaction
    else {
      refuseBeforeData(statement)
      return
    }
    unit.statements = unit.statements.lowerBound..<(index + 1)
    unit.range = unit.range.lowerBound..<max(unit.range.upperBound, dataEnds[index] ?? 0)
    unit.sql =
      String(unit.sql.prefix { $0 == " " }) + text.text(in: unit.range)
    unit.checksum = checksum(of: unit.range)
    units[units.count - 1] = unit
  }

  private func checksum(of range: Range<Int>) -> String {
    let settings = settings.filter(\.changesMeaning).map { $0.sql + ";\n" }.joined()
    return FileChecksums.ofCode(text.bytes, in: range, behind: Array(settings.utf8))
  }

  private func setting(of statement: Statement, _ name: String) -> MigrationUnit.Setting {
    MigrationUnit.Setting(
      name: name, sql: text.text(in: statement.range),
      line: text.position(atByte: statement.range.lowerBound).line)
  }

  /// Takes up a setting in the place of an older one of its name; `RESET ALL` takes away all but the
  /// role (manual, reference page of `RESET`).
  private func note(_ setting: MigrationUnit.Setting, in settings: inout [MigrationUnit.Setting]) {
    if setting.name == "all" {
      settings.removeAll { $0.name != "role" && $0.name != "session_authorization" }
    } else {
      settings.removeAll { $0.name == setting.name }
      settings.append(setting)
    }
  }

  // MARK: Refusals

  private mutating func refuse(_ statement: Statement, _ message: String, hint: String) {
    refusals.append(Finding(offset: statement.range.lowerBound, message: message, hint: hint))
  }

  private mutating func refuseInBlock(_ statement: Statement, _ message: String) {
    refuse(statement, message, hint: "write it outside of BEGIN and COMMIT")
  }

  private mutating func refuseBeforeData(_ statement: Statement) {
    refuse(
      statement, "\(statement.tag) between a COPY and its data",
      hint: "write it on a line of its own, below the data")
  }

  /// What decides at run time what is kept would make of the same words another thing each time.
  private mutating func refuseControl(_ statement: Statement) {
    refuse(
      statement, "\(statement.tag) in a migration that runs statement by statement",
      hint: "only BEGIN and COMMIT may stand in it: remove it")
  }
}

extension Statement {
  /// What it makes for its session, which the next statement will not find; nil for nothing.
  fileprivate var vanishing: String? {
    if makesTemporaryObject { return "what is temporary" }
    return tag == "PREPARE" ? "a prepared statement" : nil
  }

  /// Whether it can stand in a unit beside another statement.
  fileprivate var isPartOfTransaction: Bool {
    switch kind {
    case .transactionControl, .setting: false
    default: vanishing == nil
    }
  }
}
