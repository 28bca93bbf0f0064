// Loads what migration-manager loads, and ends: the floor of its start-up time in scripts/bench.
#include <libpq-fe.h>
#include <openssl/crypto.h>
#include <pg_query.h>
#include <stdio.h>

// Kept, so that the static library is linked.
PgQueryParseResult (*volatile parse)(const char *) = pg_query_parse;

int main(void) {
  printf("libpq %d, libcrypto %s, libpg_query %d\n", PQlibVersion(),
         OpenSSL_version(OPENSSL_VERSION_STRING), parse ? PG_VERSION_NUM : 0);
  return 0;
}
