# Round trips to a server that is far away, 25 ms each way; sourced by scripts/bench.

# shellcheck shell=bash disable=SC2154 # set by scripts/bench and bench.bash

# trips WHAT MOST FLOOR-COMMAND... -- WORD...: one row: the program with these words, the floor.
trips() {
  local what=$1 most=$2 floor=() program_trips floor_trips
  shift 2
  while [[ $1 != -- ]]; do
    floor+=("$1")
    shift
  done
  shift
  program_trips=$(PGDATABASE=trips_program "$work/distant" 25 "$program" --quiet "$@") \
    || die "'$*' failed"
  floor_trips=$(PGDATABASE=trips_floor "$work/distant" 25 "$work/floor-runner" "" "${floor[@]}") \
    || die "the floor of '$*' failed"
  awk -v what="$what" -v most="$most" -v a="$program_trips" -v b="$floor_trips" 'BEGIN {
    split(a, p, " ")
    split(b, f, " ")
    printf "%-34s %9d %9.0f %9d %9.0f   %9d %s\n", what, p[1], p[2], f[1], f[2], most,
      p[1] <= most ? "met" : "MISSED"
  }'
}

bench_trips() {
  local folder=$work/trips i name
  mkdir "$folder"
  for i in {1..10}; do
    name=$(printf '202501010000%02d_create_stop' "$i")
    printf '%s\n' "CREATE TABLE stop_$i (id bigint);" "-- ROLLBACK START" "DROP TABLE stop_$i;" \
      "-- ROLLBACK END" >"$folder/$name.sql"
  done
  "$psql" -Xq -c 'CREATE DATABASE trips_program' -c 'CREATE DATABASE trips_floor'
  "$program" --quiet --database-url "$(url_of trips_program)" init >/dev/null
  "$work/floor-runner" dbname=trips_floor . init
  export MIGRATIONS_DIR=$folder

  printf '\n%-34s %9s %9s %9s %9s   %9s\n' "50 ms a round trip" "trips" "ms" "floor" "ms" "at most"
  trips "migrate, 10 pending" 13 "$folder" apply -- migrate
  trips "migrate, nothing pending" 3 "$folder" apply -- migrate
  trips "status" 3 "$folder" status -- status
  trips "rollback of 1" 4 "$folder" rollback 1 -- rollback --last 1 --yes
  trips "rollback of 1, named" 4 "$folder" rollback 1 -- rollback 20250101000009_create_stop --yes
  "$program" --quiet migrate --database-url "$(url_of trips_program)" >/dev/null 2>&1
  "$work/floor-runner" dbname=trips_floor "$folder" apply >/dev/null
  trips "rollback of 10" 4 "$folder" rollback 10 -- rollback --all --yes
}
