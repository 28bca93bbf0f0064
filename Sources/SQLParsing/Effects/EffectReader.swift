internal import CLibPGQuery
struct EffectReader {
  var effects: [ObjectEffect] = []
  mutating func read(_ node: Node) {}
}
func intoClause(of statement: PgQuery__SelectStmt) -> UnsafeMutablePointer<PgQuery__IntoClause>? {
  nil
}
