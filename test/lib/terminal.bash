# terminal.bash: programs that ask at a terminal.

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
