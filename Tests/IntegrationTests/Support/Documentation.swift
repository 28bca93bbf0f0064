import Foundation
import Testing

/// The pages of the documentation, as they stand in the checkout that the tests are built from.
enum Documentation {
  /// The checkout.
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  /// The text of a file of the checkout.
  static func text(of path: String) throws -> String {
    try String(contentsOfFile: "\(root)/\(path)", encoding: .utf8)
  }

  /// What stands below a heading, up to the next one that is not below it.
  ///
  /// - Parameters:
  ///   - heading: with its `#`s, such as `### psql`.
  ///   - path: the page.
  /// - Returns: the text without the heading.
  /// - Throws: what `String` throws for a page, and an expectation's error for a heading that is not
  ///   there.
  static func section(_ heading: String, of path: String) throws -> String {
    let lines = try text(of: path).components(separatedBy: "\n")
    let start = try #require(lines.firstIndex(of: heading), "\(heading) of \(path)")
    let level = heading.prefix { $0 == "#" }.count
    var isInBlock = false
    let section = lines[(start + 1)...].prefix { line in
      if line.hasPrefix("```") { isInBlock.toggle() }
      let hashes = line.prefix { $0 == "#" }.count
      return isInBlock || hashes == 0 || hashes > level
    }
    return section.joined(separator: "\n")
  }

  /// The fenced blocks of a text, in order.
  static func blocks(in text: String) -> [(language: String, body: String)] {
    var blocks: [(language: String, body: String)] = []
    var isInBlock = false
    for line in text.components(separatedBy: "\n") {
      if line.hasPrefix("```") {
        isInBlock.toggle()
        if isInBlock { blocks.append((String(line.dropFirst(3)), "")) }
      } else if isInBlock {
        blocks[blocks.count - 1].body += line + "\n"
      }
    }
    return blocks
  }

  /// The first fenced block of a section that is written in a language.
  static func block(_ language: String, of heading: String, in path: String) throws -> String {
    let blocks = blocks(in: try section(heading, of: path))
    return try #require(
      blocks.first { $0.language == language }?.body, "a block of \(language) at \(heading)")
  }
}
