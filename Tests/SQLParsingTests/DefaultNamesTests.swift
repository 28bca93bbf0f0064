import SQLParsing
import Testing

@Suite("Names that PostgreSQL gives to what a statement does not name")
struct DefaultNamesTests {
  /// The unnamed part that a statement adds.
  private func name(_ sql: String) -> String? {
    SQLParser.parse(SourceText(sql)).statements.flatMap(\.effects).lazy.compactMap { effect in
      if case .alters(_, .addsUnnamed(let part)) = effect { part.name.name } else { nil }
    }.first
  }

  @Test(
    "Indexes",
    arguments: [
      ("(a)", "t_a_idx"), ("(a, b DESC)", "t_a_b_idx"), ("(a) INCLUDE (b)", "t_a_b_idx"),
      ("(lower(a))", "t_lower_idx"), ("((a + 1))", "t_expr_idx"),
      ("((a + 1), (b + 1))", "t_expr_expr1_idx"), ("(coalesce(a, b))", "t_coalesce_idx"),
      ("((a::text))", "t_a_idx"), ("(('x'::text))", "t_text_idx"),
      ("((a COLLATE \"C\"))", "t_a_idx"),
      ("((CASE WHEN a THEN 1 END))", "t_case_idx"), ("(greatest(a, b))", "t_greatest_idx"),
      ("((ARRAY[a]))", "t_array_idx"), ("((ROW(a, b)))", "t_row_idx"), ("((a[1]))", "t_a_idx"),
      ("(((a).b))", "t_b_idx"),
    ])
  func indexes(columns: String, name: String) {
    #expect(self.name("CREATE INDEX ON app.t \(columns)") == name)
  }

  @Test(
    "Constraints",
    arguments: [
      ("PRIMARY KEY (a)", "t_pkey"), ("UNIQUE (a, b)", "t_a_b_key"),
      ("FOREIGN KEY (a, b) REFERENCES u", "t_a_b_fkey"), ("CHECK (a > 1 AND a < 9)", "t_a_check"),
      ("CHECK (a > b)", "t_check"), ("EXCLUDE (a WITH =)", "t_a_excl"),
    ])
  func constraints(constraint: String, name: String) {
    #expect(self.name("ALTER TABLE t ADD \(constraint)") == name)
  }

  @Test("Of a domain")
  func domain() {
    #expect(name("ALTER DOMAIN app.d ADD CHECK (value > 1)") == "d_check")
  }

  @Test("They are cut to 63 bytes between characters, the longer part first")
  func longNames() {
    let table = String(repeating: "t", count: 50)
    let column = String(repeating: "ö", count: 20)
    #expect(
      name("CREATE INDEX ON \(table) (\(column))")
        == String(repeating: "t", count: 29) + "_" + String(repeating: "ö", count: 14) + "_idx")
    #expect(
      name("ALTER TABLE \(table)\(table) ADD PRIMARY KEY (a)")
        == String(repeating: "t", count: 58) + "_pkey")
  }
}
