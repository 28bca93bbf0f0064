// floor-runner CONNECTION FOLDER COMMAND
//
// What a migration runner cannot do without, and nothing more: one row a migration, one transaction a
// migration, one query string each. The floor of migrate, status and rollback in scripts/bench.
//
// COMMAND: version (ends at once), init (makes the ledger), apply (what is pending, in order),
// status (files and rows compared, by checksum too), rollback N (the last N that were applied).
// Files are NAME.sql, with a rollback section.
#define _GNU_SOURCE
#include <dirent.h>
#include <libpq-fe.h>
#include <openssl/evp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static PGconn *connection;

static void fail(const char *what, const char *why) {
  fprintf(stderr, "floor-runner: %s: %s\n", what, why);
  exit(2);
}

// Runs all statements of a string; gives the last result that has rows, if any.
static PGresult *run_query(const char *query) {
  PGresult *result, *last = NULL;
  if (!PQsendQuery(connection, query)) fail("query", PQerrorMessage(connection));
  while ((result = PQgetResult(connection))) {
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
      fail("query", PQresultErrorMessage(result));
    if (status == PGRES_TUPLES_OK) {
      PQclear(last);
      last = result;
    } else {
      PQclear(result);
    }
  }
  return last;
}

static char *formatted(const char *format, ...) {
  char *text;
  va_list arguments;
  va_start(arguments, format);
  if (vasprintf(&text, format, arguments) < 0) fail("memory", "none left");
  va_end(arguments);
  return text;
}

static char *literal(const char *text) {
  char *quoted = PQescapeLiteral(connection, text, strlen(text));
  if (!quoted) fail("quoting", PQerrorMessage(connection));
  return quoted;
}

// One file.
typedef struct {
  char *name;      // without .sql
  char *up;        // what stands before the section
  char *rollback;  // what stands in it
  char checksum[65];
} Migration;

static void read_file(const char *folder, Migration *migration) {
  char *path = formatted("%s/%s.sql", folder, migration->name);
  FILE *file = fopen(path, "r");
  if (!file) fail("cannot open", path);
  fseek(file, 0, SEEK_END);
  size_t size = ftell(file);
  rewind(file);
  char *text = calloc(1, size + 1);
  if (fread(text, 1, size, file) != size) fail("cannot read", path);
  fclose(file);
  free(path);

  unsigned char digest[32];
  EVP_Digest(text, size, digest, NULL, EVP_sha256(), NULL);
  for (int i = 0; i < 32; i++) sprintf(migration->checksum + 2 * i, "%02x", digest[i]);

  char *start = strstr(text, "-- ROLLBACK START\n"), *end = strstr(text, "-- ROLLBACK END");
  if (!start || !end) fail("no rollback section", migration->name);
  *start = *end = 0;
  migration->up = text;
  migration->rollback = start + strlen("-- ROLLBACK START\n");
}

static int by_name(const void *a, const void *b) {
  return strcmp(((const Migration *)a)->name, ((const Migration *)b)->name);
}

static Migration *list_folder(const char *folder, int *count) {
  Migration *migrations = NULL;
  int capacity = 0;
  DIR *directory = opendir(folder);
  if (!directory) fail("cannot open", folder);
  *count = 0;
  for (struct dirent *entry; (entry = readdir(directory));) {
    size_t length = strlen(entry->d_name);
    if (length < 5 || strcmp(entry->d_name + length - 4, ".sql")) continue;
    if (*count == capacity)
      migrations = realloc(migrations, (capacity = 2 * capacity + 64) * sizeof *migrations);
    migrations[*count] = (Migration){.name = strndup(entry->d_name, length - 4)};
    (*count)++;
  }
  closedir(directory);
  qsort(migrations, *count, sizeof *migrations, by_name);
  return migrations;
}

static const char *applied_rows =
    "SELECT name, checksum FROM floor_history WHERE status = 'applied' ORDER BY name COLLATE \"C\"";

// Both are in order: each row is met where its file stands.
static int is_recorded(PGresult *rows, int *next, const char *name) {
  while (*next < PQntuples(rows) && strcmp(PQgetvalue(rows, *next, 0), name) < 0) (*next)++;
  return *next < PQntuples(rows) && strcmp(PQgetvalue(rows, *next, 0), name) == 0;
}

static void apply(const char *folder) {
  int count, next = 0;
  Migration *migrations = list_folder(folder, &count);
  PGresult *rows = run_query(applied_rows);
  for (int i = 0; i < count; i++) {
    Migration *migration = migrations + i;
    if (is_recorded(rows, &next, migration->name)) continue;
    read_file(folder, migration);
    char *name = literal(migration->name), *rollback = literal(migration->rollback);
    char *query = formatted(
        "BEGIN;\n%s\n;\nINSERT INTO floor_history (name, rollback_sql, checksum) VALUES (%s, %s, '%s')"
        " ON CONFLICT (name) DO UPDATE SET status = 'applied', applied_at = now(),"
        " sequence = DEFAULT;\nCOMMIT;\n",
        migration->up, name, rollback, migration->checksum);
    PQclear(run_query(query));
    printf("%s\n", migration->name);
    free(query);
    PQfreemem(name);
    PQfreemem(rollback);
    free(migration->up);
  }
}

static void status(const char *folder) {
  int count, next = 0, pending = 0, changed = 0;
  Migration *migrations = list_folder(folder, &count);
  PGresult *rows = run_query(applied_rows);
  for (int i = 0; i < count; i++) {
    read_file(folder, migrations + i);
    if (!is_recorded(rows, &next, migrations[i].name)) {
      pending++;
    } else if (strcmp(PQgetvalue(rows, next, 1), migrations[i].checksum)) {
      changed++;
    }
    free(migrations[i].up);
  }
  printf("%d applied, %d pending, %d changed\n", PQntuples(rows), pending, changed);
}

static void roll_back(int count) {
  char *query = formatted(
      "SELECT name, rollback_sql FROM floor_history WHERE status = 'applied'"
      " ORDER BY sequence DESC LIMIT %d", count);
  PGresult *rows = run_query(query);
  free(query);
  if (PQntuples(rows) < count) fail("rollback", "there are fewer");
  for (int i = 0; i < PQntuples(rows); i++) {
    char *name = literal(PQgetvalue(rows, i, 0));
    query = formatted(
        "BEGIN;\n%s\n;\nUPDATE floor_history SET status = 'rolled_back', rollback_at = now()"
        " WHERE name = %s;\nCOMMIT;\n", PQgetvalue(rows, i, 1), name);
    PQclear(run_query(query));
    printf("%s\n", PQgetvalue(rows, i, 0));
    free(query);
    PQfreemem(name);
  }
}

int main(int argc, char **argv) {
  if (argc < 4) fail("usage", "floor-runner CONNECTION FOLDER COMMAND");
  const char *folder = argv[2], *command = argv[3];
  if (strcmp(command, "version") == 0) {
    printf("libpq %d\n", PQlibVersion());
    return 0;
  }
  connection = PQconnectdb(argv[1]);
  if (PQstatus(connection) != CONNECTION_OK) fail("connection", PQerrorMessage(connection));
  if (strcmp(command, "init") == 0) {
    PQclear(run_query(
        "CREATE TABLE floor_history (name text PRIMARY KEY, sequence bigserial UNIQUE,"
        " applied_at timestamptz NOT NULL DEFAULT now(), applied_by text DEFAULT current_user,"
        " rollback_sql text, checksum text, status text NOT NULL DEFAULT 'applied',"
        " rollback_at timestamptz)"));
  } else if (strcmp(command, "apply") == 0) {
    apply(folder);
  } else if (strcmp(command, "status") == 0) {
    status(folder);
  } else if (strcmp(command, "rollback") == 0 && argc > 4) {
    roll_back(atoi(argv[4]));
  } else {
    fail("no such command", command);
  }
  PQfinish(connection);
  return 0;
}
