# Many clients at once, and what one of them can do to the others: nothing.

load lib/server

setup_file() {
  start_server -o max_clients_per_source=300
}

teardown_file() {
  stop_server
}

clients_listed() { # addresses of the clients that gat tells
  ask_json -u gat | jq -r 'select(.address) | .address'
}

lists() { # lists ADDRESS…: does gat tell all of them?
  local listed address
  listed=$(clients_listed)
  for address in "$@"; do
    grep -qxF -- "$address" <<<"$listed" || return 1
  done
}

# own_address FD: how the server names this client.
own_address() {
  client_ask "$1" 'format json' >/dev/null
  client_ask "$1" gat | sed -n 's/^200-//p' |
    jq -r 'select(.command == "gat" and (.address | startswith("127"))) | .address'
}

open_100() {
  local i fd
  clients=()
  for i in {1..100}; do
    client_open fd
    clients+=("$fd")
  done
}

@test "100 clients at once: each sees all the others in gat" {
  local clients fd seen
  open_100
  for fd in "${clients[@]}"; do
    seen=$(client_ask "$fd" gat | grep -c '127\.0\.0\.1:[0-9]*.*control')
    assert [ "$seen" -ge 100 ]
  done
  for fd in "${clients[@]}"; do
    client_close "$fd"
  done
}

@test "100 clients at once: all switch, all are answered, the relays end as the last one left them" {
  local clients fd command
  open_100
  for fd in "${clients[@]}"; do
    client_send "$fd" 'src 1'
    client_send "$fd" 'sro 1'
  done
  for fd in "${clients[@]}"; do
    for command in src sro; do
      run client_reply "$fd"
      assert_success
      assert_regex "${lines[-1]}" '^20[02] '
    done
    client_close "$fd"
  done
  eventually relay_open 1
}

relay_open() {
  [[ $(ask_json "grs $1" | jq -r .state) == open ]]
}

@test "a client that vanishes without a word is gone from gat at once, and so is its process" {
  local before nc_pid address pid
  coproc GHOST { exec nc 127.0.0.1 "$PORT"; }
  nc_pid=$GHOST_PID
  printf 'format json\ngat\n' >&"${GHOST[1]}"
  eventually ghost_seen
  address=$(ghost_row | jq -r .address)
  pid=$(ghost_row | jq -r .pid)
  process_alive "$pid"
  kill -KILL "$nc_pid"
  within 2000 not lists "$address"
  within 2000 not process_alive "$pid"
}

ghost_row() { # the client that is not the asker
  ask_json -u gat | jq -c 'select(.address) | select(.address | startswith("127"))' | head -n 1
}

ghost_seen() {
  [[ -n $(ghost_row) ]]
}

@test "ge: crashes its own session and no other" {
  local bystander
  client_open bystander
  run ask -u ge noop
  refute_output --regexp '200 '
  run client_ask "$bystander" noop
  assert_output --regexp '^200 '
  eventually file_has "$DIR/state/errors.log" 'session .*signal'
  client_close "$bystander"
}

@test "ge: needs the admin's role" {
  run ask ge noop
  assert_line --index 0 --regexp '^550 '
  assert_line --index 1 --regexp '^200 '
}

@test "a client that never reads holds up neither the keeper nor other clients" {
  local deaf
  client_open deaf
  { yes grs | head -n 20000 >&"$deaf"; } 2>/dev/null &
  local writer=$!
  within 5000 switch_works
  within 5000 switch_works
  kill "$writer" 2>/dev/null || true
  client_close "$deaf"
}

switch_works() {
  ask -u 'src 2' 'sro 2' | grep -q '^20[02] '
}

@test "processes: ps tells who is who" {
  local client
  client_open client
  client_ask "$client" noop >/dev/null
  run ps -o args= -p "$SERVER_PID" --ppid "$SERVER_PID"
  assert_line --regexp '^sprinkled: supervisor'
  assert_line --regexp '^sprinkled(-keeper)?: keeper'
  assert_line --regexp '^sprinkled: session .*127\.0\.0\.1:[0-9]+'
  client_close "$client"
}

@test "processes: the workers have a process group of their own" {
  local supervisor_group keeper_group
  supervisor_group=$(ps -o pgid= -p "$SERVER_PID" | tr -d ' ')
  keeper_group=$(ps -o pgid= -p "$(worker_pids keeper)" | tr -d ' ')
  assert_not_equal "$supervisor_group" "$keeper_group"
}

@test "processes: a session holds its socket, the logs, a way to the clerk and nothing of other clients" {
  local first second pid sockets
  client_open first
  client_open second
  client_ask "$second" noop >/dev/null
  pid=$(ask_json gat | jq -r 'select(.command == "noop") | .pid' | tail -n 1)
  sockets=$(find "/proc/$pid/fd" -lname 'socket:*' | wc -l)
  assert_equal "$sockets" 2 # the client, and where the clerk is asked
  run find "/proc/$pid/fd" -lname '*gpio*'
  assert_output ''
  client_close "$first"
  client_close "$second"
}

# While the supervisor is stopped their signals become one.
@test "kill -9 of several sessions at once: none of them stays listed" {
  local clients=(a b c) name pids
  for name in "${clients[@]}"; do
    client_open "$name"
  done
  mapfile -t pids < <(worker_pids session)
  assert [ "${#pids[@]}" -ge 3 ]
  kill -STOP "$SERVER_PID"
  kill -KILL "${pids[@]}"
  kill -CONT "$SERVER_PID"
  # The one who asks is the only one left.
  alone() { [[ $(ask_json -u gat | grep -c '"address":') == 1 ]]; }
  eventually alone
  # shellcheck disable=SC2154 # client_open has set them
  client_close "$a" && client_close "$b" && client_close "$c"
}

@test "SIGTERM: a session says goodbye, and half a line of its client is not taken for a whole one" {
  local client
  only_one() { [[ $(worker_pids session | wc -l) == 1 ]]; }
  client_open client
  printf 'noop\nsrc 1' >&"$client"
  client_reply "$client"
  eventually only_one # those of the tests before may be going still
  kill "$(worker_pids session)"
  run client_drain "$client"
  assert_line --index 0 --regexp '^421 Server is shutting down'
  run ask grs
  assert_line --index 0 --partial 'is open'
  client_close "$client"
}
