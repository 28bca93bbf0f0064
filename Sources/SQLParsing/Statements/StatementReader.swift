internal import CLibPGQuery

/// Makes statements of the nodes of a parse tree.
struct StatementReader {
  private let secretLiterals: SecretLiterals
  private let base: Int
  private let findsNeeds: Bool

  /// Reads the tree of a text or of a part of it.
  ///
  /// - Parameters:
  ///   - bytes: The whole text.
  ///   - base: Where the part that was parsed begins, in bytes.
  ///   - findsNeeds: Whether to look for the objects that statements refer to.
  init(bytes: [UInt8], base: Int, findsNeeds: Bool) {
    self.secretLiterals = SecretLiterals(bytes)
    self.base = base
    self.findsNeeds = findsNeeds
  }

  /// Makes a statement.
  ///
  /// - Parameters:
  ///   - node: Its node.
  ///   - range: Where it stands in the whole text, in bytes.
  /// - Returns: The statement.
  func statement(_ node: Node, range: Range<Int>) -> Statement {
    var effects = EffectReader()
    unsafe effects.read(node)
    return unsafe Statement(
      range: range, tag: commandTag(node), kind: StatementKind(node), effects: effects.effects,
      implied: effects.implied,
      needs: findsNeeds ? NeedReader.needs(of: node, effects: effects.effects) : [],
      secrets: secretLiterals.secrets(of: node, base: base, in: range))
  }
}
