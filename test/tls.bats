# A server inside TLS: what anybody's client sees of it. The client sprinkle's side is in
# trust.bats.

load lib/server
load lib/tls

setup_file() {
  start_tls_server -o log_level=debug -o min_switch=0
}

teardown_file() {
  stop_server
}

# failures: handshakes that failed, as gat counts them.
failures() {
  ask_json -u gat | jq 'select(.process == "totals") | .tls_failures'
}

failed_since() { # failed_since COUNT
  (($(failures) > $1))
}

logged() { # logged PATTERN
  grep -Eq -- "$1" "$DIR/state/events.log"
}

@test "openssl s_client: greeting, auth and commands as without TLS" {
  run tls_talk 'auth anna "rain and sun"' 'src 1' 'grs 1' 'sro 1' close
  assert_line --index 0 --regexp '^220 .*authenticate first'
  assert_line --index 1 --regexp '^230 Accepted connection from 127\.0\.0\.1:'
  assert_line --regexp '^200-Relay 1 .* is closed .*anna'
  assert_line --regexp '^221 '
  assert_pins_open
}

@test "protocols: TLS 1.2 and 1.3 are spoken" {
  run tls_talk -tls1_2 noop close
  assert_line --index 1 --regexp '^(200|530) '
  run tls_talk -tls1_3 noop close
  assert_line --index 1 --regexp '^(200|530) '
}

@test "protocols: TLS 1.1 is refused by the server" {
  run tls_talk -tls1_1 -cipher=DEFAULT:@SECLEVEL=0 noop close
  assert_output ''
  assert grep -q 'alert protocol version' "$DIR/s_client.err"
}

@test "clients: gat tells who came inside TLS" {
  tls_open client
  run ask -u gat
  assert_line --regexp "control\\+tls@127\\.0\\.0\\.1:$TLS_PORT"
  client_send "$client_IN" close
}

@test "lines: a thousand at once are answered one by one, in order" {
  local i
  run tls_talk 'auth vera "green hose"' "$(for ((i = 0; i < 1000; i++)); do
    echo "line$i"
  done)" close
  assert_equal "$(grep -o 'line[0-9]*' <<<"$output")" "$(printf 'line%d\n' {0..999})"
}

@test "replies: long ones come whole" {
  local i
  run tls_talk 'auth vera "green hose"' "$(for ((i = 0; i < 200; i++)); do echo help; done)" close
  assert_equal "$(grep -c '^200 ' <<<"$output")" 200
  assert [ "${#output}" -gt 500000 ]
}

@test "lines: the last one without an end counts after close_notify, and not when cut off" {
  # s_client says close_notify at its input's end, and is not always patient enough to be heard.
  closed_by_notify() {
    printf 'src 7' | s_client >/dev/null 2>&1
    pins_are 7
  }
  tls_folder
  rm "$DIR/users"
  restart_tls_server -o min_switch=0
  eventually closed_by_notify
  tls_open client
  printf 'noop\nsrc 6' >&"$client_IN"
  client_reply "$client" # so both have come
  kill -KILL "$client_PID"
  sessions_gone() { [[ -z $(worker_pids session) ]]; }
  eventually sessions_gone
  assert_pins 7
  stop_server
}

@test "events: come while nothing is asked" {
  tls_open client
  client_send "$client_IN" 'auth vera "green hose"'
  client_reply "$client"
  client_send "$client_IN" watch
  client_reply "$client"
  ask -u 'src 4' 'sro 4'
  run client_line "$client"
  assert_output --regexp '^299 '
  client_send "$client_IN" close
}

@test "handshake: no TLS at all is no client, and the log has libtls's words" {
  local before
  before=$(failures)
  run talk -p "$TLS_PORT" 'auth vera "green hose"' grs
  refute_output --regexp '220|230|530'
  eventually failed_since "$before"
  assert logged 'TLS handshake: .*(wrong version|http request|handshake)'
}

@test "handshake: a client that goes in the middle of it is counted" {
  local before
  before=$(failures)
  printf '\26\3\1\2\0\1\0\1' | timeout "$WAIT_S" nc -N 127.0.0.1 "$TLS_PORT"
  eventually failed_since "$before"
}

@test "handshake: a client that says nothing is cut off at login_grace, and pays for it" {
  start_tls_server -o login_grace=0.3s -o penalty_grace=1m
  local started
  started=$(clock_ms)
  run timeout "$WAIT_S" nc -d -s 127.0.0.2 127.0.0.1 "$TLS_PORT"
  assert_output ''
  assert [ $(($(clock_ms) - started)) -ge 300 ]
  eventually logged 'TLS handshake: not done in time'
  eventually logged 'audit penalty done .*from="127\.0\.0\.2"'
  stop_server
}

@test "login: a client that does not authenticate is cut off at login_grace, too" {
  start_tls_server -o login_grace=3s
  tls_open client
  run client_reply "$client"
  assert_output --regexp '^421 Closing: not authenticated in time'
  stop_server
}

@test "full: the client's connection is closed, since nothing can be said inside TLS" {
  start_tls_server -o max_clients=1
  tls_open client
  run tls_talk noop close
  assert_output ''
  eventually logged 'audit connection denied .*from="127\.0\.0\.1:.*1 clients are the limit'
  client_send "$client_IN" close
  client_drain "$client"
  stop_server
}

@test "ks: every client inside TLS gets 421, one in the handshake is let go" {
  start_tls_server
  local silent
  tls_open one
  tls_open two
  tls_open three
  exec {silent}<>"/dev/tcp/127.0.0.1/$TLS_PORT"
  run ask -u ks
  assert_line --regexp '^421 '
  for client in "$one" "$two" "$three"; do
    run client_drain "$client"
    assert_line --regexp '^421 Server is shutting down RE: ks by '
  done
  run client_drain "$silent"
  assert_output ''
  server_ended
}

@test "ks: from inside TLS ends the server" {
  start_tls_server
  run tls_talk 'auth anna "rain and sun"' ks
  assert_line --regexp '^421 '
  server_ended
}

# capture PORT COMMAND…: run the command with RECORDED_PORT, where every byte goes on to that port
# and back; all of them are in $CAPTURE.
capture() {
  CAPTURE=$BATS_TEST_TMPDIR/capture
  local ports=$BATS_TEST_TMPDIR/recorder.port
  rm -f "$ports"
  mkfifo "$ports"
  perl "$ROOT/test/lib/recorder.pl" "$1" "$CAPTURE" >"$ports" 3>&- 4>&- &
  read -r -t "$WAIT_S" RECORDED_PORT <"$ports"
  shift
  "$@"
  wait $!
}

@test "capture: inside TLS no password crosses the network, without TLS it does" {
  login_tls() {
    TLS_PORT=$RECORDED_PORT tls_talk 'auth anna "rain and sun"' close
  }
  login_plain() {
    talk -p "$RECORDED_PORT" 'auth anna "rain and sun"' close
  }
  capture "$TLS_PORT" login_tls >"$BATS_TEST_TMPDIR/said"
  assert grep -q '^230 ' "$BATS_TEST_TMPDIR/said"
  assert [ "$(wc -c <"$CAPTURE")" -gt 500 ]
  run grep -aEc 'rain|anna|auth' "$CAPTURE"
  assert_output 0
  capture "$PORT" login_plain >"$BATS_TEST_TMPDIR/said"
  assert grep -q '^230 ' "$BATS_TEST_TMPDIR/said"
  run grep -aEc 'auth anna "rain and sun"' "$CAPTURE"
  assert_output 1
}

# held PATTERN PID…: descriptors of these processes whose file's name has it.
held() {
  local pattern=$1
  shift
  find "${@/*/\/proc\/&\/fd}" -lname "*$pattern*"
}

# bats test_tags=root
@test "key: no session has it open, inside TLS once it has shaken hands" {
  [[ $EUID == 0 ]] || skip 'only root can look into a session inside TLS'
  local plain workers
  tls_open client
  client_open plain
  mapfile -t workers < <(worker_pids session)
  assert_equal "${#workers[@]}" 2
  run held tls_ "${workers[@]}" "$(worker_pids keeper)"
  assert_success
  assert_output ''
  run held tls_key "$SERVER_PID"
  assert [ -n "$output" ]
  client_close "$plain"
  client_send "$client_IN" close
}

@test "session: inside TLS it is confined as any, before the client's first byte" {
  local session silent
  tls_open client
  session=$(ask_json -u gat | jq 'select(.service == "control+tls") | .pid')
  run cat "/proc/$session/status"
  assert_line --regexp '^Seccomp:[[:space:]]+2$'
  assert_line --regexp '^NoNewPrivs:[[:space:]]+1$'
  assert_equal "$(cat "/proc/$session/comm")" sprinkled-tls
  exec {silent}<>"/dev/tcp/127.0.0.1/$TLS_PORT"
  confined() {
    for session in $(worker_pids session); do
      grep -Eq '^Seccomp:[[:space:]]+2$' "/proc/$session/status" || return 1
    done
    [[ $(worker_pids session | wc -l) == 2 ]]
  }
  eventually confined
  client_close "$silent"
  client_send "$client_IN" close
}

@test "session: one that crashes inside TLS touches nobody else" {
  tls_open client
  run tls_talk 'auth anna "rain and sun"' ge
  eventually logged 'session .* died: signal 6'
  client_send "$client_IN" noop
  run client_reply "$client"
  assert_output --regexp '^(200|530) '
  client_send "$client_IN" close
}

@test "supervisor: killed, it takes the sessions inside TLS with it" {
  local session keeper
  start_tls_server
  tls_open client
  session=$(worker_pids session)
  keeper=$(worker_pids keeper)
  kill -KILL "$SERVER_PID"
  eventually not process_alive "$session"
  eventually not process_alive "$keeper"
  rm -f "$SOCKET" "$DIR/run/sprinkled.pid"
  server_ended 137
}

@test "start: without a certificate there is none, and it says what makes one" {
  tls_folder
  rm "$DIR/cert.pem"
  run sprinkled_here -f -l control+tls@127.0.0.1:0
  assert_failure 1
  assert_output --partial "tls_cert: $DIR/cert.pem: No such file or directory; sprinkled-cert(8)"
  run sprinkled_here -n -l control+tls@127.0.0.1:0
  assert_failure 1
  assert_output --partial 'sprinkled-cert(8)'
  run sprinkled_here -n -l control@127.0.0.1:0
  assert_success
}

@test "start: a key of another certificate is refused" {
  tls_folder
  "$SPRINKLED_BUILD/sprinkled-cert" -c "$DIR/other.pem" -k "$DIR/other-key.pem" localhost
  run sprinkled_here -f -l control+tls@127.0.0.1:0 -o "tls_key=$DIR/other-key.pem"
  assert_failure 1
  assert_output --regexp 'tls_cert: .* with tls_key .*/other-key\.pem: .*key.*; sprinkled-cert'
  run sprinkled_here -n -l control+tls@127.0.0.1:0 -o "tls_key=$DIR/other-key.pem"
  assert_failure 1
}

@test "start: what is no certificate, or no key, is refused" {
  tls_folder
  echo nonsense >"$DIR/nonsense"
  chmod 600 "$DIR/nonsense"
  run sprinkled_here -n -l control+tls@127.0.0.1:0 -o "tls_cert=$DIR/nonsense"
  assert_failure 1
  assert_output --partial 'certificate'
  run sprinkled_here -n -l control+tls@127.0.0.1:0 -o "tls_key=$DIR/nonsense"
  assert_failure 1
  assert_output --partial 'key'
}

@test "start: a key that others can read is refused" {
  tls_folder
  chmod 644 "$DIR/key.pem"
  run sprinkled_here -n -l control+tls@127.0.0.1:0
  assert_failure 1
  assert_output --partial 'mode 0644 is too open'
}

fingerprint() { # of the certificate that the server shows
  s_client </dev/null 2>/dev/null | openssl x509 -noout -fingerprint -sha256
}

fingerprint_is_not() {
  local now
  now=$(fingerprint) && [[ -n $now && $now != "$1" ]]
}

@test "SIGHUP: a new certificate is shown to the next client" {
  start_tls_server
  local old
  old=$(fingerprint)
  tls_open client
  "$SPRINKLED_BUILD/sprinkled-cert" -f -c "$DIR/cert.pem" -k "$DIR/key.pem" localhost
  kill -HUP "$SERVER_PID"
  eventually fingerprint_is_not "$old"
  client_send "$client_IN" noop
  run client_reply "$client"
  assert_output --regexp '^(200|530) '
  stop_server
}

@test "SIGHUP: a pair that is wrong changes nothing, and the log says so" {
  start_tls_server
  local old
  old=$(fingerprint)
  echo nonsense >"$DIR/cert.pem"
  kill -HUP "$SERVER_PID"
  eventually logged 'certificate and key stay as they were: .*cert\.pem'
  assert_equal "$(fingerprint)" "$old"
  stop_server
}

# bats test_tags=root
@test "root: the key is read before the server becomes its user, who can't" {
  [[ $EUID == 0 ]] || skip 'only root can become another user'
  tls_folder
  chmod 755 "$DIR" "$BATS_RUN_TMPDIR"
  chown root "$DIR/key.pem"
  chmod 600 "$DIR/key.pem"
  chgrp nogroup "$DIR/users" "$DIR/pins" 2>/dev/null || chgrp nogroup "$DIR/users"
  install -o nobody -m 644 /dev/null "$DIR/pins"
  restart_tls_server -o user=nobody -o group=nogroup
  assert_equal "$(ps -o user= -p "$SERVER_PID")" nobody
  # What can't be dumped or looked into belongs to root, whoever it runs as.
  tls_open client
  assert_equal "$(stat -c %U "/proc/$(worker_pids session)/environ")" root
  client_send "$client_IN" close
  run tls_talk 'auth vera "green hose"' noop close
  assert_line --regexp '^230 '
  kill -HUP "$SERVER_PID"
  eventually logged 'certificate and key stay as they were: tls_key: .*Permission denied'
  run tls_talk 'auth vera "green hose"' noop close
  assert_line --regexp '^230 '
  stop_server
}
