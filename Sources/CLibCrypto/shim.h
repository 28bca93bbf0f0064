#ifndef CLIBCRYPTO_SHIM_H
#define CLIBCRYPTO_SHIM_H

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <unistd.h>

/* The C library's `environ`: Swift 6 refuses the mutable global itself. */
extern char **environ;
static inline char **mm_environment(void) { return environ; }

#endif
