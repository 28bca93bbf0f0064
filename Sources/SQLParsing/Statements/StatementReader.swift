internal import CLibPGQuery

/// Makes statements of the nodes of a parse tree.
struct StatementReader {
  private let secretLiterals: SecretLiterals
  private let base: Int
  private let findsNeeds: Bool
  private let wantedConstants: Set<String>

  /// Reads the tree of a text or of a part of it.
  ///
  /// - Parameters:
  ///   - bytes: The whole text.
  ///   - base: Where the part that was parsed begins, in bytes.
  ///   - findsNeeds: Whether to look for the objects that statements refer to.
  ///   - wantedConstants: The values of the string constants to look for.
  init(bytes: [UInt8], base: Int, findsNeeds: Bool, wantedConstants: Set<String>) {
    self.secretLiterals = SecretLiterals(bytes)
    self.base = base
    self.findsNeeds = findsNeeds
    self.wantedConstants = wantedConstants
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
    let kind = unsafe StatementKind(node)
    return unsafe Statement(
      range: range, tag: commandTag(node), kind: kind, lone: LoneStatement(node, kind),
      effects: effects.effects, implied: effects.implied,
      needs: findsNeeds ? NeedReader.needs(of: node, effects: effects.effects) : [],
      secrets: secretLiterals.secrets(of: node, base: base, in: range),
      constants: wantedConstants.isEmpty ? [] : constants(in: node))
  }

  /// The constants that are looked for.
  private func constants(in node: Node) -> [StringConstant] {
    var found: [StringConstant] = []
    func take(_ constant: PgQuery__AConst, as type: ObjectName?) {
      guard unsafe constant.val_case == PG_QUERY__A__CONST__VAL_SVAL,
        let value = unsafe constant.sval.pointee.sval.map({ unsafe String(cString: $0) }),
        wantedConstants.contains(value)
      else { return }
      let offset = unsafe base + Int(constant.location)
      found.append(StringConstant(value: value, byteOffset: offset, type: type))
    }
    unsafe walk(node) { message, type in
      switch type {
      case "TypeCast":
        let cast = unsafe message.assuming(PgQuery__TypeCast.self).pointee
        guard let argument = unsafe cast.arg,
          unsafe argument.pointee.node_case == PG_QUERY__NODE__NODE_A_CONST,
          let name = unsafe cast.type_name?.pointee
        else { return true }
        unsafe take(
          argument.pointee.a_const.pointee, as: objectName(strings(name.names, name.n_names)))
        return false
      case "AConst":
        unsafe take(message.assuming(PgQuery__AConst.self).pointee, as: nil)
        return false
      default:
        return true
      }
    }
    return found
  }
}
