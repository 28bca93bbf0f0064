internal import Platform

/// A folder that belongs to another runner, which executes whole files.
enum RunnerLayout {
  /// `supabase/migrations`
  case supabase
  /// `prisma/migrations`
  case prisma

  /// Recognises a folder by the path that all links lead to.
  ///
  /// - Parameter path: the folder of migration files.
  init?(ofFolder path: String) {
    let resolved = (try? FileSystem.resolved(path)) ?? path
    switch Array(resolved.split(separator: "/").suffix(2)) {
    case ["supabase", "migrations"]: self = .supabase
    case ["prisma", "migrations"]: self = .prisma
    default: return nil
    }
  }
}
