# The client sprinkle at a terminal: the prompt, completion, events while a line is being typed,
# countdowns, tables. tmux is the terminal; what it shows is what a user sees.

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

@test "prompt: shows host and running profile, answers, and leaves with 0 by Ctrl-D" {
  prompt_start
  type_keys 'gap' Enter
  assert_screen '^profile summer is active and runs'
  type_keys 'sp' Enter
  assert_last_line 'localhost>'
  type_keys C-d
  assert_screen '^status 0'
}

@test "prompt: close leaves with 0" {
  prompt_start
  type_keys 'close' Enter
  assert_screen '^goodbye'
  assert_screen '^status 0'
}

@test "prompt: a refused command does not end it" {
  prompt_start
  type_keys 'nosuch' Enter
  assert_screen '^sprinkle: no such command: nosuch'
  assert_last_line 'localhost[summer]>'
}

@test "prompt: events are shown above the line being typed, which stays" {
  prompt_start
  type_keys 'watch' Enter
  assert_screen '^watching'
  type_keys 'src 5 for'
  assert_last_line 'localhost[summer]> src 5 for'
  another src 3
  assert_screen 'relay: Relay 3 .* is closed'
  assert_last_line 'localhost[summer]> src 5 for'
  type_keys ' 5m' Enter
  assert_screen '^Relay 5 .* is closed until'
}

@test "prompt: events leave a line of more than a row as it was" {
  prompt_start
  type_keys 'watch' Enter
  assert_screen '^watching'
  type_keys "rlf 5 \"$(printf 'a%.0s' {1..90})"
  assert_screen '^a+$'
  type_keys C-a
  another src 3
  assert_screen 'Relay 3 .* is closed'
  assert_equal "$(screen | grep -c '^localhost\[summer\]> rlf 5 "aaa')" 1
  assert_equal "$(screen | grep -cE '^a+$')" 1
  assert_screen ' came: client [0-9]+ came: unix \(control\)$'
  type_keys C-e
  another sro 3
  assert_screen 'Relay 3 .* is open'
  assert_equal "$(screen | grep -c '^localhost\[summer\]> rlf 5 "aaa')" 1
  assert_equal "$(screen | grep -cE '^a+$')" 1
}

@test "prompt: a server that is ended is told at once while a line is being typed" {
  prompt_start
  type_keys 'src 5'
  assert_last_line 'localhost[summer]> src 5'
  another ks
  assert_screen '^sprinkle: localhost: Server is shutting down RE: ks by '
  assert_screen '^Enter connects again, Ctrl-D leaves\.'
  assert_last_line 'localhost (not connected)> src 5'
  type_keys C-u C-d
  assert_screen '^status 3'
  server_ended
}

@test "prompt: a server that dies without a word is told, and connecting again is offered" {
  prompt_start
  kill -KILL "$SERVER_PID"
  assert_screen '^Enter connects again'
  assert_last_line 'localhost (not connected)>'
  type_keys Enter
  assert_screen "^sprinkle: can't connect to "
  eventually server_gone
  restart_server
  type_keys 'gap' Enter
  assert_screen '^Connected to localhost again\.'
  assert_screen '^profile summer is active'
}

@test "prompt: ks ends it with 0" {
  prompt_start
  type_keys 'ks' Enter
  assert_screen '^the server ends'
  assert_screen '^status 0'
  server_ended
}

@test "prompt: Ctrl-C forgets the line and does not end it" {
  prompt_start
  type_keys 'ks'
  assert_last_line 'localhost[summer]> ks'
  type_keys C-c
  assert_screen '^localhost\[summer\]> ks\^C'
  assert_last_line 'localhost[summer]>'
  type_keys 'noop' Enter
  assert_screen '^ok'
}

@test "prompt: Ctrl-Z stops it, fg goes on with the line" {
  terminal new-session -d -x 80 -y 24 "PS1='shell> ' bash --norc -i"
  type_keys "$SPRINKLE -s $SOCKET" Enter
  assert_last_line 'localhost[summer]>'
  type_keys 'noo'
  assert_last_line 'localhost[summer]> noo'
  type_keys C-z
  assert_last_line 'shell>'
  type_keys 'fg' Enter
  assert_last_line 'localhost[summer]> noo'
  type_keys 'p' Enter
  assert_screen '^ok'
}

@test "prompt: the terminal is as it was when a signal ends it" {
  terminal new-session -d -x 80 -y 24 "PS1='shell> ' bash --norc -i"
  type_keys "$SPRINKLE -s $SOCKET; stty -a | grep -o ' -\\?echo '" Enter
  assert_last_line 'localhost[summer]>'
  kill -TERM "$(terminal_child)"
  assert_screen '^ echo'
}

# The pid of the client that the terminal's shell started.
terminal_child() {
  ps -o pid= --ppid "$(terminal display-message -p '#{pane_pid}')" | tr -d ' '
}

@test "prompt: a new size of the terminal is taken over" {
  prompt_start
  type_keys "rlf 5 \"$(printf 'b%.0s' {1..50})"
  assert_screen '^localhost\[summer\]> rlf 5 "b{50}$'
  terminal resize-window -x 50 -y 20
  assert_screen '^localhost\[summer\]> rlf 5 "b{24}$'
  type_keys C-a x
  assert_screen '^localhost\[summer\]> xrlf 5 "b{23}$'
  assert_screen '^b{27}"?$'
  type_keys C-c
  type_keys 'noop' Enter
  assert_screen '^ok'
}

@test "completion: commands, their long names, and what they take" {
  prompt_start
  type_keys 'wat' Tab
  assert_last_line 'localhost[summer]> watch'
  type_keys C-u 'tog' Tab
  assert_last_line 'localhost[summer]> toggle'
  type_keys C-u 'format j' Tab
  assert_last_line 'localhost[summer]> format json'
  type_keys C-u 'src 3 f' Tab
  assert_last_line 'localhost[summer]> src 3 for'
  type_keys C-u 'src 1,a' Tab
  assert_last_line 'localhost[summer]> src 1,all'
  type_keys C-u 'help kil' Tab
  assert_last_line 'localhost[summer]> help kil'
  type_keys C-u 'sap w' Tab
  assert_last_line 'localhost[summer]> sap winter'
}

@test "completion: several are listed, and what they share is filled in" {
  prompt_start
  type_keys 's' Tab
  assert_screen '^sro +src +'
  assert_last_line 'localhost[summer]> s'
  type_keys C-u 'resu' Tab
  assert_last_line 'localhost[summer]> resume'
  type_keys C-u 'grs ' Tab
  assert_screen '^1  2  3  4  5  6  7  8  all'
}

@test "history: lines come back, also in the next prompt; the file is the user's alone" {
  prompt_start
  type_keys 'noop' Enter
  assert_screen '^ok'
  type_keys Up
  assert_last_line 'localhost[summer]> noop'
  type_keys C-u 'auth ada secret' Enter
  assert_screen '^sprinkle: authentication failed'
  assert_last_line 'localhost[summer]>'
  type_keys C-d
  assert_screen '^status 0'
  run stat -c %a "$HOME/.local/state/sprinkle/history"
  assert_output 600
  run cat "$HOME/.local/state/sprinkle/history"
  refute_output --partial secret
  terminal_end
  prompt_start
  type_keys Up
  assert_last_line 'localhost[summer]> noop'
}

@test "auth: a name alone asks for the password without showing it" {
  user_add ada viewer 'right horse'
  prompt_start
  type_keys 'auth ada' Enter
  assert_last_line 'Password of ada:'
  type_keys 'right horse' Enter
  assert_screen '^Accepted connection from '
  refute_screen 'horse'
}

@test "completion: what a user may know after auth, and new profiles after mp, are completed" {
  user_add ada viewer horse
  stop_server
  restart_server
  terminal new-session -d -x 80 -y 24 "$SPRINKLE -H 127.0.0.1 -p $PORT"
  assert_last_line '127.0.0.1>'
  type_keys 'sap w' Tab
  assert_last_line '127.0.0.1> sap w'
  type_keys C-u 'auth ada' Enter
  assert_last_line 'Password of ada:'
  type_keys horse Enter
  assert_last_line '127.0.0.1[summer]>'
  type_keys 'sap w' Tab
  assert_last_line '127.0.0.1[summer]> sap winter'
  sed -i 's/^winter:/wet:/' "$DIR/profiles.yml"
  type_keys C-u 'mp' Enter
  assert_screen '^sprinkle: mp takes the role operator'
  another mp
  type_keys 'mp' Enter
  mp_was_answered_twice() { [[ $(screen | grep -c '^sprinkle: mp takes') == 2 ]]; }
  eventually mp_was_answered_twice
  assert_last_line '127.0.0.1[summer]>'
  type_keys 'sap w' Tab
  assert_last_line '127.0.0.1[summer]> sap wet'
}

@test "-u: asks for the password at the terminal" {
  user_add ada viewer 'right horse'
  sprinkle_at_terminal -u ada clf
  assert_last_line 'Password of ada:'
  type_keys 'right horse' Enter
  assert_screen '^sprinkle: clf takes the role admin; yours is viewer'
  assert_screen '^status 4'
}

@test "waiting: the prompt counts down to queued closings and tells when they closed" {
  small_supply 3s
  prompt_start
  type_keys 'src 1 2' Enter
  assert_screen '^localhost\[summer\] \(relay 2 closes in [123] s\)>'
  type_keys 'noo'
  assert_screen '^Relay 2 is closed until '
  assert_last_line 'localhost[summer]> noo'
}

@test "waiting: a single command counts down before it ends" {
  small_supply 3s
  sprinkle_at_terminal src 1 2
  assert_screen '^relay 2 closes in [123] s'
  assert_screen '^Relay 2 is closed until '
  assert_screen '^status 0'
}

@test "waiting: a server that ends by rbt is not waited for" {
  stop_server
  restart_server -o reboot_command=/bin/true
  sprinkle_at_terminal rbt
  assert_screen '^the server ends, then runs /bin/true'
  assert_screen '^status 0'
  server_ended
}

@test "tables: aligned columns at a terminal" {
  another src 3 for 10m
  sprinkle_at_terminal grs 2-4
  assert_screen '^Relay +GPIO +Pin +State +Since +Until +By$'
  assert_screen '^2 +6 +31 +open$'
  assert_screen '^3 +13 +33 +closed +[0-9:]{8} +[0-9:]{8} +admin '
  assert_screen '^status 0'
}

@test "colours: at a terminal, and not with NO_COLOR" {
  another src 3
  sprinkle_at_terminal grs 3
  assert_screen '^status 0'
  run terminal capture-pane -p -e
  assert_output --partial $'\e[1m\e[36mclosed'
  terminal_end
  export NO_COLOR=1
  sprinkle_at_terminal grs 3
  assert_screen '^status 0'
  run terminal capture-pane -p -e
  assert_output --partial closed
  refute_output --partial $'\e[1m'
}

@test "TERM=dumb: the server's text, line by line, without colours" {
  another src 3
  run script -qec "TERM=dumb '$SPRINKLE' -s '$SOCKET' grs 3" /dev/null
  assert_success
  assert_line --index 0 --regexp '^Relay 3 \(GPIO13 on pin 33\) is closed since '
  refute_output --partial $'\e['
}

@test "charts: a time line of blocks for each relay, from the prompt too" {
  prompt_start
  type_keys 'next 7d --chart' Enter
  assert_screen '^ 1 {16}·*(█+·+){6}█+·*$'
  assert_screen '\|[A-Z][a-z]{2} [0-9]{2} '
}

# The lines of README.md's session, without their indentation.
readme_session() {
  sed -n '/^## A session/,/^## [^A]/ s/^    //p' "$ROOT/README.md"
}

# What differs each time: times, dates, processes; and power, which falls when a valve has pulled in.
session_normalise() {
  sed -E 's/[0-9]{4}-[0-9]{2}-[0-9]{2}T/DATE-/; s/[0-9]{2}:[0-9]{2}:[0-9]{2}([-+][0-9:]+)?/TIME/g
    s/pid [0-9]+/pid N/; s/[0-9.]+ of 39.8 VA/P of 39.8 VA/; s/ +$//'
}

@test "README: its session goes as it is written there" {
  local line session
  session=$(readme_session)
  stop_server
  # Keys come faster than from a hand: with min_switch as it is, sro would have to wait.
  restart_server -c "$ROOT/scripts/sprinkled.yml" -o gpio=sim -o user= -o run_dir="$DIR/run" \
    -o min_switch=1ms -o state_dir="$DIR/state" -o users_file="$DIR/users" \
    -o profiles_file="$ROOT/scripts/profiles.yml"
  another rd 1d # no window begins meanwhile
  cat >"$BATS_TEST_TMPDIR/rc" <<SHELL
PS1='$ '
sprinkle() { "$SPRINKLE" -s "$SOCKET" "\$@"; }
SHELL
  terminal new-session -d -x 100 -y 40 "exec bash --rcfile '$BATS_TEST_TMPDIR/rc' -i"
  assert_last_line '$'
  while IFS= read -r line; do
    if [[ $line =~ ^('$'|'localhost[summer]>')' '(.+)$ ]]; then
      assert_last_line "${BASH_REMATCH[1]}"
      terminal send-keys -l "${BASH_REMATCH[2]}"
      assert_last_line "$line" # else the next prompt seen is this one
      type_keys Enter
    fi
  done <<<"$session"
  assert_last_line '$'
  server_ended
  assert_equal "$(screen | sed '/^\$ *$/d; /^$/d' | session_normalise)" \
    "$(session_normalise <<<"$session")"
}
