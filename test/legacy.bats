# The service for the clients of the Python program, by golden transcripts and by its clients' ways.

load lib/server
load lib/faults

setup_file() {
  legacy_folder admin
  restart_server -l legacy@127.0.0.1:0
}

teardown_file() {
  stop_server
}

# legacy_folder ROLE: a server's folder whose one user has that role and the password "secret".
legacy_folder() {
  server_folder
  cat >>"$DIR/sprinkled.yml" <<YAML
legacy_user: legacy
min_switch: 0
reboot_command: touch $DIR/rebooted
relays:
  - {line: 5, pin: 29, name: Back Yard}
  - {line: 6, pin: 31}
  - {line: 13, pin: 33}
  - {line: 16, pin: 36}
  - {line: 19, pin: 35}
  - {line: 20, pin: 38}
  - {line: 21, pin: 40}
  - {line: VALVE8}
YAML
  "$SPRINKLED_BUILD/sprinkled-passwd" -f "$DIR/users" -s legacy "$1" <<<secret
}

# legacy_server ROLE [ARGUMENT…]: a server of this test's own.
legacy_server() {
  legacy_folder "$1"
  shift
  restart_server -l legacy@127.0.0.1:0 "$@"
}

replay() { # replay NAME: hold the conversations of that transcript
  "$ROOT/test/legacy/replay" "$ROOT/test/legacy/$1.transcript" \
    "legacy=$(server_port legacy)" "control=$PORT"
}

# legacy_open NAME [PORT]: a connection of its own, its password sent; $NAME becomes its descriptor.
legacy_open() {
  local -n opened=$1
  local accepted
  exec {opened}<>"/dev/tcp/127.0.0.1/${2:-$(server_port legacy)}"
  printf secret >&"$opened"
  IFS= read -r -t "$WAIT_S" -d ')' -u "$opened" accepted
  [[ $accepted == "Accepted connection from: ('127.0.0.1', "* ]]
}

# old_client MESSAGE…: what a client of the Python program reads, whose patience is 10 ms.
old_client() {
  "$ROOT/test/legacy/old-client" "$(server_port legacy)" secret "$@"
}

# A transcript leaves relays closed.
teardown() {
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
