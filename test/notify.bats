# What a service manager hears at NOTIFY_SOCKET.

load lib/server

# Every message, in lines, with a blank one after each. "@" begins a name of the abstract kind.
listener_start() { # listener_start [NAME]
  HEARD=$DIR/heard
  : >"$HEARD"
  perl -MSocket -e '$| = 1; socket(S, AF_UNIX, SOCK_DGRAM, 0);
    bind(S, pack_sockaddr_un($ARGV[0] =~ s/^@/\0/r)) || die $!;
    print "bound\n"; while (defined recv(S, $m, 8192, 0)) { print "$m\n\n" }' \
    "${1:-$DIR/notify.sock}" >"$HEARD" 2>/dev/null 3>&- 4>&- &
  LISTENER=$!
  eventually heard bound
}

start_notifying_server() { # start_notifying_server [VARIABLE=VALUE…]
  server_folder
  listener_start
  SERVER_UNDER="env NOTIFY_SOCKET=$DIR/notify.sock $*" restart_server -o update_command=env \
    -o readback_interval=60m
}

teardown() {
  servers_kill
  if [[ -n ${LISTENER:-} ]]; then
    kill -KILL "$LISTENER"
    wait "$LISTENER" 2>/dev/null || true # its status is our signal
  fi
}

heard() { # heard PATTERN: an extended regular expression for a whole line
  grep -Exq -- "$1" "$HEARD"
}

heard_times() { # heard_times LINE
  grep -cFx -- "$1" "$HEARD"
}

heard_often() { # heard_often LINE COUNT
  (($(heard_times "$1") >= $2))
}

@test "notify: READY when the server serves, with what in STATUS, and STOPPING at its end" {
  start_notifying_server
  eventually heard 'READY=1'
  assert heard "STATUS=serving control@127.0.0.1:$PORT control@unix:.*"
  refute heard 'WATCHDOG=1'
  stop_server
  eventually heard 'STOPPING=1'
  assert heard 'STATUS=shutting down: .*'
}

@test "notify: nothing is ready that could not start" {
  server_folder
  listener_start
  echo 'sim_fault: open=EBUSY' >>"$DIR/sprinkled.yml"
  sed -i '/^sim_fault: pins/d' "$DIR/sprinkled.yml"
  SERVER_UNDER="env NOTIFY_SOCKET=$DIR/notify.sock" run restart_server
  assert_failure
  eventually heard 'STOPPING=1'
  refute heard 'READY=1'
}

@test "notify: RELOADING with the time at SIGHUP, then READY once more" {
  start_notifying_server
  eventually heard 'READY=1'
  kill -HUP "$SERVER_PID"
  eventually heard_often 'READY=1' 2
  run grep -Ex 'RELOADING=1|READY=1' "$HEARD"
  assert_output $'READY=1\nRELOADING=1\nREADY=1'
  run cat "$HEARD"
  assert_line --regexp '^MONOTONIC_USEC=[0-9]+$'
  stop_server
}

@test "notify: an abstract socket will do" {
  server_folder
  listener_start "@$DIR"
  SERVER_UNDER="env NOTIFY_SOCKET=@$DIR" restart_server
  eventually heard 'READY=1'
  stop_server
}

@test "notify: a socket that is not there ends the start" {
  server_folder
  NOTIFY_SOCKET=$DIR/nowhere run sprinkled_here -f
  assert_failure 1
  assert_output --partial 'NOTIFY_SOCKET: No such file or directory'
}

# unfed: the supervisor slept and woke six times, which is several looks, and fed nobody.
unfed() {
  local fed wanted
  fed=$(heard_times 'WATCHDOG=1')
  wanted=$(($(sleeps) + 6))
  slept() { (($(sleeps) >= wanted)); }
  eventually slept
  [[ $(heard_times 'WATCHDOG=1') == "$fed" ]]
}

sleeps() {
  awk '/^voluntary_ctxt/ { print $2 }' "/proc/$SERVER_PID/status"
}

@test "watchdog: fed while the keeper's loop turns, however seldom it has to, and not otherwise" {
  start_notifying_server WATCHDOG_USEC=400000
  eventually heard_often 'WATCHDOG=1' 3
  kill -STOP "$(worker_pids keeper)"
  eventually unfed # its first look may still have seen a turn
  kill -CONT "$(worker_pids keeper)"
  eventually heard_often 'WATCHDOG=1' $(($(heard_times 'WATCHDOG=1') + 2))
  stop_server
}

@test "watchdog: another process's is not ours to feed" {
  start_notifying_server WATCHDOG_USEC=20000 WATCHDOG_PID=1
  ask -u noop noop noop >/dev/null
  stop_server
  eventually heard 'STOPPING=1'
  refute heard 'WATCHDOG=1'
}

session_sockets() { # how many a session has
  local client
  client_open client
  find "/proc/$(worker_pids session)/fd" -lname 'socket:*' | wc -l
  client_close "$client"
}

@test "notify: a session knows nothing of the socket" {
  local sockets
  start_server
  sockets=$(session_sockets)
  stop_server
  start_notifying_server WATCHDOG_USEC=60000000
  assert_equal "$(session_sockets)" "$sockets"
  run ask -u us
  assert_line --regexp '^200-PATH='
  refute_line --regexp '^200-(NOTIFY_SOCKET|WATCHDOG_USEC)='
  stop_server
}
