/// What `migrate` is asked for.
public struct MigrationRequest: Equatable, Sendable {
  /// `--to`: the last migration to apply, by its name or its version; nil for all.
  public var target: String?
  /// `--allow-out-of-order`: apply also what comes before a migration that others applied.
  public var allowsOutOfOrder = false
  /// `--strict-order`: refuse whatever comes before an applied migration.
  public var requiresOrder = false
  /// `--unseen`: what a person says of a statement whose end nobody saw.
  public var unseen: UnseenAnswer?

  /// All that is pending.
  public init() {}
}

extension MigrationRequest {
  /// The last of some files that the target means: the one of that name, else the last one of that
  /// version.
  ///
  /// - Parameter files: the migrations of the folder, in order.
  /// - Returns: the file; nil without a target, or where none is meant.
  /// - Throws: ``ErrorReport`` of code `usage` where the target is no name.
  func boundary(among files: [MigrationName]) throws -> MigrationName? {
    guard let target else { return nil }
    let wanted = try MigrationName.fromArgument(target)
    if files.contains(wanted) { return wanted }
    guard wanted.version == wanted.text else { return nil }
    return files.last { !$0.isNewer(than: wanted) && !wanted.isNewer(than: $0) }
  }
}
