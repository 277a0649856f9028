# How a server starts and ends, and that nothing is left of it.

load lib/server

clients_open() { # clients_open COUNT: into the array clients
  local fd i
  clients=()
  for ((i = 0; i < $1; i++)); do
    client_open fd
    clients+=("$fd")
  done
}

@test "ks: every client is told who did it, the server ends with 0 and leaves nothing" {
  local clients fd asker
  start_server -o max_clients_per_source=100
  clients_open 60
  coproc ASKER { exec nc -U "$SOCKET"; }
  echo ks >&"${ASKER[1]}"
  for fd in "${clients[@]}"; do
    run client_drain "$fd"
    assert_line --index 0 --regexp '^421 Server is shutting down RE: ks by unix'
    client_close "$fd"
  done
  server_ended 0
}

@test "ks: by TCP the asker's address is named, and the asker is told too" {
  local asker other address
  start_server
  client_open asker
  client_open other
  client_send "$asker" ks
  run client_drain "$asker"
  assert_line --index 0 --regexp '^200 '
  assert_line --index 1 --regexp '^421 Server is shutting down RE: ks by 127\.0\.0\.1:[0-9]+'
  address=${lines[1]##*ks by }
  run client_drain "$other"
  assert_output "421 Server is shutting down RE: ks by $address"
  server_ended 0
  client_close "$asker"
  client_close "$other"
}

@test "ks: relays that were closed are open in the end" {
  start_server
  ask -u 'src all' >/dev/null
  ask -u ks >/dev/null
  server_ended 0
  assert_pins_open
}

@test "ks: a client that does not read and one that is stopped hold nothing up" {
  local deaf stopped
  start_server
  client_open deaf
  coproc STOPPED { exec nc 127.0.0.1 "$PORT"; }
  IFS= read -r -t "$WAIT_S" -u "${STOPPED[0]}" line
  kill -STOP "$STOPPED_PID"
  ask -u ks >/dev/null
  within 5000 test -e "$DIR/status"
  kill -KILL "$STOPPED_PID"
  server_ended 0
  client_close "$deaf"
}

@test "ks: a session that is stopped is killed in time" {
  local client
  start_server
  client_open client
  client_ask "$client" noop >/dev/null
  kill -STOP "$(worker_pids session)"
  ask -u ks >/dev/null
  within 5000 test -e "$DIR/status"
  server_ended 0
  client_close "$client"
}

@test "ks: the shell script that started the server goes on" {
  local fifo=$BATS_TEST_TMPDIR/ready
  server_folder
  mkfifo "$fifo"
  cat >"$BATS_TEST_TMPDIR/script" <<SH
#!/bin/sh
"$SPRINKLED" -f -c "$DIR/sprinkled.yml" -l "control@unix:$SOCKET" -R 9 9>"$fifo" &
wait \$!
echo "the server ended with \$?"
SH
  sanitizer_environment
  sh "$BATS_TEST_TMPDIR/script" >"$BATS_TEST_TMPDIR/out" 2>/dev/null 3>&- 4>&- &
  local script=$!
  read -r -t "$WAIT_S" READY <"$fifo"
  ask -u ks >/dev/null
  wait "$script"
  run cat "$BATS_TEST_TMPDIR/out"
  assert_output 'the server ended with 0'
}

@test "SIGTERM: clients are told, status 0, nothing is left" {
  local client
  start_server
  client_open client
  kill -TERM "$SERVER_PID"
  run client_drain "$client"
  assert_output --regexp '^421 Server is shutting down RE: '
  server_ended 0
  client_close "$client"
}

@test "SIGINT: clients are told, status 0, nothing is left" {
  local client
  start_server
  client_open client
  kill -INT "$SERVER_PID"
  run client_drain "$client"
  assert_output --regexp '^421 Server is shutting down RE: '
  server_ended 0
  client_close "$client"
}

@test "signals: ten at once end the server once" {
  local i
  start_server
  for i in {1..10}; do
    kill -TERM "$SERVER_PID" 2>/dev/null || true
    kill -INT "$SERVER_PID" 2>/dev/null || true
  done
  server_ended 0
}

@test "SIGHUP: settings are read again; clients and running water stay" {
  local client
  start_server
  client_open client
  client_ask "$client" 'src 3' >/dev/null
  echo 'max_clients_per_source: 1' >>"$DIR/sprinkled.yml"
  kill -HUP "$SERVER_PID"
  eventually file_has "$DIR/server.err" 'reloaded'
  run client_ask "$client" 'grs 3'
  assert_line --regexp 'is closed'
  run talk noop
  assert_output --regexp '^554 '
  client_close "$client"
  stop_server
}

@test "SIGHUP: wrong settings are refused with file and line, and the old ones stay" {
  start_server
  echo 'max_clientz: 1' >>"$DIR/sprinkled.yml"
  kill -HUP "$SERVER_PID"
  eventually file_has "$DIR/server.err" 'sprinkled\.yml:[0-9]+: .*max_clientz'
  run ask noop
  assert_output --regexp '^200 '
  stop_server
}

@test "SIGHUP: a log that was moved away is opened anew" {
  start_server
  mv "$DIR/state/events.log" "$DIR/state/events.old"
  kill -HUP "$SERVER_PID"
  eventually test -e "$DIR/state/events.log"
  eventually file_has "$DIR/server.err" 'reloaded'
  stop_server
  assert file_has "$DIR/state/events.log" 'shutting down'
}

@test "SIGUSR1: the log gets the list of clients" {
  local client
  start_server
  client_open client
  client_ask "$client" noop >/dev/null
  kill -USR1 "$SERVER_PID"
  eventually file_has "$DIR/server.err" 'client [0-9]+: 127\.0\.0\.1:[0-9]+ .*last command noop'
  client_close "$client"
  stop_server
}

@test "second start: on the same run_dir is refused, names the first, and harms it not" {
  start_server
  run sprinkled_here -f -l "control@unix:$DIR/other.sock"
  assert_failure 1
  assert_output --partial "pid $SERVER_PID"
  run ask noop
  assert_output --regexp '^200 '
  stop_server
}

@test "address in use: is a clear error, and nothing is left" {
  start_server
  local first=$DIR first_pid=$SERVER_PID
  server_folder
  run sprinkled_here -f -l "control@127.0.0.1:$PORT"
  assert_failure 1
  assert_output --partial "127.0.0.1:$PORT"
  assert_output --regexp 'in use'
  run server_left
  assert_output ''
  DIR=$first SERVER_PID=$first_pid
  stop_server
}

@test "daemon: returns when the server is ready, and the server goes on without a terminal" {
  server_folder
  sanitizer_environment
  # cat ends only when nobody holds the pipe any more, as in $(service sprinkled start).
  run timeout "$WAIT_S" sh -c '"$@" 2>&1 | cat' sh "$SPRINKLED" -c "$DIR/sprinkled.yml" \
    -o "log=$DIR/server.err" -l "control@unix:$SOCKET" 3>&- 4>&-
  assert_success
  assert_output ''
  SERVER_PID=$(<"$DIR/run/sprinkled.pid")
  echo "$SERVER_PID" >"$DIR/pid"
  run ask -u noop
  assert_output --regexp '^200 '
  assert_equal "$(ps -o tty= -p "$SERVER_PID" | tr -d ' ')" '?'
  assert_equal "$(readlink "/proc/$SERVER_PID/cwd")" /
  ask -u ks >/dev/null
  eventually not process_alive "$SERVER_PID"
  run server_left
  assert_output ''
}

@test "daemon: a start that fails says so and ends with 1" {
  server_folder
  run sprinkled_here -l "control@unix:$DIR/no/such/folder.sock"
  assert_failure 1
  assert_output --partial no/such/folder.sock
}

@test "killed: the next start in the same folder works, and clears what is stale" {
  start_server
  kill -KILL "$SERVER_PID"
  eventually server_gone
  rm -f "$DIR/status"
  assert [ -S "$SOCKET" ]
  restart_server
  run ask -u noop
  assert_output --regexp '^200 '
  stop_server
}

@test "-R: names every listener with its real port" {
  start_server -l 'echo@[::1]:0'
  [[ $READY =~ ^ready\ control@127\.0\.0\.1:[1-9][0-9]*\ control@unix:$SOCKET\ echo@\[::1\]:[1-9][0-9]*$ ]]
  stop_server
}

@test "-R: the pipe is closed after the line, so that a reader sees its end" {
  start_server
  run find "/proc/$SERVER_PID/fd" "/proc/$(worker_pids keeper)/fd" -lname "$DIR/ready"
  assert_output ''
  stop_server
}

# switchers COUNT: that many clients that switch relays until their connection ends.
switchers() {
  local i
  switcher_pids=()
  for ((i = 0; i < $1; i++)); do
    (yes $'src 1234\nt1 5678\nsro 1357\ngrs' | timeout "$WAIT_S" nc 127.0.0.1 "$PORT") \
      >/dev/null 2>&1 3>&- &
    switcher_pids+=($!)
  done
  eventually clients_count_is_above $(($1 - 1))
}

clients_count_is_above() {
  [[ $(worker_pids session | wc -l) -gt $1 ]]
}

@test "kill -9 of a session while 50 clients switch: the others go on" {
  local victim
  start_server -o max_clients_per_source=100 -o min_switch=0
  switchers 50
  for victim in $(worker_pids session | shuf -n 10); do
    kill -KILL "$victim"
  done
  within 2000 bash -c "printf 'src 1\nsro 1\n' | timeout 5 nc -N -U '$SOCKET' | grep -q '^20[02] '"
  eventually file_has "$DIR/state/errors.log" 'signal 9'
  stop_server
  wait "${switcher_pids[@]}" || true
  assert_pins_open
}

@test "kill -9 of the keeper while 50 clients switch: another serves within a second, relays opened" {
  local keeper
  start_server -o max_clients_per_source=100 -o min_switch=0
  switchers 50
  keeper=$(worker_pids keeper)
  kill -KILL "$keeper"
  within 3000 keeper_is_another "$keeper"
  within 3000 switch_succeeds
  stop_server
  wait "${switcher_pids[@]}" || true
  assert_pins_open
}

keeper_is_another() {
  local now
  now=$(worker_pids keeper)
  [[ -n $now && $now != "$1" ]]
}

switch_succeeds() {
  printf 'src 1\nsro 1\n' | timeout 5 nc -N -U "$SOCKET" | grep -q '^200 '
}

@test "kill -9 of the keeper: the next one opens what was closed" {
  local keeper
  start_server
  ask -u 'src all' >/dev/null
  keeper=$(worker_pids keeper)
  kill -KILL "$keeper"
  within 2000 keeper_is_another "$keeper"
  within 2000 pins_open
  run ask grs
  refute_line --regexp 'is closed'
  stop_server
}

@test "kill -9 of the supervisor while 50 clients switch: relays open, everybody gone" {
  start_server -o max_clients_per_source=100 -o min_switch=0
  switchers 50
  kill -KILL "$SERVER_PID"
  within 3000 pins_open
  eventually server_gone
  wait "${switcher_pids[@]}" || true
  assert_pins_open
}

# How soon is what the storm looks at.
@test "kill -9 of the supervisor: every relay opens, and nothing is left" {
  start_server
  ask -u 'src all' >/dev/null
  kill -KILL "$SERVER_PID"
  eventually pins_open
  eventually server_gone
}

# bats test_tags=slow
@test "a keeper that hangs is ended, and every relay opens" {
  local keeper
  start_server -o readback_interval=100ms
  ask -u 'src all' >/dev/null
  keeper=$(worker_pids keeper)
  kill -STOP "$keeper"
  refute [ -z "$(pins_closed)" ]
  eventually pins_open
  eventually not process_alive "$keeper"
  eventually keeper_serves
  stop_server
}

keeper_serves() {
  [[ $(ask -u 'src 1') == *'200 1 done'* ]]
}

# Both are stopped first, so that neither sees the other die. The keeper goes first: the kernel wakes
# the stopped members of a process group that is orphaned by a death (setpgid(2)).
kill_both() {
  local keeper
  keeper=$(worker_pids keeper)
  kill -STOP "$SERVER_PID"
  kill -STOP "$keeper"
  kill -KILL "$keeper"
  kill -KILL "$SERVER_PID"
  eventually server_gone
}

@test "kill -9 of supervisor and keeper at once: sprinkled -O opens every relay" {
  start_server
  ask -u 'src all' >/dev/null
  assert_pins '1 2 3 4 5 6 7 8'
  kill_both
  refute [ -z "$(pins_closed)" ]
  run sprinkled_here -O
  assert_success
  assert_pins_open
}

@test "kill -9 of supervisor and keeper at once: the next start opens every relay" {
  start_server
  ask -u 'src all' >/dev/null
  assert_pins '1 2 3 4 5 6 7 8'
  kill_both
  restart_server
  assert_pins_open
  stop_server
}
