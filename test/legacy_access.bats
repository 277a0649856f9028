# Who may come in by a legacy listener, and which such listeners there may be.

load lib/server
load lib/legacy

setup() {
  legacy_folder operator
}

# say PORT MESSAGE…: one connection, each message a line; prints what comes.
say() {
  local port=$1
  shift
  printf '%s\n' "$@" | timeout "$WAIT_S" nc -N "${HOST:-127.0.0.1}" "$port"
}

accepted="Accepted connection from: ('127.0.0.1', "

@test "password: gives the clients the role of legacy_user" {
  legacy_restart
  run say "$LEGACY_PORT" secret 'src 1' ks
  assert_line --index 0 --regexp "^Accepted connection from: \('127.0.0.1', [0-9]+\) Closing relay 1 "
  assert_line 'ks takes the role admin; yours is operator'
  stop_server
}

@test "password: a wrong one costs a second, is counted and ends the connection" {
  local started
  legacy_restart
  started=$(clock_ms)
  run say "$LEGACY_PORT" wrong grs
  assert_output --regexp "^Rejected connection from: \('127\.0\.0\.1', [0-9]+\)$"
  assert [ $(($(clock_ms) - started)) -ge 1000 ]
  assert_equal "$(ask_json -u gat | jq 'select(.process == "totals").auth_failures')" 1
  assert file_has "$DIR/state/events.log" 'audit auth denied user="legacy"'
  refute file_has "$DIR/state/events.log" 'wrong'
  stop_server
}

@test "password: that of another user does not do" {
  user_add anna admin 'rain and sun'
  legacy_restart
  run say "$LEGACY_PORT" 'rain and sun'
  assert_output --regexp '^Rejected '
  stop_server
}

@test "password: who sends none is let go after login_grace, who is silent after idle_timeout" {
  local client end="server set loop break for \('127\.0\.0\.1', [0-9]+\) RE: ks"
  legacy_restart -o login_grace=1s -o idle_timeout=2s
  exec {client}<>"/dev/tcp/127.0.0.1/$LEGACY_PORT"
  run client_drain "$client"
  assert_output --regexp "^$end \(no password in time\)$"
  client_close "$client"
  assert file_has "$DIR/state/events.log" 'closed: no password in time'
  legacy_open client
  run client_drain "$client"
  assert_output --regexp "^$end \(idle for too long\)$"
  client_close "$client"
  assert file_has "$DIR/state/events.log" 'closed: idle for too long'
  stop_server
}

@test "password: without a users file any does on loopback, and the clients may end the server" {
  rm "$DIR/users"
  legacy_restart
  run say "$LEGACY_PORT" 'any at all' 'sro 1' clf
  assert_line --index 0 --partial "$accepted"
  assert_line 'clf takes the role admin; yours is operator'
  run say "$LEGACY_PORT" '' ks
  assert_line --regexp "RE: ks$"
  server_ended
}

@test "addresses: IPv6 and a Unix socket, in the form of the others" {
  legacy_folder admin
  restart_server -l 'legacy@[::1]:0' -l "legacy@unix:$DIR/run/legacy.sock"
  local port=${READY##*legacy@\[::1\]:}
  HOST=::1 run say "${port%% *}" secret close
  assert_output --regexp "^Accepted connection from: \('::1', [0-9]+\)handleClient \('::1', [0-9]+\) set loop break RE: CLOSE$"
  run bash -c "printf 'any\nclose' | timeout $WAIT_S nc -N -U '$DIR/run/legacy.sock'"
  assert_output --regexp "^Accepted connection from: \('unix pid [0-9]+', 0\)handleClient \('unix pid [0-9]+', 0\) set loop break RE: CLOSE$"
  stop_server
}

@test "limits: the one too many is told so, without a code" {
  local client
  legacy_restart -o max_clients=1
  legacy_open client
  run say "$LEGACY_PORT" secret
  assert_output 'Rejected connection: 1 clients are the limit'
  client_close "$client"
  stop_server
}

# refused LISTENER WORDS: -n finds that listener wrong, in these words.
refused() {
  run sprinkled_here -n -l "$1"
  assert_failure 1
  assert_output --partial "listen: $1"
  assert_output --partial "$2"
}

@test "configuration: with users, it must be said whose password it is" {
  sed -i '/^legacy_user/d' "$DIR/sprinkled.yml"
  refused legacy@127.0.0.1:0 'set legacy_user to the user'
  run sprinkled_here -n -l "legacy@unix:$DIR/run/legacy.sock"
  assert_success
  rm "$DIR/users"
  run sprinkled_here -n -l legacy@127.0.0.1:0
  assert_success
}

@test "configuration: beyond loopback it needs users, and plaintext_auth" {
  refused legacy@0.0.0.0:0 'plaintext_auth: yes'
  run sprinkled_here -n -l legacy@0.0.0.0:0 -o plaintext_auth=yes
  assert_success
  rm "$DIR/users"
  refused legacy@0.0.0.0:0 'there is no users file'
}

@test "configuration: such a listener is refused at the start, too" {
  run sprinkled_here -f -l legacy@0.0.0.0:0
  assert_failure 1
  assert_output --partial 'plaintext_auth: yes'
}

@test "SIGHUP: legacy_user is another's from the next client on, and can't be taken away" {
  local client
  user_add anna admin 'rain and sun'
  legacy_restart
  legacy_open client
  sed -i 's/^legacy_user: .*/legacy_user: anna/' "$DIR/sprinkled.yml"
  kill -HUP "$SERVER_PID"
  eventually file_has "$DIR/state/events.log" 'settings reloaded'
  run say "$LEGACY_PORT" 'rain and sun'
  assert_output --partial "$accepted"
  printf noop >&"$client"
  assert_equal "$(client_line "$client")" ok
  client_close "$client"
  sed -i '/^legacy_user/d' "$DIR/sprinkled.yml"
  kill -HUP "$SERVER_PID"
  eventually file_has "$DIR/state/events.log" 'settings not reloaded.*set legacy_user'
  run say "$LEGACY_PORT" 'rain and sun'
  assert_output --partial "$accepted"
  stop_server
}

@test "legacy+tls: inside TLS the same clients are served, beyond loopback too" {
  "$SPRINKLED_BUILD/sprinkled-cert" -c "$DIR/cert.pem" -k "$DIR/key.pem" localhost 127.0.0.1 >/dev/null
  printf 'tls_cert: %s\ntls_key: %s\n' "$DIR/cert.pem" "$DIR/key.pem" >>"$DIR/sprinkled.yml"
  run sprinkled_here -n -l legacy+tls@0.0.0.0:0
  assert_success
  restart_server -l legacy+tls@127.0.0.1:0
  run bash -c "printf 'secret\nclose' |
    timeout $WAIT_S openssl s_client -quiet -connect 127.0.0.1:$(server_port legacy+tls) 2>/dev/null"
  assert_output --regexp "^Accepted connection from: \('127\.0\.0\.1', [0-9]+\)handleClient .* RE: CLOSE$"
  stop_server
}
