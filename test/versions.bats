# The client and servers of other versions. test/lib/future.pl makes today's server one of two
# versions ahead; what a client does with it is what it does with today's.

load lib/server
load lib/terminal
bats_require_minimum_version 1.5.0

setup() {
  terminal_environment
  summer_server
  TODAY=$SOCKET
  SOCKET=$DIR/future.sock
  local future_out
  exec {future_out}< <(exec perl "$ROOT/test/lib/future.pl" "$SOCKET" "$TODAY" 3>&-)
  FUTURE_PID=$!
  read -r -t "$WAIT_S" -u "$future_out"
  exec {future_out}<&-
}

teardown() {
  terminal_kill
  kill "$FUTURE_PID"
  stop_server
}

# at SOCKET ARGUMENT…: a single command there.
at() {
  timeout "$WAIT_S" "$SPRINKLE" -s "$@"
}

@test "two versions ahead: text, exit status and refusals are as today's" {
  local command
  for command in 'grs 2-4' gap 'src 3 for 10m' 'sro 3' 'next 3' gp help; do
    # shellcheck disable=SC2086 # words of a command
    run --separate-stderr at "$TODAY" $command
    assert_success
    local today=$output
    # shellcheck disable=SC2086
    run --separate-stderr at "$SOCKET" $command
    assert_success
    assert_equal "$(sed 's/[0-9:]\{8\}/TIME/g' <<<"$output")" \
      "$(sed 's/[0-9:]\{8\}/TIME/g' <<<"$today")"
  done
  run at "$SOCKET" nosuch
  assert_failure 1
  assert_output --partial 'no such command: nosuch'
}

@test "two versions ahead: -j passes on what it does not know" {
  run --separate-stderr at "$SOCKET" -j grs
  assert_success
  assert_equal "$(jq -c '[.[] | [.relay, .state, .colour.name]] | .[2]' <<<"$output")" \
    '[3,"open","green"]'
}

@test "two versions ahead: tables and charts have today's columns" {
  local today
  sprinkle_at_terminal grs 2-4
  assert_screen '^status 0'
  assert_screen '^Relay +GPIO +Pin +State$'
  assert_screen '^3 +13 +33 +open$'
  terminal_end
  sprinkle_at_terminal next 7d --chart
  assert_screen '^status 0'
  assert_screen '^ 1 {16}·*(█+·+){6}█+·*$'
}

@test "two versions ahead: the prompt shows the profile, completes, and tells every event" {
  prompt_start
  type_keys 'sap w' Tab
  assert_last_line 'localhost[summer]> sap winter'
  type_keys C-u 'watch' Enter
  assert_screen '^watching'
  assert_screen ' moon: the moon is full$'
  type_keys 'src 5 for'
  assert_last_line 'localhost[summer]> src 5 for'
  at "$TODAY" -q src 3
  assert_screen 'relay: Relay 3 .* is closed'
  assert_last_line 'localhost[summer]> src 5 for'
}

@test "two versions ahead: top shows the relays and follows them" {
  sprinkle_at_terminal top
  assert_screen '^ localhost  profile summer runs'
  assert_screen '^  3 +open'
  at "$TODAY" -q src 3 for 10m
  assert_screen '^  3 +closed +\[=+ *\]'
  type_keys q
  assert_screen '^status 0'
}
