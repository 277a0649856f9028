# sprinkled-passwd: who is written down, how passwords are asked for, and what is refused.

load lib/server
load lib/terminal

setup() {
  server_folder
  umask 022
}

# passwd ARGUMENT…: the program on DIR's users file, standard input passed on.
passwd() {
  timeout "$WAIT_S" "$SPRINKLED_BUILD/sprinkled-passwd" -f "$DIR/users" "$@"
}

# add NAME ROLE PASSWORD
add() {
  passwd -s "$1" "$2" <<<"$3"
}

@test "sprinkled-passwd: a new file has mode 0640 and one line" {
  run add anna admin 'rain and sun'
  assert_success
  refute_output --partial 'rain'
  assert_equal "$(stat -c %a "$DIR/users")" 640
  run cat "$DIR/users"
  assert_output --regexp '^anna:admin:\$y\$j9T\$[./0-9A-Za-z]+\$[./0-9A-Za-z]{43}$'
}

@test "sprinkled-passwd: role and password of a known name are replaced in place" {
  add anna admin one
  add otto operator two
  local before after
  before=$(cat "$DIR/users")
  run add anna viewer three
  assert_success
  after=$(cat "$DIR/users")
  assert_equal "$(cut -d: -f1,2 <<<"$after")" $'anna:viewer\notto:operator'
  assert_equal "$(tail -n 1 <<<"$after")" "$(tail -n 1 <<<"$before")"
  refute [ "$(head -n 1 <<<"$after" | cut -d: -f3)" = "$(head -n 1 <<<"$before" | cut -d: -f3)" ]
}

@test "sprinkled-passwd: the server takes the password, with blanks and all" {
  add anna admin 'grün & $x'
  restart_server
  run ask 'auth anna "grün & $x"' 'auth anna wrong'
  assert_line --index 0 --regexp '^230 '
  stop_server
}

@test "sprinkled-passwd: -l lists names and roles, -d deletes" {
  add anna admin one
  add otto operator two
  echo '# keep me' >>"$DIR/users"
  run passwd -l
  assert_success
  assert_output $'anna admin\notto operator'
  run passwd -d anna
  assert_success
  assert_output ''
  run cut -c1-13 "$DIR/users"
  assert_output $'otto:operator\n# keep me'
  run passwd -d anna
  assert_failure 1
  assert_output "sprinkled-passwd: $DIR/users: there is no user anna"
}

@test "sprinkled-passwd: -c takes the users file from the settings" {
  run timeout "$WAIT_S" "$SPRINKLED_BUILD/sprinkled-passwd" -c "$DIR/sprinkled.yml" \
    -s anna admin <<<'rain'
  assert_success
  run passwd -l
  assert_output 'anna admin'
  echo 'max_clents: 5' >>"$DIR/sprinkled.yml"
  run timeout "$WAIT_S" "$SPRINKLED_BUILD/sprinkled-passwd" -c "$DIR/sprinkled.yml" -l
  assert_failure 1
  assert_output --partial 'did you mean max_clients?'
}

@test "sprinkled-passwd: a file that is too open or wrong is refused and stays" {
  add anna admin one
  local mode before
  before=$(cat "$DIR/users")
  for mode in 660 644 604; do
    chmod "$mode" "$DIR/users"
    run add otto viewer two
    assert_failure 1
    assert_output "sprinkled-passwd: $DIR/users: mode 0$mode is too open; 0640 is right"
  done
  chmod 640 "$DIR/users"
  assert_equal "$(cat "$DIR/users")" "$before"
  echo 'otto:king:x' >>"$DIR/users"
  run add otto viewer two
  assert_failure 1
  assert_output --partial "$DIR/users:2: "
}

@test "sprinkled-passwd: a bad password is refused, and no file is made" {
  local password
  for password in '' 'a"b' $'a\tb' $'gr\374n' "$(printf 'x%.0s' {1..256})"; do
    run add anna admin "$password"
    assert_failure 1
    assert_output --regexp '^sprinkled-passwd: (the|a) password '
  done
  run passwd -s anna admin </dev/null
  assert_failure 1
  assert [ ! -e "$DIR/users" ]
  run add anna admin "$(printf 'x%.0s' {1..255})"
  assert_success
}

@test "sprinkled-passwd: a wrong command line is told with status 2" {
  local words
  for words in '' 'anna' 'anna admin more' '-l anna' '-d' '-d anna -l' '-x' '-s -l' \
    '-c x anna admin' 'an:na admin' 'anna king' 'anna none'; do
    # shellcheck disable=SC2086 # the words are to be split
    run passwd $words </dev/null
    assert_failure 2
    assert [ ! -e "$DIR/users" ]
  done
}

@test "sprinkled-passwd: at a terminal it asks twice and does not echo" {
  at_terminal "'$SPRINKLED_BUILD/sprinkled-passwd' -f '$DIR/users' anna admin" secret-rain secret-rain
  assert_equal "$status" 0
  assert_regex "$shown" '^New password for anna:.*Once more:'
  refute_regex "$shown" secret
  run passwd -l
  assert_output 'anna admin'
}

@test "sprinkled-passwd: two passwords that differ change nothing" {
  at_terminal "'$SPRINKLED_BUILD/sprinkled-passwd' -f '$DIR/users' anna admin" rain sun
  assert_equal "$status" 1
  assert_regex "$shown" 'the two passwords differ'
  assert [ ! -e "$DIR/users" ]
}

@test "sprinkled-passwd: without a terminal it asks nobody" {
  run timeout "$WAIT_S" setsid -w "$SPRINKLED_BUILD/sprinkled-passwd" -f "$DIR/users" anna admin \
    <<<$'rain\nrain'
  assert_failure 1
  assert_output 'sprinkled-passwd: no password could be read'
  assert [ ! -e "$DIR/users" ]
}

@test "sprinkled-passwd: many at once lose nobody" {
  local i pids=()
  for i in 1 2 3 4 5 6; do
    add "user$i" viewer "password $i" &
    pids+=($!)
  done
  for i in "${pids[@]}"; do
    wait "$i"
  done
  run bash -c "'$SPRINKLED_BUILD/sprinkled-passwd' -f '$DIR/users' -l | sort"
  assert_output "$(printf 'user%d viewer\n' 1 2 3 4 5 6)"
  local left=("$DIR"/users*)
  assert_equal "${#left[@]}" 1
}
