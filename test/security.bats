# The wall around sessions: what one could do that somebody has taken over, and what is logged.
# test/wall/intruder.c makes live processes do system calls they would not do by themselves.

load lib/server

setup_file() {
  export INTRUDER=$BATS_FILE_TMPDIR/intruder
  cc -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -O2 -o "$INTRUDER" "$ROOT/test/wall/intruder.c"
  server_folder
  restart_server
}

teardown_file() {
  stop_server
}

# A client stays, and its session waits for what it says: SESSION is that process.
setup() {
  client_open CLIENT
  local address
  SESSION=$(client_ask "$CLIENT" gat | sed -n 's/^200-session \([0-9]*\): .*, last command gat.*/\1/p' | tail -n 1)
}

teardown() {
  client_close "$CLIENT" || true
  servers_kill
}

# Sanitizers and coverage open files from inside a session, so their builds allow that.
needs_whole_wall() {
  ! grep -q INSTRUMENTED=1 "$SPRINKLED_BUILD/flags" ||
    skip 'in this build the instruments of the compiler open files themselves'
}

session_does() {
  run "$INTRUDER" "$SESSION" "$@"
}

assert_killed() {
  assert_success
  assert_output 'killed by signal 31'
}

@test "a session: what it always does is allowed, and it goes on" {
  session_does getpid
  assert_output "returned $SESSION"
  run client_ask "$CLIENT" noop
  assert_output --regexp '^200 '
}

@test "the intruder: outside the wall a file is opened, so the tests below can fail" {
  local clerk
  clerk=$(ask -u gat | sed -n 's/^200-clerk //p')
  run "$INTRUDER" "$clerk" openat /etc/passwd
  assert_output --regexp '^returned [0-9]+$'
}

@test "a session: opening a file kills it" {
  needs_whole_wall
  session_does openat /etc/passwd
  assert_killed
}

@test "a session: opening the device of the relays kills it" {
  needs_whole_wall
  session_does openat-write /dev/gpiochip0
  assert_killed
}

@test "a session: an ioctl of the relays' device kills it" {
  session_does ioctl-gpio
  assert_killed
}

@test "a session: executing a program kills it" {
  session_does execve /bin/true
  assert_killed
}

@test "a session: reaching another process kills it" {
  session_does ptrace "$(worker_pids keeper)"
  assert_killed
}

@test "a session: signalling the keeper kills the session, not the keeper" {
  local keeper
  keeper=$(worker_pids keeper)
  session_does kill "$keeper"
  assert_killed
  assert_equal "$(worker_pids keeper)" "$keeper"
}

@test "a session: removing a file kills it" {
  session_does unlinkat "$DIR/sprinkled.yml"
  assert_killed
  assert [ -e "$DIR/sprinkled.yml" ]
}

@test "a session: emptying a log kills it" {
  needs_whole_wall
  session_does ftruncate 4
  assert_killed
  assert [ -s "$DIR/state/events.log" ]
}

@test "a session: memory that can be executed kills it" {
  needs_whole_wall
  session_does mmap-code
  assert_killed
}

@test "a session: a thread kills it" {
  session_does thread
  assert_killed
}

@test "a session: a socket to anywhere is denied, and one that could be connected kills" {
  session_does socket
  assert_output 'returned -13'
  session_does connect
  assert_killed
}

@test "a session killed by the wall is told as what it is, and nobody else notices" {
  session_does execve /bin/true
  eventually file_has "$DIR/state/errors.log" \
    "pid $SESSION\) died: killed by the seccomp filter"
  run ask noop
  assert_output --regexp '^200 '
}

@test "processes: the supervisor and every session are behind the wall, with no new privileges" {
  local pid
  for pid in "$SERVER_PID" "$SESSION"; do
    run cat "/proc/$pid/status"
    assert_line --regexp '^NoNewPrivs:[[:space:]]+1$'
    assert_line --regexp '^Seccomp:[[:space:]]+2$'
  done
  assert_equal "$(awk '/Max core/ { print $5 }' "/proc/$SESSION/limits")" 0
  assert_equal "$(awk '/Max processes/ { print $4 }' "/proc/$SESSION/limits")" 0
}

# bats test_tags=root
@test "a session of a server that is not root: forks nobody" {
  server_folder
  chmod 711 "$BATS_RUN_TMPDIR" "$DIR"
  sed -i "s/^user: .*/user: nobody/; /^sim_fault/d" "$DIR/sprinkled.yml"
  restart_server
  local client session
  client_open client
  session=$(ask -u gat | sed -n 's/^200-session \([0-9]*\): .*127.*/\1/p' | tail -n 1)
  run "$INTRUDER" "$session" fork
  assert_output 'returned -11'
  client_close "$client"
  stop_server
}
