internal import Platform
internal import SQLParsing

/// The files of a folder, each read once: whole where it may be registered, else only for what it
/// creates or takes away of the same names.
struct FolderReading {
  private var candidates: [MigrationName: Result<RegistrationCandidate, ErrorReport>] = [:]

  /// Reads files, on all processors.
  ///
  /// - Parameters:
  ///   - folder: the folder.
  ///   - wanted: which of its files may be registered.
  ///   - statuses: those recorded, where that is known.
  ///   - progress: told how many of how many files are read.
  ///   - whenRead: given those wanted that could be read, in their order, before their evidence is
  ///     weighed.
  init(
    of folder: MigrationFolder, wanted: Set<MigrationFolder.Entry>,
    statuses: [String: MigrationStatus] = [:],
    progress: (Int, Int) -> Void = { _, _ in },
    whenRead: ([RegistrationCandidate]) -> Void = { _ in }
  ) {
    let entries = folder.entries.filter(wanted.contains)
    guard let first = entries.first else { return }
    let others = folder.entries.filter { !wanted.contains($0) }
    let total = folder.entries.count

    let results = ConcurrentMap.map(entries, progress: { progress($0, total) }, Self.candidate)
    whenRead(results.compactMap { try? $0.get() })
    var later = LaterRemovals()
    var names: Set<String> = []
    for (entry, result) in zip(entries, results) {
      guard case .success(let candidate) = result else { continue }
      later.note(candidate.effects.effects, by: entry.name)
      for expected in candidate.evidence.objects {
        names.insert(expected.object.name.name)
        // Names that the server gives stand in no text, those of their tables do.
        if let owner = expected.object.owner { names.insert(owner.name) }
      }
    }
    var earlier = EarlierCreations(of: names)
    for (entry, result) in zip(entries, results) {
      guard case .success(let candidate) = result else { continue }
      earlier.note(candidate.effects, by: entry.name)
    }
    let search = WordSearch(names)
    let effects = ConcurrentMap.map(
      others, progress: { progress(entries.count + $0, total) }
    ) { Self.effects(of: $0, naming: search, mayTakeAway: first.name < $0.name) }
    for (entry, effects) in zip(others, effects) {
      earlier.note(effects, by: entry.name)
      later.note(effects.effects, by: entry.name)
    }
    candidates.reserveCapacity(entries.count)
    for (entry, result) in zip(entries, results) {
      candidates[entry.name] = result.map { candidate in
        var candidate = candidate
        let wasRolledBack = statuses[entry.name.text] == .rolledBack
        candidate.apply(earlier, later) { other in
          switch statuses[other.text] {
          case .applied, .failed: true
          // Either may have made anew what the rollback took away.
          case nil: wasRolledBack
          case .rolledBack: false
          }
        }
        return candidate
      }
    }
  }

  /// A file that may be registered.
  ///
  /// - Parameter name: one of those wanted.
  /// - Returns: the file, its evidence weighed.
  /// - Throws: ``ErrorReport`` where it cannot be read or is malformed.
  func candidate(_ name: MigrationName) throws -> RegistrationCandidate {
    guard let candidate = candidates[name] else {
      throw ErrorReport(.internalError, "the file of '\(name.text)' was not read")
    }
    return try candidate.get()
  }

  @Sendable private static func candidate(
    _ entry: MigrationFolder.Entry
  ) -> Result<RegistrationCandidate, ErrorReport> {
    do {
      return .success(try RegistrationCandidate(entry))
    } catch let report as ErrorReport {
      return .failure(report)
    } catch {
      return .failure(ErrorReport(.file, "cannot read '\(entry.path)': \(error)"))
    }
  }

  /// What a file does that may matter to others. It is parsed only when its text can hold such a
  /// statement; one that cannot be read is left out: that is told when it is registered itself.
  private static func effects(
    of entry: MigrationFolder.Entry, naming search: WordSearch, mayTakeAway: Bool
  ) -> FileEffects {
    guard let up = try? MigrationFile.read(entry.withoutRollback).upSQL,
      (mayTakeAway && removalWords.mayMatch(up)) || search.mayMatch(up)
    else { return FileEffects() }
    return FileEffects(SQLParser.parse(SourceText(bytes: up)).statements)
  }

  /// One of these stands in every statement that takes something away.
  private static let removalWords = WordSearch(["drop", "rename", "schema"])
}
