#ifndef C_LEDGER_SQL_H
#define C_LEDGER_SQL_H

#include <stddef.h>

/// One file below `sql/`, embedded at build time. `bytes` are UTF-8, not terminated, and live
/// as long as the program.
struct ledger_sql_file {
  /// The file's name without folder and `.sql`.
  const char *name;
  const unsigned char *bytes;
  size_t length;
};

/// A list of files; `files` lives as long as the program.
struct ledger_sql_list {
  const struct ledger_sql_file *files;
  size_t count;
};

/// The ledger's objects, in the order in which they must be created.
struct ledger_sql_list ledger_sql_objects(void);

/// The script around the objects, with the placeholder `@objects@`.
struct ledger_sql_file ledger_sql_creation(void);

/// The statements that the client sends, in the order of their names.
struct ledger_sql_list ledger_sql_statements(void);

#endif
