package import MigrationCore

/// What `template` prints.
package enum TemplateRendering {
  /// Prints the section between rules, and what to do with it.
  package static func print(_ result: TemplateResult, to console: Console) {
    console.print(result.isWritten ? "Rollback template:" : "Suggested rollback template:")
    console.print(sqlBetweenRules: result.section)
    if result.isWritten {
      console.print()
      console.print(
        console.symbols.mark(
          true,
          result.rollbackPath.map { "Wrote the rollback SQL to \($0)" }
            ?? "Wrote the rollback section to \(result.path)"))
    }
    console.progress()
    if result.isWritten {
      let work = result.todos.isEmpty ? "review it" : "work through \(todos(result.todos.count))"
      let register = ShellWord.command("register", result.name)
      console.hint(
        result.isOtherRunners
          ? "\(work), then run \(register)"
          : "\(work), then run 'migration-manager migrate', or where it is applied already, \(register)"
      )
    } else if result.isIrreversible {
      console.hint(
        "the file says that it is irreversible: if it can be undone after all, put this in place of "
          + "that line")
    } else if let path = result.rollbackPath {
      console.hint("Put this into \(path) and adjust as needed")
    } else {
      console.hint("Add this to your migration file and adjust as needed")
    }
    if !result.dependencies.isEmpty {
      let names = result.dependencies.joined(separator: ", ")
      console.hint("it needs what earlier migrations create: '-- Depends on: \(names)'")
    }
  }

  private static func todos(_ count: Int) -> String {
    count == 1 ? "the TODO" : "the \(count) TODOs"
  }
}

/// The document of `template --json`.
package struct TemplatePayload: JSONDocument {
  private let result: TemplateResult

  /// The document of a section.
  package init(_ result: TemplateResult) {
    self.result = result
  }

  /// Writes the object.
  package func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("name", result.name)
      json.member("path", result.path)
      json.member("rollback_path", result.rollbackPath)
      json.member("section", result.section)
      json.member("sql", result.sql)
      json.member("commented", result.isCommented)
      json.member("written", result.isWritten)
      json.member("todos", result.todos.map(TodoPayload.init))
      json.member("depends_on", result.dependencies)
    }
  }
}

/// A TODO of a section.
private struct TodoPayload: JSONValue {
  let todo: TemplateResult.Todo

  func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("line", todo.line)
      json.member("statement", todo.statement)
      json.member("reason", todo.reason)
      json.member("suggestion", todo.suggestion)
    }
  }
}
