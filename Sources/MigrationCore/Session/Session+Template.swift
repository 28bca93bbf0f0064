internal import Platform
internal import SQLParsing

extension Session {
  /// Suggests rollback SQL for a migration, from the text of its file and of those before it; no
  /// database is asked. It is a section, or a file of its own where the migration or most of its
  /// kind have one.
  ///
  /// - Parameters:
  ///   - name: the migration, with or without `.sql`.
  ///   - writes: whether to put it into the file.
  ///   - isCommented: whether to comment the section out; done anyhow in the folders whose runners
  ///     execute the whole file.
  /// - Returns: the section.
  /// - Throws: ``ErrorReport``: of code `refused` where the file has a section, says that it is
  ///   irreversible, or undoes something outside markers; of code `file` where it cannot be read or
  ///   written.
  public func template(
    for name: String, writing writes: Bool, commented isCommented: Bool
  ) throws -> TemplateResult {
    let folder = try folder()
    let name = try migrationName(name, in: folder, orLedger: nil)
    guard let entry = try folder.entry(named: name) else {
      throw try noSuchFile(name, in: folder)
    }
    let file = try MigrationFile.read(entry)
    let listing = try folder.listing()
    let runner = RunnerLayout(ofFolder: folder.path)
    let rollbackPath = rollbackPath(of: file, entry, in: listing, runner)
    let writer = SectionWriter(file, rollbackPath: rollbackPath)
    if !writer.replacesTodo { for remark in file.remarks { observe(.warning(remark)) } }
    if writes, let refusal = writer.refusal { throw refusal }
    if case .section(let section) = file.declaration, !writes, !writer.replacesTodo {
      let isFile = section.style == .file
      if !isFile || section.sql != nil {
        observe(
          .note(
            "'\(file.declarationPath)' has \(isFile ? "rollback SQL" : "a rollback section") already: "
              + "\(isFile ? "this is" : "this one is") made afresh"))
      }
    }
    if case .none = file.declaration, file.undoOutsideMarkers != nil, let refusal = writer.refusal {
      throw refusal
    }

    let text = SourceText(bytes: file.upSQL)
    let up = SQLParser.parse(text, findingNeeds: true)
    let earlier = EarlierMigrations(in: listing, before: name)
    let template = RollbackTemplate(up: up, text: text, earlier: earlier)
    let isCommented = rollbackPath == nil && (isCommented || runner != nil)
    let section =
      rollbackPath == nil ? template.section(isCommented: isCommented) : template.script
    let sql = template.rollbackSQL
    if writes {
      try writer.write(section, holding: sql)
      if runner == .prisma, rollbackPath == nil {
        observe(
          .warning(
            "Prisma keeps a checksum of each migration that it applied: where this one is, 'prisma "
              + "migrate dev' will say that it was modified and ask to reset the database; 'prisma "
              + "migrate deploy' does not look"))
      }
    }
    let declared = Set(file.dependencies.map(\.name))
    return TemplateResult(
      name: name.text, path: entry.path, rollbackPath: rollbackPath, section: section, sql: sql,
      isCommented: isCommented,
      isWritten: writes,
      todos: template.todos.map {
        TemplateResult.Todo(
          line: $0.line, statement: $0.statement, reason: $0.reason, suggestion: $0.suggestion)
      },
      dependencies: earlier.creators(of: up.neededObjects).map(\.text).filter {
        !declared.contains($0)
      }, isIrreversible: file.declaration.irreversible != nil, isOtherRunners: runner != nil)
  }

  /// The file beside a migration's that its rollback SQL belongs into, there or not; nil where that
  /// belongs into a section.
  private func rollbackPath(
    of file: MigrationFile, _ entry: MigrationFolder.Entry, in folder: MigrationFolder,
    _ runner: RunnerLayout?
  ) -> String? {
    if let path = entry.rollbackPath { return path }
    // To Supabase every file is a migration.
    if runner == .supabase || file.declaration.section != nil { return nil }
    return FolderLayout(of: entry, in: folder).rollback.map {
      "\(folder.path)/\(entry.name.text)\($0)"
    }
  }
}
