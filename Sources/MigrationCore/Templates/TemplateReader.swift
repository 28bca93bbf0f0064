internal import SQLParsing

/// Reads the statements of a migration in order, and makes the steps that undo them.
///
/// The one rule behind it all: what stands on an object that this file creates goes with that
/// object, unless it also needs something that the file creates later, which is dropped before.
struct TemplateReader {
  /// The objects that the file creates.
  var own = OwnObjects()
  /// What undoes the statements so far, in the order of the file; nil for what turned out not to be
  /// needed.
  var steps: [RollbackTemplate.Step?] = []
  /// The statement that is read.
  var words: StatementWords
  /// Which of the things that the statement does is read.
  private var effect: ObjectEffect?
  /// What earlier migrations define.
  let earlier: EarlierMigrations

  private let up: ParsedSQL
  private let text: SourceText
  /// The schemas of the `SET search_path` before the statement; nil without one.
  private var path: [String]?
  /// Those of the last one, which is what the rollback runs under.
  private let lastPath: [String]?

  /// Takes a script.
  ///
  /// - Parameters:
  ///   - up: the parsed up SQL, its needs found.
  ///   - text: the text that was parsed.
  ///   - earlier: what earlier migrations define.
  init(up: ParsedSQL, text: SourceText, earlier: EarlierMigrations) {
    self.up = up
    self.text = text
    self.earlier = earlier
    lastPath = up.statements.last { $0.setsPath }.flatMap(\.path)
    words = StatementWords(Statement(range: 0..<0), in: text, addingSchema: nil)
  }

  /// Reads the script.
  ///
  /// - Returns: the steps in the order in which they run.
  mutating func read() -> [RollbackTemplate.Step] {
    for statement in up.statements {
      words = StatementWords(statement, in: text, addingSchema: path == lastPath ? nil : schema)
      if statement.setsPath { path = statement.path }
      read(statement)
    }
    for command in up.metaCommands {
      steps.append(
        .todo(
          TemplateTodo(
            line: command.position.line,
            statement: command.text.split(whereSeparator: \.isWhitespace).first.map(String.init)
              ?? "",
            reason: "psql runs it, and this program does not see what it does", suggestion: nil)))
    }
    return steps.reversed().compactMap { $0 }
  }

  /// The schema that names without one mean, as far as the file tells.
  private var schema: String? {
    path?.first { $0 != "$user" && $0 != "pg_catalog" && $0 != "pg_temp" }
  }

  // MARK: Statements

  private mutating func read(_ statement: Statement) {
    switch statement.kind {
    case .transactionControl(let control):
      readTransactionControl(control)
    case .setting, .copyToStdout:
      break
    case .doBlock:
      leave("what a DO block does cannot be told from its text")
    case .unknownToParser:
      leave(
        "the parser of this program (PostgreSQL 15) does not know it\(refusal(of: statement))")
    case .query:
      readQuery(statement)
    case .other:
      readOther(statement)
    case .definition, .dataChange, .copyFromStdin, .nonTransactional:
      readEffects(of: statement)
    }
  }

  /// The parser's words about a statement that it refused, and the line where that is another than
  /// the statement's first; nothing for one that it did not look at.
  private func refusal(of statement: Statement) -> String {
    let alone = SourceText(text.text(in: statement.range))
    guard let error = SQLParser.parse(alone).syntaxError else { return "" }
    let place = error.position.line > 1 ? " on line \(words.line + error.position.line - 1)" : ""
    return ": \(error.message)\(place)"
  }

  private mutating func readTransactionControl(_ control: TransactionControl) {
    switch control {
    case .begin, .commit, .savepoint, .release:
      break
    case .rollback, .rollbackTo:
      leave("it undoes statements above: take their undo out of this section")
    case .prepareTransaction, .commitPrepared, .rollbackPrepared:
      leave("what becomes of the prepared transaction is not told")
    }
  }

  /// A query changes something only through a function that it calls.
  private mutating func readQuery(_ statement: Statement) {
    if !statement.effects.isEmpty { return readEffects(of: statement) }
    let called = statement.needs.filter { $0.kind == .function && !$0.name.onlyReads }
    guard let first = called.first else {
      if statement.wasNotParsed { leave("it is too long to be read") }
      return
    }
    let name = words.name(first.name)
    leave("what \(name)() changes cannot be told from here")
  }

  private mutating func readOther(_ statement: Statement) {
    switch statement.tag {
    case "CALL", "EXECUTE":
      leave("what it runs cannot be told from here")
    case "EXPLAIN":
      if words.has("analyze") { leave("EXPLAIN ANALYZE runs its statement") }
    case "CLUSTER":
      leave("the table is marked as clustered: ALTER TABLE ... SET WITHOUT CLUSTER takes that back")
    case "COPY":
      // To a file or a program: outside the database.
      leave("what it writes stands outside the database")
    default:
      // LOCK, ANALYZE, NOTIFY, LISTEN, PREPARE, cursors, CHECKPOINT, DISCARD, LOAD, REINDEX,
      // SET CONSTRAINTS: nothing stays that a rollback could take back.
      break
    }
  }

  private mutating func readEffects(of statement: Statement) {
    switch statement.tag {
    case "GRANT", "GRANT ROLE", "REVOKE", "REVOKE ROLE", "ALTER DEFAULT PRIVILEGES", "COMMENT":
      return readWholeStatement(statement)
    case "REFRESH MATERIALIZED VIEW", "VACUUM", "REINDEX", "CLUSTER", "DISCARD":
      // Rows that are derived, and how rows are stored.
      return
    default:
      break
    }
    guard !statement.effects.isEmpty else {
      return leave(
        statement.kind == .dataChange
          ? "the rows that it changes are not in this file"
          : "its undo cannot be told from its text")
    }
    defer { effect = nil }
    for (index, effect) in statement.effects.enumerated() {
      self.effect = effect
      switch effect {
      case .creates(let object, let isTemporary, let ifNotExists, let orReplace):
        let origin: OwnObject.Origin =
          isTemporary
          ? .temporary : orReplace ? .replaced : ifNotExists ? .createdIfAbsent : .created
        undoCreation(of: object, origin)
      case .drops(let object, let ifExists, let cascade):
        undoDrop(of: object, ifExists: ifExists, cascade: cascade)
      case .renames(let index, _) where index.kind == .index && statement.tag == "ALTER TABLE":
        undoConstraint(usingIndex: index)
      case .renames(let object, let name):
        undoRename(of: object, to: name)
      case .moves(let object, let schema):
        undoMove(of: object, to: schema)
      case .alters(_, .parts):
        // `ALTER TYPE ... ADD VALUE ''` and its like: a part that has no effect of its own.
        if index == statement.effects.count - 1 { leave("its undo cannot be told from its text") }
      case .alters(let object, let alteration):
        undoAlteration(of: object, alteration)
      }
    }
  }

  // MARK: Steps

  /// Adds a statement that undoes.
  ///
  /// - Parameters:
  ///   - object: what it is about.
  ///   - sql: the statement.
  ///   - remark: what to know of it.
  /// - Returns: its place among the steps.
  @discardableResult
  mutating func undo(_ object: DatabaseObject, with sql: String, remark: String? = nil) -> Int {
    if isLost(object) {
      leave("the file sets search_path after it: write the schema of the name", "\(sql);")
    } else {
      steps.append(.sql(sql, remark: remark))
    }
    return steps.count - 1
  }

  /// Adds a TODO for the statement that is read.
  ///
  /// - Parameters:
  ///   - reason: why its undo cannot be told.
  ///   - suggestion: what it may be, and when.
  ///   - object: what the statement is about; nil takes what it changes first.
  mutating func leave(
    _ reason: String, _ suggestion: String? = nil, about object: DatabaseObject? = nil
  ) {
    steps.append(
      .todo(
        TemplateTodo(
          line: words.line, statement: words.title(of: effect, about: object), reason: reason,
          suggestion: suggestion)))
  }

  /// Whether the name is found along another path when the rollback runs, and which schema was meant
  /// is not known.
  private func isLost(_ object: DatabaseObject) -> Bool {
    guard path != lastPath, schema == nil else { return false }
    return object.owner.map { $0.schema == nil }
      ?? (object.kind.hasSchema && object.name.schema == nil)
  }

  // MARK: Names

  /// An object with the schemas that its names mean; `public` where nothing tells.
  func placed(_ object: DatabaseObject) -> DatabaseObject {
    object.placed(in: schema ?? "public")
  }

  /// The schema that a name without one means, where the file says it.
  var knownSchema: String? { schema }

  /// Whether the statement needs something that the file creates after an object.
  func needsLater(than owner: OwnObject) -> Bool {
    let needs = words.statement.needs.map(placed)
    return own.referred(by: needs).contains { $0.order > owner.order && $0.origin != .temporary }
  }
}

extension Statement {
  /// Whether it sets or resets the search path.
  fileprivate var setsPath: Bool {
    if case .setting("search_path", _, _) = kind { true } else { false }
  }

  /// The schemas of its `SET search_path`.
  fileprivate var path: [String]? {
    if case .setting(_, let values, _) = kind { values } else { nil }
  }

  /// Whether only its first word was looked at: a query that was parsed and calls nothing needs no
  /// look at its length.
  fileprivate var wasNotParsed: Bool { range.count > 1 << 20 }
}

extension ObjectName {
  /// Whether it is one of the functions that queries of migrations call to look, not to change.
  fileprivate var onlyReads: Bool {
    [
      "count", "sum", "min", "max", "avg", "now", "version", "current_setting", "array_agg",
      "string_agg", "json_agg", "jsonb_agg", "jsonb_build_object", "json_build_object", "length",
      "lower", "upper", "format", "concat", "pg_typeof", "pg_get_functiondef", "pg_get_viewdef",
      "pg_get_constraintdef", "pg_get_expr", "has_table_privilege", "to_regclass", "row_number",
      "pg_size_pretty", "pg_total_relation_size", "pg_relation_size", "unnest", "generate_series",
      "date_trunc", "round", "obj_description", "col_description", "array_length", "cardinality",
      "to_char", "jsonb_array_length", "array_to_string", "coalesce", "bool_and", "bool_or",
    ].contains(name)
  }
}
