#ifndef CLIBPGQUERY_SHIM_H
#define CLIBPGQUERY_SHIM_H

#include <pg_query.h>
#include <pg_query/pg_query.pb-c.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

/* The release of libpg_query that Debian 12 ships; its headers name only PostgreSQL's. */
#define CLIBPGQUERY_VERSION "15-4.0.0 (PostgreSQL " PG_VERSION ")"

static const char *const clibpgquery_version = CLIBPGQUERY_VERSION;

/*
 * Runs body(context) on a thread of its own whose stack is that large, and waits for it.
 * libpg_query and protobuf-c recurse once or more per level of a parse tree and check no limit:
 * a chain of some thousand operators overruns the usual stack of 8 MB.
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
