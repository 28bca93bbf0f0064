import Testing

@testable import MigrationCore

@Suite("Markers: the comments that bound a rollback section")
struct SectionMarkerTests {
  @Test(
    "Any case, any run of blanks, text after the keyword",
    arguments: [
      "-- ROLLBACK START", "-- rollback start", "-- Rollback Start", "--ROLLBACK START",
      "--   ROLLBACK    START", "--\tROLLBACK\tSTART\t", "-- ROLLBACKSTART", "--rollbackstart",
      "-- ROLLBACK START (see #12)", "-- ROLLBACK START:", "-- ROLLBACK START -- of it all",
      "-- ROLLBACK START\r", "-- ROLLBACK START---",
    ])
  func start(comment: String) {
    #expect(SectionMarker(comment: comment) == .start)
    #expect(SectionMarker.mayStand(in: Array(comment.utf8)[...]))
  }

  @Test(
    "The end is written in the same ways",
    arguments: ["-- ROLLBACK END", "--rollback  end", "-- Rollback End.", "-- ROLLBACK END ----"])
  func end(comment: String) {
    #expect(SectionMarker(comment: comment) == .end)
    #expect(SectionMarker.mayStand(in: Array(comment.utf8)[...]))
  }

  @Test(
    "Irreversible, and why",
    arguments: [
      ("-- ROLLBACK IRREVERSIBLE: keys are hashed", "keys are hashed"),
      ("-- rollback irreversible - rows are gone  \r", "rows are gone"),
      ("--ROLLBACK IRREVERSIBLE", ""),
    ])
  func irreversible(comment: String, why: String) {
    #expect(SectionMarker(comment: comment) == .irreversible(why: why))
  }

  @Test(
    "What was probably meant as a marker, and is none",
    arguments: [
      "-- ROLLBACK BEGIN", "-- ROLLBACK_START", "-- ROLLBACK-START", "--- ROLLBACK START ---",
      "-- DOWN", "-- Down", "-- ROLLBACK:", "-- ROLLBACK: DROP TABLE users;", "-- down: nothing",
      "-- --8<-- BEGIN ROLLBACK --8<--", "-- --8<-- END ROLLBACK --8<--", "-- ==== ROLLBACK ====",
      "-- BEGIN ROLLBACK", "-- START ROLLBACK", "-- ROLLBACK STOP", "-- ROLLBACK SECTION",
      "-- +goose Down", "-- +migrate Down", "-- migrate:down", "-- [ROLLBACK START]", "-- @UNDO",
      "-- ROLLBACK_END", "---- ROLLBACK END", "-- \"ROLLBACK START\"",
      "-- ROLLBCK START", "-- ROLBACK START", "-- ROLLBACK STRAT", "-- ROLLBACK STAR",
      "-- ROLLBAKC START", "-- rollback EDN", "-- ROLLBACK STARTT",
    ])
  func nearMiss(comment: String) {
    #expect(SectionMarker(comment: comment) == .nearMiss)
    #expect(SectionMarker.mayStand(in: Array(comment.utf8)[...]))
  }

  @Test("A cheap look passes over what holds none of the words")
  func cheapLook() {
    for comment in ["-- Add users", "--", "-- 12 -- rolls", "-- the rollback", "-- dow n"] {
      #expect(!SectionMarker.mayStand(in: Array(comment.utf8)[...]))
    }
    #expect(!SectionMarker.mayStand(in: Array("-- rollback".utf8)[..<7]))
    #expect(SectionMarker.mayStand(in: Array("-- —— ROLLBACK START ——".utf8)[...]))
  }

  @Test(
    "Other comments are other comments",
    arguments: [
      "--", "-- ", "-- Add users", "-- This can be rolled back", "-- rollbacks start here",
      "-- ROLLBACK STARTED by hand", "-- See the rollback of 0007", "-- drop down menu",
      "-- slow down: wait for locks", "-- undone", "-- the end", "-- +goose Up", "-- migrate:up",
      "-- ROLLBACK IRREVERSIBLES", "-- START", "-- END",
    ])
  func none(comment: String) {
    #expect(SectionMarker(comment: comment) == nil)
  }
}
