/// One database, one folder, one set of options: what every command works on.
///
/// The connection is opened by the first method that needs it and closed with the session.
/// Methods throw ``ErrorReport``.
public final class Session {
  /// What the command line and the environment said.
  let options: SessionOptions
  /// Told of notes, warnings and notices as they come.
  let observe: (SessionEvent) -> Void

  /// Prepares a session; nothing is opened yet.
  public init(options: SessionOptions, observe: @escaping (SessionEvent) -> Void) {
    self.options = options
    self.observe = observe
  }

  /// The server, database and role; nil until the connection was opened.
  public private(set) var target: DatabaseTarget?
}
