internal import Platform
internal import SQLParsing

extension Session {
  /// Suggests a rollback section for a migration, from the text of its file and of those before it;
  /// no database is asked.
  ///
  /// - Parameters:
  ///   - name: the migration, with or without `.sql`.
  ///   - writes: whether to put the section into the file.
  ///   - isCommented: whether to comment the section out; done anyhow in the folders whose runners
  ///     execute the whole file.
  /// - Returns: the section.
  /// - Throws: ``ErrorReport``: of code `refused` where the file has a section, says that it is
  ///   irreversible, or undoes something outside markers; of code `file` where it cannot be read or
  ///   written.
  public func template(
    for name: String, writing writes: Bool, commented isCommented: Bool
  ) throws -> TemplateResult {
    let name = try MigrationName.fromArgument(name)
    let folder = try folder()
    guard let entry = try folder.entry(named: name) else {
      throw try noSuchFile(name, in: folder)
    }
    let file = try MigrationFile.read(entry)
    for remark in file.remarks { observe(.warning(remark)) }
    let writer = SectionWriter(file)
    if writes, let refusal = writer.refusal { throw refusal }
    if case .section = file.declaration {
      observe(.note("'\(entry.path)' has a rollback section already: this one is made afresh"))
    }
    if case .none = file.declaration, file.undoOutsideMarkers != nil, let refusal = writer.refusal {
      throw refusal
    }

    let text = SourceText(bytes: file.upSQL)
    let up = SQLParser.parse(text, findingNeeds: true)
    let earlier = EarlierMigrations(in: try folder.listing(), before: name)
    let template = RollbackTemplate(up: up, text: text, earlier: earlier)
    let layout = RunnerLayout(ofFolder: folder.path)
    let isCommented = isCommented || layout != nil
    let section = template.section(isCommented: isCommented)
    let sql = template.rollbackSQL
    if writes {
      try writer.write(section, holding: sql)
      if layout == .prisma {
        observe(
          .warning(
            "Prisma keeps a checksum of each migration that it applied: where this one is, 'prisma "
              + "migrate dev' will say that it was modified and ask to reset the database; 'prisma "
              + "migrate deploy' does not look"))
      }
    }
    let declared = Set(file.dependencies.map(\.name))
    return TemplateResult(
      name: name.text, path: entry.path, section: section, sql: sql, isCommented: isCommented,
      isWritten: writes,
      todos: template.todos.map {
        TemplateResult.Todo(
          line: $0.line, statement: $0.statement, reason: $0.reason, suggestion: $0.suggestion)
      },
      dependencies: earlier.creators(of: up.neededObjects).map(\.text).filter {
        !declared.contains($0)
      }, isIrreversible: file.declaration.irreversible != nil)
  }
}
