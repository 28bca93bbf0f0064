/// Rows of cells, laid out in columns by display cells.
///
/// Cells are kept as bytes in one buffer with their widths: 10,000 rows take milliseconds.
package struct Table {
  /// A column.
  package struct Column: Sendable {
    let header: String
    let flexibility: TableLayout.Flexibility

    /// A column under a header.
    package init(_ header: String, _ flexibility: TableLayout.Flexibility = .fixed) {
      self.header = header
      self.flexibility = flexibility
    }
  }

  private struct Cell {
    var start: Int
    var end: Int
    var width: Int
  }

  private let columns: [Column]
  private var text: [UInt8] = []
  private var cells: [Cell] = []
  private var natural: [Int]

  /// A table without rows.
  ///
  /// - Parameters:
  ///   - columns: at least one.
  ///   - expectedRows: how many rows will be added, about.
  package init(_ columns: [Column], expectedRows: Int = 0) {
    self.columns = columns
    natural = columns.map { DisplayWidth.of($0.header) }
    text.reserveCapacity(expectedRows * 96)
    cells.reserveCapacity(expectedRows * columns.count)
  }

  /// A text with its display width, measured once for many cells.
  package struct Text: Sendable {
    fileprivate let bytes: [UInt8]
    fileprivate let width: Int

    /// Measures a text.
    ///
    /// - Parameter content: the text; line ends, which would break the layout, are written out
    ///   like whatever else ``VisibleText`` does not let through.
    package init(_ content: String) {
      let shown = VisibleText.of(content, onOneLine: true)
      bytes = Array(shown.utf8)
      width = DisplayWidth.of(shown)
    }
  }

  /// Adds the next cell; a row is complete when every column has one.
  ///
  /// - Parameter content: its text, measured already.
  package mutating func add(_ content: Text) {
    text += content.bytes
    endCell(length: content.bytes.count, width: content.width)
  }

  /// Adds the next cell; a row is complete when every column has one.
  ///
  /// - Parameter content: its text; see ``Text/init(_:)``.
  package mutating func add(_ content: String) {
    var content = content
    let length = content.withUTF8 { bytes -> Int? in
      // Most cells are printable ASCII, as wide as they are long.
      guard bytes.allSatisfy({ $0 &- 0x20 < 0x5F }) else { return nil }
      text.append(contentsOf: bytes)
      return bytes.count
    }
    if let length {
      endCell(length: length, width: length)
    } else {
      add(Text(content))
    }
  }

  private mutating func endCell(length: Int, width: Int) {
    let column = cells.count % columns.count
    natural[column] = max(natural[column], width)
    cells.append(Cell(start: text.count - length, end: text.count, width: width))
  }

  /// The table with rules around its header and below its last row.
  ///
  /// - Parameters:
  ///   - limit: the terminal's columns; nil where there is no terminal: then no cell is cut.
  ///   - symbols: the locale's symbols.
  /// - Returns: lines, each ended.
  package func rendered(limit: Int?, symbols: Symbols) -> [UInt8] {
    let layout = TableLayout.fitting(natural, columns.map { $0.flexibility }, limit: limit)
    var page = Page(layout: layout, symbols: symbols)
    page.bytes.reserveCapacity(
      (cells.count / columns.count + 5) * (layout.ruleWidth + 4 * columns.count))
    page.appendRule()
    for (index, column) in columns.enumerated() where layout.widths.indices.contains(index) {
      page.append(Array(column.header.utf8)[...], width: DisplayWidth.of(column.header), at: index)
    }
    page.endLine()
    page.appendRule()
    for (index, cell) in cells.enumerated() {
      let column = index % columns.count
      page.append(text[cell.start..<cell.end], width: cell.width, at: column)
      if column == columns.count - 1 { page.endLine() }
    }
    page.appendRule()
    return page.bytes
  }
}

/// The lines of a table while they are written.
private struct Page {
  let layout: TableLayout
  let symbols: Symbols
  var bytes: [UInt8] = []
  /// The lines of the last column that follow the row's first line.
  private var pending: [String] = []
  private var pendingIndent = 0

  init(layout: TableLayout, symbols: Symbols) {
    self.layout = layout
    self.symbols = symbols
  }

  mutating func appendRule() {
    let part = Array(symbols.rule.utf8)
    for _ in 0..<layout.ruleWidth { bytes += part }
    bytes.append(UInt8(ascii: "\n"))
  }

  mutating func append(_ cell: ArraySlice<UInt8>, width: Int, at column: Int) {
    guard column < layout.widths.count else {
      // Nothing to say is not worth a line of its own.
      if cell.elementsEqual("-".utf8) { return }
      pendingIndent = TableLayout.indentBelow
      pending = TextWrapping.lines(
        of: String(decoding: cell, as: UTF8.self), width: layout.widthBelow ?? width)
      return
    }
    let isLast = layout.widthBelow == nil && column == layout.widths.count - 1
    let available = layout.widths[column]
    var used = width
    if width <= available {
      bytes += cell
    } else if isLast {
      var lines = TextWrapping.lines(of: String(decoding: cell, as: UTF8.self), width: available)
      bytes += lines.removeFirst().utf8
      pending = lines
      pendingIndent = layout.ruleWidth - available
    } else {
      let cut = DisplayWidth.cut(
        String(decoding: cell, as: UTF8.self), to: available, ellipsis: symbols.ellipsis)
      bytes += cut.utf8
      used = DisplayWidth.of(cut)
    }
    if column < layout.widths.count - 1 { pad(available - used + layout.gap) }
  }

  mutating func endLine() {
    bytes.append(UInt8(ascii: "\n"))
    for line in pending {
      pad(pendingIndent)
      bytes += line.utf8
      bytes.append(UInt8(ascii: "\n"))
    }
    pending.removeAll()
  }

  private mutating func pad(_ count: Int) {
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: max(0, count)))
  }
}
