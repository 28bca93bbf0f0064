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
      return row(setting, entry.value.text, entry.origin.description)
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

  /// The database, described by libpq's keywords without passwords.
  private func databaseRow() throws -> ConfigurationReport.Row {
    let place: ConnectionSettings
    do {
      place = try connectionSettings()
    } catch let error as ErrorReport where error.code == .connection {
      let origin = try configuration().connection?.origin ?? .standard
      return row(.url, nil, origin.description, problem: error.message)
    }
    let origin =
      (place.variable.map { "\($0.description), " } ?? "")
      + (place.origin ?? .standard).description
    guard let string = place.connectionString else {
      return row(.url, place.libpqVariables.nonEmpty, origin)
    }
    do throws(ConnectionError) {
      return row(.url, try ConnectionString.describing(string), origin)
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

extension String {
  fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}
