internal import Platform
internal import PostgresClient

extension Session {
  /// What is in force and where each value comes from. No database is asked.
  ///
  /// - Returns: every setting; one that cannot be used says why.
  /// - Throws: ``ErrorReport`` where the configuration file cannot be read or does not have the
  ///   environment.
  public func configurationReport() throws -> ConfigurationReport {
    let configuration = try configuration()
    let file = configuration.file
    return ConfigurationReport(
      file: file?.path, environment: configuration.choice?.name,
      environmentOrigin: configuration.choice?.origin.description,
      isProtected: configuration.protection != nil,
      environments: (file?.environments ?? []).map {
        .init(
          name: $0.name,
          isProtected: $0.section.isProtected ?? file?.general.isProtected ?? false)
      },
      rows: try Setting.allCases.map { setting in
        switch setting {
        case .url: try databaseRow()
        default: row(of: setting, in: configuration)
        }
      })
  }

  private func row(of setting: Setting, in configuration: Configuration) -> ConfigurationReport.Row
  {
    if let entry = configuration.entries[setting] {
      return row(
        setting, entry.value.text, entry.origin.description,
        problem: setting == .schema ? schemaProblem(in: configuration) : nil)
    }
    let standard =
      switch setting {
      case .directory: MigrationDirectory.usualPath
      default: setting.standard?.text
      }
    var row = row(setting, standard, SettingOrigin.standard.description)
    row.standardWords = standard == nil ? setting.standardWords : nil
    return row
  }

  /// Why the schema cannot be one's name; nil where it can.
  private func schemaProblem(in configuration: Configuration) -> String? {
    do throws(ErrorReport) {
      _ = try configuration.settings()
      return nil
    } catch {
      return error.message
    }
  }

  /// The database: all that libpq would connect with, without passwords. What is not of the URL says
  /// who gives it.
  private func databaseRow() throws -> ConfigurationReport.Row {
    let place: ConnectionSettings
    do {
      place = try connectionSettings()
      try remarkOnConnection()
    } catch let error as ErrorReport where error.code == .connection {
      let origin = try configuration().connection?.origin ?? .standard
      return row(.url, nil, origin.description, problem: error.message)
    }
    let origin =
      (place.variable.map { "\($0.description), " } ?? "")
      + (place.origin ?? .standard).description
    do throws(ConnectionError) {
      let parameters = try resolvedParameters(of: place.connectionString)
      let words = parameters.map { parameter in
        switch parameter.origin {
        case .string: parameter.text
        case .service: "\(parameter.text) (service file)"
        case .variable(let name):
          place.variablesToSet.contains { $0.key == name }
            ? "\(parameter.text) (\(name) in .env)" : "\(parameter.text) (\(name))"
        case .standard: "\(parameter.text) (default)"
        }
      }
      return row(.url, words.joined(separator: " "), origin)
    } catch {
      return row(.url, nil, origin, problem: error.message)
    }
  }

  private func row(
    _ setting: Setting, _ value: String?, _ origin: String, problem: String? = nil
  ) -> ConfigurationReport.Row {
    .init(name: setting.rawValue, value: value, origin: origin, problem: problem)
  }
}
