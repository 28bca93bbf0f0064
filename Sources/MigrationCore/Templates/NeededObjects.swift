internal import SQLParsing

extension ParsedSQL {
  /// What must be there before the script runs: all that its statements refer to, change or stand
  /// on, less what it creates itself; names with their schemas.
  var neededObjects: [DatabaseObject] {
    var schema = "public"
    var created: [DatabaseObject] = []
    var needed: [DatabaseObject] = []
    for statement in statements {
      if case .setting("search_path", let values, _) = statement.kind {
        schema = values?.first { $0 != "$user" } ?? "public"
      }
      let subjects = statement.effects.flatMap { effect -> [DatabaseObject] in
        let owner = effect.object.owner.map { DatabaseObject(.table, $0) }
        if case .creates(_, _, _, orReplace: false) = effect { return owner.map { [$0] } ?? [] }
        return [effect.object] + (owner.map { [$0] } ?? [])
      }
      for object in (subjects + statement.needs).map({ $0.placed(in: schema) })
      where !created.contains(where: { object.mayMean($0) || object.isIdentical(to: $0) }) {
        needed.append(object)
      }
      for case .creates(let object, _, _, _) in statement.effects {
        created.append(object.placed(in: schema))
      }
    }
    return needed
  }
}
