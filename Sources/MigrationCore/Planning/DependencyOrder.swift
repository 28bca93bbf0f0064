/// Whether each of some files comes after all that it depends on.
struct DependencyOrder {
  /// The files that were read.
  var files: [PendingFile]
  /// All that is to be applied, in order.
  var order: [MigrationName]
  /// Whether the folder holds a migration of a name.
  var isFile: (String) -> Bool
  /// Whether a migration is applied already.
  var stands: (String) -> Bool

  /// What stands against each file, in their order; a cycle is told of each of its members that
  /// comes too early.
  var refusals: [(name: String, error: ErrorReport)] {
    let places = Dictionary(
      order.enumerated().map { ($0.element.text, $0.offset) },
      uniquingKeysWith: { first, _ in first })
    let dependencies = Dictionary(
      files.map { ($0.file.name.text, $0.file.dependencies.map(\.name)) },
      uniquingKeysWith: { first, _ in first })
    return files.flatMap { pending in
      let file = pending.file
      let place = places[file.name.text] ?? 0
      return file.dependencies.compactMap { dependency -> (name: String, error: ErrorReport)? in
        if stands(dependency.name) { return nil }
        if let other = places[dependency.name], other < place { return nil }
        let location = ErrorReport.Location(file: file.path, line: dependency.line)
        return (
          file.name.text, refusal(file.name.text, dependency.name, dependencies, location)
        )
      }
    }
  }

  private func refusal(
    _ name: String, _ dependency: String, _ dependencies: [String: [String]],
    _ location: ErrorReport.Location
  ) -> ErrorReport {
    if let path = path(from: dependency, to: name, dependencies) {
      let cycle = [name] + path
      return ErrorReport(
        .refused, "dependency cycle: " + cycle.joined(separator: " -> "),
        hint: "remove one 'Depends on:' of these files", location: location)
    }
    if isFile(dependency) {
      return ErrorReport(
        .refused, "'\(name)' depends on '\(dependency)', which comes after it",
        hint: "give '\(name)' the later version, or mend its 'Depends on:' line",
        location: location)
    }
    let near = NearestNames.of(dependency, among: order.map(\.text))
    return ErrorReport(
      .refused, "'\(name)' depends on '\(dependency)', which is not applied and has no file",
      details: near.map { "did you mean '\($0)'?" },
      hint: "bring its file back, or mend the 'Depends on:' line", location: location)
  }

  /// The way from one migration to another over what they depend on, breadth first: the shortest.
  private func path(
    from start: String, to end: String, _ dependencies: [String: [String]]
  ) -> [String]? {
    var cameFrom: [String: String] = [:]
    var queue = [start]
    var next = 0
    while next < queue.count {
      let name = queue[next]
      next += 1
      if name == end {
        var path = [end]
        while let last = path.last, last != start, let previous = cameFrom[last] {
          path.append(previous)
        }
        return path.reversed()
      }
      for needed in dependencies[name] ?? [] where needed != start && cameFrom[needed] == nil {
        cameFrom[needed] = name
        queue.append(needed)
      }
    }
    return nil
  }
}
