internal import CLibPGQuery

/// Finds the literals of a statement that must not be shown or stored.
struct SecretLiterals {
  private let bytes: [UInt8]

  /// Looks in a text.
  ///
  /// - Parameter bytes: The whole text.
  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// The secrets of a statement, by its parse tree: passwords of roles, password-like options of
  /// user mappings, servers, foreign tables and wrappers, connection strings of subscriptions.
  ///
  /// - Parameters:
  ///   - node: The statement's node.
  ///   - base: Where the text that was parsed begins, in bytes of the whole text.
  ///   - range: Where the statement stands, in bytes of the whole text.
  /// - Returns: The literals with their quotes and prefixes, in order.
  func secrets(of node: Node, base: Int, in range: Range<Int>) -> [Range<Int>] {
    switch unsafe node.pointee.node_case {
    case PG_QUERY__NODE__NODE_CREATE_SUBSCRIPTION_STMT,
      PG_QUERY__NODE__NODE_ALTER_SUBSCRIPTION_STMT:
      return literals(after: "connection", in: range)
    default:
      return unsafe secretOptions(of: node).compactMap { option in
        literal(from: base + option, in: range)
      }
    }
  }

  /// What looks like a secret in a statement that was not parsed: any string after the word
  /// `PASSWORD` or `CONNECTION`.
  ///
  /// - Parameter range: Where the statement stands, in bytes.
  /// - Returns: The literals with their quotes and prefixes, in order.
  func lookingLikeOne(in range: Range<Int>) -> [Range<Int>] {
    (literals(after: "password", in: range) + literals(after: "connection", in: range))
      .sorted { $0.lowerBound < $1.lowerBound }
  }

  /// The strings that follow a word directly.
  private func literals(after word: String, in range: Range<Int>) -> [Range<Int>] {
    var scanner = LexicalScanner(bytes, range: range)
    var literals: [Range<Int>] = []
    var followsWord = false
    while let token = try? scanner.next() {
      if token.kind.isComment { continue }
      if followsWord, token.kind == .string || token.kind == .dollarString {
        literals.append(token.range)
      }
      followsWord = token.kind == .word && bytes.spells(word, at: token.range)
    }
    return literals
  }

  /// The first string from a place on.
  private func literal(from offset: Int, in range: Range<Int>) -> Range<Int>? {
    guard range.contains(offset) else { return nil }
    var scanner = LexicalScanner(bytes, range: offset..<range.upperBound)
    while let token = try? scanner.next() {
      if token.kind == .string || token.kind == .dollarString { return token.range }
    }
    return nil
  }
}

/// Where the options of a statement that hold secrets begin, in bytes of the text that was parsed.
private func secretOptions(of node: Node) -> [Int] {
  switch unsafe node.pointee.node_case {
  case PG_QUERY__NODE__NODE_CREATE_ROLE_STMT:
    let statement = unsafe node.pointee.create_role_stmt.pointee
    return unsafe places(statement.options, statement.n_options)
  case PG_QUERY__NODE__NODE_ALTER_ROLE_STMT:
    let statement = unsafe node.pointee.alter_role_stmt.pointee
    return unsafe places(statement.options, statement.n_options)
  case PG_QUERY__NODE__NODE_CREATE_USER_MAPPING_STMT:
    let statement = unsafe node.pointee.create_user_mapping_stmt.pointee
    return unsafe places(statement.options, statement.n_options)
  case PG_QUERY__NODE__NODE_ALTER_USER_MAPPING_STMT:
    let statement = unsafe node.pointee.alter_user_mapping_stmt.pointee
    return unsafe places(statement.options, statement.n_options)
  case PG_QUERY__NODE__NODE_CREATE_FOREIGN_SERVER_STMT:
    let statement = unsafe node.pointee.create_foreign_server_stmt.pointee
    return unsafe places(statement.options, statement.n_options)
  case PG_QUERY__NODE__NODE_ALTER_FOREIGN_SERVER_STMT:
    let statement = unsafe node.pointee.alter_foreign_server_stmt.pointee
    return unsafe places(statement.options, statement.n_options)
  case PG_QUERY__NODE__NODE_CREATE_FDW_STMT:
    let statement = unsafe node.pointee.create_fdw_stmt.pointee
    return unsafe places(statement.options, statement.n_options)
  case PG_QUERY__NODE__NODE_ALTER_FDW_STMT:
    let statement = unsafe node.pointee.alter_fdw_stmt.pointee
    return unsafe places(statement.options, statement.n_options)
  case PG_QUERY__NODE__NODE_CREATE_FOREIGN_TABLE_STMT:
    let statement = unsafe node.pointee.create_foreign_table_stmt.pointee
    return unsafe places(statement.options, statement.n_options)
  default:
    return []
  }
}

/// Where the options with secret values begin.
private func places(_ list: NodeList?, _ count: Int) -> [Int] {
  unsafe options(list, count).compactMap { option in
    guard unsafe string(option.pointee.arg) != nil, let name = unsafe text(option.pointee.defname),
      soundsSecret(name)
    else { return nil }
    return unsafe Int(option.pointee.location)
  }
}

/// Whether an option's name promises a secret: `password`, `sslpassword`, `api_key`, ...
private func soundsSecret(_ name: String) -> Bool {
  let name = name.lowercased()
  return [
    "password", "passwd", "pwd", "secret", "token", "credential", "private_key", "access_key",
    "api_key", "apikey",
  ].contains { name.contains($0) }
}
