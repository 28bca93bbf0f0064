internal import CLibPGQuery

/// Any message of the parse tree; what it is stands in its descriptor.
typealias Message = UnsafeMutablePointer<ProtobufCMessage>

/// Visits a node and all that stands below it, parents before children, in the order of the fields.
///
/// Protobuf's own descriptors tell which fields hold messages, so that no kind of node can be
/// forgotten (protobuf-c, `ProtobufCMessageDescriptor`).
///
/// - Parameters:
///   - node: Where to begin.
///   - visit: Is given each message and the short name of its type, such as `RangeVar`; says whether
///     to go on below it.
func walk(_ node: Node, _ visit: (Message, _ type: String) -> Bool) {
  unsafe UnsafeMutableRawPointer(node).withMemoryRebound(to: ProtobufCMessage.self, capacity: 1) {
    unsafe walk($0, visit)
  }
}

private func walk(_ message: Message, _ visit: (Message, _ type: String) -> Bool) {
  guard let descriptor = unsafe message.pointee.descriptor?.pointee,
    unsafe visit(message, String(cString: descriptor.short_name))
  else { return }
  let start = UnsafeRawPointer(message)
  let fieldCount = unsafe Int(descriptor.n_fields)
  for index in 0..<fieldCount {
    let field = unsafe descriptor.fields[index]
    guard unsafe field.type == PROTOBUF_C_TYPE_MESSAGE else { continue }
    if unsafe field.label == PROTOBUF_C_LABEL_REPEATED {
      let count = unsafe start.load(fromByteOffset: Int(field.quantifier_offset), as: Int.self)
      let list = unsafe start.load(
        fromByteOffset: Int(field.offset), as: UnsafePointer<Message?>?.self)
      unsafe UnsafeBufferPointer(start: list, count: count).forEach { element in
        if let element = unsafe element { unsafe walk(element, visit) }
      }
      continue
    }
    if unsafe (field.flags & UInt32(PROTOBUF_C_FIELD_FLAG_ONEOF.rawValue)) != 0 {
      let chosen = unsafe start.load(fromByteOffset: Int(field.quantifier_offset), as: UInt32.self)
      guard unsafe chosen == field.id else { continue }
    }
    if let child = unsafe start.load(fromByteOffset: Int(field.offset), as: Message?.self) {
      unsafe walk(child, visit)
    }
  }
}

extension UnsafeMutablePointer<ProtobufCMessage> {
  /// The message as the struct that its type's name says.
  ///
  /// - Parameter type: The struct of that very type.
  /// - Returns: The same memory.
  func assuming<Struct>(_ type: Struct.Type) -> UnsafeMutablePointer<Struct> {
    unsafe UnsafeMutableRawPointer(self).assumingMemoryBound(to: type)
  }
}

/// The columns that an expression names, each once.
///
/// - Parameter expression: An expression.
/// - Returns: Their names without qualification.
func columnNames(in expression: Node) -> [String] {
  var names: [String] = []
  unsafe walk(expression) { message, type in
    guard type == "ColumnRef" else { return true }
    let reference = unsafe message.assuming(PgQuery__ColumnRef.self).pointee
    if let name = unsafe strings(reference.fields, reference.n_fields).last, !names.contains(name) {
      names.append(name)
    }
    return true
  }
  return names
}
