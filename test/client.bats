# The client sprinkle as scripts use it: single commands, pipes, JSON, exit statuses, where it
# connects to, and what it says when it can't.

load lib/server
bats_require_minimum_version 1.5.0

setup_file() {
  start_server -o min_switch=0
  export FILE_SERVER_PID=$SERVER_PID
}

teardown_file() {
  stop_server
}

setup() {
  # No hosts file, history or password of the one who runs the tests.
  export HOME=$BATS_TEST_TMPDIR
  unset XDG_CONFIG_HOME XDG_STATE_HOME SPRINKLE_PASSWORD_FILE NO_COLOR
}

# A test's own server that the test did not come to stop.
teardown() {
  if [[ $SERVER_PID != "$FILE_SERVER_PID" ]] && process_alive "$SERVER_PID"; then
    kill -TERM "$SERVER_PID"
  fi
}

# sprinkle ARGUMENT…: with the server's Unix socket.
sprinkle() {
  timeout "$WAIT_S" "$SPRINKLE" -s "$SOCKET" "$@"
}

# hosts LINE…: the user's hosts file, mode 0600.
hosts() {
  mkdir -p "$HOME/.config/sprinkle"
  printf '%s\n' "$@" >"$HOME/.config/sprinkle/hosts"
  chmod 600 "$HOME/.config/sprinkle/hosts"
}

# A server of the test's own, with users: ada views, bob operates.
server_with_users() {
  server_folder
  "$SPRINKLED_BUILD/sprinkled-passwd" -f "$DIR/users" -s ada viewer <<<'right horse'
  "$SPRINKLED_BUILD/sprinkled-passwd" -f "$DIR/users" -s bob operator <<<horse
  restart_server -o min_switch=0
}

# Serve what a file holds to one connection, whatever comes; its port is in FAKE_PORT.
fake_server() { # fake_server FILE
  mkfifo "$BATS_TEST_TMPDIR/port"
  perl -MIO::Socket::INET -e '
    $| = 1;
    my $listener = IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1") or die;
    open my $port, ">", $ARGV[1] or die;
    print $port $listener->sockport, "\n";
    close $port;
    alarm 60;
    my $client = $listener->accept or die;
    open my $lines, "<", $ARGV[0] or die;
    while (my $line = <$lines>) {
      # a line "<" waits for one of the client
      if ($line eq "<\n") { <$client>; } else { print $client $line; }
    }
  ' "$1" "$BATS_TEST_TMPDIR/port" </dev/null >/dev/null 2>&1 3>&- &
  read -r -t "$WAIT_S" FAKE_PORT <"$BATS_TEST_TMPDIR/port"
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

@test "connecting: s takes loopback where there is no socket" {
  run "$SPRINKLE" -p "$PORT" s grs 1
  assert_success
  assert_line --index 0 --partial 'Relay 1 '
}

@test "connecting: a name of the hosts file, alone or with l, and l alone for the first" {
  hosts '# name port lan router password' "garden $PORT 127.0.0.1 203.0.113.1 -" \
    'shed 1 127.0.0.1 203.0.113.1 -  # off'
  run "$SPRINKLE" garden grs 1
  assert_success
  assert_line --index 0 --partial 'Relay 1 '
  run "$SPRINKLE" l garden gvn
  assert_success
  run "$SPRINKLE" garden l gvn
  assert_success
  run "$SPRINKLE" l gvn
  assert_success
  run "$SPRINKLE" shed gvn
  assert_failure 3
  assert_line --index 0 "sprinkle: can't connect to shed (127.0.0.1:1: Connection refused)"
}

@test "connecting: the hosts file of XDG_CONFIG_HOME comes first" {
  mkdir -p "$HOME/config/sprinkle"
  echo "yard $PORT 127.0.0.1 - -" >"$HOME/config/sprinkle/hosts"
  XDG_CONFIG_HOME=$HOME/config run "$SPRINKLE" yard gvn
  assert_success
}

@test "connecting: a hosts file with passwords that others can read is refused" {
  hosts "garden $PORT 127.0.0.1 203.0.113.1 secret"
  run "$SPRINKLE" garden gvn
  assert_success
  chmod 644 "$HOME/.config/sprinkle/hosts"
  run "$SPRINKLE" garden gvn
  assert_failure 2
  assert_line --index 0 --partial 'others can read it; refused'
  assert_line --index 1 --partial 'chmod 600'
}

@test "connecting: a bad line of the hosts file is told with file, line and what is right" {
  hosts 'garden 5050 127.0.0.1 -'
  run "$SPRINKLE" garden gvn
  assert_failure 2
  assert_output --partial '/hosts:1: five columns'
  hosts '' 'garden 99999 127.0.0.1 - -'
  run "$SPRINKLE" garden gvn
  assert_failure 2
  assert_output --partial '/hosts:2: the port 99999'
}

@test "connecting: l without a hosts file says what to do" {
  run "$SPRINKLE" l grs
  assert_failure 2
  assert_output --partial 'l needs a server in ~/.config/sprinkle/hosts'
}

@test "connecting: what does not speak the control protocol is told so" {
  printf 'SSH-2.0-OpenSSH_9.2\n' >"$BATS_TEST_TMPDIR/script"
  fake_server "$BATS_TEST_TMPDIR/script"
  run "$SPRINKLE" -H 127.0.0.1 -p "$FAKE_PORT" grs
  assert_failure 3
  assert_output --partial 'does not speak the control protocol'
}

@test "connecting: a server that is full says so" {
  printf '554 too many clients: 256 are the limit\n' >"$BATS_TEST_TMPDIR/script"
  fake_server "$BATS_TEST_TMPDIR/script"
  run "$SPRINKLE" -H 127.0.0.1 -p "$FAKE_PORT" grs
  assert_failure 3
  assert_output 'sprinkle: 127.0.0.1: too many clients: 256 are the limit'
}

@test "other versions: greetings of more lines, unknown codes, keys and events are no trouble" {
  cat >"$BATS_TEST_TMPDIR/script" <<'SCRIPT'
220-sprinkled 11.0
220-quota 7
220 ready, capabilities: dance
<
200 format is json
<
299 {"event":"moon","phase":"full"}
287-{"relay":1,"state":"closed","colour":"green"}
200-{"relay":2}
200 fine
SCRIPT
  fake_server "$BATS_TEST_TMPDIR/script"
  run --separate-stderr "$SPRINKLE" -j -H 127.0.0.1 -p "$FAKE_PORT" grs
  assert_success
  assert_line --index 0 '{"event":"moon","phase":"full"}'
  assert_equal "$(tail -n +2 <<<"$output" | jq -c '[.[].relay]')" '[1,2]'
}

@test "other versions: a reply that is no JSON under -j still makes valid JSON" {
  printf '220 hi\n<\n500 no such command\n<\n200-plain "text"\n200 fine\n' \
    >"$BATS_TEST_TMPDIR/script"
  fake_server "$BATS_TEST_TMPDIR/script"
  run --separate-stderr "$SPRINKLE" -j -H 127.0.0.1 -p "$FAKE_PORT" grs
  assert_equal "$(jq -r '.[0]' <<<"$output")" 'plain "text"'
}

@test "text of a server reaches the terminal without control characters" {
  printf '220 hi\n<\n200-a\033[31mred\\134 \342\200\256x\n200 done\n' >"$BATS_TEST_TMPDIR/script"
  fake_server "$BATS_TEST_TMPDIR/script"
  run --separate-stderr "$SPRINKLE" -H 127.0.0.1 -p "$FAKE_PORT" grs
  assert_success
  assert_line --index 0 'a\033[31mred\134 \342\200\256x'
}

@test "a connection that breaks inside a reply is lost: 3" {
  printf '220 hi\n<\n200-Relay 1 is open\n' >"$BATS_TEST_TMPDIR/script"
  fake_server "$BATS_TEST_TMPDIR/script"
  run --separate-stderr "$SPRINKLE" -H 127.0.0.1 -p "$FAKE_PORT" grs
  assert_failure 3
  assert_output 'Relay 1 is open'
  assert_equal "$stderr" 'sprinkle: 127.0.0.1: the server closed the connection'
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

@test "-u: authenticates with the password of SPRINKLE_PASSWORD_FILE; 4 with a wrong one" {
  server_with_users
  echo 'right horse' >"$BATS_TEST_TMPDIR/password"
  export SPRINKLE_PASSWORD_FILE=$BATS_TEST_TMPDIR/password
  run "$SPRINKLE" -H 127.0.0.1 -p "$PORT" grs
  assert_failure 4
  run "$SPRINKLE" -H 127.0.0.1 -p "$PORT" -u ada grs 1
  assert_success
  assert_line --index 0 --partial 'Relay 1 '
  run "$SPRINKLE" -H 127.0.0.1 -p "$PORT" -u ada clf
  assert_failure 4
  echo wrong >"$BATS_TEST_TMPDIR/password"
  run "$SPRINKLE" -H 127.0.0.1 -p "$PORT" -u ada grs
  assert_failure 4
  assert_output 'sprinkle: ada: authentication failed'
  SPRINKLE_PASSWORD_FILE=$BATS_TEST_TMPDIR/none run "$SPRINKLE" -H 127.0.0.1 -p "$PORT" -u ada grs
  assert_failure 2
  assert_output --partial 'No such file or directory'
  stop_server
}

@test "-u: the password of the hosts file does as well" {
  server_with_users
  hosts "garden $PORT 127.0.0.1 - horse"
  run "$SPRINKLE" -u bob garden gvn
  assert_success
  stop_server
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
