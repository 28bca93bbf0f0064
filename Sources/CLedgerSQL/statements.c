// #embed is C23; clang has it in every mode and warns.
#pragma clang diagnostic ignored "-Wc23-extensions"

#include "CLedgerSQL.h"

#define FILE_OF(NAME) {#NAME, NAME, sizeof NAME}

static const unsigned char advisory_lock[] = {
#embed "sql/statements/advisory_lock.sql"
};
static const unsigned char all_names[] = {
#embed "sql/statements/all_names.sql"
};
static const unsigned char apply_failures[] = {
#embed "sql/statements/apply_failures.sql"
};
static const unsigned char check[] = {
#embed "sql/statements/check.sql"
};
static const unsigned char creation_lock[] = {
#embed "sql/statements/creation_lock.sql"
};
static const unsigned char dependents_chain[] = {
#embed "sql/statements/dependents_chain.sql"
};
static const unsigned char drop_ledger[] = {
#embed "sql/statements/drop_ledger.sql"
};
static const unsigned char evidence[] = {
#embed "sql/statements/evidence.sql"
};
static const unsigned char history[] = {
#embed "sql/statements/history.sql"
};
static const unsigned char ledger_functions[] = {
#embed "sql/statements/ledger_functions.sql"
};
static const unsigned char ledger_glance[] = {
#embed "sql/statements/ledger_glance.sql"
};
static const unsigned char ledger_inventory[] = {
#embed "sql/statements/ledger_inventory.sql"
};
static const unsigned char ledger_members[] = {
#embed "sql/statements/ledger_members.sql"
};
static const unsigned char ledger_tables[] = {
#embed "sql/statements/ledger_tables.sql"
};
static const unsigned char ledger_views[] = {
#embed "sql/statements/ledger_views.sql"
};
static const unsigned char list[] = {
#embed "sql/statements/list.sql"
};
static const unsigned char list_names[] = {
#embed "sql/statements/list_names.sql"
};
static const unsigned char list_totals[] = {
#embed "sql/statements/list_totals.sql"
};
static const unsigned char lone_observation[] = {
#embed "sql/statements/lone_observation.sql"
};
static const unsigned char migration_states[] = {
#embed "sql/statements/migration_states.sql"
};
static const unsigned char lock_count[] = {
#embed "sql/statements/lock_count.sql"
};
static const unsigned char open_steps[] = {
#embed "sql/statements/open_steps.sql"
};
static const unsigned char remove_runner_rows[] = {
#embed "sql/statements/remove_runner_rows.sql"
};
static const unsigned char rollback_cascade[] = {
#embed "sql/statements/rollback_cascade.sql"
};
static const unsigned char rollback_range[] = {
#embed "sql/statements/rollback_range.sql"
};
static const unsigned char rollback_plan[] = {
#embed "sql/statements/rollback_plan.sql"
};
static const unsigned char run_at_work[] = {
#embed "sql/statements/run_at_work.sql"
};
static const unsigned char run_event[] = {
#embed "sql/statements/run_event.sql"
};
static const unsigned char runner_ledgers[] = {
#embed "sql/statements/runner_ledgers.sql"
};
static const unsigned char runner_presence[] = {
#embed "sql/statements/runner_presence.sql"
};
static const unsigned char runner_rows[] = {
#embed "sql/statements/runner_rows.sql"
};
static const unsigned char runner_tables[] = {
#embed "sql/statements/runner_tables.sql"
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
static const unsigned char set_constraints_deferred[] = {
#embed "sql/statements/set_constraints_deferred.sql"
};
static const unsigned char set_search_path[] = {
#embed "sql/statements/set_search_path.sql"
};
static const unsigned char step_fate[] = {
#embed "sql/statements/step_fate.sql"
};
static const unsigned char statuses[] = {
#embed "sql/statements/statuses.sql"
};
static const unsigned char version_number[] = {
#embed "sql/statements/version_number.sql"
};

static const struct ledger_sql_file statements[] = {
    FILE_OF(advisory_lock),
    FILE_OF(all_names),
    FILE_OF(apply_failures),
    FILE_OF(check),
    FILE_OF(creation_lock),
    FILE_OF(dependents_chain),
    FILE_OF(drop_ledger),
    FILE_OF(evidence),
    FILE_OF(history),
    FILE_OF(ledger_functions),
    FILE_OF(ledger_glance),
    FILE_OF(ledger_inventory),
    FILE_OF(ledger_members),
    FILE_OF(ledger_tables),
    FILE_OF(ledger_views),
    FILE_OF(list),
    FILE_OF(list_names),
    FILE_OF(list_totals),
    FILE_OF(lone_observation),
    FILE_OF(migration_states),
    FILE_OF(lock_count),
    FILE_OF(open_steps),
    FILE_OF(remove_runner_rows),
    FILE_OF(rollback_cascade),
    FILE_OF(rollback_plan),
    FILE_OF(rollback_range),
    FILE_OF(run_at_work),
    FILE_OF(run_event),
    FILE_OF(runner_ledgers),
    FILE_OF(runner_presence),
    FILE_OF(runner_rows),
    FILE_OF(runner_tables),
    FILE_OF(session_check),
    FILE_OF(session_facts),
    FILE_OF(session_run),
    FILE_OF(set_constraints_deferred),
    FILE_OF(set_search_path),
    FILE_OF(step_fate),
    FILE_OF(statuses),
    FILE_OF(version_number),
};

struct ledger_sql_list ledger_sql_statements(void) {
  struct ledger_sql_list list = {statements, sizeof statements / sizeof statements[0]};
  return list;
}
