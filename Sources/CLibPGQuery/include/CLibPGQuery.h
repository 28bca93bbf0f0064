#ifndef CLIBPGQUERY_H
#define CLIBPGQUERY_H

#include <pg_query.h>
#include <pg_query/pg_query.pb-c.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

/* The release of libpg_query that Debian 12 ships; its headers name only PostgreSQL's. */
#define CLIBPGQUERY_VERSION "15-4.0.0 (PostgreSQL " PG_VERSION ")"

static const char *const clibpgquery_version = CLIBPGQUERY_VERSION;

/* Takes a message that is lent: nothing of it may be kept. It may call the functions below. */
typedef void clibpgquery_reader(const void *message, void *context);

/*
 * pg_query_parse_protobuf, whose tree is lent to reader(PgQuery__ParseResult *, context) as
 * libpg_query builds it: lending.c says how. Where the grammar refuses the text, or there is no
 * memory, the reader is not called. The result has an error or none, and no tree; free it with
 * pg_query_free_protobuf_parse_result.
 */
PgQueryProtobufParseResult clibpgquery_parse(
    const char *text, clibpgquery_reader *reader, void *context);

/*
 * The same of pg_query_scan and a PgQuery__ScanResult; free what it returns with
 * pg_query_free_scan_result.
 */
PgQueryScanResult clibpgquery_scan(const char *text, clibpgquery_reader *reader, void *context);

/*
 * Runs body(context) on a thread of its own whose stack is that large, and waits for it.
 * libpg_query recurses once or more per level of a parse tree and checks no limit: a chain of some
 * thousand operators overruns the usual stack of 8 MB.
 * Returns false, body not run, when there is no such thread to be had.
 */
static inline bool clibpgquery_run_on_stack(size_t size, void *(*body)(void *), void *context) {
  pthread_attr_t attributes;
  pthread_t thread;
  if (pthread_attr_init(&attributes) != 0) return false;
  bool started = pthread_attr_setstacksize(&attributes, size) == 0 &&
                 pthread_create(&thread, &attributes, body, context) == 0;
  pthread_attr_destroy(&attributes);
  if (started) pthread_join(thread, NULL);
  return started;
}

#endif
