/// How a table's columns share the width there is: a decision without any text in it.
package struct TableLayout: Equatable, Sendable {
  /// What may happen to a column's cells when the table is too wide for the terminal.
  package enum Flexibility: Equatable, Sendable {
    /// Nothing.
    case fixed
    /// They may be cut in the middle, but not below so many cells.
    case cuttable(minimum: Int)
    /// They may be wrapped, but not below so many cells; then they go below the row. Only the last
    /// column can.
    case wrapping(minimum: Int)
  }

  /// The blanks between columns.
  package var gap: Int
  /// The display cells of each column; without the last one where that goes below the row.
  package var widths: [Int]
  /// The display cells of the lines below each row that hold the last column; nil when it stands in
  /// the row.
  package var widthBelow: Int?

  /// A layout, as the decision or a test makes it.
  package init(gap: Int, widths: [Int], widthBelow: Int? = nil) {
    self.gap = gap
    self.widths = widths
    self.widthBelow = widthBelow
  }

  /// How far lines below a row are indented.
  package static let indentBelow = 4

  /// The width of the rules: that of the table.
  package var ruleWidth: Int {
    max(
      widths.reduce(0, +) + gap * (widths.count - 1),
      widthBelow.map { $0 + Self.indentBelow } ?? 0)
  }

  /// Shares out the width.
  ///
  /// - Parameters:
  ///   - natural: the display cells of each column's widest cell, its header included.
  ///   - columns: what may happen to each.
  ///   - limit: the terminal's columns; nil where there is no terminal: then nothing is ever cut.
  /// - Returns: the first of these that fits: all in full, with two blanks between columns or one;
  ///   the last column wrapped; the last column below the row; also the cuttable ones cut. The last
  ///   of these may still be too wide.
  package static func fitting(
    _ natural: [Int], _ columns: [Flexibility], limit: Int?
  ) -> TableLayout {
    let inFull = TableLayout(gap: 2, widths: natural)
    guard let limit, inFull.ruleWidth > limit else { return inFull }
    let tight = TableLayout(gap: 1, widths: natural)
    if tight.ruleWidth <= limit { return tight }

    guard case .wrapping(let minimum)? = columns.last, natural.count > 1 else {
      return tight.cut(columns, limit: limit)
    }
    let others = Array(natural.dropLast())
    for gap in [2, 1] {
      let left = limit - others.reduce(0, +) - gap * others.count
      if left >= minimum { return TableLayout(gap: gap, widths: others + [left]) }
    }
    let below = max(minimum, limit - indentBelow)
    let roomy = TableLayout(gap: 2, widths: others, widthBelow: below)
    if roomy.ruleWidth <= limit { return roomy }
    return TableLayout(gap: 1, widths: others, widthBelow: below).cut(columns, limit: limit)
  }

  /// The layout with its cuttable columns made narrower, as far as they may be.
  private func cut(_ columns: [Flexibility], limit: Int) -> TableLayout {
    var layout = self
    for (index, column) in columns.enumerated() where layout.widths.indices.contains(index) {
      let excess = layout.widths.reduce(0, +) + gap * (widths.count - 1) - limit
      if case .cuttable(let minimum) = column, excess > 0 {
        layout.widths[index] = max(
          min(minimum, layout.widths[index]), layout.widths[index] - excess)
      }
    }
    return layout
  }
}
