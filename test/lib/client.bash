# client.bash: clients of a running server.
#
#   talk [-u | -p PORT] LINE…    one connection: send the lines, close the sending side, print all
#   ask [-u | -p PORT] LINE…     the same without the greeting
#   ask_json [-u] LINE           the JSON objects of one command's reply, one a line
#   client_open NAME [PORT]      a connection that stays and is greeted: $NAME becomes its descriptor
#   client_send FD LINE          send a line
#   client_reply FD              print one whole reply, events on the way included
#   client_ask FD LINE           both
#   client_drain FD              print what comes until the server closes
#   client_close FD
#
# -u is the Unix socket, where the one who runs the tests is admin.

talk() {
  local where=(127.0.0.1 "$PORT")
  case $1 in
  -u) where=(-U "$SOCKET") && shift ;;
  -p) where=(127.0.0.1 "$2") && shift 2 ;;
  esac
  (($# == 0)) || printf '%s\n' "$@" | timeout "$WAIT_S" nc -N "${where[@]}"
}

ask() {
  talk "$@" | sed 1d
}

ask_json() {
  local socket=()
  [[ $1 != -u ]] || { socket=(-u) && shift; }
  ask "${socket[@]}" 'format json' "$1" | sed -n 's/^[0-9][0-9][0-9]-//p'
}

client_open() {
  local -n opened=$1
  exec {opened}<>"/dev/tcp/127.0.0.1/${2:-$PORT}"
  [[ $(client_reply "$opened") == 220\ * ]]
}

client_send() {
  printf '%s\n' "$2" >&"$1"
}

# client_line FD: one line, its end cut off; fails at the connection's end or when none comes.
client_line() {
  local line
  if ! IFS= read -r -t "$WAIT_S" -u "$1" line; then
    echo "no line came" >&2
    return 1
  fi
  printf '%s\n' "${line%$'\r'}"
}

client_reply() {
  local line
  while IFS= read -r -t "$WAIT_S" -u "$1" line; do
    printf '%s\n' "$line"
    if [[ $line =~ ^[0-9]{3}\  && $line != 299\ * ]]; then
      return 0
    fi
  done
  echo "the reply has no end" >&2
  return 1
}

client_ask() {
  client_send "$1" "$2"
  client_reply "$1"
}

client_drain() {
  timeout "$WAIT_S" cat <&"$1"
}

client_close() {
  local fd=$1
  exec {fd}>&-
}
