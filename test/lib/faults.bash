# faults.bash: system calls that fail, in a server that runs. The faults come from strace(1), which
# makes the kernel refuse the call: the program under test is the one that is installed.
#
#   inject PID FAULT [-P PATH]   from now on that process has the fault, as strace's -e inject takes
#                                it: accept4:error=EMFILE; with -P only in calls that touch PATH
#   second_thread PID            of a process of two threads the one that is not its loop: the
#                                supervisor's starts programs, the keeper's writes schedule.state;
#                                what it does is traced by this number
#   trace PID CALL               the calls of that process are only written down
#   injected                     how many calls have failed so far
#   injected_often COUNT         whether so many have
#   heal                         end that
#   errors_logged PATTERN        how many lines of the error log have it
#
# FAULTS is the file with the calls.

# What ends under strace, or is killed while it ends, can't be searched for leaks by the sanitizer,
# which needs ptrace itself: such a server is started with SERVER_UNDER=$no_leak_search.
no_leak_search='env ASAN_OPTIONS=detect_leaks=0'

inject() {
  local pid=$1 fault=$2
  shift 2
  trace "$pid" "${fault%%:*}" -e "inject=$fault" "$@"
}

trace() {
  local pid=$1 calls=$2
  shift 2
  FAULTS=$DIR/faults.trace
  rm -f "$FAULTS"
  strace -qq -p "$pid" -o "$FAULTS" -e "trace=$calls" "$@" 3>&- 4>&- &
  TRACER=$!
  eventually traced "$pid"
}

second_thread() {
  local thread
  for thread in "/proc/$1/task"/*; do
    [[ ${thread##*/} == "$1" ]] || echo "${thread##*/}"
  done
}

traced() {
  ! grep -q '^TracerPid:[[:space:]]*0$' "/proc/$1/status"
}

injected() {
  grep -c INJECTED "$FAULTS"
}

injected_often() {
  (($(injected) >= $1))
}

heal() {
  [[ -n ${TRACER:-} ]] || return 0
  kill "$TRACER" 2>/dev/null || true # it has ended with what it traced
  wait "$TRACER" 2>/dev/null || true # its status is our signal
  TRACER=
}

errors_logged() {
  grep -Ec -- "$1" "$DIR/state/errors.log"
}
