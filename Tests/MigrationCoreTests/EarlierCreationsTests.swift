import SQLParsing
import Testing

@testable import MigrationCore

@Suite("Evidence: what an earlier file creates too")
struct EarlierCreationsTests {
  private func older(_ up: String, earlier: String) -> [String] {
    var creations = EarlierCreations()
    creations.note(parsed(earlier).statements.flatMap(\.effects), by: MigrationName("1_earlier"))
    creations.note(parsed(up).statements.flatMap(\.effects), by: MigrationName("2_this"))
    creations.note(
      parsed("CREATE TABLE late ()").statements.flatMap(\.effects), by: MigrationName("3_later"))
    var evidence = Evidence(up: parsed(up))
    creations.apply(to: &evidence, of: MigrationName("2_this"))
    return evidence.objects.filter(\.isOlder).map(\.description)
  }

  @Test("Replaced, made if not there, or dropped and made again")
  func marked() {
    let earlier = """
      CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TABLE app.t ();
      CREATE POLICY p ON t;
      """
    #expect(
      older(
        """
        CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2';
        CREATE TABLE IF NOT EXISTS t (); CREATE TABLE IF NOT EXISTS other.t ();
        DROP POLICY p ON t; CREATE POLICY p ON t; CREATE POLICY p ON u; CREATE TABLE late ();
        """, earlier: earlier) == ["function f()", "table t", "policy p of t"])
  }

  @Test("Not what was temporary, nor what this file or a later one creates")
  func unmarked() {
    #expect(older("CREATE TABLE t ()", earlier: "CREATE TEMP TABLE t ()") == [])
    #expect(older("CREATE TABLE t (); CREATE TABLE late ()", earlier: "SELECT 1") == [])
  }

  @Test("Texts are searched by words, in any case")
  func words() {
    let search = WordSearch(["Users", "f1", "drop"])
    #expect(search.mayMatch(Array("CREATE TABLE app.users();".utf8)))
    #expect(search.mayMatch(Array("\"USERS\"".utf8)))
    #expect(search.mayMatch(Array("F1".utf8)))
    #expect(!search.mayMatch(Array("CREATE TABLE users_2 (f11 int); -- dropped".utf8)))
    #expect(!search.mayMatch([]))
    #expect(!WordSearch([String]()).mayMatch(Array("anything".utf8)))
    // A name of other characters may stand in any text.
    #expect(WordSearch(["My Table"]).mayMatch(Array("SELECT 1".utf8)))
    #expect(WordSearch(["größe"]).mayMatch(Array("a (größe int)".utf8)))
  }
}
