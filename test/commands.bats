# The commands of the control protocol, one after another, in text and in JSON.

load lib/server

setup_file() {
  start_server -o min_switch=0
}

teardown_file() {
  stop_server
}

setup() {
  ask -u 'sro all' >/dev/null
}

# states: one letter a relay, c for closed and o for open, as grs tells.
states() {
  ask_json grs | jq -r '.state[0:1]' | tr -d '\n'
}

@test "grs: tells all eight relays of the reference system, open at the start" {
  run ask grs
  assert_line --index 0 --regexp '^200-Relay 1 \(GPIO5 on pin 29(, .+)?\) is open'
  assert_line --index 7 --regexp '^200-Relay 8 \(GPIO26 on pin 37(, .+)?\) is open'
  assert_line --index 8 --regexp '^200 '
}

@test "grs: tells the relays that were asked for, in every form of RELAYS" {
  local form
  for form in '13' '1 3' '1,3' '3,1'; do
    run ask "grs $form"
    assert_line --index 0 --regexp '^200-Relay 1 '
    assert_line --index 1 --regexp '^200-Relay 3 '
    assert_line --index 2 --regexp '^200 '
  done
  run ask 'grs 6-8'
  assert_line --index 2 --regexp '^200-Relay 8 '
  run ask 'grs all'
  assert_line --index 7 --regexp '^200-Relay 8 '
}

@test "grs: its JSON has the documented keys, and null for what is unknown or endless" {
  run ask_json 'grs 1'
  assert_success
  run jq -r '[.relay, .line, .pin, .state] | @csv' <<<"$output"
  assert_output '1,5,29,"open"'
  run jq -e 'has("name") and has("since") and has("until") and has("by") and .until == null' \
    <<<"$(ask_json 'grs 1')"
  assert_success
}

@test "src and sro: close and open, and the reply comes after the pins were read" {
  run ask -u 'src 3' grs 'sro 3' grs
  assert_line --regexp '^200-.*[Rr]elay 3 .*closed'
  assert_line --regexp '^200-Relay 3 .* is closed'
  assert_line --regexp '^200-Relay 3 .* is open'
  assert_equal "$(states)" oooooooo
}

@test "src: every form of RELAYS closes these and no others" {
  local form
  for form in 'src 13' 'src 1 3' 'src 1,3' 'run 3 1'; do
    ask -u 'sro all' "$form" >/dev/null
    assert_equal "$(states)" cocooooo
  done
  ask -u 'sro all' 'src 2-4' >/dev/null
  assert_equal "$(states)" occcoooo
  ask -u 'src all' >/dev/null
  assert_equal "$(states)" cccccccc
}

@test "src: a relay that does not exist is named in the reply, the others close" {
  run ask -u 'src 2 9'
  assert_output --regexp '9 does not exist'
  assert_equal "$(states)" ocoooooo
}

@test "src: a relay named twice is named in the reply, and closes" {
  run ask -u 'src 2 2'
  assert_output --regexp '2 is named twice'
  assert_equal "$(states)" ocoooooo
}

@test "src: 501 when no relay is left, or a word is none" {
  run ask -u 'src 9' 'src x' 'src 0' 'sro 99' 't1 9'
  refute_line --regexp '^[^5]'
  assert_equal "$(grep -c '^501 ' <<<"$output")" 5
  assert_equal "$(states)" oooooooo
}

@test "src for: closes for that span, and tells until when" {
  local until now
  run ask -u 'src 4 for 10m'
  assert_line --regexp '^200[ -]'
  until=$(date -d "$(ask_json 'grs 4' | jq -r .until)" +%s)
  now=$(date +%s)
  assert [ "$until" -ge $((now + 540)) ]
  assert [ "$until" -le $((now + 601)) ]
}

@test "src: without a span it runs until max_on" {
  local until now
  ask -u 'src 4' >/dev/null
  until=$(date -d "$(ask_json 'grs 4' | jq -r .until)" +%s)
  now=$(date +%s)
  assert [ "$until" -ge $((now + 3540)) ]
  assert [ "$until" -le $((now + 3601)) ]
}

@test "src for: the relay opens by itself at the end of its span" {
  run ask -u 'src 5 for 500ms'
  assert_line --regexp '^200[ -]'
  assert_equal "$(states)" oooocooo
  eventually states_are oooooooo
}

states_are() {
  [[ $(states) == "$1" ]]
}

@test "src for: a span that is none, or is missing, is 501 and switches nothing" {
  run ask -u 'src 1 for' 'src 1 for x' 'src 1 for 0' 'src 1 for -5' 'src 1 for 1m 2'
  refute_line --regexp '^[^5]'
  assert_equal "$(states)" oooooooo
}

@test "src: tells in grs who closed the relay" {
  local client
  client_open client
  client_ask "$client" 'src 6' >/dev/null
  run jq -r .by <<<"$(ask_json 'grs 6')"
  assert_output --regexp '127\.0\.0\.1:[0-9]+'
  client_close "$client"
}

@test "t1: toggles each relay from what it is" {
  ask -u 'src 12' >/dev/null
  run ask -u 't1 23'
  refute_line --regexp '^[45]'
  assert_equal "$(states)" cocooooo
}

@test "t1: a storm of it does not chatter the relay" {
  local started most
  start_server -o min_switch=1s
  started=$(clock_ms)
  yes 't1 1' | head -n 50 | timeout "$WAIT_S" nc -N -U "$SOCKET" >/dev/null
  most=$(((($(clock_ms) - started) / 1000) + 1))
  assert [ "$(grep -c 'relay=1 ' "$DIR/state/runs.log")" -le "$most" ]
  stop_server
}

@test "gat: lists processes and clients, each with what its slot holds" {
  local client
  client_open client
  run client_ask "$client" gat
  assert_line --regexp '^200-.*supervisor'
  assert_line --regexp '^200-.*keeper'
  assert_line --regexp '^200-.*127\.0\.0\.1:[0-9]+.*gat'
  client_close "$client"
}

@test "gat: its JSON names this client with role, service and bytes" {
  local me
  me=$(ask_json gat | jq -c 'select(.command == "gat")')
  run jq -r '.service, .role' <<<"$me"
  assert_line --index 0 control
  assert_line --index 1 operator
  run jq -e '.pid > 1 and .bytes_in > 0 and (.address | test("^127"))' <<<"$me"
  assert_success
}

@test "gvn: tells version, back-end and uptime" {
  run ask gvn
  assert_output --partial "$("$SPRINKLED" -V | cut -d' ' -f2)"
  assert_output --partial simulated
  assert_output --partial libgpiod
  run jq -e . <<<"$(ask_json gvn)"
  assert_success
}

@test "gdt: tells date, time, weekday and zone" {
  run ask gdt
  assert_output --partial "$(date +%Y-%m-%d)"
  assert_output --partial "$(LC_ALL=C date +%A)"
  assert_output --partial "$(date +%Z)"
}

@test "gdt: tells the next clock change of the zone" {
  start_server -o timezone=Europe/Berlin
  run ask gdt
  assert_output --regexp 'CES?T'
  assert_output --regexp '20[0-9][0-9]-(03|10)-'
  stop_server
}

@test "gt: tells the temperature of the CPU, or that it can't be had" {
  run ask gt
  assert_output --regexp '(^|
)(200 .*|200-CPU temperature [0-9]+\.[0-9] C|451 .*)'
}

@test "m: shows the menu, grouped" {
  local heading
  run ask m
  for heading in GET SET OTHER TEST; do
    assert_line --regexp "^200-.*$heading"
  done
  assert_line --regexp '^200-.*grs'
  assert_line --regexp '^200-.*ks'
}

@test "help: has one line for every command, with arguments, meaning and role" {
  run ask help
  assert_line --regexp '^200-grs\|relays \[RELAYS\] - .+ \(viewer\)$'
  assert_line --regexp '^200-src\|run RELAYS \[for SPAN\] - .+ \(operator\)$'
  assert_line --regexp '^200-ks\|killserver - .+ \(admin\)$'
}

@test "help: explains one command, by its short or its long name" {
  run ask 'help sro' 'help open' 'help nosuch'
  assert_line --regexp '^200-sro\|open RELAYS'
  assert_line --regexp '^50[01] .*nosuch'
}

@test "help: its JSON has a name, a role and a group for each command" {
  run jq -es 'length > 20 and all(.name and .role and .group and .help and has("arguments"))' \
    <<<"$(ask_json help)"
  assert_success
}

@test "help and m name the same commands" {
  local helped menued
  helped=$(ask_json help | jq -r .name | sort)
  menued=$(ask_json m | jq -r .name | sort)
  assert_equal "$menued" "$helped"
}

@test "long names: every command answers to its long name too" {
  local name long
  while read -r name long; do
    run ask "help $long"
    assert_line --regexp "^200-.*\b$name\b"
  done < <(ask_json help | jq -r 'select(.long) | "\(.name) \(.long)"')
}

@test "watch: tells relays and clients as they come and go" {
  local watcher other
  client_open watcher
  client_ask "$watcher" watch >/dev/null
  ask -u 'src 7' 'sro 7' >/dev/null
  run watch_until "$watcher" 'elay 7 .*open'
  assert_line --regexp '^299 .*elay 7 .*closed'
  assert_line --regexp '^299 .*elay 7 .*open'
  client_open other
  run watch_until "$watcher" 'came'
  assert_success
  client_close "$other"
  run watch_until "$watcher" 'went'
  assert_success
  client_close "$watcher"
}

# watch_until FD PATTERN: the events up to one that matches.
watch_until() {
  local line
  while line=$(client_line "$1"); do
    echo "$line"
    [[ ! $line =~ $2 ]] || return 0
  done
  return 1
}

@test "watch: events never stand inside a reply" {
  local watcher
  client_open watcher
  client_ask "$watcher" watch >/dev/null
  ask -u 'src all' 'sro all' 'src all' 'sro all' >/dev/null &
  local i
  for i in {1..30}; do
    client_ask "$watcher" grs
  done >"$BATS_TEST_TMPDIR/replies"
  wait $!
  run awk '/^299 / && inside { print "event inside a reply: " $0 }
    { inside = /^200-/ }' "$BATS_TEST_TMPDIR/replies"
  assert_output ''
  client_close "$watcher"
}

@test "watch: in JSON each event is one object after the code" {
  local watcher event
  client_open watcher
  client_ask "$watcher" 'format json' >/dev/null
  client_ask "$watcher" watch >/dev/null
  ask -u 'src 8' >/dev/null
  event=$(watch_until "$watcher" '"relay":8' | tail -n 1)
  run jq -e '.relay == 8 and .state == "closed"' <<<"${event#299 }"
  assert_success
  client_close "$watcher"
}

@test "rlf: shows the last five lines of the event log, or as many as asked for" {
  local i
  for i in 1 2 3 4 5 6; do
    ask -u 'src 1' 'sro 1' >/dev/null
  done
  run ask rlf
  assert_equal "$(grep -c '^200-' <<<"$output")" 5
  run ask 'rlf 3'
  assert_equal "$(grep -c '^200-' <<<"$output")" 3
  run ask 'log 3'
  assert_equal "$(grep -c '^200-' <<<"$output")" 3
}

@test "rlf: shows lines from a line on" {
  run ask 'rlf 2 1'
  assert_equal "$(grep -c '^200-' <<<"$output")" 2
  assert_line --index 0 --partial "$(head -n 1 "$DIR/state/events.log" | cut -c1-60)"
}

@test "rlf: shows the last lines that hold any of the words" {
  run ask 'rlf 50 "ready" "no such words anywhere"'
  assert_line --index 0 --partial ready
  refute_line --regexp '^200-.*shutting'
  run ask 'rlf "no such words anywhere"'
  assert_equal "$(grep -c '^200-' <<<"$output")" 0
}

@test "rlf: a line number of 0, or a third number, is 501" {
  run ask 'rlf 0' 'rlf 3 0' 'rlf 1 2 3'
  assert_equal "$(grep -c '^501 ' <<<"$output")" 3
}

@test "clf: clears the event log and keeps the old one as .1" {
  run ask -u clf
  assert_line --regexp '^200 '
  assert [ -s "$DIR/state/events.log.1" ]
  run ask -u 'rlf 50'
  refute_output --partial ready
}

@test "ref and cef: show and clear the error log" {
  local victim
  client_open victim
  ask -u ge >/dev/null || true
  eventually file_has "$DIR/state/errors.log" 'session'
  run ask ref
  assert_line --regexp '^200-.*session'
  ask -u cef >/dev/null
  assert [ -s "$DIR/state/errors.log.1" ]
  run ask ref
  assert_equal "$(grep -c '^200-' <<<"$output")" 0
  client_close "$victim"
}

@test "us: is refused when no command is set" {
  run ask -u us
  assert_line --index 0 --regexp '^450 .*update_command'
}

@test "us: runs the update command and passes on what it says" {
  start_server -o 'update_command=echo one; echo two; exit 0'
  run ask -u us
  assert_line --regexp '^200-.*one'
  assert_line --regexp '^200-.*two'
  assert_line --regexp '^200 '
  stop_server
}

@test "us: a command that fails is 451 with its status" {
  start_server -o 'update_command=echo trouble; exit 3'
  run ask -u us
  assert_line --regexp 'trouble'
  assert_line --regexp '^451 .*3'
  stop_server
}

@test "rbt: ends the server and then runs the reboot command" {
  start_server -o "reboot_command=echo rebooted >$BATS_TEST_TMPDIR/rebooted"
  local other
  client_open other
  run ask -u rbt
  run client_drain "$other"
  assert_line --regexp '^421 Server is shutting down RE: rbt by '
  server_ended 0
  assert_equal "$(<"$BATS_TEST_TMPDIR/rebooted")" rebooted
  client_close "$other"
}

@test "src: a relay that waits for min_switch is told when, asked once or often" {
  start_server -o min_switch=1s
  run ask -u 'src 1' 'sro 1' 'src 1' 'src 1'
  assert_line --regexp '^202-Relay 1 .* is closed and will be open at'
  refute_line --regexp '^450'
  stop_server
}
