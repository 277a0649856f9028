# bats file_tags=slow
# Every process of a live server under valgrind: no invalid access, no use of what was never set, no
# memory lost, no descriptor left open by what it executes.

load ../lib/server

teardown() {
  servers_kill
}

# The keeper that serves waits on a pidfd, which valgrind does not know yet: it stays outside. Its other
# modes are looked at below, and all of it by the address sanitizer.
valgrind="valgrind --quiet --trace-children=yes --trace-children-skip-by-arg=serve --error-exitcode=99
  --leak-check=full --show-leak-kinds=definite,indirect --errors-for-leak-kinds=definite,indirect"

start_under_valgrind() {
  server_folder
  cp "$ROOT/scripts/profiles.yml" "$DIR"
  SERVER_UNDER="$valgrind --log-file=$DIR/valgrind.%p" restart_server -o min_switch=0 "$@"
}

# Each process wrote its log: the supervisor, and one for each client so far.
assert_watched() {
  assert [ "$(find "$DIR" -maxdepth 1 -name 'valgrind.*' | wc -l)" -ge "$1" ]
}

@test "valgrind: a session of every kind of command, and ks" {
  local commands
  start_under_valgrind
  mapfile -t commands < <(ask_json -u help | jq -r .name | grep -vxE 'ks|rbt|ge|close|us|watch')
  run ask -u "${commands[@]}" 'src 1 3 for 10m' 'grs 1' 't1 34' 'sro all' 'sap summer' 'rp' 'gps' 'next 3' \
    'next 7d' 'pause 10m' 'resume' 'rd 1h' 'rd off' 'sl 50' 'sl 100' 'skip 1' 'sp' 'mp' 'hist 7d' \
    'rlf 3' 'ref 3' 'format json' grs gat gps 'nonsense' $'\xff' "\"unbalanced" close
  assert_line --regexp '^221 '
  ask -u "$(printf 'x%.0s' {1..2000})" noop >/dev/null
  kill -HUP "$SERVER_PID"
  kill -USR1 "$SERVER_PID"
  eventually file_has "$DIR/server.err" 'settings reloaded'
  ask -u ks >/dev/null
  server_ended 0
  assert_watched 4
}

@test "valgrind: a session that crashes, a keeper that dies, a client that vanishes" {
  local client
  start_under_valgrind
  client_open client
  ask -u 'src 1' >/dev/null
  ask -u ge >/dev/null
  kill -KILL "$(worker_pids keeper)"
  eventually pins_open
  client_send "$client" 'src 2'
  client_close "$client"
  stop_server
  assert_watched 4
}

@test "valgrind: the preview, and opening all relays" {
  local arguments
  server_folder
  cp "$ROOT/scripts/profiles.yml" "$DIR"
  for arguments in '-P 2026-01-01/2026-03-01 -a summer' -O; do
    # shellcheck disable=SC2086 # commands with their options
    run $valgrind "$SPRINKLED" -c "$DIR/sprinkled.yml" $arguments
    assert_success
    refute_line --regexp '^==[0-9]+=='
  done
}
