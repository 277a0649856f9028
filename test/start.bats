# Sockets that another program opened: inetd, xinetd, systemd.

load lib/server
load lib/starters
load lib/faults

teardown() {
  starter_stop
  servers_kill
}

# Which process answers, as gat says.
supervisor_at() { # supervisor_at PORT
  ask -p "$1" gat | sed -n 's/^200-supervisor //p'
}

served_at() { # served_at PORT
  [[ $(supervisor_at "$1") =~ ^[0-9]+$ ]]
}

# The first client meets a server that its own connection started, the next one the same; when it
# has ended the next connection starts another.
serves_on() { # serves_on PORT
  local first second
  eventually served_at "$1"
  first=$(supervisor_at "$1")
  run ask -p "$1" 'src 3' 'grs 3'
  assert_line --regexp '^200-Relay 3 .* is closed'
  run ask -p "$1" 'grs 3' 'sro 3'
  assert_line --regexp '^200-Relay 3 .* is closed'
  assert_equal "$(supervisor_at "$1")" "$first"
  run ask -p "$1" ks
  assert_line --regexp '^421 .* RE: ks by'
  eventually not process_alive "$first"
  eventually served_at "$1"
  second=$(supervisor_at "$1")
  assert_not_equal "$second" "$first"
  run cat "$DIR/state/events.log"
  assert_line --partial "ready: control@127.0.0.1:$1"
}

@test "inetd: a first connection starts the server, which serves on" {
  server_folder
  start_inetd
  serves_on "$STARTER_PORT"
}

@test "xinetd: a first connection starts the server, which serves on" {
  server_folder
  start_xinetd
  serves_on "$STARTER_PORT"
}

@test "-i: what is wrong with the settings goes to syslog, not to the socket" {
  server_folder
  echo 'max_clientz: 1' >>"$DIR/sprinkled.yml"
  sanitizer_environment
  # shellcheck disable=SC2086 # a command with options
  run perl -MIO::Socket::INET -MPOSIX=dup2 -e '$socket = IO::Socket::INET->new(Listen => 1,
    LocalAddr => "127.0.0.1"); dup2(fileno($socket), $_) for 0 .. 2; exec @ARGV' \
    $no_leak_search strace -o "$DIR/calls" -e trace=connect,write \
    "$SPRINKLED" -i control -c "$DIR/sprinkled.yml"
  assert_failure 1
  run cat "$DIR/calls"
  assert_output --partial '"/dev/log"'
  refute_output --partial 'max_clientz'
}

@test "-i: standard input that is no listening socket is refused, with the remedy" {
  server_folder
  run sprinkled_here -i control </dev/null
  assert_failure 1
  assert_output --partial 'descriptor 0 is no listening stream socket'
  assert_output --partial '"wait"'
}

@test "-i: refused with -f" {
  server_folder
  run sprinkled_here -f -i control
  assert_failure 2
  assert_output --partial '-i goes without -f'
}

@test "systemd: the descriptors' names choose the services, and the sockets stay" {
  server_folder
  start_socket_activate "127.0.0.1:$(free_port)" "$DIR/activate.sock" control:echo
  eventually served_at "$STARTER_PORT"
  run timeout "$WAIT_S" nc -NU "$DIR/activate.sock" <<<hallo
  assert_output 'ECHO: hallo'
  run ask -p "$STARTER_PORT" gat
  assert_output --partial "control@127.0.0.1:$STARTER_PORT"
  run cat "$DIR/state/events.log"
  assert_line --partial "ready: control@127.0.0.1:$STARTER_PORT echo@unix:$DIR/activate.sock"
  ask -p "$STARTER_PORT" ks >/dev/null
  eventually not process_alive "$STARTER"
  assert [ -S "$DIR/activate.sock" ]
}

@test "systemd: without names a descriptor serves control; a name that is no service is refused" {
  server_folder
  start_socket_activate "127.0.0.1:$(free_port)" "$DIR/activate.sock"
  eventually served_at "$STARTER_PORT"
  run timeout "$WAIT_S" nc -NU "$DIR/activate.sock" <<<'grs 1'
  assert_line --partial '200-Relay 1'
  ask -p "$STARTER_PORT" ks >/dev/null
  eventually not process_alive "$STARTER"
  rm "$DIR/activate.sock"
  start_socket_activate "127.0.0.1:$(free_port)" "$DIR/activate.sock" control:ecco
  ask -p "$STARTER_PORT" noop >/dev/null
  eventually not process_alive "$STARTER"
  run cat "$DIR/starter.err"
  assert_output --partial 'there is no service ecco'
}

@test "systemd: what the file listens to stays beside, and an address in both is one listener" {
  local port
  port=$(free_port)
  server_folder
  printf 'listen:\n  - echo@127.0.0.1:%s\n  - control@unix:%s\n' "$port" "$SOCKET" \
    >>"$DIR/sprinkled.yml"
  start_socket_activate "127.0.0.1:$port" "$DIR/activate.sock"
  eventually answers_echo "$port"
  run ask -u 'grs 1'
  assert_line --partial '200-Relay 1'
  run cat "$DIR/state/events.log"
  assert_line --partial \
    "ready: echo@127.0.0.1:$port control@unix:$SOCKET control@unix:$DIR/activate.sock"
}

answers_echo() { # answers_echo PORT
  [[ $(talk -p "$1" hallo) == 'ECHO: hallo' ]]
}

@test "systemd: a session holds none of the sockets but its own" {
  local client session
  server_folder
  start_socket_activate "127.0.0.1:$(free_port)" "$DIR/activate.sock"
  eventually served_at "$STARTER_PORT"
  client_open client "$STARTER_PORT"
  client_ask "$client" noop >/dev/null
  session=$(ask -p "$STARTER_PORT" gat |
    sed -n 's/^200-session \([0-9]*\): .*, last command noop, .*/\1/p')
  run find "/proc/$session/fd" -lname 'socket:*'
  assert_equal "${#lines[@]}" 2 # and the one where it asks the clerk
  client_close "$client"
}

@test "systemd: sockets meant for another process are left alone" {
  start_server_with_environment LISTEN_PID=1 LISTEN_FDS=2
  assert_regex "$READY" "^ready control@127.0.0.1:[0-9]+ control@unix:$SOCKET\$"
  stop_server
}

start_server_with_environment() {
  server_folder
  SERVER_UNDER="env $*" restart_server
}

@test "systemd: a listener open to a network needs a users file, whoever opened it" {
  server_folder
  start_socket_activate "0.0.0.0:$(free_port)" "$DIR/activate.sock"
  ask -p "$STARTER_PORT" noop >/dev/null || true
  eventually not process_alive "$STARTER"
  run cat "$DIR/starter.err"
  assert_output --partial "control@0.0.0.0:$STARTER_PORT is open to a network"
}
