# The client sprinkle inside TLS: whom it trusts, and that all of it works as without.

load lib/server
load lib/tls
load lib/terminal
bats_require_minimum_version 1.5.0

setup_file() {
  start_tls_server -o min_switch=0
}

teardown_file() {
  stop_server
}

setup() {
  export HOME=$BATS_TEST_TMPDIR SPRINKLE_PASSWORD_FILE=$BATS_TEST_TMPDIR/password
  KNOWN=$HOME/.config/sprinkle/known_hosts
  unset XDG_CONFIG_HOME XDG_STATE_HOME NO_COLOR TMUX
  echo 'rain and sun' >"$SPRINKLE_PASSWORD_FILE"
  chmod 600 "$SPRINKLE_PASSWORD_FILE"
}

teardown() {
  terminal_kill
  servers_kill
}

# sprinkle ARGUMENT…: inside TLS, without a terminal to ask at.
sprinkle() {
  timeout "$WAIT_S" setsid -w "$SPRINKLE" -T -p "$TLS_PORT" "$@" </dev/null
}

# anna ARGUMENT…: the same as admin, and whatever server is trusted.
anna() {
  sprinkle --accept-new -u anna "$@"
}

shown_fingerprint() { # shown_fingerprint [CERTIFICATE]
  "$SPRINKLED_BUILD/sprinkled-cert" -s -c "${1:-$DIR/cert.pem}" | head -n 1
}

# known_hosts: standard input becomes the file.
known_hosts() {
  mkdir -p "${KNOWN%/*}"
  cat >"$KNOWN"
}

# certificate_of_time FROM TO: a certificate of the server's key that is good then, YYYYMMDD.
certificate_of_time() {
  local ca=$BATS_TEST_TMPDIR/ca
  mkdir "$ca"
  : >"$ca/index"
  cat >"$ca/config" <<CONFIG
[ca]
default_ca = here
[here]
new_certs_dir = $ca
database = $ca/index
rand_serial = yes
default_md = sha256
policy = any
[any]
commonName = supplied
CONFIG
  openssl req -new -key "$DIR/key.pem" -subj /CN=localhost -out "$ca/request"
  openssl ca -batch -config "$ca/config" -selfsign -keyfile "$DIR/key.pem" -in "$ca/request" \
    -startdate "${1}000000Z" -enddate "${2}000000Z" -notext -out "$DIR/cert.pem" 2>"$ca/said"
}

@test "first use: without a terminal an unknown certificate is refused, with its fingerprint" {
  run --separate-stderr sprinkle noop
  assert_failure 3
  assert_output ''
  assert_regex "$stderr" "127\\.0\\.0\\.1:$TLS_PORT: its certificate is not known here"
  assert_regex "$stderr" "$(shown_fingerprint)"
  refute [ -e "$KNOWN" ]
}

@test "first use: --accept-new remembers the certificate, in a file of the user's alone" {
  run sprinkle --accept-new -u anna grs
  assert_success
  assert_line --index 0 --regexp '^Relay 1 '
  assert_equal "$(cat "$KNOWN")" "127.0.0.1:$TLS_PORT $(shown_fingerprint)"
  assert_equal "$(stat -c %a "$KNOWN" "${KNOWN%/*}")" $'600\n700'
  run sprinkle -u anna grs
  assert_success
}

# tls_at_terminal ARGUMENT…: the client at a terminal; its exit status is shown when it ends.
tls_at_terminal() {
  local command
  terminal_environment
  command=$(printf '%q ' "$SPRINKLE" -T -p "$TLS_PORT" "$@")
  terminal new-session -d -x 100 -y 24 "$command; echo \"status \$?\"; exec sleep 600"
}

asked_at_terminal() {
  tls_at_terminal "$@"
  assert_screen 'Trust and remember it'
  assert_screen "$(shown_fingerprint)"
}

@test "first use: at a terminal yes remembers the certificate" {
  asked_at_terminal -u anna noop
  type_keys yes Enter
  assert_screen 'status 0'
  assert_equal "$(cat "$KNOWN")" "127.0.0.1:$TLS_PORT $(shown_fingerprint)"
}

@test "first use: at a terminal the right fingerprint does, too, and anything else does not" {
  asked_at_terminal -u anna noop
  type_keys y Enter
  assert_screen 'is not trusted'
  assert_screen 'status 3'
  refute [ -e "$KNOWN" ]
  terminal_end
  asked_at_terminal -u anna noop
  type_keys "$(shown_fingerprint)" Enter
  assert_screen 'status 0'
}

@test "changed certificate: is refused loudly, with both fingerprints and what to do" {
  local old
  start_tls_server
  anna noop
  old=$(shown_fingerprint)
  stop_server
  "$SPRINKLED_BUILD/sprinkled-cert" -f -c "$DIR/cert.pem" -k "$DIR/key.pem" localhost 127.0.0.1
  restart_server -l "control+tls@127.0.0.1:$TLS_PORT"
  run --separate-stderr anna noop
  assert_failure 3
  assert_output ''
  assert_regex "$stderr" "WARNING: THE CERTIFICATE OF 127\\.0\\.0\\.1:$TLS_PORT HAS CHANGED"
  assert_regex "$stderr" "remembered: $old"
  assert_regex "$stderr" "shown now:  $(shown_fingerprint)"
  run grep -o 'sed -i .*' <<<"$stderr"
  assert_success
  eval "$output" # as the user is told
  run anna noop
  assert_success
  stop_server
}

@test "changed certificate: watch --follow gives up" {
  start_tls_server
  echo "127.0.0.1:$TLS_PORT SHA256:$(printf '0%.0s' {1..64})" | known_hosts
  run anna watch --follow
  assert_failure 3
  assert_output --partial 'HAS CHANGED'
  stop_server
}

@test "expired certificate: is refused, new or known" {
  tls_folder
  certificate_of_time 20200101 20200102
  restart_tls_server
  run anna noop
  assert_failure 3
  assert_output --partial 'its certificate has expired on 2020-01-02 00:00:00 UTC'
  refute [ -e "$KNOWN" ]
  echo "127.0.0.1:$TLS_PORT $(shown_fingerprint)" | known_hosts
  run anna noop
  assert_failure 3
  assert_output --partial 'has expired'
  run sprinkle --ca "$DIR/cert.pem" -u anna noop
  assert_failure 3
  assert_output --partial 'expired'
  stop_server
}

@test "certificate of a time to come: is refused" {
  tls_folder
  certificate_of_time 21200101 21300101
  restart_tls_server
  run anna noop
  assert_failure 3
  assert_output --partial 'is not good before 2120-01-01 00:00:00 UTC'
  stop_server
}

@test "--ca: a certificate that the authority vouches for is trusted, and not remembered" {
  run sprinkle --ca "$DIR/cert.pem" -u anna noop
  assert_success
  refute [ -e "$KNOWN" ]
  run sprinkle -H localhost --ca "$DIR/cert.pem" -u anna noop
  assert_success
}

@test "--ca: another authority's certificate is refused" {
  "$SPRINKLED_BUILD/sprinkled-cert" -c "$BATS_TEST_TMPDIR/other.pem" \
    -k "$BATS_TEST_TMPDIR/other-key.pem" localhost 127.0.0.1
  run sprinkle --ca "$BATS_TEST_TMPDIR/other.pem" -u anna noop
  assert_failure 3
  assert_output --partial 'certificate verification failed'
}

@test "--ca: a certificate for another name is refused" {
  run sprinkle -H ::ffff:127.0.0.1 --ca "$DIR/cert.pem" -u anna noop
  assert_failure 3
  assert_output --partial 'not present in server certificate'
}

@test "--ca: a file that is missing, or no certificate, is a usage error" {
  run sprinkle --ca "$BATS_TEST_TMPDIR/none" noop
  assert_failure 2
  assert_output --partial 'No such file'
  run sprinkle --ca "$SPRINKLE_PASSWORD_FILE" noop
  assert_failure 2
  assert_output --partial "$SPRINKLE_PASSWORD_FILE"
}

@test "known_hosts: a line that is none is told by file and number" {
  known_hosts <<<$'# mine\nlocalhost:1 SHA256:0 more'
  run anna noop
  assert_failure 2
  assert_output --partial "$KNOWN:2: two columns are needed"
}

@test "options: --accept-new and --ca go with TLS only, and not together" {
  run "$SPRINKLE" -p "$PORT" --accept-new noop
  assert_failure 2
  run "$SPRINKLE" -p "$PORT" --ca "$DIR/cert.pem" noop
  assert_failure 2
  run sprinkle --accept-new --ca "$DIR/cert.pem" noop
  assert_failure 2
}

@test "places: i goes to the router's address of the hosts file, inside TLS" {
  mkdir -p "$HOME/.config/sprinkle"
  echo "garden $TLS_PORT 192.0.2.1 127.0.0.1 rain" >"$HOME/.config/sprinkle/hosts"
  chmod 600 "$HOME/.config/sprinkle/hosts"
  run setsid -w "$SPRINKLE" --accept-new -u anna i grs 1
  assert_success
  assert_output --regexp '^Relay 1 '
  run setsid -w "$SPRINKLE" -u anna garden i grs 1
  assert_success
  echo "shed $TLS_PORT 192.0.2.1 - -" >"$HOME/.config/sprinkle/hosts"
  run setsid -w "$SPRINKLE" -u anna i shed grs
  assert_failure 2
  assert_output --partial 'shed has no router address in the hosts file'
}

@test "no TLS there: both ways of mixing it up are told" {
  run --separate-stderr setsid -w "$SPRINKLE" -T -p "$PORT" noop
  assert_failure 3
  assert_regex "$stderr" 'no TLS came about: .*listener with \+tls'
  run --separate-stderr timeout "$WAIT_S" "$SPRINKLE" -p "$TLS_PORT" noop
  assert_failure 3
  assert_regex "$stderr" 'inside TLS \(-T\)'
}

@test "full: the client is told what may be the matter" {
  local held
  start_tls_server -o max_clients=1
  client_open held
  run anna noop
  assert_failure 3
  assert_output --partial 'A server that is full closes, too.'
  client_close "$held"
  stop_server
}

@test "batch: many lines, and replies longer than a record" {
  local i
  for ((i = 0; i < 200; i++)); do
    echo help
    echo noop
  done >"$BATS_TEST_TMPDIR/lines"
  run timeout "$WAIT_S" "$SPRINKLE" -T -p "$TLS_PORT" --accept-new -u anna \
    <"$BATS_TEST_TMPDIR/lines"
  assert_success
  assert_equal "$(grep -c '^ok$' <<<"$output")" 200
  assert [ "${#output}" -gt 400000 ]
}

@test "batch: a server that goes is told at once" {
  local input client status=0
  start_tls_server
  mkfifo "$BATS_TEST_TMPDIR/input"
  timeout "$WAIT_S" "$SPRINKLE" -T -p "$TLS_PORT" --accept-new -u anna \
    <"$BATS_TEST_TMPDIR/input" >"$BATS_TEST_TMPDIR/said" 2>&1 3>&- 4>&- &
  client=$!
  exec {input}>"$BATS_TEST_TMPDIR/input"
  echo noop >&"$input"
  eventually grep -q '^ok$' "$BATS_TEST_TMPDIR/said"
  ask -u ks
  wait "$client" || status=$?
  assert_equal "$status" 3
  assert grep -q 'Server is shutting down RE: ks' "$BATS_TEST_TMPDIR/said"
  server_ended
}

@test "watch: events come as they happen" {
  timeout "$WAIT_S" "$SPRINKLE" -T -p "$TLS_PORT" --accept-new -u anna watch \
    >"$BATS_TEST_TMPDIR/said" 3>&- 4>&- &
  local watcher=$!
  watching() { ask_json -u gat | grep -q '"command":"watch"'; }
  eventually watching
  ask -u 'src 5' 'sro 5'
  eventually grep -q 'elay 5' "$BATS_TEST_TMPDIR/said"
  kill "$watcher"
  wait "$watcher" || true
}

@test "ks: through TLS ends the server, and is no failure" {
  start_tls_server
  run anna ks
  assert_success
  server_ended
}

@test "prompt: lines are answered, and events shown while nothing is typed" {
  anna noop
  tls_at_terminal -u anna
  assert_last_line 'localhost>'
  type_keys 'grs 3' Enter
  assert_screen '^3 +13 '
  type_keys watch Enter
  assert_screen '^ok|watch'
  ask -u 'src 6'
  assert_screen 'elay 6 .*closed'
  ask -u 'sro 6'
  type_keys C-d
  assert_screen 'status 0'
}

@test "top: relays are shown, and change by events" {
  anna noop
  tls_at_terminal -u anna top
  assert_screen '^ +3 +open'
  ask -u 'src 3'
  assert_screen '^ +3 +closed'
  ask -u 'sro 3'
  type_keys q
  assert_screen 'status 0'
}
