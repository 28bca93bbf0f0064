import MigrationCore

/// `completions`: the script for a shell, or the names that such a script asks for.
struct CompletionsCommand: Command {
  private let shell: CompletionShell?
  private let word: CompletionWord

  init(_ line: ParsedCommandLine) {
    shell = line.arguments.first.flatMap(CompletionShell.init(rawValue:))
    word = line.arguments.first.flatMap(CompletionWord.init(rawValue:)) ?? .names
  }

  var writes: Bool { false }

  func run(in session: Session, console: Console) throws -> ExitStatus {
    guard let shell else {
      // A script asks.
      let names =
        switch word {
        case .names: session.namesInFolder()
        case .environments: session.environmentNames()
        }
      if console.isJSON {
        console.print(document: NamesPayload(names: names))
      } else {
        console.print(bytes: Array(names.map { $0 + "\n" }.joined().utf8))
      }
      return .done
    }
    if console.isJSON {
      console.print(document: CompletionsPayload(shell: shell))
    } else {
      console.print(bytes: Array(shell.script.utf8))
    }
    return .done
  }
}

/// The document of `completions --json`.
package struct CompletionsPayload: JSONDocument {
  private let shell: CompletionShell

  /// The document of a shell's script.
  package init(shell: CompletionShell) { self.shell = shell }

  /// Writes the object.
  package func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("shell", shell.rawValue)
      json.member("script", shell.script)
    }
  }
}
