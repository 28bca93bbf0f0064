# Shared by the scripts of this folder; sourced, not run.

# shellcheck disable=SC2034 # used by the scripts that source this
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
script=$(basename "$0")
# How the scripts build for developers: with other flags all would be built again.
# shellcheck disable=SC2034 # used by the scripts that source this
debug_flags=(--explicit-target-dependency-import-check error -Xswiftc -warnings-as-errors)

# say TEXT: a line for the person who waits.
say() {
  printf '%s: %s\n' "$script" "$*" >&2
}

# die TEXT: the same, and the script fails.
die() {
  say "$@"
  exit 2
}

# usage_if_asked ARGUMENT...: with --help, prints the comment at the top of the script and ends.
usage_if_asked() {
  if [[ ${1-} == --help || ${1-} == -h ]]; then
    sed -n '2,/^$/ s/^# \{0,1\}//p' "$0"
    exit 0
  fi
}

# no_arguments ARGUMENT...: for scripts that take none.
no_arguments() {
  if (($# > 0)); then
    say "unexpected argument '$1'; see '$script --help'"
    exit 64
  fi
}
