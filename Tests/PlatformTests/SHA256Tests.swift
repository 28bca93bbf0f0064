import Platform
import Testing

/// Vectors of FIPS 180-4 and of NIST's examples.
@Suite struct SHA256Tests {
  private static let vectors: [(text: String, digest: String)] = [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ]

  @Test(arguments: vectors)
  func knownVectors(text: String, digest: String) {
    #expect(SHA256.hexDigest(of: Array(text.utf8)) == digest)
  }

  @Test func aMillionLettersInPieces() {
    let piece = [UInt8](repeating: UInt8(ascii: "a"), count: 1001)
    var hasher = SHA256.Hasher()
    for _ in 0..<1000 { hasher.update(piece[1...]) }
    #expect(
      hasher.finalize() == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test func piecesMakeTheSameDigestAsTheWhole() {
    var hasher = SHA256.Hasher()
    for piece in ["ab", "", "c"] { hasher.update(Array(piece.utf8)) }
    #expect(hasher.finalize() == SHA256.hexDigest(of: Array("abc".utf8)))
  }
}
