# A throwaway PostgreSQL server on a Unix socket; sourced, not run. Needs common.bash.
# After start_server, psql and migration-manager reach it without further ado.

server_pid=
server_folder=

start_server() {
  local programs user account=()
  programs=$(newest_server_programs)
  # PostgreSQL refuses to run as root.
  if ((EUID == 0)); then
    user=postgres
    id -u "$user" >/dev/null 2>&1 || user=nobody
    account=("--reuid=$user" "--regid=$(id -g "$user")" --init-groups)
  fi
  # Not TMPDIR: a socket's path must stay under 108 bytes.
  server_folder=$(mktemp -d /tmp/migration-manager-XXXXXX)
  trap stop_server EXIT
  ((EUID != 0)) || chown "$user" "$server_folder"

  local log=$server_folder/server.log
  : >"$log"
  if ! setpriv "${account[@]}" "$programs/initdb" --no-sync --pgdata "$server_folder/data" \
    --username postgres --auth trust --encoding UTF8 --locale C.UTF-8 >"$log" 2>&1; then
    cat "$log" >&2
    die "initdb failed"
  fi
  setpriv "${account[@]}" --pdeathsig QUIT "$programs/postgres" -D "$server_folder/data" \
    -c listen_addresses= -c unix_socket_directories="$server_folder" -c port=5432 \
    >"$log" 2>&1 &
  server_pid=$!

  # Nothing that the caller's shell is set to reach may be meant here.
  local variable
  for variable in $(compgen -e | grep -E '^(PG[A-Z]+|SUPABASE_DB_URL|MIGRATIONS_DIR)$' || true); do
    unset "$variable"
  done
  export PGHOST=$server_folder PGPORT=5432 PGUSER=postgres PGDATABASE=postgres
  export DATABASE_URL="postgresql:///$PGDATABASE?host=$PGHOST&port=$PGPORT&user=$PGUSER"
  until "$programs/pg_isready" --quiet; do
    if ! kill -0 "$server_pid" 2>/dev/null; then
      cat "$log" >&2
      die "PostgreSQL did not start"
    fi
    sleep 0.05
  done
}

stop_server() {
  if [[ -n $server_pid ]]; then
    kill -INT "$server_pid" 2>/dev/null || true
    wait "$server_pid" || true
    server_pid=
  fi
  if [[ -n $server_folder ]]; then
    rm -rf "$server_folder"
    server_folder=
  fi
}

newest_server_programs() {
  local newest
  newest=$(find /usr/lib/postgresql -path '*/bin/initdb' 2>/dev/null | sort -V | tail -1)
  [[ -n $newest ]] || newest=$(command -v initdb) || die "PostgreSQL is not installed: run scripts/setup"
  dirname "$newest"
}
