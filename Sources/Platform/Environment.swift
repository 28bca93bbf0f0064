import Glibc

/// The environment variables of this process.
package enum Environment {
  /// Looks a variable up.
  ///
  /// - Parameter name: its name.
  /// - Returns: its value, bytes that are not UTF-8 mended; nil if it is not set.
  package static func value(for name: String) -> String? {
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }

  /// Sets a variable unless it is set already, were it to the empty string. Libraries such as
  /// libpq see it too. To be called before threads are started that may read the environment, as
  /// libraries do (setenv(3)).
  ///
  /// - Parameters:
  ///   - name: its name, not empty and without `=`.
  ///   - value: the value.
  /// - Returns: whether it was set now.
  @discardableResult
  package static func setIfAbsent(_ name: String, to value: String) -> Bool {
    guard self.value(for: name) == nil, !name.utf8.contains(0), !value.utf8.contains(0) else {
      return false
    }
    return unsafe setenv(name, value, 0) == 0
  }
}
