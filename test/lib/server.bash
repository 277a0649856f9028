# server.bash: a live server for a bats file, and proof that nothing of it is left when it ends.
#
#   start_server [ARGUMENT…]       with a control listener on a free port and on a Unix socket
#   start_bare_server ARGUMENT…    with the arguments' listeners only
#   restart_server, restart_bare_server ARGUMENT…    the same in the folder that is there already
#   stop_server [STATUS]           end it by SIGTERM; then as server_ended
#   server_ended [STATUS]          wait until it has ended; fails when anything is left behind
#   user_add NAME ROLE PASSWORD    into the users file of the folder
#   server_gone                    whether none of its processes is left
#
# A server that a failed test leaves running is killed by teardown; a file with a teardown of its own
# calls servers_kill in it.
#
# Sets and exports DIR (its folder, with sprinkled.yml, run/, state/, server.err), READY (the
# readiness line), PORT, SOCKET and SERVER_PID. SPRINKLED_BUILD chooses the build, SERVER_UNDER a
# program to run it under (valgrind).

bats_load_library bats-support
bats_load_library bats-assert
load "${BASH_SOURCE[0]%/*}/wait.bash"
load "${BASH_SOURCE[0]%/*}/client.bash"
load "${BASH_SOURCE[0]%/*}/pins.bash"

ROOT=$(cd "${BASH_SOURCE[0]%/*}/../.." && pwd)
SPRINKLED_BUILD=$(cd "$ROOT" && cd "${SPRINKLED_BUILD:-build}" && pwd) || exit 1
SPRINKLED=$SPRINKLED_BUILD/sprinkled
SPRINKLE=$SPRINKLED_BUILD/sprinkle
export ROOT SPRINKLED_BUILD SPRINKLED SPRINKLE

# server_folder: a new folder for a server, and the settings that keep it inside: no file of this
# machine's own configuration is ever read.
server_folder() {
  DIR=$(mktemp -d "$BATS_RUN_TMPDIR/s.XXXXXX")
  echo "$DIR" >>"${BATS_TEST_TMPDIR:-$BATS_FILE_TMPDIR}/servers"
  SOCKET=$DIR/run/sprinkled.sock
  mkdir "$DIR/run" "$DIR/state"
  cat >"$DIR/sprinkled.yml" <<YAML
gpio: sim
sim_fault: pins=$DIR/pins
user: ''
run_dir: $DIR/run
state_dir: $DIR/state
users_file: $DIR/users
profiles_file: $DIR/profiles.yml
YAML
  export DIR SOCKET
}

# Hashed by the C library alone, and quicker than sprinkled-passwd would.
user_add() {
  touch "$DIR/users"
  chmod 640 "$DIR/users"
  printf '%s:%s:%s\n' "$1" "$2" "$(perl -e 'print crypt($ARGV[0], q($6$seasalt$))' "$3")" \
    >>"$DIR/users"
}

start_server() {
  server_folder
  restart_server "$@"
}

start_bare_server() {
  server_folder
  restart_bare_server "$@"
}

restart_server() {
  restart_bare_server -l control@127.0.0.1:0 -l "control@unix:$SOCKET" "$@"
}

# sprinkled_here ARGUMENT…: run the program in DIR's settings, to its end.
sprinkled_here() {
  timeout "$WAIT_S" "$SPRINKLED" -c "$DIR/sprinkled.yml" "$@"
}

sanitizer_environment() {
  export ASAN_OPTIONS="log_path=$DIR/sanitizer:handle_abort=0:detect_leaks=1"
  export UBSAN_OPTIONS="log_path=$DIR/sanitizer:print_stacktrace=1:halt_on_error=1"
}

restart_bare_server() {
  rm -f "$DIR/ready" "$DIR/status" "$DIR/status.new"
  mkfifo "$DIR/ready"
  # A shell of its own starts the server, as a script would: it goes on afterwards and notes the
  # status. bats' own descriptors stay out, or bats would wait for them.
  (
    status=0
    sanitizer_environment
    (
      echo "$BASHPID" >"$DIR/pid"
      # shellcheck disable=SC2086 # SERVER_UNDER is a command with options
      exec ${SERVER_UNDER:-} "$SPRINKLED" -f -c "$DIR/sprinkled.yml" -R 9 "$@" \
        9>"$DIR/ready" >"$DIR/server.out" 2>>"$DIR/server.err"
    ) || status=$?
    echo "$status" >"$DIR/status.new"
    mv "$DIR/status.new" "$DIR/status"
  ) </dev/null >/dev/null 2>&1 3>&- 4>&- &
  server_await
}

# The readiness line, or the end of the pipe when the server died before.
server_await() {
  local ready_fd
  exec {ready_fd}<"$DIR/ready"
  READY=
  read -r -t "$WAIT_S" -u "$ready_fd" READY || true
  exec {ready_fd}<&-
  SERVER_PID=$(<"$DIR/pid")
  if [[ $READY != ready\ * ]]; then
    echo "the server did not get ready: ${READY:-no line}" >&2
    cat "$DIR/server.err" "$DIR"/sanitizer.* >&2 2>/dev/null || true
    return 1
  fi
  # A worker just forked still is in the supervisor's own group, which is also the tests'.
  ps -o pid=,pgid= -p "$SERVER_PID" --ppid "$SERVER_PID" | awk -v server="$SERVER_PID" '
    { groups[$2] } $1 == server { own = $2 }
    END { for (group in groups) if (group != own) print group }' >>"$DIR/groups"
  PORT=$(server_port control)
  export READY PORT SERVER_PID
}

# server_port SERVICE: the port on 127.0.0.1 that the readiness line names; "" when it has none.
server_port() {
  local word
  for word in $READY; do
    if [[ $word == "$1@127.0.0.1:"* ]]; then
      echo "${word##*:}"
      return
    fi
  done
}

stop_server() {
  kill -TERM "$SERVER_PID"
  server_ended "${1:-0}"
}

server_ended() {
  local wanted=${1:-0} status left
  if ! eventually test -e "$DIR/status"; then
    ps -o pid,ppid,pgid,stat,wchan:20,args -p "$SERVER_PID" --ppid "$SERVER_PID" >&2 || true
    servers_kill
    return 1
  fi
  status=$(<"$DIR/status")
  left=$(server_left)
  if [[ $status != "$wanted" || -n $left ]]; then
    echo "the server ended with $status, $wanted is right; left behind: ${left:-nothing}" >&2
    tail -n 20 "$DIR/server.err" >&2
    return 1
  fi
}

teardown() {
  servers_kill
}

# End by force what this test, or in teardown_file this file, has started and not ended.
servers_kill() {
  local DIR list=${BATS_TEST_TMPDIR:-$BATS_FILE_TMPDIR}/servers
  [[ -e $list ]] || return 0
  while IFS= read -r DIR; do
    server_processes | xargs -r kill -KILL 2>/dev/null || true
  done <"$list"
}

# What a server that has ended left behind, one line each; nothing when all is well.
server_left() {
  server_processes | sed 's/^/process /'
  find "$DIR/run" -mindepth 1
  find /dev/shm -name "$(stat -c 'sprinkled.%d.%i' "$DIR/run" | shared_memory_name)*"
  diagnoses
}

# What sanitizers and valgrind had to say. UBSan says it on standard error wherever its log_path is.
# Under strace(1) the search for leaks can't be made, which is no finding; nor is what valgrind tells
# of itself, such as that it knows no seccomp(2).
diagnoses() {
  local reports=()
  mapfile -t reports < <(find "$DIR" -maxdepth 1 \( -name 'sanitizer.*' -o -name 'valgrind.*' \))
  {
    [[ ${#reports[@]} == 0 ]] || cat "${reports[@]}"
    grep -hsE 'runtime error: |Sanitizer: |==[0-9]+==' "$DIR/server.err"
  } | sed '/LeakSanitizer has encountered a fatal error/d; /^==[0-9]*==HINT: /d; /^--[0-9]*-- /d'
}

# The name of a server's shared memory has the device and inode of its run_dir, in hexadecimal.
shared_memory_name() {
  local name device inode
  IFS=. read -r name device inode
  printf '%s.%x.%x' "$name" "$device" "$inode"
}

# Pids of all processes of the server in DIR: those that hold its logs open, which only root can see,
# and those of the workers' process groups.
server_processes() {
  local pid
  {
    find /proc/[0-9]*/fd -lname "$DIR/state/*" 2>/dev/null | cut -d/ -f3
    [[ ! -s $DIR/groups ]] || pgrep -g "$(paste -sd, "$DIR/groups")"
  } | sort -nu | while read -r pid; do
    ! process_alive "$pid" || echo "$pid"
  done
}

server_gone() {
  [[ -z $(server_processes) ]]
}

# worker_pids keeper|session: the supervisor's children of that kind, by what ps shows.
worker_pids() {
  ps -o pid=,args= --ppid "$SERVER_PID" | awk -v kind="$1" '$0 ~ "sprinkled: " kind { print $1 }'
}
