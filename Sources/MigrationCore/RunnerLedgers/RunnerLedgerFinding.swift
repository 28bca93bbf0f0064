/// Another runner's ledger, as `runner_rows.sql` found it.
struct RunnerLedgerFinding: Decodable, Equatable {
  /// One of the migrations that were asked for, in that ledger.
  struct Row: Decodable, Equatable {
    /// The migration's name.
    var migration: String
    /// The name that Supabase's row carries, which is the file's less its version.
    var name: String?
    /// Whether the ledger holds a later version as well.
    var isFollowed: Bool

    enum CodingKeys: String, CodingKey {
      case migration, name
      case isFollowed = "is_followed"
    }
  }

  /// The runner, in ``RunnerLedger``'s words.
  var runner: String
  /// The table's schema.
  var schema: String
  /// The table as SQL names it.
  var identity: String
  /// An owner whose code a query would run; nil where every owner is trusted.
  var stranger: String?
  /// Whether this role may read the table.
  var isReadable: Bool
  /// Whether this role may change its rows.
  var isWritable: Bool
  /// Whether a row security policy holds for this role.
  var hidesRows: Bool
  /// A trigger, rule or foreign key that would run on a change.
  var reaction: String?
  /// The migrations found; nil where the table was not read.
  var rows: [Row]?

  enum CodingKeys: String, CodingKey {
    case runner, schema, identity, stranger, reaction, rows
    case isReadable = "is_readable"
    case isWritable = "is_writable"
    case hidesRows = "hides_rows"
  }
}

extension MigrationName {
  /// The version under which the Supabase CLI records a file of this name: it takes files whose
  /// names match `^([0-9]+)_(.*)\.sql$` (`pkg/migration/file.go` of supabase/cli) and passes the
  /// others over.
  var supabaseVersion: String? {
    let digits = text.utf8.prefix { (0x30...0x39).contains($0) }
    guard !digits.isEmpty, text.utf8.dropFirst(digits.count).first == UInt8(ascii: "_") else {
      return nil
    }
    return String(digits)
  }
}
