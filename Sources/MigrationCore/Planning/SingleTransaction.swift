internal import SQLParsing

/// What SQL must not hold that runs in one transaction, and how to ask for another way. Pure.
struct SingleTransaction {
  /// Which of a migration's two texts it is.
  let direction: Direction
  /// Where it stands.
  let origin: SQLOrigin
  /// The migration's name.
  let name: String
  /// The SQL.
  let text: SourceText

  /// What would end the transaction, cannot run in it, or needs what it has not committed yet.
  ///
  /// - Parameter statements: those of the SQL, in order.
  /// - Returns: what is found, in the order of the statements but for the last.
  func refusals(of statements: [Statement]) -> [UnitScript.Finding] {
    var findings: [UnitScript.Finding] = []
    var directive = ""
    if statements.contains(where: { $0.mustRunAlone }) { directive = self.directive }
    for statement in statements {
      let start = statement.range.lowerBound
      switch statement.kind {
      case .transactionControl:
        let removal =
          direction == .up
          ? "remove it"
          : "remove it, and run \(ShellWord.command("register", name)) if it is recorded"
        findings.append(
          UnitScript.Finding(
            offset: start,
            message: "\(statement.tag) in \(direction.sql): it runs inside one "
              + "transaction",
            hint: directive.isEmpty ? removal : "\(removal); or \(directive)"))
      case .nonTransactional(let reason):
        findings.append(
          UnitScript.Finding(
            offset: start, message: statement.lone?.limitation ?? reason,
            hint: statement.lone?.limitation == nil
              ? directive : "write a statement for each index, without CASCADE; \(directive)"))
      default: break
      }
    }
    let uses = EnumValueUse.find(in: statements, of: text)
    return findings
      + uses.map { use in
        UnitScript.Finding(
          offset: use.offset, message: use.message,
          hint: direction == .up
            ? "add the value in a migration of its own, before this one; or \(self.directive)"
            : self.directive)
      }
  }

  /// How to ask for statement by statement.
  var request: String {
    let isOwnFile =
      if case .file(let path, _, _) = origin { FileRole.isRollbackScript(path) } else { false }
    return direction == .up || isOwnFile
      ? "put '-- Transaction: none' into the file's header"
      : "write '-- ROLLBACK START (no transaction)'"
  }

  /// The same, with what it means and which line was probably meant to ask for it.
  private var directive: String {
    let miss = TransactionHeader.nearMiss(in: text).map { miss in
      let line = origin.location(line: miss.line, column: 1).line
      return "line \(line), '\(miss.text)', does not say so here: "
    }
    var hint = (miss ?? "") + request + ": its statements then run one by one"
    if case .recorded = origin { hint += "; and run \(ShellWord.command("register", name))" }
    return hint
  }
}

extension Statement {
  /// Whether PostgreSQL refuses it in a transaction block.
  fileprivate var mustRunAlone: Bool {
    if case .nonTransactional = kind { true } else { false }
  }
}
