# Shared by the parts of scripts/bench; sourced, not run. Needs common.bash and server.bash, and from
# the script: runs, work (a folder), program, psql.

# shellcheck shell=bash disable=SC2154 # set by scripts/bench
warm_ups=2
migrations=10000

# What measures, and what is measured beside the program.
compile_measures() {
  local name
  for name in alternate usage distant; do
    gcc -O2 -o "$work/$name" "scripts/lib/$name.c"
  done
  # shellcheck disable=SC2046 # several words are meant
  gcc -O2 -o "$work/floor" scripts/lib/floor.c $(pkg-config --cflags --libs libpq libcrypto) \
    -l:libpg_query.a -l:libprotobuf-c.a -lm -lpthread
  # shellcheck disable=SC2046 # several words are meant
  gcc -O2 -o "$work/floor-runner" scripts/lib/floor-runner.c \
    $(pkg-config --cflags --libs libpq libcrypto)
}

# measure WHAT BESIDE AIM RUNS COMMAND... -- COMMAND...: one row of the table.
measure() {
  local what=$1 beside=$2 aim=$3 count=$4 times
  shift 4
  times=$("$work/alternate" "$count" "$warm_ups" "$@") || die "measuring '$what' failed"
  awk -v what="$what" -v beside="$beside" -v aim="$aim" -v times="$times" 'BEGIN {
    split(times, t, " ")
    ratio = t[1] / t[2]
    verdict = aim == "-" ? "" : (ratio <= aim ? "met" : "MISSED")
    printf "%-34s %9.1f   %-30s %9.1f   %5.2f   %4s %s\n", what, t[1] / 1000, beside, t[2] / 1000,
      ratio, aim, verdict
  }'
}

# weigh WHAT COMMAND...: one row of a table of seconds and memory.
weigh() {
  local what=$1 numbers
  shift
  numbers=$("$work/usage" "$@") || die "measuring '$what' failed"
  printf '%-34s %9.1f %9d\n' "$what" "${numbers% *}" "${numbers#* }"
}

# of_median COLUMN: the median of a column of numbers.
of_median() {
  sort -n -k "$1,$1" | awk -v column="$1" '{ a[NR] = $column } END { print a[int((NR + 1) / 2)] }'
}

# url_of DATABASE
url_of() {
  printf 'postgresql:///%s?host=%s&port=%s&user=%s' "$1" "$PGHOST" "$PGPORT" "$PGUSER"
}

# create_tables: 10,000 migrations that each create a table, applied, in names and files; once.
create_tables() {
  [[ ! -d $work/migrations ]] || return 0
  say "creating $migrations tables"
  mkdir "$work/migrations"
  names=()
  local i name
  for ((i = 1; i <= migrations; i++)); do
    name=20250000${i}_create_table
    names+=("$name")
    cat >"$work/migrations/$name.sql" <<SQL
-- Migration: $name.sql
-- Description: A table like many others
CREATE TABLE bench_$i (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  title text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON bench_$i (title);
-- ROLLBACK START
DROP TABLE bench_$i;
-- ROLLBACK END
SQL
  done
  export MIGRATIONS_DIR=$work/migrations
  files=("${names[@]/#/$work/migrations/}")
  files=("${files[@]/%/.sql}")
  # Not in one transaction: that would hold too many locks.
  "$psql" -Xq -v ON_ERROR_STOP=1 -c 'SET synchronous_commit = off' -c "DO \$\$ BEGIN
    FOR i IN 1..$migrations LOOP
      EXECUTE format('CREATE TABLE bench_%1\$s (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, title text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()); CREATE INDEX ON bench_%1\$s (title)', i);
      IF i % 500 = 0 THEN COMMIT; END IF;
    END LOOP;
  END \$\$"
  "$psql" -Xqc 'VACUUM ANALYZE' -c CHECKPOINT
}
