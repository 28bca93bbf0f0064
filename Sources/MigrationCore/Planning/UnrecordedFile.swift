/// Why a file without a row is not taken for pending: it may be applied all the same.
enum UnrecordedFile: Equatable {
  /// The database shows that it was applied.
  case applied(evidence: String)
  /// Some of what it creates exists, some is missing.
  case partial(evidence: String, missing: [String])
  /// Nothing tells.
  case untold
  /// It cannot be read, or its markers are out of order.
  case unreadable(ErrorReport)

  /// Takes what the database shows; nil where it shows that nothing of the file stands.
  init?(_ verdict: AppliedVerdict) {
    switch verdict {
    case .applied(let evidence, _): self = .applied(evidence: evidence)
    case .partial(let reason): self = .partial(evidence: reason.evidence, missing: reason.missing)
    case .unknown: self = .untold
    case .notApplied: return nil
    }
  }

  /// What was found, in one line.
  var reason: String {
    switch self {
    case .applied(let evidence): "it was applied and not recorded: \(evidence)"
    case .partial(let evidence, _): "it was applied only in part: \(evidence)"
    case .untold: "nothing tells whether it was applied"
    case .unreadable(let report): report.sentence
    }
  }
}
