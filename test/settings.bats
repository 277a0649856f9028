# The settings file and the command line: what is taken, and what is said about the rest.

load lib/server

setup() {
  server_folder
}

# check YAML-LINE…: does -n like a file of these lines?
check() {
  printf '%s\n' "$@" >"$DIR/checked.yml"
  run timeout "$WAIT_S" "$SPRINKLED" -n -c "$DIR/checked.yml"
}

@test "-n: a good file is good, and nothing is started" {
  run sprinkled_here -n
  assert_success
  assert [ ! -e "$DIR/run/sprinkled.pid" ]
}

@test "-n: the shipped example is good" {
  run timeout "$WAIT_S" "$SPRINKLED" -n -c "$ROOT/scripts/sprinkled.yml" \
    -o "profiles_file=$ROOT/scripts/profiles.yml"
  assert_success
}

@test "-n: an unknown key is refused with file, line and the nearest name" {
  check '# first' 'max_clents: 5'
  assert_failure 1
  assert_output --partial "$DIR/checked.yml:2: "
  assert_output --partial max_clients
}

@test "-n: wrong types and values out of range are refused with file and line" {
  local line
  for line in 'max_clients: many' 'max_clients: 0' 'max_clients: 4097' 'active_low: perhaps' \
    'login_grace: soon' 'log_level: loud' 'master: 9' 'relays: 5' 'listen: [nosuch]' 'latitude: 91'; do
    check '# first' "$line"
    assert_failure 1
    assert_output --regexp "checked\.yml:2: .*${line%%:*}"
  done
}

@test "-n: broken YAML is refused with file and line" {
  check 'gpio: sim' 'listen: [control@127.0.0.1:0'
  assert_failure 1
  assert_output --regexp 'checked\.yml:[0-9]+: '
}

@test "-n: the same key twice is refused" {
  check 'gpio: sim' 'gpio: sim'
  assert_failure 1
  assert_output --regexp 'checked\.yml:2: .*gpio'
}

@test "-n: a file that is not there is refused by name" {
  run timeout "$WAIT_S" "$SPRINKLED" -n -c "$DIR/nosuch.yml"
  assert_failure 1
  assert_output --partial "$DIR/nosuch.yml"
}

@test "-n: says everything in one line that names the program" {
  check 'max_clents: 5'
  assert_equal "$(wc -l <<<"$output")" 1
  assert_output --regexp '^sprinkled: '
}

@test "-o: overrides the file" {
  echo 'max_clients: 7' >>"$DIR/sprinkled.yml"
  restart_server -o max_clients=1
  local one
  client_open one
  run talk noop
  assert_output --regexp '^554 '
  client_close "$one"
  stop_server
}

@test "-o: a wrong setting is refused as in a file" {
  local setting
  for setting in max_clents=5 max_clients=many max_clients nothing= ; do
    run sprinkled_here -n -o "$setting"
    assert_failure
    assert_output --partial "${setting%%=*}"
  done
}

@test "-o help: has a row with name, type, default and help for every setting" {
  run "$SPRINKLED" -o help
  assert_success
  refute_line --regexp '^[^	]*	[^	]*$'
  assert_line --regexp '^max_clients	[^	]+	256	.+'
  assert_line --regexp '^idle_timeout	'
}

@test "-V: tells the version" {
  run "$SPRINKLED" -V
  assert_success
  assert_output --regexp '^sprinkled [0-9]+\.[0-9]+\.[0-9]+$'
}

@test "options: an unknown one, or an argument too many, is usage and status 2" {
  run "$SPRINKLED" -Z
  assert_failure 2
  assert_output --partial usage:
  run "$SPRINKLED" -f argument
  assert_failure 2
  assert_output --partial argument
  run "$SPRINKLED" -R 77
  assert_failure 2
  assert_output --partial 77
}

@test "-l: a service that does not exist, and an address that is none, are refused by name" {
  run sprinkled_here -f -l nosuch@127.0.0.1:0
  assert_failure 1
  assert_output --partial nosuch
  run sprinkled_here -f -l control@localhost:0
  assert_failure 1
  assert_output --partial localhost
}

@test "-l: without a users file only loopback and Unix sockets may listen" {
  run sprinkled_here -f -l control@0.0.0.0:0
  assert_failure 1
  assert_output --regexp '0\.0\.0\.0.*users|users.*0\.0\.0\.0'
  run sprinkled_here -n -l 'control@[::]:0'
  assert_failure 1
}

@test "gpio: a chip that is not there is fatal, never simulated" {
  run sprinkled_here -f -l "control@unix:$SOCKET" -o gpio=nosuchchip -o sim_fault=
  assert_failure 1
  assert_output --partial nosuchchip
}

@test "gpio: simulated relays are announced loudly" {
  restart_server
  assert file_has "$DIR/server.err" 'simulated'
  stop_server
}

@test "relays: number, names and pins come from the file" {
  printf '%s\n' 'relays:' '  - {line: 17, pin: 11, name: Möhren}' '  - {line: 27, name: Beets}' \
    >>"$DIR/sprinkled.yml"
  restart_server
  run ask grs
  assert_line --index 0 --regexp '^200-Relay 1 \(GPIO17 on pin 11, Möhren\) is open'
  assert_line --index 1 --regexp '^200-Relay 2 \(GPIO27.*, Beets\) is open'
  assert_line --index 2 --regexp '^200 '
  stop_server
}

@test "relays: with ten or more a run of digits is one number" {
  local i
  {
    echo relays:
    for i in {1..16}; do echo "  - {line: $i}"; done
  } >>"$DIR/sprinkled.yml"
  restart_server
  run ask 'grs 13'
  assert_line --index 0 --regexp '^200-Relay 13 '
  assert_line --index 1 --regexp '^200 '
  stop_server
}

@test "log: a file gets every line, and the level is kept" {
  restart_server -o "log=$DIR/own.log" -o log_level=error
  refute file_has "$DIR/own.log" ' info '
  stop_server
  restart_server -o "log=$DIR/own.log" -o log_level=debug
  ask noop >/dev/null
  assert file_has "$DIR/own.log" ' info '
  eventually file_has "$DIR/own.log" ' debug '
  stop_server
}

@test "folders: a state_dir that can't be made is a clear error" {
  touch "$DIR/file"
  run sprinkled_here -f -o "state_dir=$DIR/file/state"
  assert_failure 1
  assert_output --partial "$DIR/file/state"
}
