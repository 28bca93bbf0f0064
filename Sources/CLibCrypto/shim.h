#ifndef CLIBCRYPTO_SHIM_H
#define CLIBCRYPTO_SHIM_H

#include <openssl/crypto.h>
#include <openssl/evp.h>

/* A library context of our own, which lives as long as the program: the system's openssl.cnf, which
   could switch SHA-256 off and costs time to read, plays no part (OpenSSL manual, OSSL_LIB_CTX).
   It is kept here because Swift shares no pointers between threads, and in a function because Swift
   emits no variables of a header. */
static inline OSSL_LIB_CTX **mm_library(void) {
  static OSSL_LIB_CTX *library;
  return &library;
}

static inline void mm_make_library(void) { *mm_library() = OSSL_LIB_CTX_new(); }

/* SHA-256, to be freed with EVP_MD_free; NULL when there is no memory. May be called from any
   thread. */
static inline EVP_MD *mm_fetch_sha256(void) {
  static CRYPTO_ONCE once = CRYPTO_ONCE_STATIC_INIT;
  if (CRYPTO_THREAD_run_once(&once, mm_make_library) != 1 || *mm_library() == NULL) return NULL;
  return EVP_MD_fetch(*mm_library(), "SHA256", NULL);
}

#endif
