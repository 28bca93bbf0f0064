# Usage: unshare --mount --propagation private bash package-trial.bash DEB TARBALL VERSION
#
# Tries the packages in a bare Debian 12; run by scripts/package, in a mount namespace of its own:
# no mount is left, however this ends. Needs root and a network.

set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.bash
source "$(dirname "${BASH_SOURCE[0]}")/common.bash"
# shellcheck source-path=SCRIPTDIR source=server.bash
source "$root/scripts/lib/server.bash"

deb=$1
tarball=$2
version=$3
debian=
inner_url=

end_trial() {
  local status=$?
  ((status == 0)) || say "the trial failed"
  # The namespace ends with this process, but rm must not reach through its mounts.
  if [[ -n $debian ]]; then
    umount "$debian/run/postgresql" 2>/dev/null || true
    umount "$debian/proc" 2>/dev/null || true
    rm -rf --one-file-system "$debian"
  fi
  stop_server
}

# inside COMMAND...: as root in the new system, with nothing of this one's environment.
inside() {
  chroot "$debian" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
    DEBIAN_FRONTEND=noninteractive DATABASE_URL="$inner_url" "$@"
}

# as_user COMMAND...: the same in the work folder, as a user without any rights.
as_user() {
  inside setpriv --reuid=65534 --regid=65534 --clear-groups env --chdir=/srv/work "$@"
}

# expect TEXT WANTED GIVEN
expect() {
  [[ $2 == "$3" ]] || die "$1: expected '$2', got '$3'"
}

# Where this machine has its own Debian 12 packages from, a mirror or a proxy included.
debian_mirror() {
  local site
  # shellcheck disable=SC2016 # apt's own fields
  site=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Codename: bookworm' \
    2>/dev/null | head -1)
  printf '%s\n' "${site:-http://deb.debian.org/debian/}"
}

make_debian() {
  local mirror proxies
  mirror=$(debian_mirror)
  if ! debootstrap --variant=minbase bookworm "$debian" "$mirror" >"$debian.log" 2>&1; then
    tail -5 "$debian.log" >&2
    rm -f "$debian.log"
    die "debootstrap failed, with packages from $mirror"
  fi
  rm -f "$debian.log"
  mountpoint --quiet "$debian/proc" || mount -t proc proc "$debian/proc"
  proxies=$(apt-config dump | grep -E '^Acquire::(http|https)::' || true)
  [[ -z $proxies ]] || printf '%s\n' "$proxies" >"$debian/etc/apt/apt.conf.d/01proxies"
  inside apt-get update -qq
}

# The server's socket, where libpq looks for one; readable by the user without rights.
share_server() {
  mkdir -p "$debian/run/postgresql" "$debian/srv/work"
  chmod 755 "$server_folder"
  mount --bind "$server_folder" "$debian/run/postgresql"
  cp -r "$root/migrations" "$debian/srv/work/"
  inner_url="postgresql:///$PGDATABASE?host=/run/postgresql&user=$PGUSER"
}

install_deb() {
  local before libraries
  before=$(packages)
  cp "$deb" "$debian/tmp/package.deb"
  install_inside /tmp/package.deb
  [[ $(comm -13 <(printf '%s\n' "$before") <(packages)) == *libpq5* ]] \
    || die "libpq5 was not pulled in"
  libraries=$(as_user ldd /usr/bin/migration-manager)
  [[ $libraries == *"libpq.so.5 => /"* && $libraries != *"not found"* ]] \
    || die "a library is missing: $libraries"
}

install_inside() {
  logged apt-get install -qq --yes --no-install-recommends "$@"
}

# logged COMMAND...: inside, silent unless it fails.
logged() {
  inside "$@" >"$debian/tmp/log" 2>&1 || { cat "$debian/tmp/log" >&2 && die "it failed: $*"; }
}

packages() {
  # shellcheck disable=SC2016 # dpkg's own fields
  inside dpkg-query --show --showformat='${Package}\n' | LC_ALL=C sort
}

look_at_files() {
  local file
  for file in man/man1/migration-manager.1.gz doc/migration-manager/copyright \
    doc/migration-manager/changelog.Debian.gz bash-completion/completions/migration-manager \
    zsh/vendor-completions/_migration-manager fish/vendor_completions.d/migration-manager.fish; do
    [[ -s $debian/usr/share/$file ]] || die "the package lacks /usr/share/$file"
  done
}

use_program() {
  local name names=()
  expect "--version" "migration-manager $version" "$(as_user migration-manager --version | head -1)"
  for name in "$root"/migrations/*.sql; do
    name=$(basename "$name" .sql)
    names+=("$name")
    as_user migration-manager show "$name" --up | psql -qX -1 -v ON_ERROR_STOP=1 >/dev/null
  done
  as_user migration-manager register --quiet "${names[@]}" >/dev/null
  expect "list" "${#names[@]}" "$(as_user migration-manager list --names | wc -l)"
  as_user migration-manager list --quiet >&2
  name=${names[-1]}
  as_user migration-manager rollback "$name" --yes --reason "trial of the package" >&2
  expect "the status after the rollback" rolled_back \
    "$(psql -XAtc "SELECT status FROM migration_history WHERE migration_name = '$name'")"
  as_user migration-manager-rollback-batch --yes 20250121111500_add_document_search \
    20250115160000_add_tags -- --reason "trial of the package" >&2
  expect "migrations rolled back" 3 \
    "$(psql -XAtc "SELECT count(*) FROM migration_history WHERE status = 'rolled_back'")"
  as_user migration-manager init --drop --yes --quiet 2>/dev/null >&2
}

use_completions() {
  local given
  install_inside bash-completion zsh fish
  # Each shell finds its file by itself, and completes the command's word.
  given=$(inside bash -c '
    source /usr/share/bash-completion/bash_completion
    _completion_loader migration-manager || true
    complete -p migration-manager')
  [[ $given == *migration-manager ]] || die "bash does not load the completions: $given"
  # shellcheck disable=SC2016 # for the inner shell
  given=$(inside zsh -fc 'autoload -U compinit; compinit -u -d /tmp/dump
    print -r -- "${_comps[migration-manager]}"')
  expect "zsh's completions" _migration-manager "$given"
  given=$(inside fish -c 'complete -C "migration-manager rollb"' | cut -f1)
  expect "fish's completions" rollback "$given"
}

use_tarball() {
  mkdir "$debian/srv/tarball"
  tar --extract --file "$tarball" --directory "$debian/srv/tarball" --strip-components=1
  expect "--version from the tarball" "migration-manager $version" \
    "$(as_user /srv/tarball/bin/migration-manager --version | head -1)"
  expect "nothing rolled back by the tarball" "migration-manager-rollback-batch: rolled back: 0" \
    "$(as_user /srv/tarball/bin/migration-manager-rollback-batch --yes </dev/null 2>&1)"
  rm -rf "$debian/srv/tarball"
}

remove_deb() {
  local left
  inside apt-get remove -qq --yes --autoremove migration-manager >/dev/null 2>&1
  left=$(cd "$debian" && find . -xdev -path ./srv -prune -o -name '*migration-manager*' -print)
  expect "what is left after apt-get remove" "" "$left"
  ! packages | grep -x libpq5 >/dev/null || die "libpq5 is left after apt-get remove --autoremove"
}

# try_image: follows the last stage of the Dockerfile, in the same system instead of Docker's.
try_image() {
  local instruction sources user=root folder=/
  while read -r instruction; do
    case $instruction in
      "RUN "*) logged sh -c "${instruction#RUN }" ;;
      "COPY --from=build /out/ /")
        install "$root/.build/package/migration-manager" "$debian/usr/bin"
        install "$root/scripts/rollback-batch" "$debian/usr/bin/migration-manager-rollback-batch" ;;
      "COPY "*)
        read -ra sources <<<"${instruction#COPY }"
        mkdir -p "$debian${sources[-1]}"
        (cd "$root" && cp "${sources[@]::${#sources[@]}-1}" "$debian${sources[-1]}") ;;
      "USER "*) user=${instruction#USER } ;;
      "WORKDIR "*)
        folder=${instruction#WORKDIR }
        mkdir -p "$debian$folder" ;;
      "ENTRYPOINT "*)
        expect "the Dockerfile's entry point" '["migration-manager"]' "${instruction#* }" ;;
      "FROM "* | "CMD "* | "") ;;
      *) die "the trial does not know the Dockerfile's instruction '$instruction'" ;;
    esac
  done < <(last_stage)
  expect "--version as in the image" "migration-manager $version" \
    "$(inside setpriv --reuid="$user" --init-groups --regid="$user" env --chdir="$folder" \
      migration-manager --version | head -1)"
}

# The instructions behind the last FROM, each on a line of its own.
last_stage() {
  sed -e ':join' -e '/\\$/{N; s/\\\n//; b join' -e '}' -e '/^#/d' "$root/Dockerfile" \
    | awk '/^FROM / { text = "" } { text = text $0 "\n" } END { printf "%s", text }'
}

start_server
trap end_trial EXIT
debian=$(mktemp -d "${TMPDIR:-/tmp}/migration-manager-debian-XXXXXX")
chmod 755 "$debian"
make_debian
share_server
install_deb
look_at_files
use_program
use_completions
use_tarball
remove_deb
try_image
say "it went well"
