import Foundation
import Glibc
import Platform
import TestSupport
import Testing

@Suite struct FileReplacementTests {
  private let folder: MigrationFolder

  init() throws { folder = try MigrationFolder(["a.sql": "old"]) }

  private var path: String { folder.path(of: "a.sql") }

  private func text(_ name: String = "a.sql") throws -> String {
    String(decoding: try FileSystem.readFile(atPath: folder.path(of: name)), as: UTF8.self)
  }

  private func replace(_ path: String, expecting expected: String = "old") throws {
    try FileSystem.replaceFile(
      atPath: path, with: Array("new".utf8), expecting: Array(expected.utf8))
  }

  private func names() throws -> [String] {
    try FileSystem.directoryEntries(atPath: folder.path).map(\.name).sorted()
  }

  @Test func theFileKeepsItsModeAndNothingElseIsLeft() throws {
    chmod(path, 0o640)
    try replace(path)
    #expect(try text() == "new")
    var status = stat()
    #expect(stat(path, &status) == 0)
    #expect(status.st_mode & 0o7777 == 0o640)
    #expect(try names() == ["a.sql"])
  }

  @Test(.enabled(if: getuid() == 0, "only root may give files away"))
  func theFileKeepsItsOwner() throws {
    chown(path, 65534, 65533)
    try replace(path)
    var status = stat()
    #expect(stat(path, &status) == 0)
    #expect([status.st_uid, status.st_gid] == [65534, 65533])
  }

  @Test func aLinkStaysOneAndWhatItLeadsToIsReplaced() throws {
    symlink("a.sql", folder.path(of: "link.sql"))
    try replace(folder.path(of: "link.sql"))
    #expect(try text() == "new")
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: folder.path(of: "link.sql"))
        == "a.sql")
    #expect(try names() == ["a.sql", "link.sql"])
  }

  @Test func aFileThatWasChangedIsLeftAlone() throws {
    #expect(throws: FileSystem.ReplacementError.changed) {
      try replace(path, expecting: "other")
    }
    #expect(try text() == "old")
    #expect(try names() == ["a.sql"])
  }

  @Test func whatIsNoFileIsRefused() throws {
    func reason(_ path: String) -> String? {
      let error = #expect(throws: FileSystem.ReplacementError.self) { try replace(path) }
      guard case .failed(let failure) = error else { return nil }
      return failure.description
    }
    let missing = folder.path(of: "b.sql")
    #expect(reason(missing) == "\(missing): No such file or directory")
    #expect(reason(folder.path) == "\(folder.path): Not a regular file")
    #expect(reason("a\0b") == "a\0b: Invalid argument")
  }
}
