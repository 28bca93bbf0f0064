# Commands for migrations that another runner applied; sourced by scripts/bench.

# shellcheck shell=bash disable=SC2154 # set by scripts/bench and bench.bash
bench_commands() {
  local i
  create_tables
  "$program" --quiet sync >/dev/null
  # As many tables as are rolled back, beside them for psql.
  mkdir "$work/beside"
  for ((i = 1; i <= runs + warm_ups; i++)); do
    "$program" show "20250000${i}_create_table" --up | sed 's/bench_/beside_/'
    echo "DROP TABLE beside_$i;" >"$work/beside/$i.sql"
  done | "$psql" -Xq -v ON_ERROR_STOP=1
  "$psql" -Xqc 'VACUUM ANALYZE' -c CHECKPOINT
  sed -e 's/@extschema@/public/g' -e 's/@every_status@/false/g' -e 's/@limit@/NULL/g' \
    Sources/CLedgerSQL/sql/statements/list.sql >"$work/list.sql"

  printf '\n%-34s %9s   %-30s %9s   %5s   %4s\n' \
    "migration-manager" "ms" "beside it" "ms" "ratio" "aim"
  measure "start-up: --version" "C, the same libraries" 1.5 $((runs * 4)) \
    "$program" --version -- "$work/floor"
  measure "list, $migrations rows" "psql, the same query" 1.3 "$runs" \
    "$program" list -- "$psql" -Xq -f "$work/list.sql"
  measure "rollback --yes" "psql -1 -f, the same SQL" 1.5 "$runs" \
    "$program" rollback --yes '20250000{}_create_table' -- \
    "$psql" -Xq -1 -v ON_ERROR_STOP=1 -f "$work/beside/{}.sql"
  # What TAB waits for.
  measure "completions names, $migrations files" "ls -r, the same folder" - "$runs" \
    "$program" completions names -- ls -r "$MIGRATIONS_DIR"
  # Those that were rolled back can no longer be.
  measure "check, $((migrations - runs - warm_ups)) files" "sha256sum, the same files" - "$runs" \
    "$program" check "${names[@]:runs+warm_ups}" -- \
    sha256sum "${files[@]:runs+warm_ups}"
}
