# sprinkle top, the full screen: what it shows, its keys, other sizes, a server that ends.

load lib/server
load lib/terminal
bats_require_minimum_version 1.5.0

setup() {
  terminal_environment
  summer_server
}

teardown() {
  terminal_kill
  summer_server_end
}

@test "top: relays, next switchings and clients, refreshed by events; q leaves" {
  sprinkle_at_terminal top
  assert_screen '^ localhost  profile summer runs'
  assert_screen '^ 8 relays'
  assert_screen '^  3 +open'
  assert_screen ' 04:00:00  relay 1 closed  summer'
  assert_screen 'admin +last watch'
  another src 3 for 10m
  assert_screen '^  3 +closed +\[=+\] +(9m[0-9]+s|10m) +admin'
  another sro 3
  assert_screen '^  3 +open'
  another sp
  assert_screen '^ localhost  profile summer does not run'
  type_keys q
  assert_screen '^status 0'
}

@test "top: power in use against the supply" {
  small_supply 1s
  sprinkle_at_terminal top
  assert_screen '^ 8 relays, 0\.0 of 20\.0 VA in use +\[ {12}\]'
  another src 1
  assert_screen ' 14\.4 of 20\.0 VA in use +\[={9} {3}\]'
  assert_screen ' 4\.8 of 20\.0 VA in use +\[={3} {9}\]'
}

@test "top: keys close, open and pause" {
  sprinkle_at_terminal top
  assert_screen '^  1 +open'
  type_keys Down Down c
  assert_screen '^  3 +closed'
  assert_screen '^src 3: 1 done'
  assert_pins 3
  type_keys o
  assert_screen '^  3 +open'
  assert_pins_open
  type_keys p
  assert_screen '^pause: '
  type_keys r
  assert_screen '^resume: '
}

# The screen without what differs each time: processes, dates, what a valve pulls in, and which of
# top's own two connections comes first.
top_screen() {
  screen | sed -E 's/pid *[0-9]* */pid /; s/last (gat|watch)/last COMMAND/
    s/[0-9]{4}-[0-9]{2}-[0-9]{2} /DATE /; s/\[=+ *\] +[0-9]+m([0-9]+s)? /LEFT /
    s/(14\.4|4\.8) of 20\.0 VA in use  \[=+ +\]$/POWER/; s/ +$//'
}

top_screen_is() {
  [[ $(top_screen) == "$1" ]]
}

# Wait until it is that; show the difference when it does not come to it.
assert_top_screen() {
  eventually top_screen_is "$1" 2>/dev/null || assert_equal "$(top_screen)" "$1"
}

@test "top: the whole screen at 80 by 24, and at another size" {
  small_supply 1s
  sprinkle_at_terminal top
  another src 3 for 10m
  assert_screen "^  3 .* $(ask_json -u 'grs 3' | jq -r .by)$" # to the pid's last digit
  local head=' localhost  profile summer runs
 8 relays, POWER
    Relay                State   Time left                By
  1                      open
  2                      open
  3                      closed  LEFT  admin unix pid
  4                      open
  5                      open
  6                      open
  7                      open
  8                      open
Next switchings
    DATE 04:00:00  relay 1 closed  summer
    DATE 04:10:00  relay 1 open    summer
    DATE 04:00:00  relay 1 closed  summer
    DATE 04:10:00  relay 1 open    summer
    DATE 04:00:00  relay 1 closed  summer
Clients
    unix pid admin     last COMMAND'
  assert_top_screen "$head
    unix pid admin     last COMMAND



q quit  up/down select  c close  o open  p pause  r resume"
  terminal resize-window -x 100 -y 20
  assert_top_screen "$head
q quit  up/down select  c close  o open  p pause  r resume"
}

@test "top: fits a smaller and a larger screen" {
  sprinkle_at_terminal top
  assert_screen '^q quit'
  terminal resize-window -x 60 -y 12
  assert_screen '^  8 +open'
  assert_equal "$(screen | wc -l)" 12
  assert_last_line "$(printf 'q quit  up/down select  c close  o open  p pause  r resume')"
  terminal resize-window -x 120 -y 40
  assert_screen '^Clients'
  assert_screen 'last watch'
}

@test "top: a server that ends is told, Enter connects again" {
  sprinkle_at_terminal top
  assert_screen '^q quit'
  stop_server
  assert_screen '^localhost: Server is shutting down RE: .*; Enter connects again, q leaves'
  type_keys Enter
  assert_screen "^can't connect to .*"
  restart_server
  type_keys Enter
  assert_screen '^q quit'
  another src 2
  assert_screen '^  2 +closed'
  type_keys C-c
  assert_screen '^status 0'
}

@test "top: without a terminal it says what to use instead" {
  run "$SPRINKLE" -s "$SOCKET" top
  assert_failure 2
  assert_output --partial 'top needs a terminal'
}
