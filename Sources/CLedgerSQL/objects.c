// #embed is C23; clang has it in every mode and warns.
#pragma clang diagnostic ignored "-Wc23-extensions"

#include "CLedgerSQL.h"

#define FILE_OF(NAME) {#NAME, NAME, sizeof NAME}

static const unsigned char schema[] = {
#embed "sql/access/schema.sql"
};
static const unsigned char migration_version_number[] = {
#embed "sql/functions/migration_version_number.sql"
};
static const unsigned char migration_error_is_transient[] = {
#embed "sql/functions/migration_error_is_transient.sql"
};
static const unsigned char migration_history[] = {
#embed "sql/tables/migration_history.sql"
};
static const unsigned char migration_dependencies[] = {
#embed "sql/tables/migration_dependencies.sql"
};
static const unsigned char migration_events[] = {
#embed "sql/tables/migration_events.sql"
};
static const unsigned char migration_snapshots[] = {
#embed "sql/tables/migration_snapshots.sql"
};
static const unsigned char migration_steps[] = {
#embed "sql/tables/migration_steps.sql"
};
static const unsigned char migration_lease[] = {
#embed "sql/tables/migration_lease.sql"
};
static const unsigned char migration_visibility[] = {
#embed "sql/views/migration_visibility.sql"
};
static const unsigned char migration_overview[] = {
#embed "sql/views/migration_overview.sql"
};
static const unsigned char migration_order[] = {
#embed "sql/views/migration_order.sql"
};
static const unsigned char migration_event_log[] = {
#embed "sql/views/migration_event_log.sql"
};
static const unsigned char migration_open_steps[] = {
#embed "sql/views/migration_open_steps.sql"
};
static const unsigned char migration_require_visible[] = {
#embed "sql/functions/migration_require_visible.sql"
};
static const unsigned char migration_check_lease[] = {
#embed "sql/functions/migration_check_lease.sql"
};
static const unsigned char migration_lock[] = {
#embed "sql/functions/migration_lock.sql"
};
static const unsigned char migration_rollback_point[] = {
#embed "sql/functions/migration_rollback_point.sql"
};
static const unsigned char migration_rollback_range[] = {
#embed "sql/functions/migration_rollback_range.sql"
};
static const unsigned char migration_rollback_cascade[] = {
#embed "sql/functions/migration_rollback_cascade.sql"
};
static const unsigned char migration_guard[] = {
#embed "sql/functions/migration_guard.sql"
};
static const unsigned char migration_guard_selection[] = {
#embed "sql/functions/migration_guard_selection.sql"
};
static const unsigned char migration_check_half_done[] = {
#embed "sql/functions/migration_check_half_done.sql"
};
static const unsigned char migration_record_events[] = {
#embed "sql/functions/migration_record_events.sql"
};
static const unsigned char migration_record_rollbacks[] = {
#embed "sql/functions/migration_record_rollbacks.sql"
};
static const unsigned char migration_record_failure[] = {
#embed "sql/functions/migration_record_failure.sql"
};
static const unsigned char migration_next_sequence[] = {
#embed "sql/functions/migration_next_sequence.sql"
};
static const unsigned char migration_set_dependencies[] = {
#embed "sql/functions/migration_set_dependencies.sql"
};
static const unsigned char migration_adopt_dependents[] = {
#embed "sql/functions/migration_adopt_dependents.sql"
};
static const unsigned char migration_register[] = {
#embed "sql/functions/migration_register.sql"
};
static const unsigned char migration_sync[] = {
#embed "sql/functions/migration_sync.sql"
};
static const unsigned char migration_guard_apply[] = {
#embed "sql/functions/migration_guard_apply.sql"
};
static const unsigned char migration_record_apply[] = {
#embed "sql/functions/migration_record_apply.sql"
};
static const unsigned char migration_resolve[] = {
#embed "sql/functions/migration_resolve.sql"
};
static const unsigned char migration_rename[] = {
#embed "sql/functions/migration_rename.sql"
};
static const unsigned char migration_forget[] = {
#embed "sql/functions/migration_forget.sql"
};
static const unsigned char migration_close_steps[] = {
#embed "sql/functions/migration_close_steps.sql"
};
static const unsigned char migration_renew_lease[] = {
#embed "sql/functions/migration_renew_lease.sql"
};
static const unsigned char migration_keep_lease[] = {
#embed "sql/functions/migration_keep_lease.sql"
};
static const unsigned char migration_release_lease[] = {
#embed "sql/functions/migration_release_lease.sql"
};
static const unsigned char migration_begin_steps[] = {
#embed "sql/functions/migration_begin_steps.sql"
};
static const unsigned char migration_start_step[] = {
#embed "sql/functions/migration_start_step.sql"
};
static const unsigned char migration_finish_step[] = {
#embed "sql/functions/migration_finish_step.sql"
};
static const unsigned char migration_fail_step[] = {
#embed "sql/functions/migration_fail_step.sql"
};
static const unsigned char migration_end_steps[] = {
#embed "sql/functions/migration_end_steps.sql"
};
static const unsigned char migration_refuse_change[] = {
#embed "sql/functions/migration_refuse_change.sql"
};
static const unsigned char migration_refuse_erasure[] = {
#embed "sql/functions/migration_refuse_erasure.sql"
};
static const unsigned char migration_stamp_event[] = {
#embed "sql/functions/migration_stamp_event.sql"
};
static const unsigned char migration_refuse_cycle[] = {
#embed "sql/functions/migration_refuse_cycle.sql"
};
static const unsigned char can_rollback_migration[] = {
#embed "sql/functions/can_rollback_migration.sql"
};
static const unsigned char list_rollbackable_migrations[] = {
#embed "sql/functions/list_rollbackable_migrations.sql"
};
static const unsigned char migration_prepare_rollback[] = {
#embed "sql/functions/migration_prepare_rollback.sql"
};
static const unsigned char migration_run_rollback[] = {
#embed "sql/functions/migration_run_rollback.sql"
};
static const unsigned char execute_migration_rollback[] = {
#embed "sql/functions/execute_migration_rollback.sql"
};
static const unsigned char migration_schema_objects[] = {
#embed "sql/functions/migration_schema_objects.sql"
};
static const unsigned char create_migration_snapshot[] = {
#embed "sql/functions/create_migration_snapshot.sql"
};
static const unsigned char migration_allow_role[] = {
#embed "sql/functions/migration_allow_role.sql"
};
static const unsigned char migration_grant_reader[] = {
#embed "sql/functions/migration_grant_reader.sql"
};
static const unsigned char migration_grant_operator[] = {
#embed "sql/functions/migration_grant_operator.sql"
};
static const unsigned char row_security[] = {
#embed "sql/access/row_security.sql"
};
static const unsigned char close[] = {
#embed "sql/access/close.sql"
};

// Each after those that it needs: an SQL function's body, a view and an index are checked when
// they are created; PL/pgSQL bodies are not.
static const struct ledger_sql_file objects[] = {
    FILE_OF(schema),
    FILE_OF(migration_version_number),
    FILE_OF(migration_error_is_transient),
    FILE_OF(migration_history),
    FILE_OF(migration_dependencies),
    FILE_OF(migration_events),
    FILE_OF(migration_snapshots),
    FILE_OF(migration_steps),
    FILE_OF(migration_lease),
    FILE_OF(migration_visibility),
    FILE_OF(migration_overview),
    FILE_OF(migration_order),
    FILE_OF(migration_event_log),
    FILE_OF(migration_open_steps),
    FILE_OF(migration_require_visible),
    FILE_OF(migration_check_lease),
    FILE_OF(migration_lock),
    FILE_OF(migration_rollback_point),
    FILE_OF(migration_rollback_range),
    FILE_OF(migration_rollback_cascade),
    FILE_OF(migration_guard),
    FILE_OF(migration_guard_selection),
    FILE_OF(migration_check_half_done),
    FILE_OF(migration_record_events),
    FILE_OF(migration_record_rollbacks),
    FILE_OF(migration_record_failure),
    FILE_OF(migration_next_sequence),
    FILE_OF(migration_set_dependencies),
    FILE_OF(migration_adopt_dependents),
    FILE_OF(migration_register),
    FILE_OF(migration_sync),
    FILE_OF(migration_guard_apply),
    FILE_OF(migration_record_apply),
    FILE_OF(migration_resolve),
    FILE_OF(migration_rename),
    FILE_OF(migration_forget),
    FILE_OF(migration_close_steps),
    FILE_OF(migration_renew_lease),
    FILE_OF(migration_keep_lease),
    FILE_OF(migration_release_lease),
    FILE_OF(migration_begin_steps),
    FILE_OF(migration_start_step),
    FILE_OF(migration_finish_step),
    FILE_OF(migration_fail_step),
    FILE_OF(migration_end_steps),
    FILE_OF(migration_refuse_change),
    FILE_OF(migration_refuse_erasure),
    FILE_OF(migration_stamp_event),
    FILE_OF(migration_refuse_cycle),
    FILE_OF(can_rollback_migration),
    FILE_OF(list_rollbackable_migrations),
    FILE_OF(migration_prepare_rollback),
    FILE_OF(migration_run_rollback),
    FILE_OF(execute_migration_rollback),
    FILE_OF(migration_schema_objects),
    FILE_OF(create_migration_snapshot),
    FILE_OF(migration_allow_role),
    FILE_OF(migration_grant_reader),
    FILE_OF(migration_grant_operator),
    FILE_OF(row_security),
    FILE_OF(close),
};

struct ledger_sql_list ledger_sql_objects(void) {
  struct ledger_sql_list list = {objects, sizeof objects / sizeof objects[0]};
  return list;
}

static const unsigned char creation[] = {
#embed "sql/creation.sql"
};

struct ledger_sql_file ledger_sql_creation(void) {
  struct ledger_sql_file file = FILE_OF(creation);
  return file;
}
