internal import Platform
internal import SQLParsing

/// The files of a folder, each read once: whole where it may be registered, else only for what it
/// takes away of what others created.
struct FolderReading {
  private enum Reading: Sendable {
    case candidate(Result<RegistrationCandidate, ErrorReport>)
    case others([ObjectEffect])
  }

  private var candidates: [MigrationName: Result<RegistrationCandidate, ErrorReport>] = [:]

  /// Reads files, on all processors.
  ///
  /// - Parameters:
  ///   - folder: the folder.
  ///   - first: where to begin, in the order of versions: earlier files take nothing away from
  ///     later ones.
  ///   - wanted: which of them may be registered.
  ///   - progress: told how many of how many files are read.
  init(
    of folder: MigrationFolder, from first: MigrationName,
    wanted: @escaping @Sendable (MigrationFolder.Entry) -> Bool,
    progress: (Int, Int) -> Void = { _, _ in }
  ) {
    let entries = folder.entries.filter { $0.name >= first }
    let readings = ConcurrentMap.map(entries, progress: { progress($0, entries.count) }) { entry in
      wanted(entry) ? Self.candidate(entry) : Reading.others(Self.removals(by: entry))
    }
    var later = LaterRemovals()
    for (entry, reading) in zip(entries, readings) {
      switch reading {
      case .candidate(.success(let candidate)): later.note(candidate.effects, by: entry.name)
      case .others(let effects): later.note(effects, by: entry.name)
      case .candidate(.failure): break
      }
    }
    for (entry, reading) in zip(entries, readings) {
      guard case .candidate(let result) = reading else { continue }
      candidates[entry.name] = result.map { candidate in
        var candidate = candidate
        candidate.apply(later)
        return candidate
      }
    }
  }

  /// A file that may be registered.
  ///
  /// - Parameter name: one of those wanted.
  /// - Throws: ``ErrorReport`` where it cannot be read or is malformed.
  func candidate(_ name: MigrationName) throws -> RegistrationCandidate {
    guard let candidate = candidates[name] else {
      throw ErrorReport(.internalError, "the file of '\(name.text)' was not read")
    }
    return try candidate.get()
  }

  private static func candidate(_ entry: MigrationFolder.Entry) -> Reading {
    do {
      return .candidate(.success(try RegistrationCandidate(entry)))
    } catch let report as ErrorReport {
      return .candidate(.failure(report))
    } catch {
      return .candidate(.failure(ErrorReport(.file, "cannot read '\(entry.path)': \(error)")))
    }
  }

  /// What a file takes away. It is parsed only when its text can hold such a statement; one that
  /// cannot be read is left out: that is told when it is registered itself.
  private static func removals(by entry: MigrationFolder.Entry) -> [ObjectEffect] {
    guard let up = try? MigrationFile.read(entry).upSQL,
      ["drop", "rename", "schema"].contains(where: { contains(up, keyword: $0) })
    else { return [] }
    return SQLParser.parse(SourceText(bytes: up)).statements.flatMap(\.effects)
  }

  /// Whether a text holds a word in any case, wherever it stands.
  private static func contains(_ text: [UInt8], keyword: String) -> Bool {
    let lower = Array(keyword.utf8)
    guard let first = lower.first, text.count >= lower.count else { return false }
    return text.withUnsafeBufferPointer { bytes in
      for start in 0...(bytes.count - lower.count) where bytes[start] | 0x20 == first {
        if (1..<lower.count).allSatisfy({ bytes[start + $0] | 0x20 == lower[$0] }) { return true }
      }
      return false
    }
  }
}
