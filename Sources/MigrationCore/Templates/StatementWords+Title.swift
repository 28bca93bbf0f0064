internal import SQLParsing

extension StatementWords {
  /// What the statement is called in a TODO: its command and what it names, never its literals.
  ///
  /// - Parameters:
  ///   - effect: which of the things that it does is meant; nil takes the first.
  ///   - object: what the TODO is about; nil takes what the effect is about.
  /// - Returns: such as `ALTER TABLE users ALTER COLUMN email TYPE`.
  func title(of effect: ObjectEffect?, about object: DatabaseObject?) -> String {
    let effects = (effect.map { [$0] } ?? []) + statement.effects
    guard let effect = effects.first(where: { object == nil || $0.object == object }) else {
      return object.map { "\(command) \(name($0))" } ?? command
    }
    let named = effect.object
    switch effect {
    case .alters(_, .columnDefault(let column)):
      return "\(command) \(name(named)) ALTER COLUMN \(part(column)) DEFAULT"
    case .alters(_, .columnType(let column)):
      return "\(command) \(name(named)) ALTER COLUMN \(part(column)) TYPE"
    case .alters(_, .owner): return "\(command) \(name(named)) OWNER TO"
    case .alters(_, .validation(let constraint)):
      return "\(command) \(name(named)) VALIDATE CONSTRAINT \(part(constraint))"
    case .alters(_, .comment):
      return "COMMENT ON \(named.kind.words) \(qualified(named))"
    case .alters(_, .privileges):
      return "\(command) ON \(named.kind.words) \(qualified(named))"
    case .drops where statement.tag.hasPrefix("ALTER "),
      .creates where statement.tag.hasPrefix("ALTER "):
      let verb = if case .drops = effect { "DROP" } else { "ADD" }
      let owner = named.owner.map { name($0) } ?? ""
      let kind = named.kind == .enumLabel ? "VALUE" : named.kind.words
      return "\(command) \(owner) \(verb) \(kind) \(part(named.name.name))"
    case .drops, .creates:
      let owner = named.kind == .index ? nil : named.owner.map { " ON \(name($0))" }
      return "\(command) \(name(named))\(owner ?? "")"
    default: return "\(command) \(qualified(named))"
    }
  }

  /// The command with what it says about objects that are there, or are not.
  private var command: String {
    for case .creates(_, _, _, orReplace: true) in statement.effects {
      return "CREATE OR REPLACE" + statement.tag.dropFirst("CREATE".count)
    }
    for case .drops(_, ifExists: true, _) in statement.effects where statement.tag.hasPrefix("DROP")
    {
      return "\(statement.tag) IF EXISTS"
    }
    return statement.tag
  }

  /// An object with its owner before it, as `COMMENT` names columns.
  private func qualified(_ object: DatabaseObject) -> String {
    switch object.kind {
    case .column: (object.owner.map { name($0) + "." } ?? "") + part(object.name.name)
    case .trigger, .policy, .rule, .constraint:
      part(object.name.name) + (object.owner.map { " ON \(name($0))" } ?? "")
    default: name(object)
    }
  }
}
