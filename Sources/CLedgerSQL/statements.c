// #embed is C23; clang has it in every mode and warns.
#pragma clang diagnostic ignored "-Wc23-extensions"

#include "CLedgerSQL.h"

#define FILE_OF(NAME) {#NAME, NAME, sizeof NAME}

static const unsigned char creation_lock[] = {
#embed "sql/statements/creation_lock.sql"
};
static const unsigned char run_event[] = {
#embed "sql/statements/run_event.sql"
};
static const unsigned char session_check[] = {
#embed "sql/statements/session_check.sql"
};
static const unsigned char session_facts[] = {
#embed "sql/statements/session_facts.sql"
};
static const unsigned char session_run[] = {
#embed "sql/statements/session_run.sql"
};
static const unsigned char set_search_path[] = {
#embed "sql/statements/set_search_path.sql"
};

static const struct ledger_sql_file statements[] = {
    FILE_OF(creation_lock),
    FILE_OF(run_event),
    FILE_OF(session_check),
    FILE_OF(session_facts),
    FILE_OF(session_run),
    FILE_OF(set_search_path),
};

struct ledger_sql_list ledger_sql_statements(void) {
  struct ledger_sql_list list = {statements, sizeof statements / sizeof statements[0]};
  return list;
}
