import Foundation
import Glibc
import Platform
import TestSupport
import Testing

@Suite struct FileSystemTests {
  private let folder: MigrationFolder

  init() throws {
    folder = try MigrationFolder(["a.sql": "SELECT 1;\r\n", "sub/b.sql": "", "empty": ""])
  }

  @Test func aFileIsReadByteForByte() throws {
    let bytes: [UInt8] = [0xEF, 0xBB, 0xBF, 0, 0xFF, 10] + Array("€".utf8)
    try folder.write(bytes: bytes, to: "odd.sql")
    #expect(try FileSystem.readFile(atPath: folder.path(of: "odd.sql")) == bytes)
    #expect(try FileSystem.readFile(atPath: folder.path(of: "empty")).isEmpty)
  }

  @Test func aLargeFileIsReadWhole() throws {
    let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    try folder.write(bytes: bytes, to: "large.sql")
    #expect(try FileSystem.readFile(atPath: folder.path(of: "large.sql")) == bytes)
  }

  @Test func aFileThatSaysItIsEmptyIsReadToItsEnd() throws {
    let text = String(decoding: try FileSystem.readFile(atPath: "/proc/self/status"), as: UTF8.self)
    #expect(text.hasPrefix("Name:"))
  }

  @Test func whatIsNoFileIsRefused() throws {
    func failure(_ path: String) -> FileSystemError? {
      #expect(throws: FileSystemError.self) { try FileSystem.readFile(atPath: path) }
    }
    let missing = folder.path(of: "nowhere.sql")
    #expect(failure(missing)?.description == "\(missing): No such file or directory")
    #expect(failure(folder.path(of: "a.sql/b"))?.reason == "Not a directory")
    #expect(failure(folder.path(of: "sub"))?.reason == "Is a directory")
    #expect(failure(folder.path(of: "a.sql\0b"))?.reason == "Invalid argument")
    let fifo = folder.path(of: "fifo.sql")
    #expect(mkfifo(fifo, 0o600) == 0)
    #expect(failure(fifo)?.description == "\(fifo): Not a regular file")
    #expect(failure("/dev/null")?.reason == "Not a regular file")
  }

  @Test(.enabled(if: getuid() != 0, "root may read everything"))
  func whatMayNotBeReadIsRefused() throws {
    let path = folder.path(of: "a.sql")
    chmod(path, 0)
    let error = #expect(throws: FileSystemError.self) { try FileSystem.readFile(atPath: path) }
    #expect(error?.reason == "Permission denied")
  }

  @Test func aFolderIsListedThroughItsLinks() throws {
    symlink(folder.path(of: "a.sql"), folder.path(of: "link.sql"))
    symlink(folder.path(of: "sub"), folder.path(of: "sublink"))
    symlink("/nonexistent", folder.path(of: "dangling.sql"))
    mkfifo(folder.path(of: "fifo"), 0o600)
    let entries = try FileSystem.directoryEntries(atPath: folder.path)
    let kinds = Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0.kind) })
    #expect(
      kinds == [
        "a.sql": .file, "empty": .file, "sub": .directory, "link.sql": .file,
        "sublink": .directory, "dangling.sql": .danglingLink, "fifo": .other,
      ])
  }

  @Test func aNameThatIsNotUTF8IsListedAsSuch() throws {
    let name = folder.path(of: "").utf8CString.dropLast() + [0x31, -1, 0x2E, 0x73, 0x71, 0x6C, 0]
    let descriptor = open(Array(name), O_CREAT | O_WRONLY, 0o600)
    try #require(descriptor >= 0)
    close(descriptor)
    let entries = try FileSystem.directoryEntries(atPath: folder.path)
    #expect(entries.contains(DirectoryEntry(name: "1\u{FFFD}.sql", kind: .unreadableName)))
  }

  @Test func whatIsNoFolderIsNotListed() throws {
    func failure(_ path: String) -> FileSystemError? {
      #expect(throws: FileSystemError.self) { try FileSystem.directoryEntries(atPath: path) }
    }
    #expect(failure(folder.path(of: "nowhere"))?.reason == "No such file or directory")
    #expect(failure(folder.path(of: "a.sql"))?.reason == "Not a directory")
  }

  @Test func existenceIsToldThroughLinks() throws {
    #expect(FileSystem.fileExists(atPath: folder.path(of: "a.sql")))
    #expect(FileSystem.fileExists(atPath: folder.path))
    #expect(!FileSystem.fileExists(atPath: folder.path(of: "nowhere")))
    #expect(FileSystem.entryExists(atPath: folder.path(of: "a.sql")))
    #expect(!FileSystem.entryExists(atPath: folder.path(of: "nowhere")))
    #expect(FileSystem.isDirectory(atPath: folder.path))
    #expect(!FileSystem.isDirectory(atPath: folder.path(of: "a.sql")))
  }
}
