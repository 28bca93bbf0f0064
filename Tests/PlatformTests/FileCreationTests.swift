import Foundation
import Platform
import TestSupport
import Testing

@Suite struct FileCreationTests {
  private let folder: MigrationFolder

  init() throws { folder = try MigrationFolder(["a.sql": "old"]) }

  private func reason(_ name: String, _ body: (String) throws -> Void) -> String? {
    #expect(throws: FileSystemError.self) { try body(folder.path(of: name)) }?.reason
  }

  @Test func aFileIsMadeWhereNoneIs() throws {
    let path = folder.path(of: "b.sql")
    try FileSystem.createFile(atPath: path, holding: Array("new".utf8))
    #expect(try FileSystem.readFile(atPath: path) == Array("new".utf8))
  }

  @Test func nothingTakesThePlaceOfAnother() throws {
    try FileManager.default.createSymbolicLink(
      atPath: folder.path(of: "link"), withDestinationPath: "nowhere")
    for name in ["a.sql", "link", "."] {
      #expect(reason(name) { try FileSystem.createFile(atPath: $0, holding: []) } == "File exists")
      #expect(reason(name) { try FileSystem.createDirectory(atPath: $0) } == "File exists")
    }
    #expect(try FileSystem.readFile(atPath: folder.path(of: "a.sql")) == Array("old".utf8))
  }

  @Test func whereItCannotBeMadeIsTold() {
    #expect(
      reason("x/b.sql") { try FileSystem.createFile(atPath: $0, holding: []) }
        == "No such file or directory")
    #expect(
      reason("b\0.sql") { try FileSystem.createFile(atPath: $0, holding: []) }
        == "Invalid argument")
  }

  @Test func onlyAnEmptyFolderIsTakenAway() throws {
    let path = folder.path(of: "c")
    try FileSystem.createDirectory(atPath: path)
    try folder.write("x", to: "c/x")
    FileSystem.removeIfPossible(path)
    #expect(FileSystem.isDirectory(atPath: path))
    FileSystem.removeIfPossible("\(path)/x")
    FileSystem.removeIfPossible(path)
    #expect(!FileSystem.fileExists(atPath: path))
  }
}
