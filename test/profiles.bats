# Profiles in a live server: watering when due, orders, memory, and one story everywhere.

load lib/server

# A time of day so many seconds from now, as profiles.yml takes it.
in_seconds() {
  date -d "+$1 seconds" +%H:%M:%S
}

# profile_soon START LENGTH [RELAY…]: profiles.yml with an active profile that begins in START
# seconds and runs LENGTH seconds.
profile_soon() {
  local time length=$2 relay
  time=$(in_seconds "$1")
  shift 2
  {
    echo 'soon:'
    echo '  active: yes'
    for relay in "${@:-2}"; do
      echo "  relay$relay: {days: all, times: ['$time'], durations: [${length}s]}"
    done
    echo 'other:'
    echo "  relay1: {days: none, times: [830], durations: [1]}"
  } >"$DIR/profiles.yml"
}

start_with_profile() {
  server_folder
  profile_soon "$@"
  restart_server "${server_options[@]}"
}

setup() {
  server_options=(-o min_switch=0)
}

operator() {
  ask -u "$@"
}

# json COMMAND FILTER: what jq makes of a command's objects.
json() {
  ask_json -u "$1" | jq -sc "$2"
}

# Kill the supervisor; the keeper ends the rest.
server_kill() {
  kill -KILL "$SERVER_PID"
  eventually server_gone
}

@test "profile: a window is watered from its second to its end, and told in the history" {
  start_with_profile 6 2 # time enough to start, also on a slow machine
  assert_pins_open
  eventually pins_are 2
  eventually pins_open
  run json hist '.[0] | [.relay, .planned, .actual, .cause, .by, .end]'
  assert_output '[2,2,2,"profile","profile soon","done"]'
  run json hist '.[0] | (.ended | fromdate) - (.started | fromdate)'
  assert_output 2
  stop_server
}

@test "profile: a window that is under way at the start is watered for the rest of it" {
  start_with_profile -30 60
  eventually pins_are 2
  run json hist '.[0].planned < 60 and .[0].planned > 10'
  assert_output true
  stop_server
}

@test "resume: skip leaves out the rest of a window that is under way" {
  server_options+=(-o resume=skip)
  start_with_profile -30 60
  run operator gps
  assert_output --partial 'profile soon runs'
  assert_pins_open
  stop_server
}

@test "autostart: no leaves the profile stopped until rp" {
  server_options+=(-o autostart=no)
  start_with_profile -30 60
  run operator gps
  assert_output --partial 'nothing runs: stopped'
  assert_pins_open
  operator rp
  assert_pins 2
  stop_server
}

@test "kill -9 inside a window: the next server waters the rest, once" {
  start_with_profile -5 60
  eventually pins_are 2
  server_kill
  assert_pins_open
  restart_server "${server_options[@]}"
  eventually pins_are 2
  run json hist '[.[] | select(.cause == "profile")] | [length, .[0].end, .[1].end]'
  assert_output '[2,"crash",null]'
  operator sp
  assert_pins_open
  operator rp
  assert_pins 2
  stop_server
}

@test "sp: opens what the profile closed and leaves manual runs alone" {
  start_with_profile -5 60
  eventually pins_are 2
  operator 'src 3'
  assert_pins '2 3'
  run operator sp
  assert_output --partial '200 profile soon is stopped'
  assert_pins 3
  stop_server
}

@test "sro: overrides the profile until the window's end" {
  start_with_profile -5 60 2 4
  eventually pins_are '2 4'
  operator 'sro 2'
  assert_pins 4
  operator mp
  operator noop
  assert_pins 4
  stop_server
}

@test "pause and resume: all opens, and the rest of the window follows" {
  start_with_profile -5 60
  eventually pins_are 2
  operator 'src 3'
  run operator 'pause 10m'
  assert_output --partial '200 all open, paused until'
  assert_pins_open
  run operator resume
  assert_output --partial '200 resumed'
  assert_pins 2
  stop_server
}

@test "rd: a rain delay opens the profile's relays and is lifted by off" {
  start_with_profile -5 60
  eventually pins_are 2
  operator 'rd 2d'
  assert_pins_open
  run operator gps
  assert_output --partial 'nothing runs: rain delay until'
  operator 'rd off'
  assert_pins 2
  stop_server
}

@test "skip: leaves out the next run of a relay and no other" {
  start_with_profile 3 60 2 4
  operator 'skip 2'
  eventually pins_are 4
  stop_server
}

@test "level: scales what is to come" {
  start_with_profile 3 10
  operator 'sl 50'
  eventually pins_are 2
  run json hist '.[0].planned'
  assert_output 5
  stop_server
}

@test "memory: profile, rain delay, level and pause survive kill -9" {
  start_with_profile 3600 60
  operator sp 'sap other' rp 'rd 2d' 'sl 70' pause
  local before
  before=$(json gap '.')
  run operator gap
  assert_output --partial 'other'
  server_kill
  restart_server "${server_options[@]}"
  run json gap '.'
  assert_output "$before"
  run operator gps
  assert_output --partial 'paused'
  stop_server
}

@test "memory: a damaged file is set aside and said so" {
  start_with_profile 3600 60
  operator 'sl 70'
  stop_server
  printf 'sprinkled-schedule 1\nlevel seventy\n' >"$DIR/state/schedule.state"
  restart_server "${server_options[@]}"
  run operator gap
  assert_output --partial 'profile soon is active and runs'
  run operator ref
  assert_output --partial 'schedule.state'
  assert [ -e "$DIR/state/schedule.state.damaged" ]
  stop_server
}

@test "sap: by number and name, refused while one runs, lists the choices" {
  start_with_profile 3600 60
  run operator 'sap other'
  assert_output --partial '450 profile soon runs; stop it first'
  run operator sp 'sap 2' gap 'sap SOON' gap 'sap 3' sap
  assert_line --partial '200 profile other is active'
  assert_line --partial '200 profile soon is active'
  assert_line --partial '501 no profile 3; there are 2'
  assert_line '200-1 soon (active)'
  assert_line '200-2 other'
  stop_server
}

@test "mp: a bad file names line and remedy, and what runs goes on" {
  start_with_profile -5 60
  eventually pins_are 2
  printf 'soon:\n  active: yes\n  relay2: {days: all, times: [2500], durations: [1]}\n' \
    >"$DIR/profiles.yml"
  run operator mp
  assert_output --partial "451 $DIR/profiles.yml:3"
  assert_output --partial 2500
  assert_pins 2
  stop_server
}

@test "SIGHUP: reads the profiles again and keeps the water running" {
  start_with_profile -5 60
  eventually pins_are 2
  printf 'third:\n  relay7: {days: all, times: [800], durations: [1]}\n' >>"$DIR/profiles.yml"
  kill -HUP "$SERVER_PID"
  reread() { ask -u gp | grep -q third; }
  eventually reread
  assert_pins 2
  stop_server
}

@test "broken files: each gives one line that names file, line and what is right" {
  server_folder
  local file count=0
  for file in "$ROOT"/test/unit/profiles/bad-*.yml; do
    run sprinkled_here -n -o profiles_file="$file" -o latitude=none -o longitude=none
    assert_failure 1
    assert_equal "${#lines[@]}" 1
    assert_output --regexp "${file##*/}:[0-9]+:[0-9]+: .*; "
    count=$((count + 1))
  done
  assert [ "$count" -ge 10 ]
}

@test "one story: grs, gps, next, hist and watch agree during a run" {
  start_with_profile 2 60
  local watcher until
  client_open watcher
  client_ask "$watcher" 'format json' >/dev/null
  client_ask "$watcher" watch >/dev/null
  eventually pins_are 2
  until=$(json 'grs 2' '.[0].until')
  assert [ "$until" != null ]
  run json gps '.[] | select(.relay == 2) | [.until, .next, .state]'
  assert_output "[$until,$until,\"open\"]"
  run json next '.[0] | [.time, .relay, .state]'
  assert_output "[$until,2,\"open\"]"
  run json hist '.[0] | [.ended, .planned, .by]'
  assert_output '[null,60,"profile soon"]'
  story() { while client_line "$watcher" | grep -v '"relay":2'; do :; done; }
  run client_line "$watcher"
  assert_output --partial "\"until\":$until"
  client_close "$watcher"
  stop_server
}

@test "power: a scheduled run waits its turn and keeps its full length" {
  server_options+=(-o supply_va=39.8)
  start_with_profile 2 20 1 2 3
  eventually pins_are '1 2'
  eventually pins_are '1 2 3'
  run json hist '[.[] | .planned]'
  assert_output '[20,20,20]'
  stop_server
}
