# What sync takes; sourced by scripts/bench.

# shellcheck shell=bash disable=SC2154 # set by scripts/bench and bench.bash
event_columns="run_id, occurred_at, operation, migration_name, outcome, role_name, os_user, host,
  tool_version, duration_ms, checksum, rollback_sql, up_checksum, error, reason, details"
event_columns=${event_columns//$'\n'/}

# sync_new: a ledger that is empty, then sync; prints seconds and MiB.
sync_new() {
  { "$program" --quiet init --drop --yes && "$program" --quiet init; } >/dev/null 2>&1
  "$psql" -Xqc CHECKPOINT
  "$work/usage" "$program" --quiet sync
}

# copy_new: the rows and events of that ledger, taken in by COPY into an empty one.
copy_new() {
  { "$program" --quiet init --drop --yes && "$program" --quiet init; } >/dev/null 2>&1
  "$psql" -Xqc CHECKPOINT
  "$work/usage" "$psql" -Xq -1 -v ON_ERROR_STOP=1 \
    -c "\\copy migration_history FROM '$work/history.copy'" \
    -c "\\copy migration_events ($event_columns) FROM '$work/events.copy'"
}

# row WHAT AIM TIMES [COUNT FLOOR]: seconds and MiB, medians; where FLOOR is given, beside that.
row() {
  awk -v what="$1" -v aim="$2" -v s="$(of_median 1 <<<"$3")" -v m="$(of_median 2 <<<"$3")" \
    -v floor="${4-}" 'BEGIN {
      measured = floor == "" ? s : s / floor
      printf "%-46s %7.2f %6d   %-22s %s\n", what, s, m,
        floor == "" ? sprintf("aim %s s", aim) : sprintf("%.2f s: %.1fx, aim %sx", floor, measured, aim),
        measured <= aim ? "met" : "MISSED"
    }'
}

bench_sync() {
  local catalog known supabase='' copied=''
  create_tables
  say "measuring sync"
  catalog=$(for _ in {1..5}; do sync_new; done)
  known=$(for _ in {1..5}; do "$work/usage" "$program" --quiet sync; done)
  "$psql" -Xq -c "\\copy migration_history TO '$work/history.copy'" \
    -c "\\copy (SELECT $event_columns FROM migration_events WHERE operation = 'sync') TO '$work/events.copy'"
  "$psql" -Xq -v ON_ERROR_STOP=1 -c 'CREATE SCHEMA supabase_migrations' \
    -c 'CREATE TABLE supabase_migrations.schema_migrations (
      version text PRIMARY KEY, statements text[], name text)' \
    -c 'INSERT INTO supabase_migrations.schema_migrations
      SELECT migration_version, NULL, migration_name FROM migration_history' \
    -c 'ANALYZE supabase_migrations.schema_migrations'
  for _ in {1..5}; do
    copied+=$(copy_new)$'\n'
    supabase+=$(sync_new)$'\n'
  done
  printf '\n%-46s %7s %6s   %s\n' "sync of $migrations files" "s" "MiB" "beside COPY"
  row "all known" 0.4 "$known"
  row "all new, the catalog tells" 2 "$catalog"
  row "all new, the catalog and a Supabase ledger tell" 3 "${supabase%$'\n'}" \
    "$(of_median 1 <<<"${copied%$'\n'}")"
  "$psql" -Xqc 'DROP SCHEMA supabase_migrations CASCADE' 2>/dev/null
}
