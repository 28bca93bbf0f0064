/// What is in force and where each value comes from, as `config` shows it.
public struct ConfigurationReport: Equatable, Sendable {
  /// An environment of the configuration file.
  public struct Environment: Equatable, Sendable {
    /// Its name.
    public var name: String
    /// Whether it is protected.
    public var isProtected: Bool
  }

  /// One setting.
  public struct Row: Equatable, Sendable {
    /// The setting, by its key in the configuration file.
    public var name: String
    /// What is in force, free of passwords; nil where nothing is set and the default is not one value.
    public var value: String?
    /// What the default comes to, in words, where ``value`` is nil.
    public var standardWords: String?
    /// Who said so: an option, a variable, the configuration file, or `default`.
    public var origin: String
    /// Why it cannot be used; nil where nothing is known against it.
    public var problem: String?
  }

  /// The configuration file; nil without one.
  public var file: String?
  /// The environment that was chosen; nil without a choice.
  public var environment: String?
  /// Who chose it; nil without a choice.
  public var environmentOrigin: String?
  /// Whether more than a yes is needed to take something away.
  public var isProtected: Bool
  /// The environments that the file has, in its order.
  public var environments: [Environment]
  /// Every setting.
  public var rows: [Row]
}
