# Migrate, status and rollback, beside the floor of all runners and beside psql, each on a database of
# its own; sourced by scripts/bench.

# shellcheck shell=bash disable=SC2154 # set by scripts/bench and bench.bash
runners=(program floor psql)

# write_migrations FOLDER COUNT: a table of 6 columns and an index each, a function in every fifth.
write_migrations() {
  mkdir -p "$1"
  awk -v folder="$1" -v count="$2" 'BEGIN {
    for (i = 1; i <= count; i++) {
      file = sprintf("%s/20250101%06d_create_item.sql", folder, i)
      has_function = i % 5 == 0
      print "CREATE TABLE item_" i " (\n  id bigint PRIMARY KEY,\n  title text NOT NULL," >file
      print "  amount integer NOT NULL DEFAULT 0,\n  note text,\n  is_open boolean NOT NULL DEFAULT true," >file
      print "  created_at timestamptz NOT NULL DEFAULT now()\n);" >file
      print "CREATE INDEX item_" i "_title_idx ON item_" i " (title);" >file
      if (has_function) print "CREATE FUNCTION item_" i "_total() RETURNS bigint LANGUAGE sql" \
        " AS $$ SELECT sum(amount) FROM item_" i " $$;" >file
      print "\n-- ROLLBACK START" >file
      if (has_function) print "DROP FUNCTION item_" i "_total();" >file
      print "DROP TABLE item_" i ";\n-- ROLLBACK END" >file
      close(file)
    }
  }'
}

# write_scripts FOLDER: for psql, what the others do with the files of FOLDER: FOLDER.apply.sql, and
# FOLDER.rollback-N.sql for the last N (1; the 100 before that one; all).
write_scripts() {
  sha256sum "$1"/*.sql | awk -v folder="$1" '
    {
      name[NR] = $2
      gsub(/.*\/|\.sql$/, "", name[NR])
      up = undo = ""
      inside = 0
      while ((getline line <$2) > 0) {
        if (line ~ /^-- ROLLBACK (START|END)/) inside = line ~ /START/
        else if (inside) undo = undo line "\n"
        else up = up line "\n"
      }
      close($2)
      rollback[NR] = undo
      apply = folder ".apply.sql"
      print "BEGIN;\n" up ";\nINSERT INTO psql_history (name, rollback_sql, checksum)" >apply
      print "VALUES (\047" name[NR] "\047, $rollback$" undo "$rollback$, \047" $1 "\047)" >apply
      print "ON CONFLICT (name) DO UPDATE SET status = \047applied\047, applied_at = now()," >apply
      print "  sequence = DEFAULT;\nCOMMIT;" >apply
    }
    function undo_of(i, file) {
      print "BEGIN;\n" rollback[i] ";\nUPDATE psql_history SET status = \047rolled_back\047," >file
      print "rollback_at = now() WHERE name = \047" name[i] "\047;\nCOMMIT;" >file
    }
    END {
      undo_of(NR, folder ".rollback-1.sql")
      for (i = NR - 1; i >= NR - 100 && i > 0; i--) undo_of(i, folder ".rollback-100.sql")
      for (i = NR; i >= 1; i--) undo_of(i, folder ".rollback-" NR ".sql")
    }'
}

# fresh_databases: an empty one for each, with an empty ledger.
fresh_databases() {
  local runner
  for runner in "${runners[@]}"; do
    "$psql" -Xq -c "DROP DATABASE IF EXISTS bench_$runner" -c "CREATE DATABASE bench_$runner" 2>/dev/null
  done
  "$program" --quiet --database-url "$(url_of bench_program)" init >/dev/null
  "$work/floor-runner" "dbname=bench_floor" . init
  # The same table.
  # shellcheck disable=SC2016 # PostgreSQL's own
  PGDATABASE=bench_psql "$psql" -Xq -c 'CREATE TABLE psql_history (name text PRIMARY KEY,
    sequence bigserial UNIQUE, applied_at timestamptz NOT NULL DEFAULT now(),
    applied_by text DEFAULT current_user, rollback_sql text, checksum text,
    status text NOT NULL DEFAULT $$applied$$, rollback_at timestamptz)'
  "$psql" -Xqc CHECKPOINT
}

# command_of RUNNER TASK FOLDER: sets the array command. TASK: version, migrate, status, or how many
# to roll back.
command_of() {
  local runner=$1 task=$2 folder=$3 rollback=(rollback --last "$2" --yes)
  case $runner in
    program)
      command=("$program" --quiet --dir "$folder"
        --database-url "$(url_of bench_program)")
      case $task in
        version) command=("$program" --version) ;;
        migrate | status) command+=("$task") ;;
        *)
          ((task < 1000)) || rollback=(rollback --all --yes)
          command+=("${rollback[@]}") ;;
      esac ;;
    floor)
      command=("$work/floor-runner" dbname=bench_floor "$folder")
      case $task in
        version | status) command+=("$task") ;;
        migrate) command+=(apply) ;;
        *) command+=(rollback "$task") ;;
      esac ;;
    psql)
      command=("$psql" -Xq -v ON_ERROR_STOP=1 -d bench_psql)
      case $task in
        version) command=("$psql" --version) ;;
        migrate) command+=(-f "$folder.apply.sql") ;;
        # What tells that nothing is to be done, and what each of them is.
        nothing) command+=(-c 'SELECT name FROM psql_history') ;;
        status) command+=(-c 'SELECT name, status, applied_at FROM psql_history ORDER BY name') ;;
        *) command+=(-f "$folder.rollback-$task.sql") ;;
      esac ;;
  esac
}

# once TASK FOLDER: measures each runner once, on what it left behind, and appends to the array
# figures, under "TASK RUNNER", lines of seconds and MiB.
once() {
  local runner numbers command
  for runner in "${runners[@]}"; do
    command_of "$runner" "$1" "$2"
    numbers=$("$work/usage" "${command[@]}") || die "measuring '$1' of $runner failed"
    figures[$1 $runner]+=$numbers$'\n'
  done
}

# often TASK FOLDER: medians of runs that change nothing, in microseconds.
often() {
  local runner command commands=()
  for runner in "${runners[@]}"; do
    if [[ $runner/$1 == psql/migrate ]]; then
      command_of psql nothing "$2"
    else
      command_of "$runner" "$1" "$2"
    fi
    commands+=(-- "${command[@]}")
  done
  "$work/alternate" "$runs" "$warm_ups" "${commands[@]:1}"
}

# runner_row WHAT TIMES: milliseconds of program, floor and psql, in microseconds; the ratio is that
# of what each takes beyond its start-up.
runner_row() {
  awk -v what="$1" -v times="$2" -v start_ups="$start_ups" 'BEGIN {
    split(times, t, " ")
    split(start_ups, s, " ")
    ratio = (t[1] - s[1]) / (t[2] - s[2])
    printf "%-34s %9.1f %9.1f %9.1f   %5.2f   %4.1f %s\n", what, t[1] / 1000, t[2] / 1000,
      t[3] / 1000, ratio, 1.1, ratio <= 1.1 ? "met" : "MISSED"
  }'
}

# median_row WHAT TASK: the same of what was measured once a round.
median_row() {
  local runner times=
  for runner in "${runners[@]}"; do
    times+="$(of_median 1 <<<"${figures[$2 $runner]%$'\n'}" | awk '{ print $1 * 1e6 }') "
  done
  runner_row "$1" "$times"
}

bench_runner() {
  local folder=$work/runner round rounds=$((runs < 3 ? runs : 3)) start_ups runner memory=
  local nothing status
  declare -A figures=()
  write_migrations "$folder" 1000
  write_scripts "$folder"
  start_ups=$(often version "$folder")
  for ((round = 1; round <= rounds; round++)); do
    say "measuring the runner, round $round of $rounds"
    fresh_databases
    once migrate "$folder"
    if ((round == 1)); then
      nothing=$(often migrate "$folder")
      status=$(often status "$folder")
    fi
    once 1 "$folder"
    once 100 "$folder"
    again "$folder"
    once 1000 "$folder"
  done
  printf '\n%-34s %9s %9s %9s   %5s   %4s\n' "start-up aside, ms" "" "floor" "psql" "ratio" "aim"
  median_row "migrate, 1,000 pending" migrate
  runner_row "migrate, nothing of 1,000 pending" "$nothing"
  runner_row "status of 1,000" "$status"
  median_row "rollback of 1" 1
  median_row "rollback --last 100" 100
  median_row "rollback --all, 1,000" 1000
  for runner in "${runners[@]}"; do
    memory+="$(of_median 2 <<<"${figures[migrate $runner]%$'\n'}") "
  done
  # shellcheck disable=SC2086 # three numbers
  printf '%-34s %9d %9d %9d\n' "migrate, 1,000 pending: MiB" $memory

  say "applying 5,000"
  write_migrations "$work/five-thousand" 5000
  write_scripts "$work/five-thousand"
  fresh_databases
  once migrate "$work/five-thousand"
  runner_row "migrate, nothing of 5,000 pending" "$(often migrate "$work/five-thousand")"
  runner_row "status of 5,000" "$(often status "$work/five-thousand")"
}

# again FOLDER: applies what was rolled back, unmeasured.
again() {
  local runner command
  for runner in program floor; do
    command_of "$runner" migrate "$1"
    "${command[@]}" >/dev/null 2>&1 || die "applying again failed"
  done
  awk '/^BEGIN;$/ { n++ } n > 899 { print }' "$1.apply.sql" \
    | "$psql" -Xq -v ON_ERROR_STOP=1 -d bench_psql
}
