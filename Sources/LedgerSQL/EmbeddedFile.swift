import CLedgerSQL

/// The text of an SQL file that `CLedgerSQL` holds.
struct EmbeddedFile {
  /// The file's name without folder and `.sql`.
  let name: String

  /// The whole text.
  let text: String

  /// Every object of the ledger, in the order in which they must be created.
  static let objects = unsafe files(in: ledger_sql_objects())

  /// The script around the objects.
  static let creation = unsafe EmbeddedFile(ledger_sql_creation())

  /// The statements that the client sends.
  static let statements = unsafe files(in: ledger_sql_statements())

  private init(_ file: ledger_sql_file) {
    name = unsafe String(cString: file.name)
    text = unsafe String(
      decoding: UnsafeBufferPointer(start: file.bytes, count: file.length), as: UTF8.self)
  }

  private static func files(in list: ledger_sql_list) -> [EmbeddedFile] {
    unsafe UnsafeBufferPointer(start: list.files, count: list.count).map {
      unsafe EmbeddedFile($0)
    }
  }
}
