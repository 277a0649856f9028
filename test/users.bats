# Who may do what: roles, names and passwords.

load lib/server

setup_file() {
  server_folder
  user_add vera viewer 'green hose'
  user_add otto operator 'watering can'
  user_add anna admin 'rain and sun'
  restart_server -o log_level=debug
}

teardown_file() {
  stop_server
}

# as NAME PASSWORD LINE…: the replies after the login.
as() {
  local name=$1 password=$2
  shift 2
  ask "auth $name \"$password\"" "$@" | sed 1d
}

@test "auth: a good password is 230 with the client's address" {
  run ask 'auth vera "green hose"'
  assert_line --index 0 --regexp '^230 Accepted connection from 127\.0\.0\.1:[0-9]+$'
}

@test "auth: a wrong password and an unknown name are told the same" {
  run ask 'auth vera wrong' 'auth nobody wrong'
  assert_line --index 0 --regexp '^535 '
  assert_equal "${lines[1]}" "${lines[0]}"
}

@test "auth: three wrong passwords end the connection" {
  run ask 'auth vera 1' 'auth vera 2' 'auth vera 3' noop
  assert_equal "$(grep -c '^535 ' <<<"$output")" 3
  refute_line --regexp '^200 '
}

@test "auth: guessing costs a second a try" {
  local started
  started=$(clock_ms)
  ask 'auth vera 1' 'auth vera 2' 'auth vera 3' >/dev/null
  assert [ $(($(clock_ms) - started)) -ge 2000 ]
}

@test "auth: no password stands in any log" {
  ask 'auth vera "green hose"' 'auth vera not-the-password' >/dev/null
  run grep -rF -e 'green hose' -e not-the-password "$DIR/state" "$DIR/server.err"
  assert_output ''
}

@test "before auth: only what any client may do is done, the rest is 530" {
  run ask noop help m grs 'src 1' ks
  assert_line --regexp '^200 '
  assert_equal "$(grep -c '^530 ' <<<"$output")" 3
  assert_pins_open
}

@test "viewer: may look and not switch" {
  run as vera 'green hose' 'grs 1' 'src 1' ks
  assert_line --regexp '^200-Relay 1 '
  assert_equal "$(grep -c '^550 ' <<<"$output")" 2
  assert_pins_open
}

@test "operator: may look and switch, and not end the server" {
  run as otto 'watering can' 'grs 1' 'src 1' 'sro 1' ks clf ge rbt us
  assert_line --regexp '^200-Relay 1 '
  assert_equal "$(grep -c '^550 ' <<<"$output")" 5
}

@test "admin: may do what the others may" {
  run as anna 'rain and sun' 'grs 1' 'src 1' 'sro 1' 'clf'
  refute_line --regexp '^5'
}

@test "roles: every command is held to the role that help tells" {
  local name role rank
  declare -A ranks=([any]=0 [viewer]=1 [operator]=2 [admin]=3)
  while read -r name role; do
    rank=${ranks[$role]}
    [[ $name != auth && $name != close ]] || continue
    if ((rank > 0)); then
      run ask "$name"
      assert_line --index 0 --regexp '^530 '
    fi
    if ((rank > 1)); then
      run as vera 'green hose' "$name"
      assert_line --index 0 --regexp '^550 '
    fi
    if ((rank > 2)); then
      run as otto 'watering can' "$name"
      assert_line --index 0 --regexp '^550 '
    fi
  done < <(ask_json help | jq -r '"\(.name) \(.role)"')
}

@test "gat: tells the user's name and role" {
  run as otto 'watering can' gat
  assert_line --regexp '^200-.*otto.*'
  assert_line --regexp '^200-.*operator'
}

@test "grs: tells the user who closed the relay" {
  run as otto 'watering can' 'src 2' 'grs 2' 'sro 2'
  assert_line --regexp '^200-Relay 2 .*closed.*otto'
}

@test "unix socket: who runs the server is admin without a password" {
  run ask -u clf
  assert_line --regexp '^200 '
}

# In a network namespace of its own the machine has an address that is not loopback.
@test "auth: off this machine a password is taken only with plaintext_auth" {
  [[ $EUID == 0 ]] || skip 'only root can make the network for it'
  local holder inside
  coproc unshare -n sh -c 'ip link set lo up && ip addr add 192.0.2.1/32 dev lo && echo up && cat'
  holder=$COPROC_PID
  client_line "${COPROC[0]}"
  inside="nsenter -n -t $holder"
  local users=$DIR/users
  server_folder
  cp -p "$users" "$DIR/users"
  SERVER_UNDER=$inside restart_bare_server -l control@192.0.2.1:5050
  run bash -c "printf 'auth vera \"green hose\"\n' | timeout $WAIT_S $inside nc -N 192.0.2.1 5050"
  assert_line --index 1 --regexp '^550 .*plaintext_auth'
  stop_server
  SERVER_UNDER=$inside restart_bare_server -l control@192.0.2.1:5050 -o plaintext_auth=yes
  run bash -c "printf 'auth vera \"green hose\"\n' | timeout $WAIT_S $inside nc -N 192.0.2.1 5050"
  assert_line --index 1 --regexp '^230 Accepted connection from 192\.0\.2\.1:'
  stop_server
  kill "$holder"
}

@test "no users file: loopback is operator, and may ks" {
  start_server
  run ask 'src 1' noop clf
  assert_line --regexp '^550 '
  assert_equal "$(grep -c '^200 ' <<<"$output")" 2
  ask ks
  server_ended 0
}

@test "no users file: auth says that there are no users" {
  start_server
  run ask 'auth anna secret'
  assert_line --index 0 --regexp '^5[0-9]{2} '
  stop_server
}
