# Logs are rotated by logrotate(8) with the file that is shipped, and the server goes on in new ones.

load lib/server

rotate() {
  sed "s#/var/lib/sprinkled#$DIR/state#g; s#/run/sprinkled#$DIR/run#g" \
    "$ROOT/scripts/sprinkled.logrotate" >"$DIR/logrotate.conf"
  chmod 644 "$DIR/logrotate.conf"
  logrotate --force --state "$DIR/logrotate.state" "$DIR/logrotate.conf"
}

@test "logrotate: old lines are kept, new ones go to new files, running water goes on" {
  start_server -o min_switch=0
  local client
  client_open client
  client_ask "$client" 'src 3' >/dev/null
  rotate
  new_files() { [[ -s $DIR/state/events.log && -e $DIR/state/runs.log ]]; }
  eventually new_files
  assert_pins 3
  run grep -c 'on relay=3' "$DIR/state/runs.log.1"
  assert_output 1
  ask -u 'sro 3' >/dev/null
  run grep -c 'off relay=3' "$DIR/state/runs.log"
  assert_output 1
  run ask -u 'rlf 1 "relay"' 'rlf'
  assert_output --partial 'Relay 3'
  client_close "$client"
  stop_server
}

@test "log: FILE: after a rotation sessions write to the new file too" {
  server_folder
  restart_server -o log="$DIR/own.log"
  mv "$DIR/own.log" "$DIR/own.log.1"
  kill -HUP "$SERVER_PID"
  eventually test -e "$DIR/own.log"
  ask clf >/dev/null
  eventually file_has "$DIR/own.log" ' session .*needs=admin'
  refute grep -q 'needs=admin' "$DIR/own.log.1"
  stop_server
}
