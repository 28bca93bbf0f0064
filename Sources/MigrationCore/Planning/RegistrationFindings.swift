/// What the database says about all that are to be registered.
struct RegistrationFindings {
  /// Whether there is a ledger.
  var hasLedger = true
  /// Names with a row, of the candidates and of what they depend on, and their status.
  var statuses: [String: MigrationStatus] = [:]
  /// The numbers of the ``CatalogQuestion``s whose object exists.
  var existing: Set<Int> = []
  /// Those of the wanted versions that stand in the Supabase CLI's ledger; nil where there is none.
  var supabaseVersions: Set<String>?

  /// What concerns each candidate.
  ///
  /// - Parameter candidates: the candidates, in the order in which their objects were numbered.
  /// - Returns: the findings, one for each.
  func concerning(_ candidates: [RegistrationCandidate]) -> [RegistrationPlanner.Findings] {
    var number = 0
    return candidates.map { candidate in
      var missing: [String] = []
      for expected in candidate.evidence.objects {
        if !existing.contains(number) { missing.append(expected.description) }
        number += 1
      }
      return RegistrationPlanner.Findings(
        status: statuses[candidate.file.name.text], missing: missing,
        expected: candidate.evidence.objects.count,
        standsInSupabase: supabaseVersions.map { $0.contains(candidate.file.name.version) })
    }
  }
}
