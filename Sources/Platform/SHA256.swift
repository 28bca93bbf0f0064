import CLibCrypto

/// The SHA-256 digest (FIPS 180-4), by libcrypto.
package enum SHA256 {
  /// Digests bytes that are all in memory.
  ///
  /// - Parameter bytes: what to digest.
  /// - Returns: 64 hexadecimal digits in lower case, as `sha256sum` prints them.
  package static func hexDigest(of bytes: [UInt8]) -> String {
    var hasher = Hasher()
    hasher.update(bytes)
    return hasher.finalize()
  }

  /// Digests bytes that come piece by piece.
  @safe
  package struct Hasher: ~Copyable {
    private let context: OpaquePointer

    /// Begins a digest.
    package init() {
      guard let algorithm = unsafe mm_sha256(), let context = unsafe EVP_MD_CTX_new()
      else { preconditionFailure("libcrypto is out of memory") }
      unsafe self.context = unsafe context
      check(unsafe EVP_DigestInit_ex(context, algorithm, nil))
    }

    deinit {
      unsafe EVP_MD_CTX_free(context)
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
    unsafe String(unsafeUninitializedCapacity: 2 * count) { text in
      for (index, byte) in enumerated() {
        unsafe text[2 * index] = Self.digit(byte >> 4)
        unsafe text[2 * index + 1] = Self.digit(byte & 15)
      }
      return 2 * count
    }
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }
}
