# The clerk: what it does for sessions, that its end is mended, and that no water waits for it.

load lib/server

setup() {
  server_folder
  "$SPRINKLED_BUILD/sprinkled-passwd" -f "$DIR/users" -s anna admin <<<'grass-and-gravel' 2>/dev/null
  echo "update_command: echo first" >>"$DIR/sprinkled.yml"
  restart_server
  CLERK=$(clerk_pid)
}

clerk_pid() {
  ask -u gat | sed -n 's/^200-clerk //p'
}

another_clerk() {
  [[ $(clerk_pid) =~ ^[1-9][0-9]*$ && $(clerk_pid) != "$CLERK" ]]
}

logged_in() {
  ask 'auth anna grass-and-gravel' | grep -q '^230 '
}

@test "clerk: is a process of the server's, told by ps and gat" {
  run ps -o ppid=,args= -p "$CLERK"
  assert_output --regexp "^ *$SERVER_PID sprinkled: clerk"
  assert_equal "$(ask_json -u gat | jq 'select(.process == "clerk") | .pid')" "$CLERK"
  stop_server
}

@test "clerk: another comes when it is killed, and does what the first did" {
  kill -KILL "$CLERK"
  eventually another_clerk
  logged_in
  run ask -u 'rlf 3' hist us
  assert_equal "$(grep -c '^200 ' <<<"$output")" 3
  eventually file_has "$DIR/state/errors.log" 'clerk .pid '"$CLERK"'. died'
  stop_server
}

@test "clerk: relays switch while it stands still, and who asks for a file waits for it alone" {
  local client
  client_open client
  kill -STOP "$CLERK"
  client_send "$client" 'auth anna grass-and-gravel'
  run ask -u 'src 2' 'sro 2' noop
  refute_output --partial '451'
  assert_line --partial '200-Relay 2 (GPIO6 on pin 31) is closed'
  kill -CONT "$CLERK"
  run client_reply "$client"
  assert_output --regexp '^230 '
  client_close "$client"
  stop_server
}

@test "clerk: 16 logins at once all get in" {
  local i logins=()
  for i in {1..16}; do
    ask 'auth anna grass-and-gravel' >"$DIR/login.$i" 3>&- &
    logins+=($!)
  done
  wait "${logins[@]}"
  run cat "$DIR"/login.*
  assert_equal "$(grep -c '^230 ' <<<"$output")" 16
  stop_server
}

@test "clerk: one update at a time, and others are told" {
  mkfifo "$DIR/hold"
  stop_server
  restart_server -o "update_command=echo begun; cat $DIR/hold; echo done"
  coproc nc -U "$SOCKET"
  client_line "${COPROC[0]}" >/dev/null
  echo us >&"${COPROC[1]}"
  run client_line "${COPROC[0]}"
  assert_output '200-begun'
  run ask -u us
  assert_output --regexp '^451 .*an update is running already'
  logged_in
  : >"$DIR/hold"
  run client_reply "${COPROC[0]}"
  assert_line --index 0 '200-done'
  assert_line --index 1 '200 updated'
  stop_server
}

@test "clerk: SIGHUP brings one that has the new settings" {
  run ask -u us
  assert_line --index 0 '200-first'
  sed -i 's/echo first/echo second/' "$DIR/sprinkled.yml"
  kill -HUP "$SERVER_PID"
  eventually another_clerk
  run ask -u us
  assert_line --index 0 '200-second'
  stop_server
}
