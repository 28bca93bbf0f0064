package import MigrationCore
import Platform

/// What `history` prints.
package enum HistoryRendering {
  /// Prints the heading, the table and the total.
  package static func print(_ trail: MigrationTrail, to console: Console) {
    console.print("Events:")
    console.print()
    if trail.events.isEmpty {
      console.print("No events are recorded.")
    } else {
      console.print(
        bytes: table(of: trail.events).rendered(
          limit: console.surroundings.outputWidth, symbols: console.symbols))
    }
    console.print()
    let count = trail.events.count
    console.print("Total: \(count) event\(count == 1 ? "" : "s")")
    if trail.hasMore { console.hint("there are older ones: give a larger --limit, or none") }
  }

  private static func table(of events: [HistoryEvent]) -> Table {
    var table = Table(
      [
        Table.Column("When"), Table.Column("Operation"), Table.Column("Outcome"),
        Table.Column("Migration", .cuttable(minimum: 20)),
        Table.Column("Who", .cuttable(minimum: 8)), Table.Column("What", .wrapping(minimum: 26)),
      ], expectedRows: events.count)
    for event in events {
      table.add(LocalTime.format(microsecondsSince1970: Int(event.occurredAt), withSeconds: true))
      table.add(event.operation)
      table.add(event.outcome)
      table.add(event.migration ?? "-")
      table.add(who(event))
      let what = what(event)
      table.add(what.isEmpty ? "-" : what)
    }
    return table
  }

  /// The role, and whose hands it was in.
  private static func who(_ event: HistoryEvent) -> String {
    let hands = [event.osUser, event.host].compactMap { $0 }.filter { !$0.isEmpty }
    return hands.isEmpty ? event.role : "\(event.role) (\(hands.joined(separator: "@")))"
  }

  /// What else there is to say, on one line.
  private static func what(_ event: HistoryEvent) -> String {
    var parts: [String] = []
    if let oldName = event.oldName { parts.append("was \(oldName)") }
    if let after = event.statusAfter {
      parts.append("\(event.statusBefore ?? "not recorded") -> \(after)")
    }
    if let error = event.error { parts.append(error) }
    if let reason = event.reason { parts.append("reason: \(reason)") }
    return parts.joined(separator: "; ")
  }
}

/// The document of `history --json`.
package struct HistoryPayload: JSONDocument {
  private let trail: MigrationTrail

  /// The document of a trail.
  package init(_ trail: MigrationTrail) { self.trail = trail }

  /// Writes the object.
  package func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("events", trail.events.map(EventPayload.init))
      json.member("has_more", trail.hasMore)
    }
  }
}

/// One event of `history --json`.
private struct EventPayload: JSONValue {
  let event: HistoryEvent

  func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("occurred_at", LocalTime.rfc3339(microsecondsSince1970: Int(event.occurredAt)))
      json.member("run_id", event.runID)
      json.member("migration", event.migration)
      json.member("operation", event.operation)
      json.member("outcome", event.outcome)
      json.member("role", event.role)
      json.member("os_user", event.osUser)
      json.member("host", event.host)
      json.member("tool_version", event.toolVersion)
      json.member("duration_ms", event.durationMicroseconds.map(Milliseconds.init))
      json.member("checksum", event.checksum)
      json.member("up_checksum", event.upChecksum)
      json.member("error", event.error)
      json.member("reason", event.reason)
      json.member("details", event.details.map(ServerJSON.init))
    }
  }
}

/// A JSON value as the server wrote it.
private struct ServerJSON: JSONValue {
  let text: String

  func write(to json: inout JSONWriter) { json.literal(text) }
}
