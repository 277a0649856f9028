# The small services beside control, and listeners that close after their last connection.

load lib/server

say() { # say PORT MESSAGE: one message, and what comes back
  printf %s "$2" | timeout "$WAIT_S" nc -N 127.0.0.1 "$1"
}

@test "echo: answers five clients, then the server lists them all and ends" {
  local port i listed
  start_bare_server -l 'echo@127.0.0.1:0,max=5'
  port=$(server_port echo)
  for i in 1 2 3 4 5; do
    run say "$port" "message $i"
    assert_output "ECHO: message $i"
  done
  server_ended 0
  listed=$(sed -n 's/.* supervisor\[[0-9]*\]: connection \([1-5]\): \(127\.0\.0\.1:[0-9]*\)$/\1 \2/p' \
    "$DIR/server.err")
  assert_equal "$(cut -d' ' -f1 <<<"$listed" | paste -sd' ')" '1 2 3 4 5'
  assert_equal "$(cut -d' ' -f2 <<<"$listed" | sort -u | wc -l)" 5
}

@test "echo: the log has each connection's number, address and port" {
  local port
  start_bare_server -l 'echo@127.0.0.1:0'
  port=$(server_port echo)
  say "$port" one >/dev/null
  say "$port" two >/dev/null
  eventually file_has "$DIR/server.err" 'connection 1.*127\.0\.0\.1:[0-9]+'
  eventually file_has "$DIR/server.err" 'connection 2.*127\.0\.0\.1:[0-9]+'
  stop_server
}

@test "echo: answers each message of a long conversation" {
  local fd
  start_bare_server -l 'echo@127.0.0.1:0'
  exec {fd}<>"/dev/tcp/127.0.0.1/$(server_port echo)"
  printf 'one\n' >&"$fd"
  run client_line "$fd"
  assert_output 'ECHO: one'
  printf 'two\n' >&"$fd"
  run client_line "$fd"
  assert_output 'ECHO: two'
  exec {fd}>&-
  stop_server
}

@test "echo: clients at once are all answered, none mixed up" {
  local port i
  start_bare_server -l 'echo@127.0.0.1:0,max=20'
  port=$(server_port echo)
  for i in {1..20}; do
    say "$port" "message $i" >"$BATS_TEST_TMPDIR/$i" 3>&- &
  done
  wait
  for i in {1..20}; do
    assert_equal "$(<"$BATS_TEST_TMPDIR/$i")" "ECHO: message $i"
  done
  server_ended 0
}

@test "happy: says hello to whatever comes, and closes" {
  local port
  start_bare_server -l 'happy@127.0.0.1:0'
  port=$(server_port happy)
  run say "$port" 'anything at all'
  assert_output 'HELLO. I am the Happy Server :-)'
  stop_server
}

@test "max: a listener that has served its last closes, the others stay" {
  local port
  start_server -l 'happy@127.0.0.1:0,max=1'
  port=$(server_port happy)
  say "$port" hi >/dev/null
  eventually not bash -c "exec 5<>/dev/tcp/127.0.0.1/$port"
  run ask noop
  assert_output --regexp '^200 '
  stop_server
}

@test "listeners: IPv4, IPv6 and a Unix socket serve side by side" {
  start_server -l 'control@[::1]:0'
  local port=${READY##*\[::1\]:}
  run bash -c "printf 'noop\n' | timeout $WAIT_S nc -N ::1 ${port%% *}"
  assert_line --regexp '^200 '
  run ask noop
  assert_output --regexp '^200 '
  run ask -u noop
  assert_output --regexp '^200 '
  stop_server
}

@test "limits: the small services are refused in their own manner" {
  local fd port
  start_server -l 'echo@127.0.0.1:0' -o max_clients=1
  port=$(server_port echo)
  client_open fd
  run say "$port" hello
  refute_output --partial 'ECHO: '
  client_close "$fd"
  stop_server
}
