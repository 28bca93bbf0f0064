/// A place in a ``SourceText``.
package struct SourcePosition: Hashable, Comparable, Sendable {
  /// Bytes from the start of the text, the first being 0.
  package let byteOffset: Int

  /// The line, the first being 1.
  package let line: Int

  /// The column, the first being 1, in Unicode scalars: what PostgreSQL calls characters.
  package let column: Int

  /// Names a place.
  ///
  /// - Parameters:
  ///   - byteOffset: Bytes from the start of the text, the first being 0.
  ///   - line: The line, the first being 1.
  ///   - column: The column in Unicode scalars, the first being 1.
  package init(byteOffset: Int, line: Int, column: Int) {
    self.byteOffset = byteOffset
    self.line = line
    self.column = column
  }

  package static func < (left: SourcePosition, right: SourcePosition) -> Bool {
    left.byteOffset < right.byteOffset
  }
}
