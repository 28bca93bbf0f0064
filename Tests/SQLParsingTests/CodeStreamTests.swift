import SQLParsing
import Testing

@Suite("The code of a text without comments and white space")
struct CodeStreamTests {
  private func code(_ sql: String) -> String {
    var bytes: [UInt8] = []
    forEachCodeChunk(in: Array(sql.utf8)) { bytes += $0 }
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test("Texts that differ in comments and white space alone are the same code")
  func sameCode() {
    let code = code("CREATE TABLE t (a int);")
    #expect(code == "CREATE\nTABLE\nt\n(\na\nint\n)\n;\n")
    #expect(self.code("-- x\r\nCREATE  TABLE t/* y */(a\n int ) ;\n\n") == code)
    #expect(self.code("\u{FEFF}CREATE TABLE t(a int);") == code)
  }

  @Test(
    "Anything else makes another",
    arguments: [
      ("SELECT 'a b'", "SELECT 'a  b'"), ("SELECT ab", "SELECT a b"), ("select 1", "SELECT 1"),
      ("SELECT $$--a$$", "SELECT $$--b$$"), ("SELECT a <> b", "SELECT a < > b"),
    ])
  func otherCode(first: String, second: String) {
    #expect(code(first) != code(second))
  }

  @Test("An open quote does not hide what follows")
  func openQuote() {
    #expect(code("a 'b") == "a\n'b\n")
    #expect(code("a 'b") != code("a 'c"))
  }

  @Test("Long texts come in pieces")
  func pieces() {
    let sql = Array(String(repeating: "SELECT 1; ", count: 20_000).utf8)
    var pieces = 0
    var size = 0
    forEachCodeChunk(in: sql) {
      pieces += 1
      size += $0.count
    }
    #expect(pieces > 5)
    #expect(size == 20_000 * "SELECT\n1\n;\n".utf8.count)
  }
}
