/// What the database says about all that are to be registered.
struct RegistrationFindings {
  let candidates: [RegistrationCandidate]
  /// For each candidate, the numbers of its objects.
  let ranges: [Range<Int>]
  /// Names with a row, and their status.
  var statuses: [String: MigrationStatus] = [:]
  /// The numbers of the objects that exist.
  var existing: Set<Int> = []
  /// Those of the wanted versions that stand in the Supabase CLI's ledger; nil where there is none.
  var supabaseVersions: Set<String>?

  /// What concerns one of them.
  func of(_ candidate: RegistrationCandidate) -> RegistrationPlanner.Findings {
    guard let index = candidates.firstIndex(where: { $0.file.name == candidate.file.name }) else {
      return RegistrationPlanner.Findings(status: nil, missing: [], expected: 0)
    }
    let numbers = ranges[index]
    let missing = zip(numbers, candidate.evidence.objects)
      .filter { !existing.contains($0.0) }.map { $0.1.description }
    return RegistrationPlanner.Findings(
      status: statuses[candidate.file.name.text], missing: missing, expected: numbers.count,
      standsInSupabase: supabaseVersions.map { $0.contains(candidate.file.name.version) })
  }
}
