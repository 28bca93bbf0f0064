package import MigrationCore

extension Console {
  /// Shows what is about to be done and where, and asks.
  ///
  /// - Parameters:
  ///   - action: what is asked, such as `rollback this migration`.
  ///   - target: where; shown here only when progress, which says it too, is silent.
  ///   - preview: shows what will be done, with the `preview` methods: it is seen even when quiet
  ///     and beside a JSON document.
  /// - Returns: true only for the answer `yes`, or, where the database is protected, its name; the
  ///   end of the input means no.
  package func confirm(
    _ action: String, on target: DatabaseTarget?, preview: (Console) -> Void
  ) -> Bool {
    if isJSON || verbosity == .quiet, let target {
      self.preview("Database: \(target.description)\n")
    }
    preview(self)
    self.preview("")
    let (question, expected) = question(action, on: target)
    let answer = ask("\(symbols.prefix(.warning)) \(question): ")
    progress()
    return answer == expected
  }

  /// What is asked, and the only answer that goes on.
  private func question(
    _ action: String, on target: DatabaseTarget?
  ) -> (question: String, expected: String) {
    guard let target, let protection = target.protection else {
      return ("Are you sure you want to \(action)? (yes/no)", "yes")
    }
    let subject = protection.subject.prefix(1).uppercased() + protection.subject.dropFirst()
    return (
      "\(subject) is protected. To \(action), type the name of the database, '\(target.database)'",
      target.database
    )
  }
}

extension Console {
  /// Asks what became of a statement whose end nobody saw.
  ///
  /// - Parameter question: which statement.
  /// - Returns: the answer; nil for any other word, the end of the input, and where nobody sits at a
  ///   terminal.
  package func ask(_ question: UnseenStatement) -> UnseenAnswer? {
    guard surroundings.inputIsTerminal else { return nil }
    let answer = ask(
      "Was statement \(question.number) of '\(question.migration)' (\(question.words)) carried out? "
        + "(done/again/stop): ")
    return answer.flatMap(UnseenAnswer.init(rawValue:))
  }
}

extension ErrorReport {
  /// The answer to a person who did not say yes.
  ///
  /// - Parameters:
  ///   - action: what was not done, such as `rollback of '1_a'`.
  ///   - target: where it was not done.
  /// - Returns: a refusal.
  static func declined(_ action: String, on target: DatabaseTarget?) -> ErrorReport {
    ErrorReport(
      .refused, "\(action) was not confirmed; nothing was changed",
      hint: target?.protection == nil
        ? "only the answer 'yes' goes on; '--yes' answers it beforehand"
        : "only the database's name goes on; '--confirm NAME' gives it beforehand")
  }
}
