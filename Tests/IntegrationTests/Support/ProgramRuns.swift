import Foundation
import TestSupport

/// The program ended otherwise than a test's preparation needs.
struct UnexpectedResult: Error, CustomStringConvertible {
  let arguments: [String]
  let result: ProgramResult

  var description: String {
    "\(arguments.joined(separator: " ")): exit status \(result.status)\n"
      + "stdout: \(result.stdout)\nstderr: \(result.stderr)"
  }
}

/// Runs the program for a test's preparation.
///
/// - Throws: ``UnexpectedResult`` if its exit status is not 0.
@discardableResult
func runSuccessfully(
  _ arguments: [String], environment: [String: String?] = [:], directory: String? = nil
) throws -> ProgramResult {
  let result = try Program.run(arguments, environment: environment, directory: directory)
  guard result.status == 0 else { throw UnexpectedResult(arguments: arguments, result: result) }
  return result
}

/// What `--json` prints for an error.
struct ErrorDocument: Decodable {
  struct Content: Decodable {
    var code: String
    var message: String
    var hint: String?
    var file: String?
    var line: Int?
    var column: Int?
    var sqlstate: String?
  }
  var error: Content
}

extension ProgramResult {
  /// Standard output as one JSON document.
  ///
  /// - Throws: `DecodingError` if it is not one document and nothing else.
  func document<Document: Decodable>(_ type: Document.Type = Document.self) throws -> Document {
    try JSONDecoder().decode(type, from: Data(stdout.utf8))
  }

  /// The error of `--json`.
  func errorDocument() throws -> ErrorDocument.Content {
    try document(ErrorDocument.self).error
  }

  /// Whether neither output stream shows `text`.
  func hides(_ text: String) -> Bool { !stdout.contains(text) && !stderr.contains(text) }
}
