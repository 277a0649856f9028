# chroot.bash: another Debian in a folder, for checks that need one. Sourced; needs root.
#
#   chroot_make RELEASE ROOT [PACKAGE…]    make it in ROOT, with nothing else installed; what was
#                                     downloaded and made is kept for the next time, outside of ROOT
#   chroot_run ROOT [ARGUMENT…]       run the bash script of standard input in it, with namespaces of
#                                     its own: its processes and mounts end with it

# Where this user's downloads are kept; a folder beside ROOT, which goes with it, when there is none.
chroot_cache() { # chroot_cache RELEASE ROOT
  local cache=${XDG_CACHE_HOME:-${HOME:-/nowhere}/.cache}/sprinkled/$1
  mkdir -p "$cache" 2>/dev/null || cache=$2.cache
  mkdir -p "$cache"
  echo "$cache"
}

# This machine's mirror, whatever that is.
chroot_mirror() {
  # shellcheck disable=SC2016 # apt expands it
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -m1 '/debian/$'
}

chroot_make() {
  local release=$1 root=$2 include=() cache
  shift 2
  cache=$(chroot_cache "$release" "$root")
  (($# == 0)) || include=(--include="$(IFS=, && echo "$*")")
  chmod 755 "$root" # it becomes everybody's root folder
  debootstrap --variant=minbase --cache-dir="$cache" "${include[@]}" "$release" "$root" \
    "$(chroot_mirror)" >"$root.log" 2>&1 || { tail -n 20 "$root.log" >&2 && return 1; }
  # As an installer leaves it.
  printf '%s\n' '127.0.0.1 localhost' '::1 localhost ip6-localhost' >"$root/etc/hosts"
}

chroot_run() {
  local root=$1 script
  shift
  script=$(cat)
  unshare --mount --pid --fork --kill-child bash -s "$root" "$script" "$@" <<'NAMESPACE'
set -euo pipefail
mount --bind "$1" "$1" # what is a mount point here can be one inside
cd "$1"
script=$2
shift 2
mount -t proc proc proc
mount --rbind /sys sys
mount -t tmpfs dev dev
for node in null zero full random urandom tty; do
  touch "dev/$node"
  mount --bind "/dev/$node" "dev/$node"
done
mkdir dev/shm dev/pts
mount -t tmpfs shm dev/shm
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
ln -s fd/0 dev/stdin
ln -s fd/1 dev/stdout
ln -s fd/2 dev/stderr
exec chroot . /bin/bash -c "$script" bash "$@"
NAMESPACE
}
