# What a file of 60 MB takes; sourced by scripts/bench.

# shellcheck shell=bash disable=SC2154 # set by scripts/bench and bench.bash
# inserts TABLE: 60 MB of them.
inserts() {
  awk -v table="$1" 'BEGIN {
    for (i = 1; i <= 600000; i++)
      printf "INSERT INTO %s VALUES (%d, \047A note as people write them, %d of many, to fill a line\047);\n",
        table, i, i
  }'
}

# Two migrations: one is large by its up SQL, the other by its rollback SQL.
bench_large() {
  local large=$work/large name part
  mkdir "$large"
  {
    echo "CREATE TABLE large_up (id int, note text);"
    inserts large_up
    printf '%s\n' "-- ROLLBACK START" "DROP TABLE large_up;" "-- ROLLBACK END"
  } >"$large/20260101_large_up.sql"
  {
    printf '%s\n' "CREATE TABLE large_rollback (id int, note text);" "-- ROLLBACK START"
    inserts large_rollback
    printf '%s\n' "DROP TABLE large_rollback;" "-- ROLLBACK END"
  } >"$large/20260102_large_rollback.sql"
  # Of their up SQL only this matters to register.
  "$psql" -Xqc 'CREATE TABLE large_up (id int, note text)' \
    -c 'CREATE TABLE large_rollback (id int, note text)'

  printf '\n%-34s %9s %9s\n' "a file of $(($(stat -c %s "$large/20260101_large_up.sql") / 1000000)) MB" "s" "MiB"
  for name in 20260101_large_up 20260102_large_rollback; do
    part=${name#*_large_}
    weigh "$part SQL: show --up" "$program" --quiet --dir "$large" show "$name" --up
    weigh "$part SQL: register" "$program" --quiet --dir "$large" register "$name"
    weigh "$part SQL: check" "$program" --quiet --dir "$large" check "$name"
    weigh "$part SQL: rollback" "$program" --quiet --dir "$large" rollback --yes "$name"
  done

  # As much in the data of one COPY, as in the output of pg_dump.
  local copy=$work/copy url
  mkdir "$copy"
  "$psql" -Xqc 'CREATE DATABASE bench_copy'
  url=$(url_of bench_copy)
  awk 'BEGIN {
    print "CREATE TABLE large_copy (id int, note text);\nCOPY large_copy FROM stdin;"
    for (i = 1; i <= 900000; i++)
      printf "%d\tA note as people write them, %d of many, to fill a line\n", i, i
    print "\\.\n-- ROLLBACK START\nDROP TABLE large_copy;\n-- ROLLBACK END"
  }' >"$copy/20260103_large_copy.sql"
  weigh "COPY data: migrate" "$program" --quiet --dir "$copy" --database-url "$url" migrate
  weigh "COPY data: rollback" "$program" --quiet --dir "$copy" --database-url "$url" rollback --yes \
    --all
}
