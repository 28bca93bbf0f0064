#ifndef CLIBPQ_SHIM_H
#define CLIBPQ_SHIM_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* The PG_DIAG_* macros are character literals, which Swift's importer skips: the same codes as
   integers, for PQresultErrorField (libpq manual, "Main Functions"). */
static const int MM_DIAG_SEVERITY_NONLOCALIZED = PG_DIAG_SEVERITY_NONLOCALIZED;
static const int MM_DIAG_SQLSTATE = PG_DIAG_SQLSTATE;
static const int MM_DIAG_MESSAGE_PRIMARY = PG_DIAG_MESSAGE_PRIMARY;
static const int MM_DIAG_MESSAGE_DETAIL = PG_DIAG_MESSAGE_DETAIL;
static const int MM_DIAG_MESSAGE_HINT = PG_DIAG_MESSAGE_HINT;
static const int MM_DIAG_STATEMENT_POSITION = PG_DIAG_STATEMENT_POSITION;
static const int MM_DIAG_INTERNAL_QUERY = PG_DIAG_INTERNAL_QUERY;
static const int MM_DIAG_CONTEXT = PG_DIAG_CONTEXT;

/* The C library looks for a byte in megabytes many times faster than a loop in Swift does. */
static inline bool mm_holds_zero_byte(const char *bytes, size_t length) {
  return length > 0 && memchr(bytes, 0, length) != NULL;
}

#endif
