/// The SQL of the ledger, for a schema of any name.
///
/// The texts stand in `Sources/CLedgerSQL/sql`, one table, view, function or statement a file,
/// and are embedded at build time.
package enum LedgerSQL {
  /// The version of the ledger that this program creates and knows. It stands in the comment on
  /// `migration_history`.
  package static let version = 1

  /// What the error's message holds by which ``LedgerStatement/ledgerGlance`` asks for a closer look.
  package static let glanceMarker = "migration-manager: look closer"

  /// A script that creates the ledger, completes it, or upgrades an older one; a current one is
  /// left as it is, without so much as an event.
  ///
  /// To be run inside a READ COMMITTED transaction that the caller opened; it takes the ledger's
  /// lock first. It raises MM002 where objects of the ledger's names belong to someone else
  /// (before anything is created, again before anything is written, and at the end), MM004 where the lock is held, MM007 where
  /// the ledger is newer, MM011 under another isolation level, and MM012 where an older ledger's
  /// owner is a role that the current one is no member of.
  ///
  /// - Parameter schema: Where the ledger lives; made if it does not exist.
  /// - Returns: Several statements, each ended by a semicolon.
  package static func creation(in schema: LedgerSchemaName) -> String {
    let objects = EmbeddedFile.objects
      .map { "EXECUTE $ledger_object$\n\(withBlocks($0.text))$ledger_object$;\n" }
      .joined()
    let check = text(of: .sessionCheck)
    let script = withBlocks(EmbeddedFile.creation.text)
      .filling("@objects@", with: objects)
      .filling("@check@", with: "EXECUTE $ledger_object$\n\(check)$ledger_object$;\n")
    return SQLTemplate(text: text(of: .creationLock) + check + script + check)
      .filled(
        with: values(
          for: schema, and: ["requirement": "'create'", "explicit": "'true'"]))
  }

  /// A script that drops the ledger whole, without CASCADE, and whose one row tells what it dropped.
  ///
  /// To be run inside a READ COMMITTED transaction that the caller opened; it takes the ledger's
  /// lock first. It raises what ``creation(in:)`` raises before it creates anything, MM012 where the
  /// role is not the owner's, and 2BP01 where objects of others depend on the ledger's.
  ///
  /// - Parameter schema: Where the ledger lives; dropped too where the ledger made it and nothing
  ///   else is in it.
  /// - Returns: Several statements, each ended by a semicolon.
  package static func removal(in schema: LedgerSchemaName) -> String {
    let statements: [LedgerStatement] = [
      .creationLock, .sessionCheck, .setSearchPath, .ledgerInventory, .dropLedger,
    ]
    return SQLTemplate(text: statements.map(text).joined())
      .filled(with: values(for: schema, and: ["requirement": "'drop'", "explicit": "'true'"]))
  }

  /// A statement with its placeholders replaced.
  ///
  /// - Parameters:
  ///   - statement: Which one.
  ///   - schema: Where the ledger lives.
  ///   - values: SQL literals, already quoted, for the placeholders that the statement's case
  ///     names. They are put in as they are.
  ///   - isSuperuser: Whether a superuser sends it, who needs no view to ask what he may see: to plan
  ///     that takes a fresh connection as long as reading a thousand rows.
  /// - Returns: One statement, ended by a semicolon.
  package static func statement(
    _ statement: LedgerStatement, in schema: LedgerSchemaName, values: [String: String] = [:],
    isSuperuser: Bool = false
  ) -> String {
    SQLTemplate(text: text(of: statement, isSuperuser: isSuperuser))
      .filled(with: self.values(for: schema, and: values))
  }

  // What the ledger consists of, as arrays: more than one statement speaks of it.
  private static let tables = text(of: .ledgerTables)
  private static let views = text(of: .ledgerViews)
  private static let functions = text(of: .ledgerFunctions)

  private static func values(
    for schema: LedgerSchemaName, and others: [String: String]
  ) -> [String: String] {
    let own = [
      "extschema": schema.quotedIdentifier,
      "extschemaname": schema.quotedLiteral,
      "ledgerversion": String(version),
      "ledgertables": tables,
      "ledgerviews": views,
      "ledgerfunctions": functions,
    ]
    return others.merging(own) { _, own in own }
  }

  /// A statement's text, with what it shares with other files filled in.
  private static func text(of statement: LedgerStatement) -> String {
    text(of: statement, isSuperuser: false)
  }

  private static func text(of statement: LedgerStatement, isSuperuser: Bool) -> String {
    func rows(ofView name: String) -> String {
      isSuperuser ? query(ofView: name) : "@extschema@.\(name)"
    }
    let text = EmbeddedFile.statements.first { $0.name == statement.rawValue }?.text ?? ""
    switch statement {
    case .creationLock, .dropLedger:
      return withBlocks(text)
    case .rollbackPlan:
      return text.filling("@check@", with: query(of: .check))
    case .ledgerGlance:
      return text.filling("@members@", with: isSuperuser ? "" : self.text(of: .ledgerMembers))
    case .migrationStates:
      return text.filling("@order@", with: rows(ofView: "migration_order"))
    case .openSteps:
      return text.filling("@steps@", with: rows(ofView: "migration_open_steps"))
    case .applyFailures:
      return text.filling("@order@", with: rows(ofView: "migration_order"))
        .filling("@events@", with: rows(ofView: "migration_event_log"))
    case .runnerLedgers, .runnerRows, .removeRunnerRows:
      return text.filling("@tables@", with: query(of: .runnerTables))
    default:
      return text
    }
  }

  /// A statement to be put into another one: without its last semicolon.
  private static func query(of statement: LedgerStatement) -> String {
    let text = self.text(of: statement)
    return String(text[..<(text.lastIndex(of: ";") ?? text.endIndex)])
  }

  /// What a view reads, without its question who may see it, to be put into a statement.
  private static func query(ofView name: String) -> String {
    let text = EmbeddedFile.objects.first { $0.name == name }?.text ?? ""
    guard let start = text.firstRange(of: "AS\nSELECT")?.lowerBound,
      let end = text.firstRange(of: "\nWHERE (SELECT visibility")?.lowerBound
    else { return "@extschema@.\(name)" }
    return "(" + text[start..<end].dropFirst("AS\n".count) + ")"
  }

  /// A text with what the ledger's objects share: an expression, and the PL/pgSQL blocks that also
  /// run where there are no functions.
  private static func withBlocks(_ text: String) -> String {
    text
      .filling("@advisory_lock@", with: self.text(of: .advisoryLock))
      .filling("@version_number@", with: self.text(of: .versionNumber))
      .filling("@check_lease@", with: body(ofFunction: "migration_check_lease"))
  }

  /// What stands between a function's dollar quotes: a PL/pgSQL block.
  private static func body(ofFunction name: String) -> String {
    let text = EmbeddedFile.objects.first { $0.name == name }?.text ?? ""
    let parts = text.split(separator: "$ledger$", maxSplits: 2, omittingEmptySubsequences: false)
    return parts.count == 3 ? String(parts[1]) : ""
  }
}

extension String {
  /// The text with a placeholder replaced wherever it stands.
  fileprivate func filling(_ placeholder: String, with text: String) -> String {
    split(separator: placeholder, omittingEmptySubsequences: false).joined(separator: text)
  }
}
