internal import Platform
internal import PostgresClient

/// Says how far a migration that runs statement by statement got, and how it goes on.
struct StepwiseFailure {
  let work: StepwiseWork
  /// How many statements are done.
  let done: Int
  /// The statement that it stopped at, counted from 1.
  let number: Int
  /// Whether that one ran outside a transaction: it may have left something behind.
  let ranAlone: Bool
  /// Whether it may have committed a part of what it does before it failed: then the next run asks.
  var mayBeHalfDone = false

  /// Puts the cause into these words.
  func report(_ cause: ErrorReport) -> ErrorReport {
    var report = cause
    let isShown = report.details.contains { $0.hasPrefix("STATEMENT: ") }
    let unit =
      !isShown && work.units.indices.contains(number - 1)
      ? work.words(for: work.units[number - 1]) : ""
    let place = "stopped at statement \(number) of \(count)"
    if report.code == .interrupted, let signal = Interrupts.pending {
      report.message = "interrupted by \(signal.name): \(subject) \(place)"
      report.details.removeAll { $0.hasPrefix("the server cancelled") }
      report.details.append((unit.isEmpty ? "" : "\(unit); ") + stays)
    } else {
      report.details.append("\(place)" + (unit.isEmpty ? "" : " (\(unit))") + "; \(stays)")
    }
    if mayBeHalfDone {
      report.details.append("what statement \(number) itself committed before stays too")
    }
    if done > 0 || ranAlone || report.hint == nil || report.code == .interrupted {
      report.hint = wayOut(cause)
    }
    return report
  }

  /// What of it stands.
  private var stays: String {
    switch done {
    case count: "all of them are done, and only its record is missing"
    case 0: "nothing before it was done"
    case 1: "the statement before it is done and stays"
    default: "the \(done) statements before it are done and stay"
    }
  }

  /// What the journal keeps of the cause.
  static func journalled(_ cause: ErrorReport) -> String {
    guard cause.code == .interrupted, let signal = Interrupts.pending else { return cause.message }
    return "interrupted by \(signal.name)"
  }

  private var count: Int { work.units.count }

  private var subject: String {
    work.direction == .up ? "'\(work.name)'" : "the rollback of '\(work.name)'"
  }

  /// The command that goes on.
  private var command: String {
    work.direction == .up
      ? "'migration-manager migrate'" : ShellWord.command("rollback", work.name)
  }

  private func wayOut(_ cause: ErrorReport) -> String {
    if mayBeHalfDone {
      return
        "look into the database, then \(command) with --unseen done, or with --unseen again to "
        + "run statement \(number) once more; once it is changed, it runs unasked"
    }
    let goesOn = "goes on with statement \(number)"
    switch cause.code {
    case .interrupted, .connection, .fateUnknown:
      return "the same command again goes on from there"
    case .lock where cause.sqlState == nil: return cause.hint ?? "\(command) again \(goesOn)"
    case .lock: return "\(command) again \(goesOn); a longer --lock-timeout may help"
    default: break
    }
    if cause.sqlState.map(SQLState.init(rawValue:))?.isTransient == true {
      return "\(command) again \(goesOn)"
    }
    guard cause.code == .sql else { return cause.hint ?? "\(command) again \(goesOn)" }
    if work.direction == .up {
      return "mend it, then \(command) \(goesOn)"
    }
    return "mend its rollback section, run \(ShellWord.command("register", work.name)), then "
      + "\(command) \(goesOn)"
  }
}

extension StepwiseWork {
  /// Why it does not go on where nobody knows whether a statement was carried out.
  func question(about unit: MigrationUnit) -> ErrorReport {
    ErrorReport(
      .refused,
      "whether statement \(unit.number) of \(units.count) of '\(name)' was carried out is not known",
      details: ["\(words(for: unit))", "nobody saw its end, and the catalog does not tell"],
      hint: "look into the database, then give --unseen done, or --unseen again to run it once more"
    )
  }
}
