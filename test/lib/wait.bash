# wait.bash: waiting with an end. Nothing here or in the suites sleeps for a fixed time: what is
# waited for is looked at until it is there, and after WAIT_S seconds the test fails.

# Long enough for two slow cores under sanitizers; nobody waits that long when all is well.
WAIT_S=${WAIT_S:-30}

# eventually COMMAND…: until the command succeeds. Fails, showing it, after WAIT_S seconds.
eventually() {
  local deadline=$((SECONDS + WAIT_S))
  until "$@" 2>/dev/null; do
    if ((SECONDS > deadline)); then
      echo "still not so after $WAIT_S s: $*" >&2
      "$@" # once more, for what it says
      return
    fi
    pause
  done
}

# A breath between two looks, without a process: a read of a pipe nobody writes to.
pause() {
  local nothing
  [[ -n ${pause_fd:-} ]] || exec {pause_fd}<> <(:)
  read -r -t 0.02 -u "$pause_fd" nothing || true
}

# within MILLISECONDS COMMAND…: the same, but the command must succeed in that time.
within() {
  local limit_ms=$1 started_ms
  shift
  started_ms=$(clock_ms)
  eventually "$@" || return 1
  local took_ms=$(($(clock_ms) - started_ms))
  if ((took_ms > limit_ms)); then
    echo "took $took_ms ms, $limit_ms ms are the limit: $*" >&2
    return 1
  fi
}

# Milliseconds of the wall clock, for measuring.
clock_ms() {
  echo $((${EPOCHREALTIME/[.,]/} / 1000))
}

# not COMMAND…: for eventually and within, where "!" can't stand.
not() {
  ! "$@"
}

file_has() { # file_has FILE PATTERN
  grep -Eq -- "$2" "$1"
}

process_alive() { # a zombie is no longer alive
  local state
  state=$(sed -n 's/^State:\t\(.\).*/\1/p' "/proc/$1/status" 2>/dev/null) || return 1
  [[ -n $state && $state != Z ]]
}
