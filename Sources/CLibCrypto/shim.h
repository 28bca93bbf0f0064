#ifndef CLIBCRYPTO_SHIM_H
#define CLIBCRYPTO_SHIM_H

#include <openssl/crypto.h>
#include <openssl/evp.h>

/* SHA-256, which lives as long as the program; NULL when there is no memory. May be called from any
   thread. It is looked up once, which costs as much as a digest of some hundred bytes, in a library
   context of our own: the system's openssl.cnf cannot switch it off there (OpenSSL manual,
   OSSL_LIB_CTX). The first digest initialises libcrypto's default context all the same, which reads
   that file and the environment (OPENSSL_init_crypto): no thread may change the environment
   meanwhile. It is kept here because Swift shares no pointers between threads, and in functions
   because Swift emits no variables of a header. */
static inline EVP_MD **mm_sha256_place(void) {
  static EVP_MD *algorithm;
  return &algorithm;
}

static inline void mm_fetch_sha256(void) {
  OSSL_LIB_CTX *library = OSSL_LIB_CTX_new();
  if (library != NULL) *mm_sha256_place() = EVP_MD_fetch(library, "SHA256", NULL);
}

static inline const EVP_MD *mm_sha256(void) {
  static CRYPTO_ONCE once = CRYPTO_ONCE_STATIC_INIT;
  if (CRYPTO_THREAD_run_once(&once, mm_fetch_sha256) != 1) return NULL;
  return *mm_sha256_place();
}

#endif
