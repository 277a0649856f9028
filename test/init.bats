# The init script's life as the LSB wants it, and the systemd units.

# bats file_tags=root

load lib/server

setup() {
  server_folder
  echo "listen: [\"control@unix:$SOCKET\"]" >>"$DIR/sprinkled.yml"
  cat >"$DIR/default" <<SH
DAEMON=$SPRINKLED
DAEMON_OPTS="-c $DIR/sprinkled.yml -o log=$DIR/log"
PIDFILE=$DIR/run/sprinkled.pid
SH
  sanitizer_environment
}

teardown() {
  servers_kill
}

init() { # init ACTION
  SPRINKLED_DEFAULTS=$DIR/default timeout "$WAIT_S" "$ROOT/scripts/sprinkled.init" "$@" 3>&- 4>&-
}

pid() {
  cat "$DIR/run/sprinkled.pid"
}

relay_is_closed() {
  ask -u "grs $1" | grep -q '^200-Relay .* is closed'
}

# Stopped first, so that none sees another die; the supervisor, which is the oldest, last, since the
# kernel wakes a stopped group that it leaves behind.
kill_all() {
  local pids
  mapfile -t pids < <(server_processes | sort -rn)
  kill -STOP "${pids[@]}"
  kill -KILL "${pids[@]}"
  for pid in "${pids[@]}"; do
    eventually not process_alive "$pid"
  done
}

@test "init: start, start again, status, stop, stop again" {
  local first
  run init status
  assert_failure 3
  run init start
  assert_success
  run ask -u 'grs 1'
  assert_line --partial '200-Relay 1'
  first=$(pid)
  run init start
  assert_success
  assert_equal "$(pid)" "$first"
  run init status
  assert_success
  assert_output "sprinkled is running (pid $first)"
  run init stop
  assert_success
  assert_equal "$(server_left)" ''
  run init status
  assert_failure 3
  run init stop
  assert_success
  assert_equal "$(server_left)" ''
}

@test "init: stop opens what is closed, also when the server was killed before" {
  init start >/dev/null
  ask -u 'src 3' >/dev/null
  assert_pins 3
  run init stop
  assert_success
  assert_pins_open
  init start >/dev/null
  ask -u 'src 3' >/dev/null
  kill_all
  assert_pins 3
  run init stop
  assert_success
  assert_pins_open
}

@test "init: a server that does not end is killed" {
  init start >/dev/null
  ask -u 'src 3' >/dev/null
  kill -STOP "$(pid)"
  echo STOP_LIMIT_S=1 >>"$DIR/default"
  run init stop
  assert_success
  eventually server_gone
  assert_pins_open
}

@test "init: a stale pid file, of no process or of another program, is not taken for a server" {
  echo 4194304 >"$DIR/run/sprinkled.pid" # one more than pid_max can be
  run init status
  assert_failure 1
  echo $$ >"$DIR/run/sprinkled.pid"
  run init status
  assert_failure 1
  assert_output --partial 'its pid file is still there'
  run init stop
  assert_success
  assert process_alive $$
  echo $$ >"$DIR/run/sprinkled.pid"
  run init reload
  assert_failure 7
  run init start
  assert_success
  assert_not_equal "$(pid)" $$
  run init status
  assert_success
  init stop
}

@test "init: status after a crash is 1, and start works" {
  init start >/dev/null
  kill_all
  # The lock goes with the last thread, which may be a moment after the process is a zombie.
  is_dead() { run init status && [[ $status == 1 ]]; }
  eventually is_dead
  run init start
  assert_success
  run init status
  assert_success
  init stop
}

@test "init: reload and force-reload read again and keep the server; 7 when none runs" {
  local first
  init start >/dev/null
  first=$(pid)
  run init reload
  assert_success
  eventually file_has "$DIR/log" 'settings reloaded'
  rm "$DIR/log"
  run init force-reload
  assert_success
  eventually file_has "$DIR/log" 'settings reloaded'
  assert_equal "$(pid)" "$first"
  init stop
  run init reload
  assert_failure 7
}

@test "init: restart takes another server, try-restart only where one runs" {
  local first second
  run init try-restart
  assert_success
  run init status
  assert_failure 3
  run init restart
  assert_success
  first=$(pid)
  ask -u 'src 3' >/dev/null
  run init restart
  assert_success
  assert_not_equal "$(pid)" "$first"
  assert_pins_open
  second=$(pid)
  run init try-restart
  assert_success
  assert_not_equal "$(pid)" "$second"
  init stop
}

@test "init: a start that fails says why and has its status" {
  echo 'max_clientz: 1' >>"$DIR/sprinkled.yml"
  run init start
  assert_failure 1
  assert_output --partial 'max_clientz'
  run init status
  assert_failure 3
}

@test "init: 2 for a wrong word or none, 5 when the program is not installed" {
  run init
  assert_failure 2
  assert_output --partial 'usage: sprinkled.init start|stop'
  run init begin
  assert_failure 2
  run init start now
  assert_failure 2
  echo "DAEMON=$DIR/nowhere" >>"$DIR/default"
  run init start
  assert_failure 5
  run init stop
  assert_success
}

@test "init: without root nothing is started or stopped, but status is told" {
  chmod 711 "$BATS_RUN_TMPDIR" "$DIR"
  init start >/dev/null
  as_nobody() {
    SPRINKLED_DEFAULTS=$DIR/default setpriv --reuid=65534 --clear-groups \
      sh -s "$1" <"$ROOT/scripts/sprinkled.init"
  }
  run as_nobody stop
  assert_failure 4
  run as_nobody status
  assert_success
  init stop
}

@test "init: it knows where the LSB functions are not, too" {
  sed 's|/lib/lsb/|/nowhere/|g' "$ROOT/scripts/sprinkled.init" >"$DIR/init"
  SPRINKLED_DEFAULTS=$DIR/default run sh "$DIR/init" start
  assert_output 'Starting sprinkler server: sprinkled ... done'
  assert_success
  init stop
}
