/// What `migration-manager.json` says, before it is known which of it counts.
package struct ConfigurationFile: Equatable, Sendable {
  /// The file's name in the working directory, unless `--config` gives another.
  package static let standardPath = "migration-manager.json"

  /// One of its objects: the file's own keys, or those of an environment.
  package struct Section: Equatable, Sendable {
    /// What it sets.
    package var values: [Setting: SettingValue] = [:]
    /// Where its `url` stands.
    package var urlPlace: PlacedJSON.Place?
    /// `protected`, where that is said.
    package var isProtected: Bool?

    /// A section that says nothing.
    package init() {}

    /// Its `url`; nil without one.
    package var url: ConfiguredURL? {
      if case .text(let text)? = values[.url] { ConfiguredURL(text) } else { nil }
    }
  }

  /// An environment.
  package struct Environment: Equatable, Sendable {
    /// Its name.
    package var name: String
    /// What it says.
    package var section: Section
  }

  /// The path as it is shown.
  package var path: String
  /// What holds in every environment that does not say otherwise, and without one.
  package var general = Section()
  /// The environments, in their order.
  package var environments: [Environment] = []

  /// A file that says nothing.
  package init(path: String) { self.path = path }

  /// The section of an environment.
  ///
  /// - Parameter name: the environment.
  /// - Returns: nil where there is none of that name.
  package func section(of name: String) -> Section? {
    environments.first { $0.name == name }?.section
  }

  /// All of its sections, each with its environment's name; nil for the file's own keys.
  package var sections: [(environment: String?, section: Section)] {
    [(nil, general)] + environments.map { ($0.name, $0.section) }
  }
}
