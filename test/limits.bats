# What a server refuses, and how soon it says so.

load lib/server

teardown() {
  stop_server || { servers_kill && return 1; }
}

# first_words [PORT]: what a new client hears first, within a second.
first_words() {
  local fd line started took
  started=$(clock_ms)
  exec {fd}<>"/dev/tcp/127.0.0.1/${1:-$PORT}"
  line=$(client_line "$fd")
  took=$(($(clock_ms) - started))
  exec {fd}>&-
  echo "$line"
  ((took <= 1000)) || { echo "told only after $took ms"; return 1; }
}

greeted() {
  [[ $(first_words 2>/dev/null) == 220\ * ]]
}

@test "max_clients: the one too many is told 554 and why within a second" {
  local one two
  start_server -o max_clients=2
  client_open one
  client_open two
  run first_words
  assert_success
  assert_output --regexp '^554 .*2 clients'
  client_close "$one"
  client_close "$two"
}

@test "max_clients: a place that gets free is given to the next" {
  local one
  start_server -o max_clients=1
  client_open one
  run first_words
  assert_output --regexp '^554 '
  client_close "$one"
  eventually greeted
}

@test "max_clients: those turned away are counted and logged, without a line for each" {
  local one i
  start_server -o max_clients=1
  client_open one
  for i in {1..20}; do
    first_words >/dev/null
  done
  assert [ "$(grep -c "audit connection denied" "$DIR/server.err")" -le 2 ]
  client_close "$one"
}

refused_are() { # refused_are CLIENT COUNT: as that client sees it
  [[ $(client_ask "$1" gat) == *" refused $2,"* ]]
}

@test "max_clients: one that is turned away while it talks reads why" {
  local one late
  start_server -o max_clients=1
  client_open one
  exec {late}<>"/dev/tcp/127.0.0.1/$PORT"
  client_send "$late" noop
  eventually refused_are "$one" 1
  client_send "$late" noop # fails where the connection was reset
  run client_line "$late"
  assert_output --regexp '^554 '
  client_close "$late"
  client_close "$one"
}

@test "max_clients_per_source: counts each address by itself" {
  local one two
  start_server -l 'control@[::1]:0' -o max_clients_per_source=2
  client_open one
  client_open two
  run first_words
  assert_output --regexp '^554 .*your address'
  local other_port=${READY##*\[::1\]:}
  run bash -c "exec 5<>/dev/tcp/::1/${other_port%% *} && read -r -t $WAIT_S line <&5 && echo \"\$line\""
  assert_output --regexp '^220 '
  client_close "$one"
  client_close "$two"
}

@test "max_clients_per_source: clients on the Unix socket do not count" {
  local i
  start_server -o max_clients_per_source=1
  for i in 1 2 3; do
    coproc nc -U "$SOCKET"
    IFS= read -r -t "$WAIT_S" -u "${COPROC[0]}" line
    [[ $line == 220\ * ]]
  done 2>/dev/null
  run ask -u gat
  assert [ "$(grep -c 'unix.*control' <<<"$output")" -ge 4 ]
  run first_words
  assert_output --regexp '^220 '
}

# A server with users, where a quarter of max_clients, and at least 8, can be about to authenticate.
start_with_users() {
  server_folder
  user_add ann viewer secret
  restart_server "$@"
}

strangers_open() { # strangers_open COUNT: into the array strangers
  local fd i
  for ((i = 0; i < $1; i++)); do
    client_open fd
    strangers+=("$fd")
  done
}

# By their slots, which count until a session is buried, and without the one that asks.
sessions_are() {
  [[ $(ask_json -u gat | grep -c '"process":"session"') == $(($1 + 1)) ]]
}

@test "not yet authenticated: the one too many is told 554 before anything is forked" {
  local strangers=() forks
  start_with_users -o max_clients=20 -o login_grace=0
  strangers_open 8
  forks=$(worker_pids session | wc -l)
  run first_words
  assert_output --regexp '^554 .*8 that have not authenticated'
  assert_equal "$(worker_pids session | wc -l)" "$forks"
  assert_equal "$(grep -c "audit connection denied" "$DIR/server.err")" 1
}

@test "not yet authenticated: who logs in, leaves or is killed makes room for another" {
  local strangers=()
  start_with_users -o max_clients=40 -o login_grace=0
  strangers_open 10
  run first_words
  assert_output --regexp '^554 '
  run client_ask "${strangers[0]}" 'auth ann secret'
  assert_output --regexp '^230 '
  run first_words
  assert_output --regexp '^220 '
  eventually sessions_are 10
  strangers_open 1
  run first_words
  assert_output --regexp '^554 '
  client_close "${strangers[1]}"
  eventually greeted
  eventually sessions_are 10
  strangers_open 1
  run first_words
  assert_output --regexp '^554 '
  kill -KILL "$(worker_pids session | tail -n 1)"
  eventually greeted
}

@test "not yet authenticated: does not keep out who comes by the Unix socket" {
  local strangers=()
  start_with_users -o max_clients=20 -o login_grace=0
  strangers_open 8
  run ask -u noop
  assert_output --regexp '^200 '
}

@test "not yet authenticated: counts nobody where there are no users" {
  local strangers=()
  start_server -o max_clients=20
  strangers_open 12
  run first_words
  assert_output --regexp '^220 '
}

@test "login_grace: a client that does not say who it is is sent away in time" {
  local silent
  start_with_users -o login_grace=300ms
  client_open silent
  run client_drain "$silent"
  assert_success
  assert_output --regexp '^(421|530|221) '
  client_close "$silent"
}

@test "login_grace: a client that is known stays" {
  local patient
  start_server -o login_grace=200ms
  client_open patient
  eventually past_grace
  run client_ask "$patient" noop
  assert_output --regexp '^200 '
  client_close "$patient"
}

past_grace() {
  local now
  now=$(clock_ms)
  : "${grace_from:=$now}"
  ((now - grace_from > 600))
}

@test "idle_timeout: a client that says nothing is sent away, one that talks stays" {
  local idle busy
  start_server -o idle_timeout=700ms
  client_open idle
  client_open busy
  run talk_until_gone "$busy" "$idle"
  assert_success
  assert_output --regexp '^(421|221) '
  client_close "$idle"
  client_close "$busy"
}

# talk_until_gone BUSY IDLE: BUSY keeps asking until IDLE hears why it has to go.
talk_until_gone() {
  local deadline=$((SECONDS + WAIT_S))
  until read -r -t 0 -u "$2"; do # only looks whether there is something
    client_ask "$1" noop >/dev/null || return 1
    pause
    ((SECONDS < deadline)) || return 1
  done
  client_line "$2"
  client_ask "$1" noop >/dev/null
}

@test "descriptors: when they run out the server waits, goes on serving, and recovers" {
  local clients=() fd i
  start_server
  client_open fd
  prlimit --pid "$SERVER_PID" --nofile=20:
  for i in {1..10}; do
    exec {extra}<>"/dev/tcp/127.0.0.1/$PORT"
    clients+=("$extra")
  done
  run client_ask "$fd" noop
  assert_output --regexp '^200 '
  prlimit --pid "$SERVER_PID" --nofile=1024:
  for extra in "${clients[@]}"; do
    run client_line "$extra"
    assert_output --regexp '^220 '
    client_close "$extra"
  done
  client_close "$fd"
}
