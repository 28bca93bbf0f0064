internal import SQLParsing

/// A value of an enum that is used in the transaction that adds it, which PostgreSQL refuses with
/// SQLSTATE 55P04 unless the type is as new (manual, reference page of `ALTER TYPE`).
struct EnumValueUse: Equatable {
  /// The value.
  var value: String
  /// The type.
  var type: ObjectName
  /// Where it is used, in bytes.
  var offset: Int
  /// The line on which it is added, counted from 1.
  var addedOnLine: Int

  /// What is wrong.
  var message: String {
    "'\(value)' of type '\(type)' cannot be used in the transaction that adds it "
      + "(line \(addedOnLine))"
  }

  /// Finds such uses: string constants that equal a value that was added before them, but for those
  /// that are cast to another type.
  ///
  /// - Parameters:
  ///   - statements: those of one transaction, in order.
  ///   - text: the SQL that they stand in.
  /// - Returns: the first use of each value.
  static func find(in statements: [Statement], of text: SourceText) -> [EnumValueUse] {
    var created: [ObjectName] = []
    var added: [String: (type: ObjectName, end: Int)] = [:]
    for statement in statements {
      for case .creates(let object, _, _, _) in statement.effects {
        if object.kind == .type {
          created.append(object.name)
        } else if object.kind == .enumLabel, statement.tag == "ALTER TYPE", let type = object.owner,
          !created.contains(where: { mayBeSame($0, type) }), added[object.name.name] == nil
        {
          added[object.name.name] = (type, statement.range.upperBound)
        }
      }
    }
    guard let last = statements.last, let start = added.values.map(\.end).min(),
      start < last.range.upperBound
    else { return [] }
    let rest = SQLParser.parse(
      text, range: start..<last.range.upperBound, findingConstants: Set(added.keys))
    var uses: [EnumValueUse] = []
    for statement in rest.statements {
      if case .setting = statement.kind { continue }
      for constant in statement.constants {
        guard let (type, end) = added[constant.value], constant.byteOffset >= end,
          constant.type.map({ mayBeSame($0, type) }) ?? true,
          !uses.contains(where: { $0.value == constant.value })
        else { continue }
        uses.append(
          EnumValueUse(
            value: constant.value, type: type, offset: constant.byteOffset,
            addedOnLine: text.position(atByte: max(end - 1, 0)).line))
      }
    }
    return uses
  }

  /// Whether two names may mean one type, whatever the search path.
  private static func mayBeSame(_ name: ObjectName, _ other: ObjectName) -> Bool {
    name.name == other.name
      && (name.schema == nil || other.schema == nil || name.schema == other.schema)
  }
}
