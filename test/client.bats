# The client sprinkle as scripts use it: single commands, pipes, JSON, exit statuses, and what it
# says when it can't.

load lib/server
load lib/sprinkle
bats_require_minimum_version 1.5.0

setup_file() {
  start_server -o min_switch=0
}

teardown_file() {
  stop_server
}

setup() {
  sprinkle_environment
}

# sprinkle ARGUMENT…: with the server's Unix socket.
sprinkle() {
  timeout "$WAIT_S" "$SPRINKLE" -s "$SOCKET" "$@"
}

@test "one-shot: prints the answer without codes, and exits with 0" {
  run --separate-stderr sprinkle grs
  assert_success
  assert_line --index 0 --regexp '^Relay 1 \(GPIO5 on pin 29.*\) is open'
  assert_line --index 7 --regexp '^Relay 8 '
  assert_equal "$stderr" ''
}

@test "one-shot: the words of the command line are one command" {
  run sprinkle src 3 for 10m
  assert_success
  assert_line --regexp '^Relay 3 .* is closed until '
  assert_pins 3
  run sprinkle sro 3
  assert_success
  assert_pins_open
}

@test "one-shot: a word with blanks stays one word, an empty one stays there" {
  run sprinkle help 'no such'
  assert_failure 1
  assert_output --partial 'no such command: no such'
  run sprinkle auth '' x
  assert_failure 4
}

@test "one-shot: what no line can carry is refused before it is sent" {
  run sprinkle help 'a"b'
  assert_failure 2
  run sprinkle help $'a\nks'
  assert_failure 2
  run sprinkle help "$(printf 'x%.0s' {1..1100})"
  assert_failure 2
  assert_output --partial 'longer than 1023 bytes'
}

@test "exit status: 1 for a refused command, which is told on standard error" {
  run --separate-stderr sprinkle grs 99
  assert_failure 1
  assert_output ''
  [[ $stderr == 'sprinkle: relay 9 does not exist'*'usage: grs'* ]]
  run --separate-stderr sprinkle nosuch
  assert_failure 1
  [[ $stderr == *'no such command: nosuch'* ]]
}

@test "exit status: 2 for wrong options, with the usage" {
  run sprinkle -x
  assert_failure 2
  assert_output --partial 'usage: sprinkle '
  run "$SPRINKLE" -s /x -H localhost grs
  assert_failure 2
  assert_output --partial 'usage: sprinkle '
}

@test "exit status: 3 when nobody listens, with the address, the reason and what to do" {
  run "$SPRINKLE" -s "$BATS_TEST_TMPDIR/none.sock" grs
  assert_failure 3
  assert_line --index 0 \
    "sprinkle: can't connect to $BATS_TEST_TMPDIR/none.sock: No such file or directory"
  assert_line --index 1 --partial 'Is sprinkled running here?'
  run "$SPRINKLE" -H 127.0.0.1 -p 1 grs
  assert_failure 3
  assert_line --index 0 "sprinkle: can't connect to 127.0.0.1 (127.0.0.1:1: Connection refused)"
  assert_line --index 1 --partial 'Is sprinkled running there?'
}

@test "exit status: 3 for a host that has no address" {
  run "$SPRINKLE" -H no-such-host.invalid grs
  assert_failure 3
  assert_line --index 0 --partial "can't find no-such-host.invalid, port 5050: "
}

@test "exit status: 4 for what the role may not" {
  run "$SPRINKLE" -H 127.0.0.1 -p "$PORT" clf
  assert_failure 4
  assert_output --partial 'admin'
}

@test "-q: prints failures only" {
  run sprinkle -q grs
  assert_success
  assert_output ''
  run sprinkle -q grs 99
  assert_failure 1
  assert_output --partial 'relay 9 does not exist'
}

@test "-j: one array of the reply's objects" {
  run --separate-stderr sprinkle -j grs
  assert_success
  assert_equal "$(jq length <<<"$output")" 8
  assert_equal "$(jq -r '.[2] | "\(.relay) \(.line) \(.pin) \(.state)"' <<<"$output")" '3 13 33 open'
}

@test "-j: an empty array where there are no objects, and failures as text on standard error" {
  run --separate-stderr sprinkle -j noop
  assert_success
  assert_output '[]'
  run --separate-stderr sprinkle -j nosuch
  assert_failure 1
  assert_output '[]'
  [[ $stderr == 'sprinkle: no such command: nosuch'* ]]
}

@test "options: each has a long name" {
  run timeout "$WAIT_S" "$SPRINKLE" --socket "$SOCKET" --json --quiet grs
  assert_success
  assert_output ''
  run timeout "$WAIT_S" "$SPRINKLE" --host 127.0.0.1 --port "$PORT" --json grs 3
  assert_success
  assert_equal "$(jq -r '.[0].relay' <<<"$output")" 3
  run "$SPRINKLE" --socket
  assert_failure 2
}

@test "-h and -V: help and version on standard output" {
  run --separate-stderr "$SPRINKLE" -h
  assert_success
  assert_line --index 0 --partial 'usage: sprinkle '
  run "$SPRINKLE" -V
  assert_success
  assert_output --regexp '^sprinkle [0-9]+\.[0-9]+'
}

@test "a full disk is no success" {
  run bash -c "'$SPRINKLE' -s '$SOCKET' grs >/dev/full"
  assert_failure
  assert_output --partial 'No space left on device'
}

@test "pipe: one command a line, comments and empty lines left out, a last line without an end" {
  run --separate-stderr sprinkle < <(printf '# relays\n\nsrc 2\n  grs 2\nsro 2')
  assert_success
  assert_line --index 0 --regexp '^Relay 2 .* is closed'
  assert_line --index 2 --regexp '^Relay 2 .* is closed'
  assert_line --index 4 --regexp '^Relay 2 .* is open'
  assert_pins_open
}

@test "pipe: goes on after a refused command, and exits with the gravest status" {
  run --separate-stderr sprinkle < <(printf 'nosuch\nnoop\n')
  assert_failure 1
  assert_output ok
  run "$SPRINKLE" -H 127.0.0.1 -p "$PORT" < <(printf 'clf\nnosuch\nnoop\n')
  assert_failure 4
}

@test "pipe: -j prints an array for each command" {
  run sprinkle -j < <(printf 'grs 1\nnoop\ngrs 2 3\n')
  assert_success
  assert_equal "$(jq -c '[.[].relay]' <<<"$output" | paste -sd ' ')" '[1] [] [2,3]'
}

@test "pipe: lines that no server could read are told and left out" {
  run sprinkle < <(printf 'a\0b\n\xff\n%01100d\nnoop\n' 0)
  assert_failure 1
  assert_output --partial 'NUL'
  assert_output --partial 'UTF-8'
  assert_output --partial '1024'
  assert_line ok
}

@test "pipe: what comes after a goodbye is not sent, and that is told" {
  run sprinkle < <(printf 'close\n')
  assert_success
  run sprinkle < <(printf 'close\ngrs\n')
  assert_failure 3
  assert_output --partial 'not everything was sent'
}

@test "pipe: a server that ends is noticed while no command comes" {
  printf '220 sprinkled 9.9 ready\n<\n200 ok\n421 Server is shutting down RE: signal\n' \
    >"$BATS_TEST_TMPDIR/script"
  fake_server "$BATS_TEST_TMPDIR/script"
  mkfifo "$BATS_TEST_TMPDIR/in"
  timeout "$WAIT_S" "$SPRINKLE" -H 127.0.0.1 -p "$FAKE_PORT" <"$BATS_TEST_TMPDIR/in" \
    >"$BATS_TEST_TMPDIR/out" 2>&1 3>&- &
  local client=$! status=0
  exec {in}>"$BATS_TEST_TMPDIR/in"
  echo noop >&"$in"
  wait "$client" || status=$?
  exec {in}>&-
  assert_equal "$status" 3
  run cat "$BATS_TEST_TMPDIR/out"
  assert_line --index 0 ok
  assert_line --index 1 --partial 'Server is shutting down RE: signal'
}

@test "watch: events as they come, one line each; in JSON one object a line" {
  mkfifo "$BATS_TEST_TMPDIR/events" "$BATS_TEST_TMPDIR/objects"
  sprinkle watch >"$BATS_TEST_TMPDIR/events" 3>&- &
  local text=$!
  sprinkle -j watch >"$BATS_TEST_TMPDIR/objects" 3>&- &
  local json=$! events objects line
  exec {events}<"$BATS_TEST_TMPDIR/events" {objects}<"$BATS_TEST_TMPDIR/objects"
  eventually watchers_are 2
  sprinkle -q src 4
  until [[ ${line:-} == *'Relay 4 '*' is closed'* ]]; do
    read -r -t "$WAIT_S" -u "$events" line
  done
  until [[ $(jq -r 'select(.event == "relay") | "\(.relay) \(.state)"' <<<"${line:-}") == '4 closed' ]]; do
    read -r -t "$WAIT_S" -u "$objects" line
  done
  sprinkle -q sro 4
  kill "$text" "$json"
  wait "$text" "$json" || true
  exec {events}<&- {objects}<&-
}

watchers_are() {
  [[ $(ask_json -u gat | jq -s '[.[] | select(.command == "watch")] | length') == "$1" ]]
}

@test "next --chart and hist --chart: a time line for each relay that runs" {
  sprinkle -q src 5
  sprinkle -q sro 5
  COLUMNS=60 LC_ALL=C run sprinkle hist --chart
  assert_success
  assert_line --regexp '^ 5 .{15}[.#]*#[.#]*$'
  assert_line --regexp '^ {18}\|'
  COLUMNS=60 LC_ALL=C run sprinkle next 7d --chart
  assert_success
  refute_output --partial '#'
  run sprinkle next nonsense --chart
  assert_failure 1
}

@test "ks: ends the server; other clients are told and exit with 3" {
  start_server
  mkfifo "$BATS_TEST_TMPDIR/events"
  sprinkle watch >"$BATS_TEST_TMPDIR/events" 2>"$BATS_TEST_TMPDIR/errors" 3>&- &
  local watcher=$! status=0 events
  exec {events}<"$BATS_TEST_TMPDIR/events"
  eventually watchers_are 1
  run sprinkle ks
  assert_success
  wait "$watcher" || status=$?
  exec {events}<&-
  assert_equal "$status" 3
  run cat "$BATS_TEST_TMPDIR/errors"
  assert_output --regexp '^sprinkle: localhost: Server is shutting down RE: ks by '
  server_ended
}

@test "watch --follow: outlives a restart of the server" {
  start_server
  mkfifo "$BATS_TEST_TMPDIR/events"
  sprinkle watch --follow >"$BATS_TEST_TMPDIR/events" 2>&1 3>&- &
  local watcher=$! events line
  exec {events}<"$BATS_TEST_TMPDIR/events"
  eventually watchers_are 1
  stop_server
  restart_server
  eventually watchers_are 1
  sprinkle -q src 6
  until [[ ${line:-} == *'Relay 6 '*' is closed'* ]]; do
    read -r -t "$WAIT_S" -u "$events" line
  done
  kill "$watcher"
  wait "$watcher" || true
  exec {events}<&-
  stop_server
}

# complete_words WORD…: what bash offers for the last word, one a line, sorted.
complete_words() {
  PATH=$SPRINKLED_BUILD:$PATH bash -c '
    . "$0"
    COMP_WORDS=(sprinkle "$@")
    COMP_CWORD=$#
    _sprinkle
    printf "%s\n" "${COMPREPLY[@]}" | sort
  ' "$ROOT/scripts/sprinkle.bash" "$@"
}

@test "bash completion: options, hosts, commands and their arguments, as the server tells them" {
  hosts "garden $PORT 127.0.0.1 - -" '# shed 1 127.0.0.1 - -'
  run complete_words -s "$SOCKET" wat
  assert_output watch
  run complete_words -s "$SOCKET" gr
  assert_output grs
  run complete_words -s "$SOCKET" gar
  assert_output garden
  run complete_words garden src ''
  assert_output "$(printf '%s\n' 1 2 3 4 5 6 7 8 all for)"
  run complete_words -s "$SOCKET" format j
  assert_output json
  run complete_words -s "$SOCKET" help nex
  assert_output next
  run complete_words -s "$SOCKET" next --
  assert_output -- --chart
  run complete_words -q
  assert_output -- -q
}
