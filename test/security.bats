# The wall around sessions: what one could do that somebody has taken over, and what is logged.
# test/wall/intruder.c makes live processes do system calls they would not do by themselves.

load lib/server
load lib/faults

setup_file() {
  export INTRUDER=$BATS_FILE_TMPDIR/intruder
  cc -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -O2 -o "$INTRUDER" "$ROOT/test/wall/intruder.c"
  server_folder
  user_add anna admin grass-and-gravel
  user_add vera viewer hose-and-hedge
  restart_server
}

teardown_file() {
  stop_server
}

# A client stays, and its session waits for what it says: SESSION is that process.
setup() {
  client_open CLIENT
  client_ask "$CLIENT" 'auth anna grass-and-gravel' >/dev/null
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

# memory_holds PID WORD: does that word stand anywhere in the process's memory? 1: no. What is larger
# than a gibibyte is a sanitizer's own.
memory_holds() {
  perl -e '
    my ($pid, $word) = @ARGV;
    open my $maps, "<", "/proc/$pid/maps" or die "maps: $!";
    open my $memory, "<", "/proc/$pid/mem" or die "mem: $!";
    while (<$maps>) {
      my ($from, $to) = /^(\w+)-(\w+) r/ or next;
      hex($to) - hex($from) < 1 << 30 and sysseek($memory, hex($from), 0) or next;
      my $bytes = "";
      my $count = sysread($memory, $bytes, hex($to) - hex($from)) or next;
      exit 0 if index($bytes, $word) >= 0;
    }
    exit 1' "$@"
}

refute_memory() { # refute_memory PID WORD
  run memory_holds "$@"
  assert_failure 1
}

@test "passwords: when they were checked no process has them in memory, right or wrong, quoted or not" {
  local pid clerk
  client_ask "$CLIENT" 'auth anna not-the-password' >/dev/null
  client_ask "$CLIENT" 'auth vera "hose-and-hedge"' >/dev/null
  clerk=$(ask -u gat | sed -n 's/^200-clerk //p')
  memory_holds "$SESSION" vera
  for pid in "$SESSION" "$clerk" "$SERVER_PID" "$(worker_pids keeper)"; do
    refute_memory "$pid" grass-and-gravel
    refute_memory "$pid" not-the-password
    refute_memory "$pid" hose-and-hedge
  done
}

@test "passwords: a line that comes in parts is wiped too" {
  env printf '%0200d\nauth anna grass-and-' 0 >&"$CLIENT" # the builtin writes line by line
  client_reply "$CLIENT" >/dev/null
  printf 'gravel\n' >&"$CLIENT"
  client_reply "$CLIENT" >/dev/null
  refute_memory "$SESSION" grass-and
}

@test "audit: a good and a bad password, what the role may not, and an admin's command are lines" {
  ask 'auth vera wrong-one' 'auth vera hose-and-hedge' 'src 1' >/dev/null
  ask -u cef >/dev/null
  run cat "$DIR/state/events.log"
  assert_line --regexp 'warning session.*: audit auth denied user="vera" role=none from="127\.0\.0\.1:[0-9]+"$'
  assert_line --regexp 'info session.*: audit auth done user="vera" role=viewer from="127\.0\.0\.1:[0-9]+"$'
  assert_line --regexp 'audit command denied user="vera" role=viewer from="127.*" command=src needs=operator$'
  assert_line --regexp 'audit command done user="" role=admin from="unix pid [0-9]+" command=cef$'
  refute_output --partial wrong-one
}

@test "audit: a refusal and a penalty are lines" {
  server_folder
  user_add vera viewer x
  restart_server -o penalty_least=1s
  printf 'auth vera wrong\n' | timeout "$WAIT_S" nc -N -s 127.0.0.2 127.0.0.1 "$PORT" >/dev/null
  eventually file_has "$DIR/state/events.log" 'audit penalty done user="" role=none from="127.0.0.2" span=5s'
  timeout "$WAIT_S" nc -N -s 127.0.0.2 127.0.0.1 "$PORT" </dev/null >/dev/null
  eventually file_has "$DIR/state/events.log" \
    'audit connection denied user="" role=none from="127.0.0.2:[0-9]+" why="penalty until .*" unlogged=0'
  stop_server
}

@test "a session that has left the workers' group and stands still does not outlive the server" {
  local client session
  start_server
  client_open client
  session=$(client_ask "$client" gat | sed -n 's/^200-session \([0-9]*\): .*127.*/\1/p' | tail -n 1)
  run "$INTRUDER" "$session" leave-group
  assert_output 'returned 0'
  kill -STOP "$session"
  stop_server
  client_close "$client"
}

# What yescrypt computes in takes 16 MiB of memory, which the C library gets by mmap(2).
hashes_computed() {
  grep -cE 'mmap\(NULL, 1[67][0-9]{6},' "$FAULTS"
}

computed() { (($(hashes_computed) == $1)); }

@test "auth: a wrong password and an unknown name cost the same, one hash each" {
  local clerk
  server_folder
  "$SPRINKLED_BUILD/sprinkled-passwd" -f "$DIR/users" -s anna admin <<<'secret-of-anna'
  restart_server
  clerk=$(ask -u gat | sed -n 's/^200-clerk //p')
  trace "$clerk" mmap -f
  ask 'auth anna wrong' >/dev/null
  eventually computed 1
  ask 'auth nobody wrong' >/dev/null
  eventually computed 2
  ask "auth $(printf 'x%.0s' {1..40}) wrong" >/dev/null
  eventually computed 3
  ask 'auth anna secret-of-anna' >/dev/null
  eventually computed 4
  heal
  stop_server
}
