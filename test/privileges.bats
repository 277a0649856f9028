# Started as root the server goes on as its own user, and everything still works.

# bats file_tags=root

load lib/server

process_owner() { # process_owner PID
  ps -o user= -p "$1"
}

# The simulated pins lie where nobody may write.
start_as_nobody() {
  server_folder
  restart_as_nobody
}

restart_as_nobody() {
  assert_equal "$(id -u)" 0
  chmod 711 "$BATS_RUN_TMPDIR" "$DIR"
  sed -i "s/^user: .*/user: nobody/; s/^sim_fault: .*/sim_fault: pins=\/tmp\/${DIR##*\/}.pins/" \
    "$DIR/sprinkled.yml"
  restart_server
}

teardown() {
  servers_kill
  rm -f "/tmp/${DIR##*/}.pins"
}

@test "user: supervisor, keeper and sessions run as the setting says" {
  local client
  start_as_nobody
  client_open client
  eventually test -n "$(worker_pids session)"
  assert_equal "$(process_owner "$SERVER_PID")" nobody
  assert_equal "$(process_owner "$(worker_pids keeper)")" nobody
  assert_equal "$(process_owner "$(worker_pids session)")" nobody
  client_close "$client"
  stop_server
}

@test "user: relays, logs, reload, another keeper and a second start work without root" {
  local keeper
  start_as_nobody
  run ask -u 'src 3' 'clf' 'sro 3'
  assert_line --partial '200-Relay 3 (GPIO13 on pin 33) is closed'
  assert_line --partial '200 cleared'
  kill -HUP "$SERVER_PID"
  reloaded() { grep -q 'settings reloaded' "$DIR/state/events.log"; }
  eventually reloaded
  keeper=$(worker_pids keeper)
  kill -KILL "$keeper"
  another() { [[ $(worker_pids keeper) =~ ^[0-9]+$ && $(worker_pids keeper) != "$keeper" ]]; }
  eventually another
  served() { ask -u 'src 4' | grep -q '^200-Relay 4'; }
  eventually served
  stop_server
  restart_server
  run ask -u hist
  assert_output --partial 'relay 4'
  stop_server
}

@test "user: one that does not exist is named, with the remedy" {
  server_folder
  run sprinkled_here -f -o user=nosuchgardener
  assert_failure 1
  assert_output --partial 'there is no user nosuchgardener'
  assert_output --partial 'adduser'
}

@test "group: one that does not exist is named, with the remedy" {
  server_folder
  run sprinkled_here -f -o group=nosuchgardeners
  assert_failure 1
  assert_output --partial 'there is no group nosuchgardeners; make it or leave the setting out'
}

@test "user: name services that fail are not taken for a user who does not exist" {
  server_folder
  run env PATH=/nowhere "$SPRINKLED" -c "$DIR/sprinkled.yml" -f -o user=nobody
  assert_failure 1
  assert_output --partial 'getent: Package not installed'
  mkdir "$DIR/bin"
  printf '#!/bin/sh\nexit 3\n' >"$DIR/bin/getent"
  chmod 755 "$DIR/bin/getent"
  run env PATH="$DIR/bin" "$SPRINKLED" -c "$DIR/sprinkled.yml" -f -o user=nobody
  assert_failure 1
  assert_output --partial 'getent: Protocol error'
}

# The name services of this machine know nobody in no group: another one stands in for them.
@test "user: the server has its user's other groups" {
  local groups
  server_folder
  mkdir "$DIR/bin"
  cat >"$DIR/bin/getent" <<'SH'
#!/bin/sh
[ "$1" != initgroups ] || exec echo 'nobody               4 24'
exec /usr/bin/getent "$@"
SH
  chmod 755 "$DIR/bin/getent"
  PATH=$DIR/bin:$PATH restart_as_nobody
  groups=$(sed -n 's/^Groups:[[:space:]]*//p' "/proc/$SERVER_PID/status")
  assert_equal "${groups% }" '4 24'
  stop_server
}

@test "group: without name services there are no operators, and the server runs" {
  server_folder
  SERVER_UNDER='env PATH=/nowhere' restart_server
  run ask -u 'src 1'
  assert_output --partial '200 '
  stop_server
}
