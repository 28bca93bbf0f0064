internal import CLibPGQuery

/// Has libpg_query lend a message, its own and not a copy.
///
/// - Parameters:
///   - type: The struct of the message that is lent.
///   - call: Calls `clibpgquery_parse` or `clibpgquery_scan` with the reader and the context given.
///   - body: Takes the message, nothing of which may be kept; not called where there is none.
/// - Returns: What the call returns.
func withLentMessage<Message, Answer>(
  _ type: Message.Type, of call: (MessageReader, UnsafeMutableRawPointer) -> Answer,
  _ body: (UnsafePointer<Message>) -> Void
) -> Answer {
  unsafe withoutActuallyEscaping(body) { body in
    var errand: MessageErrand = { message in
      unsafe body(message.assumingMemoryBound(to: Message.self))
    }
    return unsafe withUnsafeMutablePointer(to: &errand) { errand in
      unsafe call(runErrand, UnsafeMutableRawPointer(errand))
    }
  }
}

/// What C calls with a message and the context that it was given.
typealias MessageReader = @convention(c) (UnsafeRawPointer?, UnsafeMutableRawPointer?) -> Void

private typealias MessageErrand = (UnsafeRawPointer) -> Void

private let runErrand: MessageReader = { message, context in
  guard let message = unsafe message, let context = unsafe context else { return }
  unsafe context.assumingMemoryBound(to: MessageErrand.self).pointee(message)
}
