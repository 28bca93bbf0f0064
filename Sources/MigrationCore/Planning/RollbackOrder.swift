/// The order in which some migrations are rolled back: newest first, but what stands on another
/// always before it.
enum RollbackOrder {
  /// Orders some migrations.
  ///
  /// - Parameters:
  ///   - names: the migrations, newest first.
  ///   - dependents: what stands on each; others than `names` are passed over.
  /// - Returns: all of them, each once.
  static func of(_ names: [String], dependents: (String) -> [String]) -> [String] {
    var places: [String: Int] = [:]
    for (place, name) in names.enumerated() where places[name] == nil { places[name] = place }
    var order: [String] = []
    var isBegun: Set<String> = []
    // Depth first, by hand: a chain may be longer than the stack is deep.
    var stack: [(name: String, dependents: [String])] = []
    func begin(_ name: String) {
      guard isBegun.insert(name).inserted else { return }
      let inside = dependents(name).compactMap { name in places[name].map { (name, $0) } }
      stack.append((name, inside.sorted { $0.1 > $1.1 }.map(\.0)))
    }
    for name in names {
      begin(name)
      while let top = stack.indices.last {
        if let next = stack[top].dependents.popLast() {
          begin(next)
        } else {
          order.append(stack.removeLast().name)
        }
      }
    }
    return order
  }
}
