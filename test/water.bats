# The water: what the pins do, watched from outside the server.

load lib/server

# switch LINE: an operator's command on the server's Unix socket.
switch() {
  ask -u "$@"
}

# fault WORDS: from now on the simulated board has these faults; "" ends them.
fault() {
  echo "$1" >"$DIR/faults.new"
  mv "$DIR/faults.new" "$DIR/faults"
}

start_with_faults() {
  server_folder
  : >"$DIR/faults"
  restart_server -o "sim_fault=pins=$DIR/pins file=$DIR/faults" "$@"
}

reference_power=(-o supply_va=39.8 -o inrush_va=14.4 -o hold_va=4.8 -o inrush_time=1s)

@test "start: every pin is open" {
  start_server
  assert_pins_open
  stop_server
}

@test "src and sro: the pins follow before the reply comes" {
  start_server -o min_switch=0
  local client
  client_open client
  client_ask "$client" 'src 1 3' >/dev/null
  assert_pins '1 3'
  client_ask "$client" 't1 34' >/dev/null
  assert_pins '1 4'
  client_ask "$client" 'sro all' >/dev/null
  assert_pins_open
  client_close "$client"
  stop_server
}

@test "SIGTERM: every pin is open afterwards" {
  start_server
  switch 'src all' >/dev/null
  assert_pins '1 2 3 4 5 6 7 8'
  stop_server
  assert_pins_open
}

@test "a session that crashes: what others run goes on" {
  start_server
  switch 'src 2' >/dev/null
  switch 'ge' >/dev/null
  assert_pins 2
  stop_server
}

@test "max_on: no relay stays closed longer, whatever was asked for" {
  start_server -o max_on=400ms
  switch 'src 1 for 1h' >/dev/null
  assert_pins 1
  within 5000 pins_open
  run ask 'grs 1'
  assert_line --index 0 --regexp 'is open'
  stop_server
}

@test "max_on: asking again does not stretch it" {
  local client asked=0
  start_server -o max_on=600ms
  client_open client
  switch 'src 1' >/dev/null
  while pins_are 1 && ((asked++ < 500)); do
    client_ask "$client" 'src 1 for 1h' >/dev/null
  done
  assert file_has "$DIR/state/runs.log" 'off relay=1 .*end=max_on'
  client_close "$client"
  stop_server
}

@test "max_on: a relay of its own setting keeps to that" {
  server_folder
  printf '%s\n' 'relays:' '  - {line: 5, max_on: 300ms}' '  - {line: 6}' >>"$DIR/sprinkled.yml"
  restart_server
  switch 'src 12' >/dev/null
  within 5000 pins_are 2
  stop_server
}

@test "power budget: closes what fits, staggers what fits later, refuses what never does" {
  start_server "${reference_power[@]}"
  run switch 'src 12345678'
  assert_equal "$(grep -c '^200-' <<<"$output")" 2
  assert_equal "$(grep -c '^202-' <<<"$output")" 4
  assert_equal "$(grep -c '^450-' <<<"$output")" 2
  assert_line --regexp '^450-.*39\.8'
  assert_line --regexp '^450 '
  eventually pins_are '1 2 3 4 5 6'
  eventually power_is '28.8 of 39.8 VA'
  run ask_json gat
  assert_output --partial '"used_va":28.8,"supply_va":39.8,'
  stop_server
}

power_is() {
  [[ $(ask grs) == *"$1 in use"* ]]
}

@test "power budget: a relay that opens makes room for another" {
  start_server "${reference_power[@]}" -o inrush_time=100ms
  switch 'src 1-6' >/dev/null
  eventually pins_are '1 2 3 4 5 6'
  run switch 'src 7'
  assert_line --regexp '^450 '
  switch 'sro 1' >/dev/null
  run switch 'src 7'
  refute_line --regexp '^450'
  eventually pins_are '2 3 4 5 6 7'
  stop_server
}

@test "groups: relays of one group never run together; the later one follows" {
  server_folder
  printf '%s\n' 'relays:' '  - {line: 5, group: well}' '  - {line: 6, group: well}' '  - {line: 13}' \
    >>"$DIR/sprinkled.yml"
  restart_server
  run switch 'src 1 for 500ms' 'src 2 for 500ms' 'src 3'
  assert_line --regexp '^202[ -].*2'
  assert_pins '1 3'
  eventually pins_are '2 3'
  eventually pins_are '3'
  stop_server
}

@test "master: closes before the first and opens after the last" {
  server_folder
  restart_server -o master=8 -o master_lead=200ms -o master_lag=200ms \
    -o "sim_fault=pins=$DIR/pins trace=$DIR/trace"
  switch 'src 1 for 500ms' >/dev/null
  eventually trace_ends 00000000
  run cut -d' ' -f2 "$DIR/trace"
  assert_output '00000000
00000001
10000001
00000001
00000000'
  stop_server
}

trace_ends() { # the last pins are these, after more than the first line
  [[ $(wc -l <"$DIR/trace") -gt 2 && $(tail -n 1 "$DIR/trace") == *" $1" ]]
}

@test "master: can't be switched by hand" {
  start_server -o master=8
  run switch 'src 8'
  assert_line --regexp '^450 '
  assert_pins_open
  stop_server
}

@test "min_switch: a relay that just switched waits, and the reply says so" {
  start_server -o min_switch=2s
  run switch 'src 1' 'sro 1'
  assert_line --regexp '^202[ -]'
  assert_pins 1
  eventually pins_open
  stop_server
}

@test "min_switch: 0 answers however quick an order follows with what is, not with what will be" {
  local orders
  start_server -o min_switch=0
  mapfile -t orders < <(for ((pair = 0; pair < 500; pair++)); do printf '%s\n' 'src 1' 'sro 1'; done)
  run ask "${orders[@]}"
  assert_equal "${#lines[@]}" 2000
  refute_line --regexp '^202'
  stop_server
}

@test "read-back: a relay that does not follow is an alarm, is told, and everything opens" {
  start_with_faults
  local watcher
  client_open watcher
  client_ask "$watcher" watch >/dev/null
  switch 'src 1' >/dev/null
  fault 'stuck=2:open'
  run switch 'src 2'
  assert_line --regexp '^451[ -]'
  eventually pins_open
  run client_line "$watcher"
  assert_output --regexp '^299 '
  fault ''
  client_close "$watcher"
  stop_server
}

@test "read-back: a relay that closes by itself is found, and everything opens" {
  start_with_faults -o readback_interval=200ms
  switch 'src 1' >/dev/null
  fault 'stuck=3:closed'
  eventually file_has "$DIR/state/errors.log" 'elay 3'
  eventually pins_are 3
  fault ''
  stop_server
}

@test "a board that fails: is told as 451 with the system's words, and no session suffers" {
  start_with_faults
  fault 'drive=EIO'
  run switch 'src 1' noop
  assert_line --regexp '^451[ -].*[Ii]nput/output'
  assert_line --regexp '^200 '
  fault ''
  eventually switch_works
  stop_server
}

switch_works() {
  switch 'sro all' 'src 1' | tail -n 2 | grep -q '^200 ' && pins_are 1
}

@test "run log: one line when a relay closes and one when it opens, with who and how long" {
  start_server
  switch 'src 3 for 400ms' >/dev/null
  eventually file_has "$DIR/state/runs.log" 'Z off relay=3 .*cause=manual by=".+" end='
  assert file_has "$DIR/state/runs.log" '^20[0-9T:-]+Z on relay=3 .*cause=manual'
  stop_server
}

@test "run log: a torn last line of a killed server is repaired at the next start" {
  start_server
  switch 'src 3' 'sro 3' >/dev/null
  stop_server
  printf '2026-11-21T06:30:00Z on rel' >>"$DIR/state/runs.log"
  restart_server
  switch 'src 4' 'sro 4' >/dev/null
  stop_server
  run grep -Ev '^20[0-9T:-]+Z (on|off) relay=[0-9]+ ' "$DIR/state/runs.log"
  refute_output --partial 'relay=4'
}

@test "-O: opens every relay when no server runs" {
  server_folder
  echo 11111111 >"$DIR/pins"
  run sprinkled_here -O
  assert_success
  assert_pins_open
  run find "$DIR/run" -mindepth 1
  refute_output
}

@test "-O: is refused while a server runs, whose relays stay as they are" {
  start_server
  switch 'src 1' >/dev/null
  run sprinkled_here -O
  assert_failure
  assert_output --partial "$SERVER_PID"
  assert_pins 1
  stop_server
}
