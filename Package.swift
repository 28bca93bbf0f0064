// swift-tools-version: 6.2
import PackageDescription

/// Every target is held to the next language mode's rules; the C wrappers to strict memory safety too.
let strictness: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .enableUpcomingFeature("InferIsolatedConformances"),
]
let wrapperStrictness = strictness + [.strictMemorySafety()]

let package = Package(
  name: "migration-manager",
  products: [
    .library(name: "MigrationCore", targets: ["MigrationCore"]),
    .executable(name: "migration-manager", targets: ["migration-manager"]),
  ],
  targets: [
    // C libraries from Debian: libpq-dev, libssl-dev, libpg-query-dev with libprotobuf-c-dev.
    .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(name: "CLibCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    // It takes libprotobuf-c's place: of that only the header is needed.
    .target(name: "CLibPGQuery"),
    .target(name: "CLedgerSQL", exclude: ["sql"]),

    // Wrappers: each the sole importer of its C library; they do not know each other.
    .target(name: "PostgresClient", dependencies: ["CLibPQ"], swiftSettings: wrapperStrictness),
    .target(
      name: "SQLParsing", dependencies: ["CLibPGQuery"], swiftSettings: wrapperStrictness,
      // The static archive: the program then needs no libpg_query.so where it runs.
      linkerSettings: [.linkedLibrary(":libpg_query.a")]),
    .target(name: "Platform", dependencies: ["CLibCrypto"], swiftSettings: wrapperStrictness),
    .target(name: "LedgerSQL", dependencies: ["CLedgerSQL"], swiftSettings: wrapperStrictness),

    .target(
      name: "MigrationCore",
      dependencies: ["PostgresClient", "SQLParsing", "Platform", "LedgerSQL"],
      swiftSettings: strictness),
    .target(
      name: "MigrationCommands", dependencies: ["MigrationCore", "Platform"],
      swiftSettings: strictness),
    .executableTarget(
      name: "migration-manager", dependencies: ["MigrationCommands"], swiftSettings: strictness),
    // For developers, by scripts/reference: writes the pages that come from the tables.
    .executableTarget(
      name: "reference-pages", dependencies: ["MigrationCommands", "MigrationCore", "Platform"],
      swiftSettings: strictness),

    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strictness),
    .testTarget(
      name: "PostgresClientTests", dependencies: ["PostgresClient", "TestSupport"],
      swiftSettings: strictness),
    .testTarget(name: "SQLParsingTests", dependencies: ["SQLParsing"], swiftSettings: strictness),
    .testTarget(
      name: "PlatformTests", dependencies: ["Platform", "TestSupport"], swiftSettings: strictness),
    .testTarget(
      name: "LedgerSQLTests", dependencies: ["LedgerSQL", "TestSupport"], swiftSettings: strictness),
    .testTarget(
      name: "MigrationCoreTests",
      dependencies: ["MigrationCore", "SQLParsing", "LedgerSQL", "Platform"],
      swiftSettings: strictness),
    .testTarget(
      name: "MigrationCommandsTests",
      dependencies: ["MigrationCommands", "MigrationCore", "Platform"],
      swiftSettings: strictness),
    .testTarget(
      name: "ReferencePagesTests",
      dependencies: ["reference-pages", "MigrationCommands", "TestSupport"],
      swiftSettings: strictness),
    .testTarget(
      name: "IntegrationTests", dependencies: ["TestSupport", "migration-manager"],
      swiftSettings: strictness),
  ],
  swiftLanguageModes: [.v6]
)
