# terminal.bash: programs at a terminal. tmux is the terminal; what it shows is what a user sees.

# The zone in which it is eleven o'clock, when no profile of the tests begins.
eleven_zone() {
  printf 'Etc/GMT%+d' "$((10#$(date -u +%H) - 11))"
}

# For clients at the terminal: no settings of the one who runs the tests.
terminal_environment() {
  export HOME=$BATS_TEST_TMPDIR LC_ALL=C.UTF-8
  TZ=$(eleven_zone)
  export TZ
  # A client whose terminal goes away ends while the leak checker looks, and that waits for ever for
  # a helper that the hang-up has killed; client.bats looks for leaks. The server is still checked.
  export ASAN_OPTIONS=detect_leaks=0
  unset TMUX XDG_CONFIG_HOME XDG_STATE_HOME NO_COLOR COLUMNS
}

# A server whose next run of the active profile is far away.
summer_server() {
  server_folder
  cat >"$DIR/profiles.yml" <<'YAML'
summer:
  active: True
  relay1: {days: [all], times: [400], durations: [10]}
winter:
  relay2: {days: [all], times: [300], durations: [10]}
YAML
  restart_server -o min_switch=0
}

# The same server again, with a supply that lets one relay pull in at a time, each for INRUSH_TIME.
small_supply() { # small_supply INRUSH_TIME
  stop_server
  restart_server -o min_switch=0 -o supply_va=20 -o inrush_time="$1"
}

# For teardown: the server may have been ended by the test.
summer_server_end() {
  if process_alive "$SERVER_PID"; then
    stop_server
  fi
}

# another COMMAND…: another client does something meanwhile.
another() {
  timeout "$WAIT_S" "$SPRINKLE" -q -s "$SOCKET" "$@"
}

terminal() {
  tmux -S "$BATS_TEST_TMPDIR/tmux" -f /dev/null "$@"
}

# For teardown: whether there is a terminal or not.
terminal_kill() {
  terminal kill-server 2>/dev/null || true
}

# End the terminal. tmux answers before it has gone, and the next one would find it dying.
terminal_end() {
  local pid
  pid=$(terminal display-message -p '#{pid}')
  terminal kill-server
  eventually not process_alive "$pid"
}

# type_keys KEY…: as tmux names them.
type_keys() {
  terminal send-keys "$@"
}

screen() {
  terminal capture-pane -p
}

screen_has() { # screen_has REGEX: a line of the screen matches
  screen | grep -Eq -- "$1"
}

refute_screen() {
  ! screen_has "$1"
}

# Wait until the screen has a line; show the screen when it does not come.
assert_screen() {
  if ! eventually screen_has "$1" 2>/dev/null; then
    echo "no line matches $1:" >&2
    screen >&2
    return 1
  fi
}

# The screen's last line that is not empty.
last_line() {
  # shellcheck disable=SC2016 # sed's, not the shell's
  screen | sed -n '/[^ ]/h; ${x; s/ *$//; p}'
}

last_line_is() {
  [[ $(last_line) == "$1" ]]
}

assert_last_line() {
  if ! eventually last_line_is "$1" 2>/dev/null; then
    screen >&2
    assert_equal "$(last_line)" "$1"
  fi
}

# sprinkle_at_terminal [ARGUMENT…]: 80 by 24; its exit status is shown when it ends.
sprinkle_at_terminal() {
  local command
  command=$(printf '%q ' "$SPRINKLE" -s "$SOCKET" "$@")
  terminal new-session -d -x 80 -y 24 "$command; echo \"status \$?\"; exec sleep 600"
}

prompt_start() {
  sprinkle_at_terminal "$@"
  assert_last_line 'localhost[summer]>'
}

# at_terminal COMMAND ANSWER…: answer each prompt, which ends with a colon, with the next of the
# answers. The terminal's output ends up in $shown, the exit status in $status.
at_terminal() {
  local command=$1 part answer terminal_pid
  shift
  shown=
  coproc terminal { script -qefc "$command" /dev/null; }
  terminal_pid=$!
  local -i out=${terminal[0]} in=${terminal[1]}
  for answer in "$@"; do
    read -r -t "$WAIT_S" -d : -u "$out" part
    shown+=$part:
    printf '%s\n' "$answer" >&"$in"
  done
  shown+=$(timeout "$WAIT_S" cat <&"$out")
  # shellcheck disable=SC2034 # for the caller
  wait "$terminal_pid" && status=0 || status=$?
}
