import CLibPGQuery
import SQLParsing
import Testing

/// The scanner is compared with PostgreSQL's own, as libpg_query offers it. (Only tests import its
/// module beside SQLParsing.)
@Suite("Tokens and comments are where PostgreSQL's own scanner sees them")
struct LexicalScannerAgreementTests {
  private struct Place: Equatable {
    var range: Range<Int>
    var isComment: Bool
  }

  /// PostgreSQL's tokens; nil where its scanner refuses the text.
  private func expected(_ bytes: [UInt8]) -> [Place]? {
    var places: [Place]?
    withUnsafeMutablePointer(to: &places) { places in
      let result = (bytes + [0]).withUnsafeBytes {
        clibpgquery_scan(
          $0.assumingMemoryBound(to: CChar.self).baseAddress,
          { message, places in
            guard let message, let places else { return }
            let scanned = message.assumingMemoryBound(to: PgQuery__ScanResult.self).pointee
            places.assumingMemoryBound(to: [Place]?.self).pointee =
              (0..<scanned.n_tokens).compactMap { index in
                guard let token = scanned.tokens[index]?.pointee else { return nil }
                let isComment =
                  token.token == PG_QUERY__TOKEN__SQL_COMMENT
                  || token.token == PG_QUERY__TOKEN__C_COMMENT
                return Place(range: Int(token.start)..<Int(token.end), isComment: isComment)
              }
          }, places)
      }
      pg_query_free_scan_result(result)
    }
    return places
  }

  /// Whether a string goes on behind a line comment: libpg_query, unlike the server, ends it there.
  private func hasCommentInString(_ places: [Place], _ bytes: [UInt8]) -> Bool {
    places.indices.contains { index in
      guard places[index].isComment, index > 0 else { return false }
      let before = places[..<index].last { !$0.isComment }
      let after = places[index...].first { !$0.isComment }
      guard let before, let after else { return false }
      return bytes[before.range.upperBound - 1] == UInt8(ascii: "'")
        && bytes[after.range.lowerBound] == UInt8(ascii: "'")
    }
  }

  private func actual(_ bytes: [UInt8]) -> [Place]? {
    var scanner = LexicalScanner(bytes)
    var places: [Place] = []
    do {
      while let token = try scanner.next() {
        places.append(Place(range: token.range, isComment: token.kind.isComment))
      }
      return places
    } catch {
      return nil
    }
  }

  /// Pieces that, put together at random, open, close and abut everything there is.
  private static let pieces = [
    "'", "''", "E'", "e'\\'", "b'", "x'", "N'", "\"", "\"\"", "$$", "$a$", "$a", "$1", "a$b$",
    "--", "-- x", "/*", "*/", "*", "/", "+", "-", "@", "=", "<", ">", "=>", "<>", "!", "::", ":=",
    "..", ".", ":", ";", "(", ")", "[", "]", ",", "\n", "\r\n", "\r", "\t", " ", "select", "ä",
    "€", "1", "1.5", ".5", "1e5", "E", "\\", "\\\\", "'a'\n'b'", "?", "~", "#",
  ]

  @Test("Random texts", arguments: 0..<8)
  func randomTexts(seed: UInt64) throws {
    var generator = SplitMix64(state: seed)
    var compared = 0
    for _ in 0..<2_500 {
      let count = Int.random(in: 1...14, using: &generator)
      let text = (0..<count).map { _ in
        Self.pieces.randomElement(using: &generator) ?? ""
      }.joined()
      let bytes = Array(text.utf8)
      guard let expected = expected(bytes), !hasCommentInString(expected, bytes) else { continue }
      compared += 1
      #expect(actual(bytes) == expected, "\(text.debugDescription)")
    }
    #expect(compared > 500)
  }

  @Test(
    "Written texts",
    arguments: [
      "SELECT 'a'\n\n'b', E'x\\'y' --z",
      "CREATE FUNCTION f() RETURNS int AS $f$ SELECT 1; -- $$ $f$ LANGUAGE sql; -- end",
      "SELECT 1 +-- x\n2, 3 */* y */ 4, a@-b, 5 <=- 6, 1.e5, 7. , 1..2",
      "/* a /* b */ c */ SELECT $1::int[], x->>'y', z #>> '{a}' ; /**/",
      "SELECT größe FROM \"Tabelle \"\"ä\"\"\" WHERE x = $ä$ -- $ä$",
      "COPY t (a, b) FROM stdin WITH (FORMAT csv);",
    ])
  func writtenTexts(sql: String) throws {
    let bytes = Array(sql.utf8)
    let expected = try #require(self.expected(bytes))
    #expect(actual(bytes) == expected)
  }
}

/// A generator whose numbers depend on its seed alone.
private struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
