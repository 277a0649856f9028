# Clients that misbehave, and networks that lose them: never a burden to the others.

load lib/server

teardown() {
  servers_kill
  cable_remove
}

sessions_are() {
  [[ $(worker_pids session | wc -l) == "$1" ]]
}

# The replies that a client has not read fill every buffer: for four looks nothing was added.
buffers_are_full() {
  local now
  now=$(ss -Htn "sport = :$PORT" | awk '$3 > most { most = $3 } END { print most + 0 }')
  ((now > 0 && now == ${buffered:-0})) || same_looks=0
  buffered=$now
  ((++same_looks > 4))
}

@test "short writes: 6,000 replies to a client that reads late come whole and in order" {
  local count=3000
  start_server
  for ((i = 0; i < count; i++)); do
    printf '%s\n' m "nothing-$i"
  done | timeout "$WAIT_S" nc -N 127.0.0.1 "$PORT" | {
    for ((i = 0; i < 20; i++)); do # 4 MB come meanwhile: more than pipe and nc take unread
      pause
    done
    cat
  } >"$DIR/replies"
  assert_equal "$(sed -n 's/^500 .*nothing-\([0-9]*\).*/\1/p' "$DIR/replies" | md5sum)" \
    "$(seq 0 $((count - 1)) | md5sum)"
  run awk '!/^(500|220) / { seen[$0]++ } END { for (line in seen) print seen[line] % '$count' }' "$DIR/replies"
  assert_equal "$(sort -u <<<"$output")" 0
  stop_server
}

# deaf_start: a client that asks without end and never reads, with a window that does not grow.
deaf_start() {
  perl -MSocket -e '
    socket(my $s, AF_INET, SOCK_STREAM, 0) or die;
    setsockopt($s, SOL_SOCKET, SO_RCVBUF, 4096) or die;
    connect($s, sockaddr_in($ARGV[0], INADDR_LOOPBACK)) or die;
    $SIG{PIPE} = "DEFAULT";
    1 while syswrite($s, "m\n" x 4096);' "$PORT" 3>&- 4>&- &
  DEAF=$!
  eventually buffers_are_full
}

@test "a client that never reads: does not hold up the keeper, other clients, or ks" {
  start_server
  deaf_start
  within 1000 switches
  within 1500 ends_by_ks
  server_ended 0
  kill "$DEAF" 2>/dev/null || true # it may have seen the end itself
}

ends_by_ks() {
  ask -u ks >/dev/null
  eventually test -e "$DIR/status"
}

switches() {
  ask -u 'src 2' | grep -q '^200 '
}

@test "a byte at a time: buys no time beyond line_timeout" {
  local slow started_ms took_ms
  start_server -o line_timeout=600ms
  client_open slow
  started_ms=$(clock_ms)
  (while printf n >&"$slow"; do pause; done) 2>/dev/null 3>&- 4>&- &
  run client_line "$slow"
  took_ms=$(($(clock_ms) - started_ms))
  assert_output --regexp '^421 Closing: a line once begun'
  assert [ "$took_ms" -ge 600 ]
  assert [ "$took_ms" -lt 3000 ]
  eventually sessions_are 0
  client_close "$slow"
  stop_server
}

@test "line_timeout: counts for each line anew" {
  local client until_ms
  start_server -o line_timeout=1s
  client_open client
  until_ms=$(($(clock_ms) + 1500))
  while (($(clock_ms) < until_ms)); do
    printf no >&"$client"
    pause
    client_ask "$client" op >/dev/null
  done
  run client_ask "$client" noop
  assert_output --regexp '^200 '
  client_close "$client"
  stop_server
}

# cable_make: two network namespaces with a cable between them, for a server that cable_server
# starts on one end, and clients on the other.
cable_make() {
  local id=$BASHPID
  SERVER_NET=sprinkled-$id-s
  CLIENT_NET=sprinkled-$id-c
  ip netns add "$SERVER_NET"
  ip netns add "$CLIENT_NET"
  ip -n "$SERVER_NET" link add name cable type veth peer name cable netns "$CLIENT_NET"
  ip -n "$SERVER_NET" address add 192.0.2.1/24 dev cable
  ip -n "$CLIENT_NET" address add 192.0.2.2/24 dev cable
  ip -n "$SERVER_NET" link set cable up
  ip -n "$CLIENT_NET" link set cable up
}

cable_cut() {
  ip -n "$CLIENT_NET" link set cable down
}

cable_remove() {
  [[ -n ${SERVER_NET:-} ]] || return 0
  ip netns pids "$CLIENT_NET" | xargs -r kill
  ip netns del "$SERVER_NET"
  ip netns del "$CLIENT_NET"
  SERVER_NET=
}

cable_server() {
  cable_make
  server_folder
  user_add vera viewer hose
  SERVER_UNDER="nsenter --net=/run/netns/$SERVER_NET" restart_bare_server \
    -l control@192.0.2.1:5050 -l "control@unix:$SOCKET" -o plaintext_auth=yes "$@"
}

# far_client REPLY LINE…: a client on the other end that logs in, says these lines, has heard REPLY, and stays.
far_client() {
  local reply=$1
  shift
  nsenter --net="/run/netns/$CLIENT_NET" bash -c '
    exec 5<>/dev/tcp/192.0.2.1/5050 && printf "%s\n" "$@" >&5 && exec cat <&5' far \
    'auth vera hose' "$@" >"$DIR/far.out" 3>&- 4>&- &
  eventually file_has "$DIR/far.out" "$reply"
}

# bats test_tags=root
@test "a cable that is cut: keepalive finds the silent client gone" {
  cable_server -o keepalive=1s
  far_client '^200 ' noop
  assert sessions_are 1
  cable_cut
  within 5000 sessions_are 0
  stop_server
}

# bats test_tags=root
@test "a cable that is cut while something is on its way: the client is found gone as soon" {
  cable_server -o keepalive=1s
  far_client '^200 ' watch
  assert sessions_are 1
  cable_cut
  ask -u 'src 1' 'sro 1' >/dev/null
  within 5000 sessions_are 0
  stop_server
}

# bats test_tags=root
@test "keepalive: a silent client whose machine answers stays" {
  local until_ms
  cable_server -o keepalive=1s
  far_client '^200 ' noop
  until_ms=$(($(clock_ms) + 4000))
  while (($(clock_ms) < until_ms)); do
    assert sessions_are 1
    pause
  done
  stop_server
}
