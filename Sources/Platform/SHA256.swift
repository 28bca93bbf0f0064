import CLibCrypto
import Synchronization

/// The SHA-256 digest (FIPS 180-4), by libcrypto.
package enum SHA256 {
  /// Digests bytes that are all in memory.
  ///
  /// The state is reused from call to call, which is what makes many small files cheap.
  ///
  /// - Parameter bytes: what to digest.
  /// - Returns: 64 hexadecimal digits in lower case, as `sha256sum` prints them.
  package static func hexDigest(of bytes: [UInt8]) -> String {
    shared.withLock { hasher in
      hasher.update(bytes)
      return hasher.finish()
    }
  }

  private static let shared = Mutex(Hasher())

  /// Digests bytes that come piece by piece.
  @safe
  package struct Hasher: ~Copyable {
    private let context: OpaquePointer
    private let algorithm: OpaquePointer

    /// Begins a digest.
    package init() {
      guard let algorithm = unsafe mm_fetch_sha256(), let context = unsafe EVP_MD_CTX_new()
      else { preconditionFailure("libcrypto is out of memory") }
      unsafe self.algorithm = unsafe algorithm
      unsafe self.context = unsafe context
      begin()
    }

    deinit {
      unsafe EVP_MD_CTX_free(context)
      unsafe EVP_MD_free(algorithm)
    }

    /// Adds bytes.
    ///
    /// - Parameter bytes: what comes next.
    package mutating func update(_ bytes: [UInt8]) {
      unsafe bytes.withUnsafeBytes { unsafe update($0) }
    }

    /// Adds bytes.
    ///
    /// - Parameter bytes: what comes next.
    package mutating func update(_ bytes: ArraySlice<UInt8>) {
      unsafe bytes.withUnsafeBytes { unsafe update($0) }
    }

    private mutating func update(_ bytes: UnsafeRawBufferPointer) {
      check(unsafe EVP_DigestUpdate(context, bytes.baseAddress, bytes.count))
    }

    /// Ends the digest.
    ///
    /// - Returns: 64 hexadecimal digits in lower case.
    package consuming func finalize() -> String {
      end()
    }

    /// Ends the digest and begins the next one.
    fileprivate mutating func finish() -> String {
      defer { begin() }
      return end()
    }

    private borrowing func begin() {
      check(unsafe EVP_DigestInit_ex(context, algorithm, nil))
    }

    private borrowing func end() -> String {
      var digest = [UInt8](repeating: 0, count: 32)
      unsafe digest.withUnsafeMutableBufferPointer { buffer in
        check(unsafe EVP_DigestFinal_ex(context, buffer.baseAddress, nil))
      }
      return digest.hexadecimal
    }

    private borrowing func check(_ status: Int32) {
      precondition(status == 1, "libcrypto failed to digest bytes in memory")
    }
  }
}

extension [UInt8] {
  /// The bytes as hexadecimal digits in lower case.
  var hexadecimal: String {
    let digits = Array("0123456789abcdef".utf8)
    let text = flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return String(decoding: text, as: UTF8.self)
  }
}
