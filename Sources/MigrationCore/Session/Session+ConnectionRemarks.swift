internal import Platform
internal import PostgresClient

extension Session {
  /// Says what a person may not expect of the choice of the database.
  ///
  /// - Throws: ``ErrorReport`` where there is no choice.
  func remarkOnConnection() throws {
    let settings = try connectionSettings()
    if let string = settings.connectionString,
      let dropped = try? ConnectionString.normalizing(string).droppedParameters, !dropped.isEmpty
    {
      let names = dropped.map { "'\($0)'" }.joined(separator: ", ")
      observe(.note("the connection parameters \(names) are not PostgreSQL's and are ignored"))
    }
    for variable in settings.emptyVariables {
      observe(.warning("\(variable) is set, but empty: it is passed over"))
    }
    guard let choice = try configuration().choice, case .file? = settings.origin else { return }
    for variable in settings.overruled {
      observe(
        .note(
          "\(variable.description) is set, but environment '\(choice.name)' (from "
            + "\(choice.origin.description)) counts"))
    }
    let completions = completions(of: settings)
    if !completions.isEmpty {
      observe(
        .warning(
          "the url of environment '\(choice.name)' is completed by "
            + "\(completions.joined(separator: ", ")): write it into the url, or unset what is left "
            + "over"))
    }
  }

  /// All that libpq would connect with.
  func resolvedParameters(of string: String?) throws(ConnectionError) -> [ResolvedParameter] {
    try ConnectionString.resolving(
      string, userName: HostInformation.userName, environment: Environment.value(for:))
  }

  /// The variables, with their values, that add to a URL which server or database it leads to. One that
  /// says nothing of these leaves them to variables on purpose.
  private func completions(of settings: ConnectionSettings) -> [String] {
    guard let string = settings.connectionString,
      let parameters = try? resolvedParameters(of: string)
    else { return [] }
    let places = parameters.filter(\.isPlace)
    guard places.contains(where: { $0.origin == .string }) else { return [] }
    return places.compactMap { place in
      guard case .variable(let name) = place.origin else { return nil }
      return "\(name)=\(ShellWord.quoted(place.value))"
    }
  }
}
