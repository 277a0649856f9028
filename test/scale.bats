# Many idle clients. SCALE_CLIENTS has the counts, 300 unless set; make scale takes 1,000 and 4,000.

load lib/server

setup_file() {
  export IDLERS=$BATS_FILE_TMPDIR/idlers
  cc -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -O2 -o "$IDLERS" "$ROOT/test/scale/idlers.c"
}

# idlers_held COUNT: they are all there, each in gat, and the next client is served within a second.
idlers_held() {
  assert_equal "$(ask_json -u gat | grep -c '"address":"127')" "$1"
  within 1000 switches
}

switches() {
  ask -u 'src 2' | grep -q '^200 '
}

# serve_idlers COUNT
serve_idlers() {
  local count=$1 held
  start_server -o max_clients=4096 -o max_clients_per_source=4096
  coproc IDLE { exec "$IDLERS" "$PORT" "$count" "$SERVER_PID" 2>&1; }
  local idle_pid=$IDLE_PID idle_out=${IDLE[0]} idle_in=${IDLE[1]}
  IFS= read -r -t 120 -u "$idle_out" held
  assert_regex "$held" "^held $count in [0-9]+ ms$"
  idlers_held "$count"
  echo go >&"$idle_in"
  run cat <&"$idle_out"
  assert_line --index 0 --regexp '^ended in [0-9]+ ms$'
  assert_line --index 1 "told $count"
  echo "# $count idle clients: $held; ks: ${lines[0]}" >&3
  wait "$idle_pid"
  server_ended 0
  assert_pins_open
}

# bats test_tags=slow
@test "idle clients: all are held and listed, others served, and ks tells and ends them all" {
  local count
  for count in ${SCALE_CLIENTS:-300}; do
    serve_idlers "$count"
  done
}
