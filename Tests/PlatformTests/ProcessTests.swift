import Foundation
import Platform
import Testing

@Suite struct EnvironmentTests {
  @Test func aVariableIsSetOnlyWhereItIsAbsent() {
    let name = "MIGRATION_MANAGER_TEST_\(UniqueIdentifier.random())"
    #expect(Environment.value(for: name) == nil)
    #expect(Environment.setIfAbsent(name, to: "one=1"))
    #expect(!Environment.setIfAbsent(name, to: "two"))
    #expect(Environment.value(for: name) == "one=1")
  }

  @Test func anEmptyVariableIsPresent() {
    let name = "MIGRATION_MANAGER_TEST_\(UniqueIdentifier.random())"
    #expect(Environment.setIfAbsent(name, to: ""))
    #expect(!Environment.setIfAbsent(name, to: "something"))
    #expect(Environment.value(for: name) == "")
  }

  @Test(arguments: ["", "a=b", "a\0b"])
  func anImpossibleNameIsNotSet(name: String) {
    #expect(!Environment.setIfAbsent(name, to: "x"))
  }
}

@Suite struct HostInformationTests {
  @Test func theMachineAndTheUserHaveNames() {
    #expect(HostInformation.hostName == ProcessInfo.processInfo.hostName)
    #expect(HostInformation.userName == NSUserName())
  }
}

@Suite struct UniqueIdentifierTests {
  @Test func identifiersAreOfVersionFourAndDiffer() {
    let identifiers = (0..<1000).map { _ in UniqueIdentifier.random() }
    #expect(Set(identifiers).count == 1000)
    let form = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/
    #expect(identifiers.allSatisfy { $0.wholeMatch(of: form) != nil })
  }
}
