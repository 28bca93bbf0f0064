import MigrationCore
import Testing

@Suite("Headers: what a migration depends on")
struct DependencyHeaderTests {
  /// The names that comments on lines 1, 2, ... declare, and their lines.
  private func dependencies(_ comments: String...) -> [DeclaredDependency] {
    DependencyHeader.dependencies(in: comments.enumerated().map { ($1, $0 + 1) })
  }

  private func names(_ comments: String...) -> [String] {
    DependencyHeader.dependencies(in: comments.enumerated().map { ($1, $0 + 1) }).map(\.name)
  }

  @Test(
    "One name on a line",
    arguments: [
      "-- Depends on: 20250119_a.sql", "-- Depends on: 20250119_a", "-- depends on:20250119_a.sql",
      "-- DEPENDS ON: 20250119_a.sql (adds the \"source\" column, see other.sql)",
      "-- Depends on: 20250119_a.sql (adds the columns,", "-- Depends on: \"20250119_a.sql\"",
      "-- Depends  On : `20250119_a.sql`.", "-- Depends on: 20250119_a.sql - adds the table",
      "-- Depends on: 20250119_a.sql, which must be applied first [really, it must].",
      "--Depends on: 20250119_a;", "--- Depends on: 20250119_a.sql and its columns",
    ])
  func one(comment: String) {
    #expect(dependencies(comment).map(\.name).prefix(1) == ["20250119_a"])
  }

  @Test("Prose after a name or in brackets is no further name")
  func prose() {
    #expect(
      names("-- DEPENDS ON: 1_a.sql (adds the \"source\" column, see other.sql)") == ["1_a"])
    #expect(names("-- Depends on: 1_a.sql - it adds 3 columns of 20250101 rows") == ["1_a"])
    #expect(names("-- Depends on: 1_a.sql [1_b.sql is not needed], 1_c.sql") == ["1_a", "1_c"])
    #expect(names("-- Depends on: 1_a.sql.", "-- Adds 1_z.sql") == ["1_a"])
  }

  @Test("Several on a line, with commas, blanks or words between")
  func several() {
    #expect(names("-- Depends on: 20250119_a.sql, 20250119_b") == ["20250119_a", "20250119_b"])
    #expect(names("-- Depends on: 20250119_a.sql 20250119_b.sql") == ["20250119_a", "20250119_b"])
    #expect(names("-- Depends on: 20250119_a 20250119_b") == ["20250119_a", "20250119_b"])
    #expect(names("-- Depends on: 001_a 002_b") == ["001_a", "002_b"])
    #expect(names("-- Depends on: 1_a.sql and 1_b.sql; 1_c") == ["1_a", "1_b", "1_c"])
    #expect(names("-- Depends on: 1_a.sql (x, y), 1_b (z)") == ["1_a", "1_b"])
    #expect(names("-- Depends on: 1_a, 1_a.sql") == ["1_a"])
  }

  @Test("Several lines, each with its own number")
  func lines() {
    let found = dependencies("-- Migration: x", "-- Depends on: 1_a.sql", "-- Depends on: 1_b.sql")
    #expect(found.map(\.name) == ["1_a", "1_b"])
    #expect(found.map(\.line) == [2, 3])
  }

  @Test("A list on the lines below")
  func lists() {
    #expect(names("-- Depends on:", "--   - 1_a.sql", "--   - 1_b.sql (x)") == ["1_a", "1_b"])
    #expect(
      names("-- Depends on:", "-- - 1_a.sql", "-- * 1_b.sql", "-- Adds 1_z.sql") == ["1_a", "1_b"])
    #expect(
      names("-- Depends on: 1_a.sql,", "--             1_b.sql", "-- Notes") == ["1_a", "1_b"])
    #expect(names("-- Depends on: 1_a.sql", "--             because of 1_b.sql") == ["1_a"])
  }

  @Test("A remark that goes on below is a remark")
  func longRemark() {
    #expect(names("-- Depends on: 1_a.sql (adds x,", "--   y and z)") == ["1_a"])
  }

  @Test(
    "Nothing to depend on",
    arguments: [
      "-- Depends on: none", "-- Depends on: None (first migration)", "-- Depends on: N/A",
      "-- Depends on: nothing", "-- Depends on: -", "-- Depends on:", "-- It depends on: 1_a.sql",
      "-- Depends on 1_a.sql",
    ])
  func nothing(comment: String) {
    #expect(names(comment) == [])
  }
}
