# SPDX-License-Identifier: GPL-2.0-or-later
# setup.sh: what ./check and ./demo have in common; sourced by them.  Installs what is missing, configures and builds build/.
# The caller sets `root`, the folder of the source.  Everything is said on standard error.

build=$root/build
rig=$build/rig
wg_library=/usr/share/doc/wireguard-tools/examples/embeddable-wg-library

nobody=65534

# How a program finds the person's screen.
screen_variables="DISPLAY XAUTHORITY WAYLAND_DISPLAY XDG_RUNTIME_DIR"

say () { printf '%s\n' "$*" >&2; }
die () { say "${0##*/}: $*"; exit 1; }

# The same program again as root, through sudo where there is one.
become_root () {
  [ "$(id -u)" -ne 0 ] || return 0
  command -v sudo >/dev/null || die "needs root (namespaces, nftables, packages), and there is no sudo"
  say "root is needed for namespaces and packages: asking sudo"
  local name screen=()
  for name in $screen_variables; do [ -z "${!name-}" ] || screen+=("$name=${!name}"); done
  [ -n "${XAUTHORITY-}" ] || [ ! -f "$HOME/.Xauthority" ] || screen+=("XAUTHORITY=$HOME/.Xauthority")
  exec sudo -- env "${screen[@]}" "$root/${0##*/}" "$@"
}

# A known environment: what the caller's shell happens to have changes neither the build nor a test.
clean_environment () {
  local name
  for name in $(compgen -e); do
    case $name in
      HOME | TERM | NO_COLOR | SUDO_* | *_proxy | *_PROXY | DEBIAN_FRONTEND) ;;
      DISPLAY | XAUTHORITY | WAYLAND_DISPLAY | XDG_RUNTIME_DIR) ;;
      *) unset "$name" ;;
    esac
  done
  export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1
  # git refuses another user's repository, and the build asks it for the build id.
  export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0=$root
  # Where there is a compiler cache: another tree with the same sources need not compile them again.
  export CCACHE_NOHASHDIR=1
  umask 022
}

# The packages of the sections named, one line of alternatives each.
list_packages () {
  local section='' line wanted=" $* "
  while IFS= read -r line; do
    case $line in
      '# section: '*) section=${line#\# section: } ;;
      '' | '#'*) ;;
      *) [[ $wanted != *" $section "* ]] || printf '%s\n' "$line" ;;
    esac
  done <"$root/tests/packages.txt"
}

is_installed () { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# Lines of list_packages of which nothing is installed.
list_missing () {
  local line package found
  while IFS= read -r line; do
    found=
    for package in ${line//|/ }; do
      if is_installed "$package"; then found=yes; break; fi
    done
    [ -n "$found" ] || printf '%s\n' "$line"
  done < <(list_packages "$@")
}

apt () { DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 "$@" >&2 </dev/null; }

apt_update_once () {
  [ -z "${apt_is_fresh-}" ] || return 0
  say "reading the package lists"
  apt update || say "apt-get update failed; trying with the lists that are there"
  apt_is_fresh=yes
}

install_packages () {
  local missing line package chosen names=()
  missing=$(list_missing "$@")
  [ -n "$missing" ] || return 0
  command -v apt-get >/dev/null || die "these packages are missing, and there is no apt-get: ${missing//$'\n'/, }"
  apt_update_once
  while IFS= read -r line; do
    chosen=
    for package in ${line//|/ }; do
      if apt-cache show --no-all-versions "$package" >/dev/null 2>&1; then chosen=$package; break; fi
    done
    [ -n "$chosen" ] || die "no package for this line of tests/packages.txt: $line"
    names+=("$chosen")
  done <<<"$missing"
  say "installing ${names[*]}"
  apt install -y --no-install-recommends "${names[@]}" || die "apt-get could not install ${names[*]}"
}

# wireguard-tools carries the library as an example; where documentation is stripped from packages it is unpacked beside the build.
find_wg_library () {
  local work
  [ ! -f "$wg_library/wireguard.c" ] || return 0
  if [ ! -f "$rig/wireguard-tools$wg_library/wireguard.c" ]; then
    say "unpacking wireguard-tools: its examples are not installed here"
    mkdir -p "$rig"
    work=$(mktemp -d "$rig/.wireguard-tools-XXXXXX")
    apt_update_once
    (cd "$work" && apt -o APT::Sandbox::User=root download wireguard-tools && dpkg-deb -x wireguard-tools_*.deb tree) \
      || { rm -rf "$work"; die "wireguard-tools could not be unpacked"; }
    rm -rf "$rig/wireguard-tools"
    chmod 755 "$work/tree"
    mv "$work/tree" "$rig/wireguard-tools"
    rm -rf "$work"
  fi
  wg_library=$rig/wireguard-tools$wg_library
  [ -f "$wg_library/wireguard.c" ] || die "wireguard-tools holds no embeddable-wg-library"
}

# fetch NAME: not installed, only unpacked by tests/rig/fetch-NAME, and not fatal: the tests that want it say that they were skipped.
fetch () {
  [ ! -e "$rig/$1/complete" ] || return 0
  say "unpacking $1 for the tests"
  mkdir -p "$rig"
  "$root/tests/rig/fetch-$1" "$rig/$1" >&2 && return 0
  apt_update_once
  "$root/tests/rig/fetch-$1" "$rig/$1" >&2 || say "$1 could not be unpacked; its tests are left out"
}

# configure FOLDER ENVIRONMENT... -- OPTION...: meson setup, again only when something about it has changed.
configure () {
  local folder=$1 environment=() key
  shift
  while [ "$1" != -- ]; do environment+=("$1"); shift; done
  shift
  key="$root $(meson --version) ${environment[*]} $*"
  [ ! -f "$folder/build.ninja" ] || [ "$(cat "$folder/.configured" 2>/dev/null)" != "$key" ] || return 0
  say "configuring ${folder#"$root/"}"
  if [ -d "$folder" ]; then
    # Of another place, meson or compiler nothing can be used again, but what was fetched can.
    find "$folder" -mindepth 1 -maxdepth 1 ! -name rig ! -name vm ! -name fuzz ! -name faults ! -name sanitize ! -name coverage \
      ! -name .lock -exec rm -rf {} +
  fi
  env "${environment[@]}" meson setup "$folder" "$root" "$@" >&2 || die "meson could not configure ${folder#"$root/"}"
  printf '%s\n' "$key" >"$folder/.configured"
}

# build_targets FOLDER TARGET...
build_targets () {
  local folder=$1
  shift
  say "building ${folder#"$root/"}"
  ninja -C "$folder" "$@" >&2 || die "the build failed"
}

# One set-up at a time in one tree.
lock_tree () {
  mkdir -p "$build"
  exec 9>"$build/.lock"
  flock -n 9 || { say "another ./check or ./demo is setting up here: waiting"; flock 9; }
}
unlock_tree () { exec 9>&-; }

# The first folder on the way to the tree that other users may not enter (a clone below /root), or nothing.
find_closed_folder () {
  local path='' part parts
  IFS=/ read -ra parts <<<"${root#/}"
  for part in "${parts[@]}"; do
    path+=/$part
    if ! setpriv --reuid=$nobody --regid=$nobody --clear-groups test -x "$path"; then
      printf '%s\n' "$path"
      return
    fi
  done
}

# Runs a command that other users than root have a part in.  Where the tree is in a closed folder, that folder is hidden from the
# command alone, and the tree put in its place.
in_open_tree () {
  local closed
  closed=$(find_closed_folder)
  if [ -z "$closed" ]; then
    (cd / && exec "$@")
  elif [ "$closed" = "$root" ]; then
    say "parts of this run as other users, who may not enter $root: chmod -R go+rX $root"
    return 1
  else
    unshare --mount --propagation private -- bash -c '
      mount --bind "$1" /mnt && mount -t tmpfs -o mode=755 tmpfs "$2" && mkdir -p "$1" && mount --move /mnt "$1" \
        && cd / && shift 2 && exec "$@"' bash "$root" "$closed" "$@"
  fi
}
