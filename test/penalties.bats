# Penalties of source addresses: what costs how much, what it means, and that it ends.

load lib/server

setup() {
  server_folder
  user_add vera viewer 'green hose'
  user_add anna admin 'rain and sun'
}

# from ADDRESS LINE…: what a client at that address of this machine is told.
from() {
  local address=$1
  shift
  printf '%s\n' "$@" | timeout "$WAIT_S" nc -N -s "$address" 127.0.0.1 "$PORT"
}

# penalty_of ADDRESS: gat's line about it, for an admin.
penalty_of() {
  ask_json -u gat | jq -c --arg address "$1" 'select(.process == "penalty" and .address == $address)'
}

penalized() { # penalized ADDRESS
  [[ -n $(penalty_of "$1") ]]
}

greeted() { # greeted ADDRESS
  from "$1" noop | grep -q '^220 '
}

@test "wrong passwords: their address is refused, others are not, and it ends" {
  restart_server -o penalty_auth=2s -o penalty_least=2s
  from 127.0.0.2 'auth vera wrong' >/dev/null
  eventually penalized 127.0.0.2
  run from 127.0.0.2 noop
  assert_output --regexp '^554 refused: penalty until [0-9-]+T[0-9:]+[+-][0-9:]+$'
  greeted 127.0.0.3
  eventually greeted 127.0.0.2
  run penalty_of 127.0.0.2
  assert_output ''
  stop_server
}

@test "penalties: add up from session to session, and none is longer than penalty_most" {
  local first second
  restart_server -o penalty_auth=40s -o penalty_least=1h -o penalty_most=70s
  from 127.0.0.2 'auth vera 1' >/dev/null
  eventually penalized 127.0.0.2
  first=$(penalty_of 127.0.0.2 | jq '.until | fromdate')
  run from 127.0.0.2 'auth vera 2'
  assert_line --index 0 --regexp '^220 '
  grew() { (($(penalty_of 127.0.0.2 | jq '.until | fromdate') > first)); }
  eventually grew
  second=$(penalty_of 127.0.0.2 | jq '.until | fromdate')
  assert [ "$((second - $(date +%s)))" -le 70 ]
  assert_equal "$(penalty_of 127.0.0.2 | jq .refused)" false
  stop_server
}

@test "gat: tells admins of penalties, and only them" {
  restart_server -o penalty_least=1s
  from 127.0.0.2 'auth vera wrong' >/dev/null
  eventually penalized 127.0.0.2
  run ask -u gat
  assert_line --regexp '^200-penalty: 127\.0\.0\.2 until .*, refused$'
  run ask 'auth vera "green hose"' gat
  assert_line --regexp '^200-totals'
  refute_line --partial penalty
  stop_server
}

@test "not authenticating in time costs penalty_grace" {
  restart_server -o login_grace=0.2s -o penalty_grace=1m
  timeout "$WAIT_S" nc -s 127.0.0.2 127.0.0.1 "$PORT" </dev/null >/dev/null
  eventually penalized 127.0.0.2
  run from 127.0.0.2 noop
  assert_output --partial '554 refused: penalty until'
  stop_server
}

@test "a session that crashes costs penalty_crash" {
  local session
  restart_server -o penalty_least=1s
  coproc nc -s 127.0.0.2 127.0.0.1 "$PORT"
  client_line "${COPROC[0]}" >/dev/null
  session=$(ask_json -u gat | jq 'select(.address | tostring | startswith("127.0.0.2:")) | .pid')
  kill -ABRT "$session"
  eventually penalized 127.0.0.2
  run from 127.0.0.2 noop
  assert_output --partial '554 refused: penalty until'
  stop_server
}

@test "a crash that an admin has asked for costs nothing" {
  restart_server -o penalty_least=0
  from 127.0.0.2 'auth anna "rain and sun"' ge >/dev/null
  eventually file_has "$DIR/state/errors.log" 'died'
  greeted 127.0.0.2
  stop_server
}

@test "a command that the role may not costs penalty_role" {
  restart_server -o penalty_role=2s
  from 127.0.0.2 'auth vera "green hose"' 'src 1' 'src 2' >/dev/null
  eventually penalized 127.0.0.2
  assert_equal "$(penalty_of 127.0.0.2 | jq .refused)" false
  stop_server
}

@test "penalty_exempt: neither this machine nor a network named there is penalized" {
  restart_server -o penalty_least=0 -o 'penalty_exempt=127.0.0.1 127.7.0.0/16'
  ask 'auth vera wrong' >/dev/null
  from 127.7.1.2 'auth vera wrong' >/dev/null
  from 127.0.0.2 'auth vera wrong' >/dev/null
  eventually penalized 127.0.0.2
  greeted 127.0.0.1
  greeted 127.7.1.2
  run sprinkled_here -n -o penalty_exempt=10.0.0.0/33
  assert_failure
  assert_output --partial '10.0.0.0/33 is no address or network'
  stop_server
}

@test "penalties: are kept when the keeper dies, and when settings are read again" {
  restart_server -o penalty_auth=1m
  from 127.0.0.2 'auth vera wrong' >/dev/null
  eventually penalized 127.0.0.2
  kill -KILL "$(worker_pids keeper)"
  eventually file_has "$DIR/state/events.log" 'the keeper runs again'
  kill -HUP "$SERVER_PID"
  eventually file_has "$DIR/state/events.log" 'settings reloaded'
  run from 127.0.0.2 noop
  assert_output --partial '554 refused: penalty until'
  stop_server
}
