# A smoke run under valgrind: what the sanitizers' build can't see, such as reads of memory that was
# never written. stop_server fails on anything that valgrind has to say. Supervisor and sessions run
# under it; the keeper, which they execute, does not: valgrind 3.19 knows no pidfd_open(2).

load lib/server

setup_file() {
  server_folder
  cp "$ROOT/scripts/profiles.yml" "$DIR"
  case $(readelf -d "$SPRINKLED" | grep -c libasan) in
  0) export SERVER_UNDER="valgrind -q --log-file=$DIR/valgrind.%p" ;;
  *) export SERVER_UNDER= ;; # sanitizers and valgrind exclude one another
  esac
  restart_server -l echo@127.0.0.1:0 -l happy@127.0.0.1:0
}

teardown_file() {
  stop_server
}

@test "valgrind: every command that only looks" {
  local name
  while read -r name; do
    ask -u "$name" 'format json' "$name" >/dev/null
  done < <(ask_json help | jq -r 'select(.role == "viewer" or .role == "any") | .name')
  run ask noop
  assert_output --regexp '^200 '
}

@test "valgrind: switching, profiles, logs, garbage" {
  run ask -u 'src 1 for 1s' 'src 2-4' 't1 1234' 'sro all' 'sap 1' rp skip\ 1 'sl 50' pause resume \
    'rd 1h' 'rd off' sp mp clf cef $'\377' 'src 99' '"'
  assert_line --regexp '^200 '
  kill -HUP "$SERVER_PID"
  kill -USR1 "$SERVER_PID"
  eventually file_has "$DIR/server.err" 'clients:'
}

@test "valgrind: the small services, and a client that vanishes" {
  local fd
  printf hello | timeout "$WAIT_S" nc -N 127.0.0.1 "$(server_port echo)"
  printf hello | timeout "$WAIT_S" nc -N 127.0.0.1 "$(server_port happy)"
  client_open fd
  client_close "$fd"
}
