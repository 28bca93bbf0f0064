extension ConfigurationFile {
  /// Reads a file strictly: what it does not know, it refuses.
  ///
  /// - Parameters:
  ///   - bytes: the file.
  ///   - path: its path, as it is shown.
  /// - Returns: what it says.
  /// - Throws: ``ErrorReport`` of code `file` with the place: for what is no JSON, a key that is not
  ///   known or is given twice, and a value that the key cannot have.
  package static func read(_ bytes: [UInt8], path: String) throws(ErrorReport) -> ConfigurationFile
  {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw ErrorReport(.file, "'\(path)' is not UTF-8", hint: "save it as UTF-8")
    }
    let json: PlacedJSON
    do throws(JSONSyntaxError) {
      json = try JSONReader.read(text)
    } catch {
      let begins = text.first { !$0.isWhitespace && $0 != "\u{FEFF}" }
      throw ErrorReport(
        .file, "'\(path)' is no JSON: \(error.message)",
        hint: begins == "{" ? nil : "it must be one object: {\"dir\": \"migrations\", ...}",
        location: .init(file: path, line: error.place.line, column: error.place.column))
    }
    return try ConfigurationReader(path: path).file(json)
  }
}

/// Turns the JSON of a file into what it says.
private struct ConfigurationReader {
  let path: String

  private static let settings = Setting.allCases.map(\.rawValue)
  private static let protected = "protected"
  private static let environments = "environments"

  func file(_ json: PlacedJSON) throws(ErrorReport) -> ConfigurationFile {
    var file = ConfigurationFile(path: path)
    let keys = Self.settings + [Self.protected, Self.environments]
    for member in try members(of: json, "the file", keys: keys, prefix: "") {
      if member.key == Self.environments {
        file.environments = try environments(member.json)
      } else {
        try read(member, named: member.key, into: &file.general)
      }
    }
    return file
  }

  private func environments(
    _ json: PlacedJSON
  ) throws(ErrorReport) -> [ConfigurationFile.Environment] {
    var environments: [ConfigurationFile.Environment] = []
    let parent = "\(Self.environments)."
    for environment in try members(of: json, "'\(Self.environments)'", keys: nil, prefix: parent) {
      let prefix = parent + environment.key
      guard !environment.key.isEmpty else {
        throw report("an environment has no name", at: environment.place)
      }
      var section = ConfigurationFile.Section()
      let keys = Self.settings + [Self.protected]
      for member in try members(
        of: environment.json, "'\(prefix)'", keys: keys, prefix: prefix + ".")
      {
        try read(member, named: "\(prefix).\(member.key)", into: &section)
      }
      environments.append(.init(name: environment.key, section: section))
    }
    return environments
  }

  /// The members of an object, each key known and given once.
  ///
  /// - Parameters:
  ///   - json: what must be an object.
  ///   - name: what it is called where it is none.
  ///   - keys: the keys that there are; nil takes any.
  ///   - prefix: what stands before its keys where they are shown.
  /// - Returns: the members in their order.
  /// - Throws: ``ErrorReport`` of code `file`.
  private func members(
    of json: PlacedJSON, _ name: String, keys: [String]?, prefix: String
  ) throws(ErrorReport) -> [PlacedJSON.Member] {
    guard case .object(let members) = json.value else {
      throw report("\(name) must be an object, not \(json.value.words)", at: json.place)
    }
    var seen: Set<String> = []
    for member in members {
      if let keys, !keys.contains(member.key) {
        throw unknown(member, among: keys, prefix: prefix)
      }
      guard seen.insert(member.key).inserted else {
        throw report(
          "'\(prefix)\(member.key)' is given twice", hint: "take one of them out",
          at: member.place)
      }
    }
    return members
  }

  private func unknown(
    _ member: PlacedJSON.Member, among keys: [String], prefix: String
  ) -> ErrorReport {
    let isMisplaced = prefix != "" && member.key == Self.environments
    // A word of a longer key may be as near: the one of about its length is meant.
    let nearest = NearestNames.of(member.key, among: keys).min {
      abs($0.count - member.key.count) < abs($1.count - member.key.count)
    }
    let hint =
      if isMisplaced {
        "'\(Self.environments)' stands in the file's own object"
      } else if let nearest {
        "did you mean '\(prefix)\(nearest)'?"
      } else {
        "the keys are \(keys.map { "'\($0)'" }.joined(separator: ", "))"
      }
    return report("unknown key '\(prefix)\(member.key)'", hint: hint, at: member.place)
  }

  private func read(
    _ member: PlacedJSON.Member, named name: String,
    into section: inout ConfigurationFile.Section
  ) throws(ErrorReport) {
    if member.key == Self.protected {
      guard case .bool(let flag) = member.json.value else {
        throw wrong(member.json, name, needs: "true or false")
      }
      section.isProtected = flag
      return
    }
    guard let setting = Setting(rawValue: member.key) else { return }
    section.values[setting] = try value(of: setting, member.json, name)
    if setting == .url { section.urlPlace = member.json.place }
  }

  private func value(
    of setting: Setting, _ json: PlacedJSON, _ name: String
  ) throws(ErrorReport) -> SettingValue {
    switch (setting.kind, json.value) {
    case (.text, .string(let text)) where !text.isEmpty:
      guard !text.utf8.contains(0) else {
        throw report("'\(name)' holds a zero byte", at: json.place)
      }
      try checkVariables(in: text, setting, name, json.place)
      return .text(text)
    case (.text, _):
      throw wrong(json, name, needs: "a text that is not empty")
    case (.integer, .number(let text)):
      if let number = Int(text), number >= 0 { return .integer(number) }
      throw wrong(json, name, needs: "a whole number of at least 0")
    case (.integer, _):
      throw wrong(json, name, needs: "a whole number of at least 0")
    case (.duration(let unit), .string(let text)), (.duration(let unit), .number(let text)):
      if let milliseconds = DurationText.milliseconds(text, bareUnit: unit) {
        return .milliseconds(milliseconds)
      }
      throw wrongTime(json, name, unit)
    case (.duration(let unit), _):
      throw wrongTime(json, name, unit)
    }
  }

  /// A variable can be the whole of a `url`, and nothing else.
  private func checkVariables(
    in text: String, _ setting: Setting, _ name: String, _ place: PlacedJSON.Place
  ) throws(ErrorReport) {
    if setting == .url, ConfiguredURL(text) == nil {
      throw report(
        "'\(name)' does not name a variable as its whole value",
        hint: "write \"$NAME\" or \"${NAME}\" and put all of the URL into that variable", at: place)
    }
    if setting != .url, text.hasPrefix("$") || text.contains("${") {
      throw report(
        "'\(name)' cannot name a variable: only a 'url' can",
        hint: "write the value itself, or give it with '\(setting.option)'", at: place)
    }
  }

  private func wrongTime(
    _ json: PlacedJSON, _ name: String, _ unit: DurationUnit
  ) -> ErrorReport {
    wrong(
      json, name, needs: "a time such as \"2s\" or a number of \(unit.words)",
      hint: "units are ms, s, min, h and d, and 24d is the most")
  }

  private func wrong(
    _ json: PlacedJSON, _ name: String, needs type: String, hint: String? = nil
  ) -> ErrorReport {
    report("'\(name)' must be \(type), not \(json.value.words)", hint: hint, at: json.place)
  }

  private func report(
    _ message: String, hint: String? = nil, at place: PlacedJSON.Place
  ) -> ErrorReport {
    ErrorReport(
      .file, message, hint: hint,
      location: .init(file: path, line: place.line, column: place.column))
  }
}

extension PlacedJSON.Value {
  /// What it is, in words.
  fileprivate var words: String {
    switch self {
    case .object: "an object"
    case .array: "an array"
    case .string(""): "an empty text"
    case .string(let text): "\"\(text)\""
    case .number(let text): text
    case .bool(let flag): flag ? "true" : "false"
    case .null: "null"
    }
  }
}
