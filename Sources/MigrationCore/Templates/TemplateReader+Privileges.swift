internal import SQLParsing

/// Statements that are taken back as a whole, in their own words.
extension TemplateReader {
  /// `GRANT`, `REVOKE`, default privileges, `COMMENT`.
  ///
  /// - Parameter statement: the statement.
  mutating func readWholeStatement(_ statement: Statement) {
    let objects = statement.effects.map(\.object)
    if !objects.isEmpty, objects.allSatisfy(goesAlong) { return }
    if statement.tag == "COMMENT" {
      guard let sql = words.removingComment else {
        return leave("the comment that it removed is not in this file")
      }
      return takeBack(sql, objects, remark: "an earlier comment is not brought back")
    }
    guard let sql = words.revoking else {
      return leave("who had these privileges before is not in this file")
    }
    takeBack(sql, objects, remark: "also what was granted before this file")
  }

  private mutating func takeBack(_ sql: String, _ objects: [DatabaseObject], remark: String) {
    if words.isAddingSchema, objects.contains(where: { $0.name.schema == nil && $0.kind.hasSchema })
    {
      leave("the file sets search_path after it: write the schemas of the names", "\(sql);")
    } else if let first = objects.first {
      undo(first, with: sql, remark: remark)
    } else {
      undo(DatabaseObject(.role, ObjectName(name: "")), with: sql, remark: remark)
    }
  }

  /// Whether an object is dropped anyway, before anything that the statement names.
  private func goesAlong(_ object: DatabaseObject) -> Bool {
    let place = placed(object)
    guard let known = own[place] ?? own.owner(of: place) else { return false }
    if known.origin == .temporary { return true }
    return known.origin != .replaced && !needsLater(than: known)
  }
}
