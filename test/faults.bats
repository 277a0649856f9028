# What a server does when the system lets it down: calls that fail, descriptors that run out. Who is
# served goes on being served, and a start that fails says why and leaves nothing.

load lib/server
load lib/faults

teardown() {
  heal
  servers_kill
}

# --- New clients -------------------------------------------------------------------------------

served() {
  [[ $(ask noop 2>/dev/null) == 200\ * ]]
}

# A client that is there already notices nothing.
assert_serves() {
  run client_ask "$1" noop
  assert_output --regexp '^200 '
}

# accept_fails ERRNO: told once, and over when it is over.
accept_fails() {
  local here waiting
  start_server
  client_open here
  inject "$SERVER_PID" "accept4:error=$1"
  exec {waiting}<>"/dev/tcp/127.0.0.1/$PORT"
  eventually injected_often 3
  assert_serves "$here"
  heal
  run client_line "$waiting"
  assert_output --regexp '^220 '
  assert_equal "$(grep -c ' accept: ' "$DIR/server.err")" 1
  eventually file_has "$DIR/server.err" 'accepting clients again'
  client_close "$waiting"
  client_close "$here"
  stop_server
}

@test "accept EMFILE: one line of log, clients served notice nothing, the next waits and is served" {
  accept_fails EMFILE
}

@test "accept ENFILE: one line of log, clients served notice nothing, the next waits and is served" {
  accept_fails ENFILE
}

@test "accept ENOMEM: one line of log, clients served notice nothing, the next waits and is served" {
  accept_fails ENOMEM
}

@test "accept ECONNABORTED: concerns one client, not the next, and is no shortage" {
  start_server
  inject "$SERVER_PID" accept4:error=ECONNABORTED:when=1
  run ask noop
  assert_output --regexp '^200 '
  assert_equal "$(injected)" 1
  heal
  refute [ "$(grep -c ' accept: ' "$DIR/server.err")" != 0 ]
  stop_server
}

processes=clone,clone3,?fork,?vfork

@test "fork EAGAIN: the client is told 554, one line of log, and the next is served" {
  local here i
  start_server
  client_open here
  inject "$SERVER_PID" "$processes:error=EAGAIN"
  for i in 1 2 3; do
    run talk noop
    assert_output --regexp '^554 .*out of processes'
  done
  assert_serves "$here"
  heal
  eventually served
  assert_equal "$(grep -c ' fork: ' "$DIR/server.err")" 1
  assert_equal "$(ask_json gat | grep -c '"service"')" 2
  client_close "$here"
  stop_server
}

@test "fork ENOMEM: a keeper that can't be started is started when it can" {
  start_server
  ask -u 'src 1' >/dev/null
  inject "$(second_thread "$SERVER_PID")" "$processes:error=ENOMEM"
  kill -KILL "$(worker_pids keeper)"
  eventually injected_often 3
  heal
  within 2000 pins_open
  eventually switches
  assert_equal "$(errors_logged "keeper can't be started")" 1
  stop_server
}

switches() {
  ask -u 'src 2' | grep -q '^200 '
}

# --- Out of descriptors -------------------------------------------------------------------------

# For so long the supervisor has no descriptor left, and somebody wants to come in.
starve() { # starve MILLISECONDS CLIENT
  local until_ms waiting
  prlimit --pid "$SERVER_PID" --nofile=6:
  exec {waiting}<>"/dev/tcp/127.0.0.1/$PORT"
  until_ms=$(($(clock_ms) + $1))
  while (($(clock_ms) < until_ms)); do
    client_ask "$2" noop >/dev/null || return
    pause
  done
  prlimit --pid "$SERVER_PID" --nofile=1024:
  client_line "$waiting" | grep '^220 ' || return
  exec {waiting}>&-
}

@test "out of descriptors: 2 seconds of it cost 25 calls of accept and one line of log" {
  local here
  start_server
  client_open here
  trace "$SERVER_PID" accept4
  starve 2000 "$here"
  heal
  run grep -c 'accept4(' "$FAULTS"
  assert [ "$output" -gt 2 ]
  assert [ "$output" -le 25 ]
  assert_equal "$(grep -c ' accept: ' "$DIR/server.err")" 1
  assert_equal "$(grep -c 'accepting clients again' "$DIR/server.err")" 1
  client_close "$here"
  stop_server
}

@test "out of descriptors: 2 seconds of it cost less than 20 ms of processor time" {
  local here before_ns after_ns rest
  start_server
  client_open here
  read -r before_ns rest <"/proc/$SERVER_PID/schedstat"
  starve 2000 "$here"
  read -r after_ns rest <"/proc/$SERVER_PID/schedstat"
  echo "# $(((after_ns - before_ns) / 1000)) microseconds of processor time" >&3
  assert [ $((after_ns - before_ns)) -lt 20000000 ]
  client_close "$here"
  stop_server
}

# --- Sessions -----------------------------------------------------------------------------------

sessions_are() {
  [[ $(worker_pids session | wc -l) == "$1" ]]
}

@test "send EPIPE: ends that session and no other" {
  local here broken
  SERVER_UNDER=$no_leak_search start_server
  client_open broken
  inject "$(worker_pids session)" sendto:error=EPIPE
  client_open here
  client_send "$broken" noop
  eventually sessions_are 1
  heal
  assert_serves "$here"
  run ask -u ref
  refute_output --partial 'died'
  client_close "$here"
  client_close "$broken"
  stop_server
}

@test "send EAGAIN: the reply comes all the same, whole and once" {
  local client
  start_server
  client_open client
  inject "$(worker_pids session)" sendto:error=EAGAIN:when=1..3
  run client_ask "$client" gdt
  assert_line --index 0 --regexp '^200-'
  assert_equal "$(injected)" 3
  heal
  run client_ask "$client" noop
  assert_equal "${#lines[@]}" 1
  client_close "$client"
  stop_server
}

@test "send takes only a part: the rest follows" {
  local client
  start_server
  client_open client
  inject "$(worker_pids session)" sendto:retval=4:when=1 # said to be sent, but gone: 4 bytes
  client_send "$client" noop
  run client_line "$client"
  assert_output ok
  assert_equal "$(injected)" 1
  heal
  client_close "$client"
  stop_server
}

@test "recv EINTR: the command is read all the same" {
  local client
  start_server
  client_open client
  inject "$(worker_pids session)" recvfrom:error=EINTR:when=1
  run client_ask "$client" noop
  assert_output --regexp '^200 '
  assert_equal "$(injected)" 1
  heal
  client_close "$client"
  stop_server
}

# --- The start ----------------------------------------------------------------------------------

# start_fails FAULT MESSAGE [-P PATH]: a start with that fault ends with 1, says why in one line, and
# leaves nothing behind.
start_fails() {
  local fault=$1 message=$2
  shift 2
  run timeout "$WAIT_S" strace -qq -o "$DIR/faults.trace" -e "inject=$fault" -e "trace=${fault%%:*}" "$@" \
    "$SPRINKLED" -f -c "$DIR/sprinkled.yml" -l control@127.0.0.1:0 -l "control@unix:$SOCKET"
  assert_failure 1
  assert file_has "$DIR/faults.trace" INJECTED
  assert_line --regexp " error .*$message"
  run server_left
  assert_output ''
}

@test "start: shared memory that can't be opened is told, and nothing is left" {
  local name
  server_folder
  name=$(stat -c 'sprinkled.%d.%i' "$DIR/run" | shared_memory_name)
  start_fails openat:error=ENOSPC 'shared memory: No space left on device' -P "/dev/shm/$name"
}

@test "start: shared memory that finds no room is told, and nothing is left" {
  server_folder
  start_fails fallocate:error=ENOSPC 'shared memory: No space left on device'
}

@test "start: whatever call fails, it is told, and nothing is left" {
  local fault
  for fault in ftruncate:error=ENOSPC:when=2 socket:error=EMFILE bind:error=EACCES \
    listen:error=EADDRINUSE signalfd4:error=ENFILE eventfd2:error=EMFILE:when=1 \
    setsockopt:error=ENOMEM; do
    echo "$fault"
    server_folder
    start_fails "$fault" ''
  done
}
