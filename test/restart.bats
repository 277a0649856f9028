# bats file_tags=slow
# A server that is killed with all its processes at once can be started again at once. RESTART_ROUNDS
# says how often that is tried, 20 times unless set.

load lib/server
load lib/faults

# All processes of the server, in one call of kill, while relays are closed and clients are there.
everything_kill() {
  local pids
  mapfile -t pids < <(server_processes)
  ((${#pids[@]} >= 4)) # supervisor, keeper and two sessions
  kill -KILL "${pids[@]}"
  eventually not process_alive "$SERVER_PID"
}

@test "kill -9 of everything: each start after it works at once, on the same addresses" {
  local round one two port SERVER_UNDER=$no_leak_search
  start_server
  port=$PORT
  for ((round = 1; round <= ${RESTART_ROUNDS:-20}; round++)); do
    client_open one
    client_open two
    client_ask "$one" 'src 1 3' >/dev/null
    client_send "$two" 'src 5'
    everything_kill
    restart_bare_server -l "control@127.0.0.1:$port" -l "control@unix:$SOCKET"
    assert_pins_open
    client_close "$one"
    client_close "$two"
  done
  echo "# $((round - 1)) rounds of start and kill -9 of everything" >&3
  stop_server
}
