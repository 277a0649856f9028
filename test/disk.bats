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
  inject "$(worker_pids keeper)" "$1" -P "$DIR/state/schedule.state.new" -P "$DIR/state"
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
