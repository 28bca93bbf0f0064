internal import Platform
internal import SQLParsing

/// The checksums of one migration file, as the ledger records them; SHA-256, lower-case hex.
package struct FileChecksums: Equatable, Sendable {
  /// Of the file's bytes: `sha256sum FILE` agrees.
  package var file: String
  /// Of the up SQL with line ends normalised.
  package var up: String?
  /// Of the rollback SQL with line ends normalised; nil without rollback SQL.
  package var rollback: String?
  /// Of the up SQL's tokens: comments and white space do not count.
  package var upCode: String?
  /// Of the rollback SQL's tokens.
  package var rollbackCode: String?
  /// How the rollback SQL runs: two that read the same are two that differ in this.
  package var rollbackMode: TransactionMode
  /// Whether the rollback SQL stands in a file of its own, which ``file`` says nothing of.
  package var hasRollbackFile: Bool

  /// Names what is known; the parts that are nil were not recorded.
  package init(
    file: String, up: String? = nil, rollback: String? = nil, upCode: String? = nil,
    rollbackCode: String? = nil, rollbackMode: TransactionMode = .single,
    hasRollbackFile: Bool = false
  ) {
    self.file = file
    self.up = up
    self.rollback = rollback
    self.upCode = upCode
    self.rollbackCode = rollbackCode
    self.rollbackMode = rollbackMode
    self.hasRollbackFile = hasRollbackFile
  }

  /// How a file differs from a record.
  ///
  /// - Parameters:
  ///   - file: the file's checksums, all of them.
  ///   - record: what the ledger holds; parts it lacks are taken to differ.
  /// - Returns: nil when the bytes agree, and the rollback SQL where they do not hold it; else the
  ///   most serious difference.
  package static func drift(of file: FileChecksums, from record: FileChecksums) -> Drift? {
    let isSameFile = file.file == record.file
    if isSameFile, record.rollback == nil, !file.hasRollbackFile { return nil }
    let modeIsSame = file.rollback == nil || file.rollbackMode == record.rollbackMode
    let rollbackIsSame = file.rollback == record.rollback && modeIsSame
    if isSameFile, rollbackIsSame { return nil }
    let upIsSame = isSameFile || file.up == record.up
    if !upIsSame && file.upCode != record.upCode { return .up }
    if !rollbackIsSame && (!modeIsSame || file.rollbackCode != record.rollbackCode) {
      return .rollback
    }
    return upIsSame && rollbackIsSame ? .lineEnds : .comments
  }

  /// The checksum of SQL exactly as it is: what the guard compares.
  package static func ofBytes(of sql: String) -> String { SHA256.hexDigest(of: Array(sql.utf8)) }

  /// The checksum of a text with CRLF and CR taken as LF.
  package static func ofText(_ text: [UInt8]) -> String {
    SHA256.hexDigest(of: normalisingLineEnds(text))
  }

  /// A text with CRLF and CR taken as LF.
  static func normalisingLineEnds(_ text: [UInt8]) -> [UInt8] {
    let carriageReturn = UInt8(ascii: "\r")
    guard text.contains(carriageReturn) else { return text }
    var normalised: [UInt8] = []
    normalised.reserveCapacity(text.count)
    var index = 0
    while index < text.count {
      if text[index] == carriageReturn {
        normalised.append(UInt8(ascii: "\n"))
        if index + 1 < text.count, text[index + 1] == UInt8(ascii: "\n") { index += 1 }
      } else {
        normalised.append(text[index])
      }
      index += 1
    }
    return normalised
  }
}

extension FileChecksums {
  /// The checksum of a text's tokens, each ended by a separator: comments and white space between
  /// them do not count.
  package static func ofCode(_ text: [UInt8]) -> String {
    ofCode(text, in: 0..<text.count, behind: [])
  }

  /// The checksum of the tokens of a part of a text.
  ///
  /// - Parameters:
  ///   - text: SQL.
  ///   - range: the part that counts, in bytes.
  ///   - preface: SQL that counts as if it stood before that.
  /// - Returns: the checksum.
  static func ofCode(_ text: [UInt8], in range: Range<Int>, behind preface: [UInt8]) -> String {
    var hasher = SHA256.Hasher()
    if !preface.isEmpty { forEachCodeChunk(in: preface) { hasher.update($0) } }
    forEachCodeChunk(in: text, range: range) { hasher.update($0) }
    return hasher.finalize()
  }
}
