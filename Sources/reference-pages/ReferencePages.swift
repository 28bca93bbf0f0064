package import FoundationEssentials
import Platform

/// The pages of `docs/` that come from the tables of commands and options, written or compared.
///
/// A program for developers: `scripts/reference` runs it. It is not installed.
package enum ReferencePages {
  /// How the program is typed.
  static let usage = "usage: reference-pages [--check] FOLDER"

  /// The pages, by their names in the folder; each gets its present text, nil where it is missing.
  private static let pages: [(name: String, updated: @Sendable (String?) throws -> String)] = [
    ("commands.md", CommandReference.updating),
    ("migration-manager.1", { _ in ManualPage.text }),
  ]

  /// Writes the pages of a folder, or with `--check` says which of them are out of date.
  ///
  /// Prints the names of pages, one a line: those that were written, or with `--check` those that
  /// would be. What is up to date is not touched.
  ///
  /// - Parameter words: the words after the program's name.
  /// - Returns: the exit status: 0 done, 1 with `--check` when a page is out of date, 2 it failed,
  ///   64 the command line is wrong.
  package static func run(_ words: [String]) -> Int32 {
    let checks = words.first == "--check"
    let folders = checks ? words.dropFirst() : words[...]
    guard folders.count == 1, let folder = folders.first, !folder.hasPrefix("-") else {
      return complain(usage, status: 64)
    }
    do {
      let stale = try stalePages(of: folder)
      for page in stale {
        if !checks { try Data(page.text.utf8).write(to: page.file, options: .atomic) }
        print(page.name)
      }
      return checks && !stale.isEmpty ? 1 : 0
    } catch {
      return complain("reference-pages: \(error)", status: 2)
    }
  }

  /// A page whose text is not what the tables make of it.
  package struct StalePage {
    /// The page's name in the folder.
    package let name: String
    /// Where it is.
    package let file: URL
    /// What should stand in it.
    package let text: String
  }

  /// Compares the pages of a folder with the tables.
  ///
  /// - Parameter folder: the path of the folder.
  /// - Returns: the pages that are missing or out of date.
  /// - Throws: `FileSystemError` where a page cannot be read, `MissingMark` where a page has no
  ///   place for what is made.
  package static func stalePages(of folder: String) throws -> [StalePage] {
    try pages.compactMap { page in
      let path = "\(folder)/\(page.name)"
      let present =
        FileSystem.fileExists(atPath: path)
        ? String(decoding: try FileSystem.readFile(atPath: path), as: UTF8.self) : nil
      let text = try page.updated(present)
      if text == present { return nil }
      return StalePage(name: page.name, file: URL(filePath: path), text: text)
    }
  }

  private static func complain(_ text: String, status: Int32) -> Int32 {
    // There is nowhere left to report a failure to.
    try? StandardStreams.write(Array("\(text)\n".utf8), to: .standardError)
    return status
  }
}
