import CLibPQ

/// What one statement returned: rows in text form, if any.
///
/// The values are copied out of libpq's result into one buffer, which is freed at once; a `String`
/// is made only for a value that is asked for. So a result is a plain value and may outlive its
/// connection.
package struct QueryResult: Sendable {
  /// The number of rows.
  package let rowCount: Int
  /// The number of columns; 0 for statements that return no rows.
  package let columnCount: Int
  /// The names of the columns, in order.
  package let columnNames: [String]

  /// The bytes of all values, row by row.
  private let bytes: [UInt8]
  /// For each value the offset after its last byte in `bytes`; for NULL the complement (`~`) of
  /// that offset, which is negative.
  private let ends: [Int]

  /// A value in PostgreSQL's text form.
  ///
  /// - Parameters:
  ///   - row: the row, counted from 0, below `rowCount`.
  ///   - column: the column, counted from 0, below `columnCount`.
  /// - Returns: the text, or nil for NULL.
  package func value(row: Int, column: Int) -> String? {
    let cell = cell(row, column)
    let end = ends[cell]
    guard end >= 0 else { return nil }
    let before = cell == 0 ? 0 : ends[cell - 1]
    let start = before < 0 ? ~before : before
    return unsafe bytes.withUnsafeBufferPointer { buffer in
      unsafe String(decoding: UnsafeBufferPointer(rebasing: buffer[start..<end]), as: UTF8.self)
    }
  }

  /// A value that cannot be NULL.
  ///
  /// - Parameters:
  ///   - row: the row, counted from 0, below `rowCount`.
  ///   - column: the column, counted from 0, below `columnCount`.
  /// - Returns: the text; the empty string for NULL.
  package func text(row: Int, column: Int) -> String {
    value(row: row, column: column) ?? ""
  }

  /// Looks a column up by its exact name.
  ///
  /// - Parameter name: the name as the server returned it.
  /// - Returns: the index of the first such column, or nil.
  package func columnIndex(named name: String) -> Int? {
    columnNames.firstIndex(of: name)
  }

  private func cell(_ row: Int, _ column: Int) -> Int {
    precondition(row >= 0 && row < rowCount, "row out of range")
    precondition(column >= 0 && column < columnCount, "column out of range")
    return row * columnCount + column
  }
}

extension QueryResult {
  /// Copies everything out of a result (libpq, "Retrieving Query Result Information").
  ///
  /// - Parameter result: a `PGresult` of status `PGRES_COMMAND_OK` or `PGRES_TUPLES_OK`; it stays
  ///   the caller's to clear.
  init(copying result: OpaquePointer) {
    let rows = unsafe PQntuples(result)
    let columns = unsafe PQnfields(result)
    var names: [String] = []
    for column in 0..<columns {
      unsafe names.append(PQfname(result, column).map { unsafe String(cString: $0) } ?? "")
    }

    var ends: [Int] = []
    ends.reserveCapacity(Int(rows) * Int(columns))
    var total = 0
    for row in 0..<rows {
      for column in 0..<columns {
        if unsafe PQgetisnull(result, row, column) == 1 {
          ends.append(~total)
        } else {
          unsafe total += Int(PQgetlength(result, row, column))
          ends.append(total)
        }
      }
    }

    rowCount = Int(rows)
    columnCount = Int(columns)
    columnNames = names
    bytes = unsafe [UInt8](unsafeUninitializedCapacity: total) { buffer, count in
      for row in 0..<rows {
        for column in 0..<columns {
          let length = unsafe Int(PQgetlength(result, row, column))
          guard length > 0, let value = unsafe PQgetvalue(result, row, column) else { continue }
          unsafe UnsafeMutableRawBufferPointer(
            rebasing: UnsafeMutableRawBufferPointer(buffer)[count...]
          )
          .copyMemory(from: UnsafeRawBufferPointer(start: value, count: length))
          count += length
        }
      }
    }
    self.ends = ends
  }
}
