# bats file_tags=root
# A disk that is full or broken. Invariant: water is shut off all the same, what was written before
# stays whole, and the server says what is the matter, once.

load lib/server
load lib/faults

teardown() {
  heal
  servers_kill
  disk_remove
}

# A small disk of its own for the state folder.
disk_make() {
  DISK=$DIR/state
  mount -t tmpfs -o size=128k,mode=700 sprinkled-test "$DISK"
}

disk_fill() {
  ! cat /dev/zero >"$DISK/filler" 2>/dev/null # ends when there is no room
}

disk_remove() {
  [[ -n ${DISK:-} ]] || return 0
  umount -l "$DISK"
  DISK=
}

start_on_small_disk() {
  server_folder
  disk_make
  restart_server -o min_switch=0 "$@"
}

# The last pages of the logs still have room when the disk has none: fill those too.
logs_full() {
  local before
  before=$(stat -c %s "$DISK/events.log")
  ask -u 'src 8' 'sro 8' >/dev/null
  [[ $(stat -c %s "$DISK/events.log") == "$before" ]] &&
    file_has "$DIR/server.err" 'run log: No space left on device'
}

@test "full disk: relays open by order, by time, and at the end" {
  start_on_small_disk
  ask -u 'src 1' 'src 2 for 1s' 'src 3' >/dev/null
  assert_pins '1 2 3'
  disk_fill
  eventually logs_full
  run ask -u 'sro 1'
  assert_line --regexp '^200 '
  eventually pins_are 3
  run ask -u 'src 4'
  assert_line --regexp '^200 '
  stop_server
  assert_pins_open
}

@test "full disk: a keeper that dies is followed by one that opens every relay" {
  start_on_small_disk
  ask -u 'src all' >/dev/null
  disk_fill
  eventually logs_full
  kill -KILL "$(worker_pids keeper)"
  within 2000 pins_open
  stop_server
}

@test "full disk: the server starts" {
  start_on_small_disk
  stop_server
  disk_fill
  restart_server
  run ask -u 'src 1'
  assert_line --regexp '^200 '
  stop_server
  assert_pins_open
}

@test "full disk: no line is torn, and once there is room the log says how many are missing" {
  start_on_small_disk
  disk_fill
  eventually logs_full
  rm "$DISK/filler"
  ask -u 'src 1' 'sro 1' >/dev/null
  assert file_has "$DIR/state/events.log" 'lines lost here: [1-9][0-9]* \(No space left on device\)'
  run grep -Evc '^[0-9T:-]{19}Z (on relay=[1-8]|off relay=[1-8] started=[0-9T:-]{19}Z) planned=[0-9]+( actual=[0-9]+)? cause=manual by="[^"]*"( end=[a-z_]+)?$' \
    "$DIR/state/runs.log"
  assert_output 0
  run grep -Ec '^[0-9T:-]{19}Z (error|warning|info|debug) ' "$DIR/state/events.log"
  assert_output "$(grep -Eo '[0-9T:-]{19}Z (error|warning|info|debug) ' "$DIR/state/events.log" | wc -l)"
  stop_server
}

# remembering_fails FAULT: what has been run can't be written down. The file that is there stays as
# it is, one line says so, water goes on, and it is written once it can be.
remembering_fails() {
  local before
  start_server -o min_switch=0 -o readback_interval=100ms
  ask -u 'rd 1h' >/dev/null
  before=$(cat "$DIR/state/schedule.state")
  inject "$(second_thread "$(worker_pids keeper)")" "$1" -P "$DIR/state/schedule.state.new" -P "$DIR/state"
  ask -u 'rd 2h' 'rd 3h' 'src 1' >/dev/null
  assert_pins 1
  assert [ "$(injected)" -ge 2 ]
  assert_equal "$(cat "$DIR/state/schedule.state")" "$before"
  assert_equal "$(errors_logged "schedule.state: $2")" 1
  ask -u 'sro 1' >/dev/null
  assert_pins_open
  heal
  eventually remembered_until "$(date -u -d '+150 minutes' +%FT%TZ)"
  stop_server
}

remembered_until() { # the rain delay on disk ends after that
  [[ $(sed -n 's/^rain-until //p' "$DIR/state/schedule.state") > $1 ]]
}

@test "fsync EIO: what was remembered before stays, and the new is written when it can be" {
  remembering_fails fsync:error=EIO 'Input/output error'
}

@test "write ENOSPC: what was remembered before stays, and the new is written when it can be" {
  remembering_fails write:error=ENOSPC 'No space left on device'
}

@test "rename EIO: what was remembered before stays, and the new is written when it can be" {
  remembering_fails renameat,?rename,?renameat2:error=EIO 'Input/output error'
}

# disk_sticks: whatever the keeper has the disk sync takes a minute, or until it is healed. -f: in
# each of its threads.
disk_sticks() {
  SERVER_UNDER=$no_leak_search start_server -o min_switch=0 "$@"
  ask -u 'rd 1h' >/dev/null
  inject "$(worker_pids keeper)" fsync,fdatasync:delay_enter=60s -f
}

saving_stuck() {
  [[ -e $DIR/state/schedule.state.new ]] # gone once it is synced
}

@test "a sync that sticks: a relay opens when its time is over" {
  disk_sticks
  ask -u 'src 1 for 1s' 'src 2' >/dev/null
  ask -u 'rd 2h' >/dev/null 3>&- 4>&- &
  eventually saving_stuck
  within 2000 pins_are 2
  ask -u 'sro 2' 'src 3' >/dev/null
  assert_pins 3
  assert saving_stuck
  heal
  wait $!
  eventually remembered_until "$(date -u -d '+90 minutes' +%FT%TZ)"
  stop_server
}

@test "a sync that sticks: an order is answered within a second, with a warning, and those after it at once" {
  local before_ms
  disk_sticks
  before_ms=$(clock_ms)
  run ask -u 'rd 2h'
  assert_line --regexp '^200 rain delay until'
  assert [ $(($(clock_ms) - before_ms)) -ge 500 ]
  within 1500 ask -u 'rd 3h' 'rd 4h' 'rd 5h' 'rd 6h' >/dev/null
  assert saving_stuck
  assert_equal "$(grep -c 'schedule.state: the disk is slow; the last orders' "$DIR/state/events.log")" 1
  heal
  eventually remembered_until "$(date -u -d '+330 minutes' +%FT%TZ)"
  eventually file_has "$DIR/state/events.log" 'schedule.state is on disk again'
  assert_equal "$(errors_logged schedule.state)" 0
  stop_server
}

@test "a sync that sticks: the server ends in time, every relay open, and says what is missing" {
  start_server -o min_switch=0
  mkfifo "$DIR/state/schedule.state.new" # who opens it waits for ever, and strace(1) is not needed,
  ask -u 'src 1' 'rd 2h' >/dev/null      # which would keep a thread from ending with its process
  assert_pins 1
  kill -TERM "$SERVER_PID"
  within 900 pins_open
  server_ended
  assert_equal "$(errors_logged 'schedule.state: the disk is slow; what has run is not on disk')" 1
  assert_equal "$(errors_logged 'did not end within')" 0
}

@test "a slow sync: an order is answered when it is on disk" {
  disk_sticks
  heal
  inject "$(worker_pids keeper)" fsync,fdatasync:delay_enter=50ms -f
  ask -u 'rd 2h' >/dev/null
  assert remembered_until "$(date -u -d '+90 minutes' +%FT%TZ)"
  assert_equal "$(grep -c 'the disk is slow' "$DIR/state/events.log")" 0
  heal
  stop_server
}

@test "run log EIO: the relay opens, and the log says that the run goes unrecorded" {
  start_server -o min_switch=0
  ask -u 'src 1' >/dev/null
  inject "$(worker_pids keeper)" write:error=EIO -P "$DIR/state/runs.log"
  run ask -u 'sro 1'
  assert_line --regexp '^200 '
  assert_pins_open
  assert [ "$(injected)" -ge 1 ]
  assert file_has "$DIR/state/events.log" 'run log: Input/output error; relay 1'
  heal
  stop_server
}
