# The client sprinkle and its servers: which one it connects to, by the hosts file too, as whom, and
# what it makes of servers that are of another kind, another version or break off.

load lib/server
load lib/sprinkle
bats_require_minimum_version 1.5.0

setup_file() {
  start_server -o min_switch=0
}

teardown_file() {
  stop_server
}

setup() {
  sprinkle_environment
}

# A server of the test's own, with users: ada views, bob operates.
server_with_users() {
  server_folder
  user_add ada viewer 'right horse'
  user_add bob operator horse
  restart_server -o min_switch=0
}

@test "connecting: s takes loopback where there is no socket" {
  run "$SPRINKLE" -p "$PORT" s grs 1
  assert_success
  assert_line --index 0 --partial 'Relay 1 '
}

@test "connecting: a name of the hosts file, alone or with l, and l alone for the first" {
  hosts '# name port lan router password' "garden $PORT 127.0.0.1 203.0.113.1 -" \
    'shed 1 127.0.0.1 203.0.113.1 -  # off'
  run "$SPRINKLE" garden grs 1
  assert_success
  assert_line --index 0 --partial 'Relay 1 '
  run "$SPRINKLE" l garden gvn
  assert_success
  run "$SPRINKLE" garden l gvn
  assert_success
  run "$SPRINKLE" l gvn
  assert_success
  run "$SPRINKLE" shed gvn
  assert_failure 3
  assert_line --index 0 "sprinkle: can't connect to shed (127.0.0.1:1: Connection refused)"
}

@test "connecting: the hosts file of XDG_CONFIG_HOME comes first" {
  mkdir -p "$HOME/config/sprinkle"
  echo "yard $PORT 127.0.0.1 - -" >"$HOME/config/sprinkle/hosts"
  XDG_CONFIG_HOME=$HOME/config run "$SPRINKLE" yard gvn
  assert_success
}

@test "connecting: a hosts file with passwords that others can read is refused" {
  hosts "garden $PORT 127.0.0.1 203.0.113.1 secret"
  run "$SPRINKLE" garden gvn
  assert_success
  chmod 644 "$HOME/.config/sprinkle/hosts"
  run "$SPRINKLE" garden gvn
  assert_failure 2
  assert_line --index 0 --partial 'others can read it; refused'
  assert_line --index 1 --partial 'chmod 600'
}

@test "connecting: a bad line of the hosts file is told with file, line and what is right" {
  hosts 'garden 5050 127.0.0.1 -'
  run "$SPRINKLE" garden gvn
  assert_failure 2
  assert_output --partial '/hosts:1: five columns'
  hosts '' 'garden 99999 127.0.0.1 - -'
  run "$SPRINKLE" garden gvn
  assert_failure 2
  assert_output --partial '/hosts:2: the port 99999'
}

@test "connecting: l without a hosts file says what to do" {
  run "$SPRINKLE" l grs
  assert_failure 2
  assert_output --partial 'l needs a server in ~/.config/sprinkle/hosts'
}

@test "connecting: what does not speak the control protocol is told so" {
  printf 'SSH-2.0-OpenSSH_9.2\n' >"$BATS_TEST_TMPDIR/script"
  fake_server "$BATS_TEST_TMPDIR/script"
  run "$SPRINKLE" -H 127.0.0.1 -p "$FAKE_PORT" grs
  assert_failure 3
  assert_output --partial 'does not speak the control protocol'
}

@test "connecting: a server that is full says so" {
  printf '554 too many clients: 256 are the limit\n' >"$BATS_TEST_TMPDIR/script"
  fake_server "$BATS_TEST_TMPDIR/script"
  run "$SPRINKLE" -H 127.0.0.1 -p "$FAKE_PORT" grs
  assert_failure 3
  assert_output 'sprinkle: 127.0.0.1: too many clients: 256 are the limit'
}

@test "other versions: greetings of more lines, unknown codes, keys and events are no trouble" {
  cat >"$BATS_TEST_TMPDIR/script" <<'SCRIPT'
220-sprinkled 11.0
220-quota 7
220 ready, capabilities: dance
<
200 format is json
<
299 {"event":"moon","phase":"full"}
287-{"relay":1,"state":"closed","colour":"green"}
200-{"relay":2}
200 fine
SCRIPT
  fake_server "$BATS_TEST_TMPDIR/script"
  run --separate-stderr "$SPRINKLE" -j -H 127.0.0.1 -p "$FAKE_PORT" grs
  assert_success
  assert_line --index 0 '{"event":"moon","phase":"full"}'
  assert_equal "$(tail -n +2 <<<"$output" | jq -c '[.[].relay]')" '[1,2]'
}

@test "other versions: a reply that is no JSON under -j still makes valid JSON" {
  printf '220 hi\n<\n500 no such command\n<\n200-plain "text"\n200 fine\n' \
    >"$BATS_TEST_TMPDIR/script"
  fake_server "$BATS_TEST_TMPDIR/script"
  run --separate-stderr "$SPRINKLE" -j -H 127.0.0.1 -p "$FAKE_PORT" grs
  assert_equal "$(jq -r '.[0]' <<<"$output")" 'plain "text"'
}

@test "text of a server reaches the terminal without control characters" {
  printf '220 hi\n<\n200-a\033[31mred\\134 \342\200\256x\n200 done\n' >"$BATS_TEST_TMPDIR/script"
  fake_server "$BATS_TEST_TMPDIR/script"
  run --separate-stderr "$SPRINKLE" -H 127.0.0.1 -p "$FAKE_PORT" grs
  assert_success
  assert_line --index 0 'a\033[31mred\134 \342\200\256x'
}

@test "a connection that breaks inside a reply is lost: 3" {
  printf '220 hi\n<\n200-Relay 1 is open\n' >"$BATS_TEST_TMPDIR/script"
  fake_server "$BATS_TEST_TMPDIR/script"
  run --separate-stderr "$SPRINKLE" -H 127.0.0.1 -p "$FAKE_PORT" grs
  assert_failure 3
  assert_output 'Relay 1 is open'
  assert_equal "$stderr" 'sprinkle: 127.0.0.1: the server closed the connection'
}

@test "-u: authenticates with the password of SPRINKLE_PASSWORD_FILE; 4 with a wrong one" {
  server_with_users
  echo 'right horse' >"$BATS_TEST_TMPDIR/password"
  export SPRINKLE_PASSWORD_FILE=$BATS_TEST_TMPDIR/password
  run "$SPRINKLE" -H 127.0.0.1 -p "$PORT" grs
  assert_failure 4
  run "$SPRINKLE" -H 127.0.0.1 -p "$PORT" -u ada grs 1
  assert_success
  assert_line --index 0 --partial 'Relay 1 '
  run "$SPRINKLE" -H 127.0.0.1 -p "$PORT" -u ada clf
  assert_failure 4
  echo wrong >"$BATS_TEST_TMPDIR/password"
  run "$SPRINKLE" -H 127.0.0.1 -p "$PORT" -u ada grs
  assert_failure 4
  assert_output 'sprinkle: ada: authentication failed'
  SPRINKLE_PASSWORD_FILE=$BATS_TEST_TMPDIR/none run "$SPRINKLE" -H 127.0.0.1 -p "$PORT" -u ada grs
  assert_failure 2
  assert_output --partial 'No such file or directory'
  stop_server
}

@test "-u: the password of the hosts file does as well" {
  server_with_users
  hosts "garden $PORT 127.0.0.1 - horse"
  run "$SPRINKLE" -u bob garden gvn
  assert_success
  stop_server
}
