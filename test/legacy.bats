# The service for the clients of the Python program: golden transcripts, and its clients' ways.

load lib/server
load lib/legacy
load lib/faults

setup_file() {
  legacy_server admin
}

teardown_file() {
  stop_server
}

# A transcript leaves relays closed.
teardown() {
  heal
  if process_alive "$SERVER_PID"; then
    ask -u 'sro all' >/dev/null
    eventually pins_open
  fi
  servers_kill
}

@test "transcript: a conversation, with menu, relays and goodbye" {
  replay conversation
}

@test "transcript: the password comes first, and a wrong one ends it" {
  replay password
}

@test "transcript: what is one message, what are several" {
  replay messages
}

@test "transcript: arguments, and commands that make no sense" {
  replay arguments
}

@test "transcript: with other clients about, each hears the same" {
  local watcher idle i replays=()
  client_open watcher
  client_ask "$watcher" 'auth legacy secret' >/dev/null
  client_ask "$watcher" watch >/dev/null
  legacy_open idle
  for i in 1 2 3; do
    replay messages 3>&- &
    replays+=($!)
  done
  replay conversation
  for i in "${replays[@]}"; do
    wait "$i"
  done
  client_close "$watcher"
  client_close "$idle"
}

@test "transcript: the forms of rlf and ref" {
  legacy_server admin
  replay logs
  stop_server
}

@test "transcript: profiles, from the Python program's file" {
  legacy_folder admin
  # Half a day from now no window is near, whenever this runs.
  sed "s/1200/$(date -d '12 hours' +%-H%M)/" "$ROOT/test/legacy/config.yml" >"$DIR/profiles.yml"
  legacy_restart
  replay profiles
  stop_server
}

@test "transcript: a viewer may look" {
  legacy_server viewer
  replay viewer
  stop_server
}

@test "transcript: ks, three clients and one of control" {
  legacy_server admin
  replay ks
  server_ended
}

@test "transcript: rbt, likewise, and then its command runs" {
  legacy_server admin
  replay rbt
  server_ended
  eventually test -e "$DIR/rebooted"
}

@test "transcript: ks of a control client is heard, too" {
  legacy_server admin
  replay control-ks
  server_ended
}

@test "SIGTERM: the clients hear an end that they know, and the reason" {
  local client
  legacy_server admin
  legacy_open client
  kill -TERM "$SERVER_PID"
  run client_drain "$client"
  assert_output --regexp "^server set loop break for \('127\.0\.0\.1', [0-9]+\) RE: ks \(signal\)$"
  client_close "$client"
  server_ended
}

# The whole answer, by a client that waits for the connection's end.
whole_answer() {
  printf '%s\n' secret "$1" | timeout "$WAIT_S" nc -N 127.0.0.1 "$LEGACY_PORT" |
    sed "1s/^Accepted connection from: ('127.0.0.1', [0-9]*)//"
}

# A server with profiles and a long log.
talkative_server() {
  legacy_folder admin
  cp "$ROOT/test/legacy/config.yml" "$DIR/profiles.yml"
  legacy_restart
  printf 't1 all\n%.0s' {1..300} | timeout "$WAIT_S" nc -N -U "$SOCKET" >/dev/null
}

@test "bursts: a client that waits for 10 ms has the whole answer" {
  local message
  talkative_server
  for message in m grs help next; do
    run whole_answer "$message"
    assert [ -n "$output" ]
    assert_equal "$(old_client "$message")" "$output"
  done
  run old_client 'rlf 50'
  assert_line '50 lines'
  assert_equal "${#lines[@]}" 51
  stop_server
}

@test "bursts: an answer is one write, however long" {
  local client
  talkative_server
  legacy_open client
  trace "$(newest_session)" sendto
  printf 'm' >&"$client"
  read_until "$client" 'Generate Error'
  printf 'next 500' >&"$client"
  read_until "$client" '^500 switchings'
  printf 'rlf 1000' >&"$client"
  read_until "$client" '^1000 lines'
  heal
  run grep -c '^sendto.*MSG_NOSIGNAL' "$FAULTS"
  assert_output 3
  client_close "$client"
  stop_server
}

@test "bursts: an update's output comes when it has ended" {
  local client
  legacy_folder admin
  mkfifo "$DIR/more"
  legacy_restart -o "update_command=echo one; cat $DIR/more; echo three"
  old_client us >"$DIR/answer" 3>&- &
  client=$!
  eventually pgrep -f "^cat $DIR/more\$" >/dev/null
  for _ in {1..5}; do
    pause # longer than the client's patience, had anything come
  done
  echo two >"$DIR/more"
  wait "$client"
  assert_equal "$(<"$DIR/answer")" $'one\ntwo\nthree\nupdated'
  stop_server
}

# The pid of the session that serves the newest legacy client.
newest_session() {
  ask_json -u gat | jq -s '[.[] | select(.service == "legacy")] | max_by(.client).pid'
}

read_until() { # read_until FD PATTERN
  local line
  while IFS= read -r -t "$WAIT_S" -u "$1" line; do
    [[ ! $line =~ $2 ]] || return 0
  done
  echo "no line has: $2" >&2
  return 1
}

process_stopped() {
  grep -q '^State:[[:space:]]*T' "/proc/$1/status"
}

# bytes_wait COUNT: so many lie at the server's side of the connection, unread.
bytes_wait() {
  [[ $(ss -Htn state established "sport = :$LEGACY_PORT" | awk '{ sum += $1 } END { print sum }') == "$1" ]]
}

@test "messages: what the network ran together is parted by newlines only" {
  local client pid message
  legacy_open client
  pid=$(newest_session)
  kill -STOP "$pid"
  eventually process_stopped "$pid"
  for message in noop noop '\n' 'noop\r\n' 'noop'; do
    printf %b "$message" >&"$client"
  done
  eventually bytes_wait 19
  kill -CONT "$pid"
  assert_equal "$(client_line "$client")" 'Invalid commandok'
  assert_equal "$(client_line "$client")" ok
  client_close "$client"
}

@test "clients: twenty at once, none mixed up" {
  local i clients=()
  legacy_server admin
  for i in {1..20}; do
    old_client "help $i" >"$BATS_TEST_TMPDIR/$i" 3>&- &
    clients+=($!)
  done
  for i in "${clients[@]}"; do
    wait "$i"
  done
  for i in {1..20}; do
    assert_equal "$(<"$BATS_TEST_TMPDIR/$i")" "no such command: $i; usage: help [COMMAND]"
  done
  stop_server
}

@test "clients: gat and the slots tell of them" {
  local client
  legacy_open client
  run ask_json -u gat
  assert_line --regexp '"service":"legacy","user":"legacy","role":"admin"'
  client_close "$client"
}

@test "hang-ups: at any moment, nothing is left and little is logged" {
  local i
  legacy_server admin
  for i in '' sec secret 'secret\ngrs\nm\nm' "secret\n$(printf '%02000d' 7)"; do
    (exec 5<>"/dev/tcp/127.0.0.1/$LEGACY_PORT" && printf '%b' "$i" >&5)
  done
  eventually none_left
  assert [ "$(wc -l <"$DIR/server.err")" -lt 40 ]
  stop_server
}

none_left() {
  [[ -z $(worker_pids session) ]]
}

@test "ge: the session's crash touches no other client" {
  local client other
  legacy_server admin
  legacy_open other
  legacy_open client
  printf ge >&"$client"
  run client_drain "$client"
  assert_output ''
  printf noop >&"$other"
  assert_equal "$(client_line "$other")" ok
  client_close "$client"
  client_close "$other"
  stop_server
}

@test "logs: no byte that a client sent gets there raw" {
  old_client $'help \e]0;owned\a' >/dev/null
  old_client $'no\x01\x02\xff' >/dev/null
  refute grep -q -P '[\x00-\x08\x0b-\x1f\x7f]' "$DIR/server.err" "$DIR/state/events.log"
}

@test "menu: a client with buttons finds each command's sort in its words" {
  run old_client m
  awk '/===/ { group = $2; next }
    { words = $0; sub(/^ *[a-z0-9]+ +- +/, "", words); print group, words }' <<<"$output" \
    >"$BATS_TEST_TMPDIR/words"
  assert [ "$(grep -c '^GET ' "$BATS_TEST_TMPDIR/words")" -ge 10 ]
  run grep -vE '^(GET .*\<Get\>|SET .*\<Set\>|FILE .*\<File\>|TEST .*\<Test\>|OTHER )' \
    "$BATS_TEST_TMPDIR/words"
  assert_output ''
  run grep -E '^OTHER .*\<(Get|Set|File|Test)\>' "$BATS_TEST_TMPDIR/words"
  assert_output ''
}

@test "src: what has to wait or is refused is told at once, in plain words" {
  legacy_server admin -o min_switch=10s -o supply_va=20 -o inrush_va=14.4 -o hold_va=4.8
  run old_client 'src 1' 'sro 1'
  assert_output --regexp '^Relay 1 .* is closed and will be open at 20.*min_switch'
  run old_client 'src 2 3 4'
  assert_line --regexp '^Relay [34] .* is open'
  refute_line --regexp '^[0-9]{3}[- ]'
  stop_server
}

@test "grs: an alarm stands in the answer" {
  legacy_server admin -o "sim_fault=stuck=1:open"
  old_client 'src 1' >/dev/null
  run old_client grs
  assert_line 'ALARM: a line does not follow'
  stop_server
}
