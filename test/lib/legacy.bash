# legacy.bash: clients of the Python program, and a server for them.
#
#   legacy_folder ROLE             a folder whose one user, legacy, has that role and "secret"
#   legacy_server ROLE [ARGUMENT…] a server in a new one, with control and legacy listeners
#   replay NAME                    hold the conversations of test/legacy/NAME.transcript
#   old_client MESSAGE…            the last answer, as far as a client with 10 ms of patience reads
#   legacy_open NAME               a connection, its password accepted; $NAME becomes its descriptor
#   legacy_ask MESSAGE…            one connection: each message on its own; prints the last answer
#
# LEGACY_PORT is the legacy listener's port.

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
  user_add legacy "$1" secret
}

legacy_server() {
  legacy_folder "$1"
  shift
  legacy_restart "$@"
}

legacy_restart() {
  restart_server -l legacy@127.0.0.1:0 "$@"
  LEGACY_PORT=$(server_port legacy)
  export LEGACY_PORT
}

replay() {
  "$ROOT/test/legacy/replay" "$ROOT/test/legacy/$1.transcript" \
    "legacy=$LEGACY_PORT" "control=$PORT"
}

old_client() {
  "$ROOT/test/legacy/old-client" "$LEGACY_PORT" secret "$@"
}

legacy_open() {
  local -n opened=$1
  local accepted
  exec {opened}<>"/dev/tcp/127.0.0.1/$LEGACY_PORT"
  printf secret >&"$opened"
  IFS= read -r -t "$WAIT_S" -d ')' -u "$opened" accepted
  [[ $accepted == "Accepted connection from: ('127.0.0.1', "* ]]
}
