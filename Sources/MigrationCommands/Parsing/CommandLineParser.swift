import MigrationCore

/// Turns the words of a command line into a ``ParsedCommandLine``, by the tables alone.
///
/// Options stand before or after arguments, as `--option value` or `--option=value`; `--` ends
/// them; of an option given twice the last value counts, unless it is repeatable. Short flags may
/// be joined: `-qy`.
package struct CommandLineParser {
  private var words: ArraySlice<String>
  private var positional: [String] = []
  private var values: [OptionName: [ParsedCommandLine.Value]] = [:]
  /// The options in the order given, for the first one that the command does not have.
  private var given: [OptionSpecification] = []
  /// Scanning goes on after a mistake, because the command's word may come later.
  private var firstProblem: UsageError.Problem?

  /// Understands a command line, or says what is wrong with it.
  ///
  /// - Parameter words: the words after the program's name.
  /// - Returns: the command line; with `--help` or `--version` its arguments are not checked.
  /// - Throws: ``UsageError``, the first mistake in reading order where there are several.
  package static func parse(_ words: [String]) throws(UsageError) -> ParsedCommandLine {
    var parser = CommandLineParser(words: words[...])
    parser.scan()
    return try parser.result()
  }

  /// Whether a command line asks for JSON, even one that cannot be understood.
  ///
  /// - Parameter words: the words after the program's name.
  /// - Returns: true when `--json` stands among them, before any `--`.
  package static func asksForJSON(_ words: [String]) -> Bool {
    words.prefix { $0 != "--" }.contains(OptionName.json.spelling)
  }

  private init(words: ArraySlice<String>) { self.words = words }

  // MARK: Scanning

  private mutating func scan() {
    while let word = words.popFirst() {
      if word == "--" {
        positional += words
        words = []
      } else if word.hasPrefix("--") {
        scanLongOption(word)
      } else if word.hasPrefix("-"), word != "-" {
        scanShortFlags(word)
      } else {
        positional.append(word)
      }
    }
  }

  private mutating func scanLongOption(_ word: String) {
    let parts = word.dropFirst(2).split(
      separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let attached = parts.count > 1 ? String(parts[1]) : nil
    guard let name = OptionName(rawValue: String(parts[0])),
      let option = OptionTable.specification(of: name)
    else {
      let nearest = NearestName.of(
        String(parts[0]), among: OptionName.allCases.map { $0.rawValue })
      return note(
        .unknownOption("--\(parts[0])", nearest: nearest.flatMap(OptionName.init(rawValue:))))
    }
    switch (option.placeholder, attached) {
    case (nil, nil):
      add(.flag, to: option)
    case (nil, let value?):
      note(.unexpectedValue(name, value: value))
    case (_, let value?):
      addValue(value, to: option)
    case (let placeholder?, nil):
      if let next = words.first, !isOption(next) {
        words.removeFirst()
        addValue(next, to: option)
      } else {
        note(.missingValue(name, placeholder: placeholder))
      }
    }
  }

  private mutating func scanShortFlags(_ word: String) {
    for letter in word.dropFirst() {
      guard let option = OptionTable.all.first(where: { $0.short == letter }) else {
        return note(.unknownOption(word.count == 2 ? word : "-\(letter)", nearest: nil))
      }
      add(.flag, to: option)
    }
  }

  /// Whether a word that stands where a value is wanted is an option of ours: then the value was
  /// forgotten. Other words with a dash, such as `-1`, are values.
  private func isOption(_ word: String) -> Bool {
    if word == "--" { return true }
    if word.hasPrefix("--") {
      return OptionName(rawValue: String(word.dropFirst(2).prefix { $0 != "=" })) != nil
    }
    return word.count == 2 && word.first == "-"
      && OptionTable.all.contains { $0.short == word.last }
  }

  private mutating func addValue(_ text: String, to option: OptionSpecification) {
    guard !text.isEmpty else { return note(.emptyValue(option.name)) }
    switch option.kind {
    case .flag:
      add(.flag, to: option)
    case .text, .folder, .file, .environment, .migration:
      add(.text(text), to: option)
    case .choice(let words):
      guard words.contains(text) else {
        return note(.notAChoice(option.name, value: text, words: words))
      }
      add(.text(text), to: option)
    case .integer(_, let minimum):
      guard let number = Int(text), number >= minimum else {
        return note(.notAnInteger(option.name, value: text, minimum: minimum))
      }
      add(.integer(number), to: option)
    case .duration(let bareUnit):
      guard let number = DurationText.milliseconds(text, bareUnit: bareUnit) else {
        return note(.notADuration(option.name, value: text, bareUnit: bareUnit))
      }
      add(.milliseconds(number), to: option)
    }
  }

  private mutating func add(_ value: ParsedCommandLine.Value, to option: OptionSpecification) {
    given.append(option)
    if option.isRepeatable {
      values[option.name, default: []].append(value)
    } else {
      values[option.name] = [value]
    }
  }

  private mutating func note(_ problem: UsageError.Problem) {
    firstProblem = firstProblem ?? problem
  }

  // MARK: Checking

  private consuming func result() throws(UsageError) -> ParsedCommandLine {
    let word = positional.first
    let command = word.flatMap(CommandName.init(rawValue:))
    if let firstProblem { throw UsageError(firstProblem, for: command) }
    if let word, command == nil { throw UsageError(Self.unknownCommand(word), for: nil) }

    let line = ParsedCommandLine(command, Array(positional.dropFirst()), values)
    if let foreign = given.first(where: { !$0.isAccepted(by: command) }), command != nil,
      case .commands(let commands) = foreign.scope
    {
      throw UsageError(.foreignOption(foreign.name, commands: commands), for: command)
    }
    if line.isSet(.help) || line.isSet(.version) { return line }
    guard let command, let specification = CommandTable.specification(of: command) else {
      throw UsageError(.noCommand, for: nil)
    }
    if let problem = Self.problem(in: line, of: specification) {
      throw UsageError(problem, for: command)
    }
    return line
  }

  /// What to say of a word that is no command: what other tools mean by it, else the nearest command.
  static func unknownCommand(_ word: String) -> UsageError.Problem {
    switch OtherToolsWord.all[word.lowercased()] {
    case .sameAs(let command)?: return .unknownCommand(word, nearest: command)
    case nil: break
    }
    let nearest = NearestName.of(word, among: CommandName.allCases.map { $0.rawValue })
    return .unknownCommand(word, nearest: nearest.flatMap(CommandName.init(rawValue:)))
  }

  private static func problem(
    in line: ParsedCommandLine, of specification: CommandSpecification
  ) -> UsageError.Problem? {
    if line.isSet(.quiet), line.isSet(.verbose) { return .conflict(.quiet, .verbose) }
    if let (first, second) = specification.conflicts.first(where: {
      line.isSet($0) && line.isSet($1)
    }) {
      return .conflict(first, second)
    }
    let choices = specification.exactlyOneOf.filter { line.isSet($0) }
    if choices.count > 1 { return .conflict(choices[0], choices[1]) }

    let places = specification.argumentOptions.filter { line.isSet($0) }
    if places.count > 1 { return .conflict(places[0], places[1]) }

    let (minimum, maximum, placeholder) =
      switch specification.arity {
      case .none: (0, 0, "")
      case .optional(let placeholder): (0, 1, placeholder)
      case .one(let placeholder): (1, 1, placeholder)
      case .two(let first, let second):
        (2, 2, (line.arguments.first ?? "").isEmpty ? first : second)
      case .several(let placeholder): (1, Int.max, placeholder)
      case .severalOr(let placeholder, _): places.isEmpty ? (1, Int.max, placeholder) : (0, 0, "")
      case .choice: (1, 1, "")
      }
    if case .choice(let words, let hidden) = specification.arity {
      guard let word = line.arguments.first else { return .choiceNeeded(words, not: nil) }
      guard words.contains(word) || hidden.contains(word) else {
        return .choiceNeeded(words, not: word)
      }
    }
    if line.arguments.contains("") { return .emptyArgument(placeholder: placeholder) }
    if line.arguments.count > maximum { return .unexpectedArgument(line.arguments[maximum]) }
    if line.arguments.count < minimum { return .missingArgument(placeholder: placeholder) }
    if choices.isEmpty, !specification.exactlyOneOf.isEmpty {
      return .noneOf(specification.exactlyOneOf)
    }
    return nil
  }
}
