# Started as root the server goes on as its own user, and everything still works.

# bats file_tags=root

load lib/server

process_owner() { # process_owner PID
  ps -o user= -p "$1"
}

# The simulated pins lie where nobody may write.
start_as_nobody() {
  assert_equal "$(id -u)" 0
  server_folder
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
