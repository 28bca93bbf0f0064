internal import SQLParsing

/// What the migrations of a folder take away again: drops, renames, moves, in order.
///
/// Each file is read once, and parsed only when its text can hold such a statement.
struct LaterRemovals {
  private var removals: [(name: MigrationName, effects: [ObjectEffect])] = []

  /// Reads the files ordered after a name. One that cannot be read is left out: that is told when
  /// it is registered itself.
  init(in folder: MigrationFolder, after first: MigrationName) {
    for entry in folder.entries(after: first) {
      guard let file = try? MigrationFile.read(entry) else { continue }
      let up = file.upSQL
      guard ["drop", "rename", "schema"].contains(where: { Self.contains(up, keyword: $0) }) else {
        continue
      }
      let effects = SQLParser.parse(SourceText(bytes: up)).statements.flatMap(\.effects)
        .filter(Self.takesAway)
      if !effects.isEmpty { removals.append((entry.name, effects)) }
    }
  }

  /// Takes away from a migration's evidence what the migrations after it took away.
  func apply(to evidence: inout Evidence, of name: MigrationName) {
    for removal in removals where name < removal.name {
      if evidence.objects.isEmpty { return }
      evidence.apply(later: removal.effects)
    }
  }

  private static func takesAway(_ effect: ObjectEffect) -> Bool {
    switch effect {
    case .drops, .renames, .moves: true
    case .creates, .alters: false
    }
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
