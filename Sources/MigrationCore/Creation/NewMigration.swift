internal import Platform

/// A migration that is to be written: its name and the paths of its files.
struct NewMigration: Equatable, Sendable {
  /// What stands in a new migration in place of the rollback SQL; there may be more on its line.
  static let rollbackTodo = "-- TODO: what undoes it"

  /// Its name.
  let name: MigrationName
  /// How its files lie.
  let layout: FolderLayout
  /// Whether its rollback section must be a comment, for a runner that executes the whole file.
  let isCommented: Bool
  /// The migration that was the newest so far; nil in an empty folder.
  let predecessor: MigrationName?

  /// Names a migration that stands among those of a folder as the newest one does.
  ///
  /// - Parameters:
  ///   - words: what it does, such as `add user settings`.
  ///   - folder: the folder.
  ///   - runner: the runner whose folder it is; nil for none that is known.
  ///   - now: microseconds since 1970.
  /// - Throws: ``ErrorReport`` of code `usage` when a name cannot be made of the words.
  init(_ words: String, in folder: MigrationFolder, of runner: RunnerLayout?, now: Int) throws {
    let newest = folder.entries.last
    predecessor = newest?.name
    isCommented = runner != nil
    let standard =
      runner == .prisma ? FolderLayout(migration: "/migration.sql", rollback: nil) : .native
    let layout = newest.map { FolderLayout(of: $0, in: folder) } ?? standard
    // To Supabase every file is a migration.
    self.layout =
      runner == .supabase && !layout.isFolder
      ? FolderLayout(migration: layout.migration, rollback: nil) : layout

    let versioned = newest.flatMap { $0.name.version.isEmpty ? nil : $0.name }
    let style = versioned.map { VersionStyle(of: $0.version, now: now) } ?? .timestamp
    guard let version = style.next(after: versioned?.version, now: now) else {
      throw ErrorReport(
        .refused, "no version comes after that of '\(versioned?.text ?? "")'",
        hint: "name the file by hand")
    }
    let separators = NameSeparators(of: versioned)
    let slug = Slug.words(of: words).joined(separator: separators.betweenWords)
    guard !slug.isEmpty else {
      throw ErrorReport(
        .usage, "'\(words)' holds no letter and no digit to make a name of",
        hint: "say in a few words what the migration does: "
          + "migration-manager create \"add user settings\"")
    }
    let name = MigrationName(version + separators.afterVersion + slug)
    // The longest name of a file is 255 bytes: suffixes and editors need some of them.
    guard name.text.utf8.count <= 200 else {
      throw ErrorReport(
        .usage, "the migration's name would be \(name.text.utf8.count) bytes long, of at most 200",
        hint: "say it in fewer words, and put the others into the file")
    }
    guard name.version == version else {
      throw ErrorReport(
        .usage,
        "the first words of '\(words)' would be read as a part of the version, "
          + "'\(name.version)'",
        hint: "begin with a word that is no number")
    }
    // `down` after a dot is no word, and neither is `template`.
    let file = FileRole(ofFile: name.text + self.layout.migration)
    let beside = self.layout.rollback.flatMap { FileRole(ofFile: name.text + $0) }
    guard let file, file.migration == name.text, !file.isRollback,
      self.layout.rollback == nil || beside == file.ofRollback
    else {
      throw ErrorReport(
        .usage, "'\(name.text)\(self.layout.migration)' would not be read as a migration's file",
        hint: "say it in other words")
    }
    self.name = name
  }

  /// The path of the migration's own file.
  ///
  /// - Parameter folder: the folder's path.
  /// - Returns: the path.
  func path(in folder: String) -> String { "\(folder)/\(name.text)\(layout.migration)" }

  /// The path of the file that holds only its rollback SQL; nil where that stands in a section.
  ///
  /// - Parameter folder: the folder's path.
  /// - Returns: the path.
  func rollbackPath(in folder: String) -> String? {
    layout.rollback.map { "\(folder)/\(name.text)\($0)" }
  }

  /// The texts of its files.
  struct Texts: Equatable, Sendable {
    /// Of the migration's own file.
    var migration: String
    /// Of the file beside it that holds only the rollback SQL; nil without one.
    var rollback: String?
  }

  /// The texts of its files, written around SQL.
  ///
  /// - Parameters:
  ///   - headers: lines such as `Depends on: 20250119_add_users`.
  ///   - up: the up SQL, or a remark in its place.
  ///   - rollback: the rollback SQL, or a remark in its place.
  ///   - upMode: how the up SQL runs.
  ///   - rollbackMode: how the rollback SQL runs.
  /// - Returns: the texts.
  func texts(
    headers: [String], up: String, rollback: String, upMode: TransactionMode = .single,
    rollbackMode: TransactionMode = .single
  ) -> Texts {
    let headers =
      ["Migration: \(name.text)\(layout.isFolder ? "" : layout.migration)"] + headers
      + (upMode == .none ? [TransactionHeader.line] : [])
    let start = "\(headers.map { "-- \($0)\n" }.joined())\n\(up)\n"
    if layout.rollback != nil {
      let header = rollbackMode == .none ? "-- \(TransactionHeader.line)\n" : ""
      return Texts(migration: start, rollback: "\(header)\(rollback)\n")
    }
    let lines = rollback.split(separator: "\n", omittingEmptySubsequences: false)
    let isComment = lines.allSatisfy { $0.hasPrefix("--") }
    let body =
      isCommented && !isComment
      ? lines.map { $0.isEmpty ? "--" : "-- \($0)" }.joined(separator: "\n") : rollback
    let words = rollbackMode == .none ? " (no transaction)" : ""
    return Texts(migration: "\(start)\n-- ROLLBACK START\(words)\n\(body)\n-- ROLLBACK END\n")
  }
}

/// What stands between the parts of a migration's name.
struct NameSeparators: Equatable, Sendable {
  /// After the version.
  let afterVersion: String
  /// Between words.
  let betweenWords: String

  /// Takes the separators of a name; underscores where there is none, or none to be seen.
  ///
  /// - Parameter name: a migration.
  init(of name: MigrationName?) {
    let rest = name.map { $0.text.dropFirst($0.version.count) } ?? ""
    afterVersion = rest.first.flatMap { ["_", "-", "."].contains($0) ? String($0) : nil } ?? "_"
    let words = rest.dropFirst()
    betweenWords = words.contains("-") && !words.contains("_") ? "-" : "_"
  }
}

/// Words as parts of a name.
enum Slug {
  /// The words of a name, without its version.
  ///
  /// - Parameter name: a migration.
  /// - Returns: the words in their order.
  static func words(of name: MigrationName) -> [String] {
    words(of: String(name.text.dropFirst(name.version.count)))
  }

  /// The words of a text in small letters: letters and digits; `addUsers` is two of them.
  ///
  /// - Parameter text: what someone typed.
  /// - Returns: the words in their order.
  static func words(of text: String) -> [String] {
    var words: [String] = []
    var isInside = false
    var previousIsSmall = false
    for character in text {
      guard character.isLetter || character.isNumber else {
        isInside = false
        previousIsSmall = false
        continue
      }
      if !isInside || (character.isUppercase && previousIsSmall) { words.append("") }
      words[words.count - 1] += character.lowercased()
      isInside = true
      previousIsSmall = character.isLowercase
    }
    return words
  }
}
