/// What the database says about all that are to be registered.
struct RegistrationFindings {
  /// Whether there is a ledger.
  var hasLedger = true
  /// Names with a row and their status: at least of the candidates and of what they depend on.
  var statuses: [String: MigrationStatus] = [:]
  /// Names with a row, and what is recorded of them, where that was asked for.
  var records: [String: LedgerRecord] = [:]
  /// The numbers of the ``CatalogQuestion``s whose object exists.
  var existing: Set<Int> = []
  /// What the ledgers of other runners say.
  var runners = RunnerLedgers()
  /// What is half applied or half rolled back.
  var openSteps = OpenSteps()

  /// What concerns each candidate.
  ///
  /// - Parameter candidates: the candidates, in the order in which the names of their objects were
  ///   numbered.
  /// - Returns: the findings, one for each.
  func concerning(_ candidates: [RegistrationCandidate]) -> [AppliedVerdict.Findings] {
    var number = 0
    return candidates.map { candidate in
      var findings = AppliedVerdict.Findings(
        status: statuses[candidate.file.name.text],
        halfApplied: openSteps[candidate.file.name.text, .up],
        runners: runners.verdicts(on: candidate.file.name))
      for expected in candidate.evidence.objects {
        let numbers = number..<number + expected.names.count
        number = numbers.upperBound
        let exists = numbers.contains(where: existing.contains)
        // Where a later file may have taken it away, it tells only by being there.
        if !exists, expected.mayBeGone { continue }
        findings.expected += 1
        if !exists {
          findings.missing.append(expected.description)
        } else if expected.isOlder {
          findings.older += 1
        } else if expected.isShared {
          findings.shared += 1
        }
      }
      return findings
    }
  }
}
