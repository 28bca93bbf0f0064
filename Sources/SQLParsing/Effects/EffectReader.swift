internal import CLibPGQuery

/// Collects what a statement does to objects of the schema, from its parse tree.
struct EffectReader {
  /// What was found, in the order of the text.
  private(set) var effects: [ObjectEffect] = []

  /// What comes with what is created, see ``Statement/implied``.
  private(set) var implied: [DatabaseObject] = []

  /// The schema of names without one: set inside `CREATE SCHEMA ... CREATE TABLE ...`.
  private var defaultSchema: String?

  /// Looks at a statement.
  ///
  /// - Parameter node: Its node.
  mutating func read(_ node: Node) {
    unsafe readRelationCreation(node)
    unsafe readCreation(node)
    unsafe readGlobalCreation(node)
    unsafe readDrop(node)
    unsafe readAlteration(node)
    unsafe readTableAlteration(node)
    unsafe readPrivileges(node)
    unsafe readRows(node)
  }

  /// Adds an effect.
  ///
  /// - Parameter effect: The effect.
  mutating func append(_ effect: ObjectEffect) {
    effects.append(effect)
  }

  /// Adds a creation.
  ///
  /// - Parameters:
  ///   - kind: What is created.
  ///   - name: Its name; nothing is added where nil.
  ///   - owner: What it is a part of.
  ///   - argumentTypes: The types of a routine's input arguments.
  ///   - isTemporary: Whether it is declared so; what stands in `pg_temp` is so anyhow.
  ///   - ifNotExists: Whether the statement says `IF NOT EXISTS`.
  ///   - orReplace: Whether the statement says `OR REPLACE`.
  mutating func create(
    _ kind: ObjectKind, _ name: ObjectName?, on owner: ObjectName? = nil,
    argumentTypes: [String]? = nil, isTemporary: Bool = false, ifNotExists: Bool = false,
    orReplace: Bool = false
  ) {
    guard let name else { return }
    let standsAlone = owner == nil || kind == .index || kind == .statistics
    let object = DatabaseObject(
      kind, standsAlone && kind.hasSchema && !isTemporary ? qualified(name) : name,
      on: owner.map { isTemporary ? $0 : qualified($0) }, argumentTypes: argumentTypes)
    append(
      .creates(
        object, isTemporary: isTemporary || object.isInTemporarySchema, ifNotExists: ifNotExists,
        orReplace: orReplace))
  }

  /// Adds a part of what is created that has no statement of its own.
  ///
  /// - Parameters:
  ///   - kind: What it is.
  ///   - name: Its name; nothing is added where nil.
  ///   - owner: What it is a part of.
  mutating func imply(_ kind: ObjectKind, _ name: String?, on owner: ObjectName?) {
    guard let name, let owner else { return }
    let part = ObjectName(name: name)
    implied.append(
      kind.hasSchema
        ? DatabaseObject(kind, qualified(ObjectName(schema: owner.schema, name: name)))
        : DatabaseObject(kind, part, on: qualified(owner)))
  }

  /// Looks at the statements inside `CREATE SCHEMA`.
  ///
  /// - Parameters:
  ///   - elements: Their nodes.
  ///   - schema: The schema's name.
  mutating func read(_ elements: [Node], in schema: String) {
    defaultSchema = schema
    unsafe elements.forEach { unsafe read($0) }
    defaultSchema = nil
  }

  /// A name with the schema of the `CREATE SCHEMA` that it stands in.
  func qualified(_ name: ObjectName) -> ObjectName {
    ObjectName(schema: name.schema ?? defaultSchema, name: name.name)
  }
}
