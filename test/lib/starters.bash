# starters.bash: the programs that start servers for others. Each is told to start the server of DIR
# (server_folder), on a port that was free a moment before; it is found in STARTER_PORT.
#
#   free_port                         print a port of 127.0.0.1 that nobody has now
#   start_inetd, start_xinetd         openbsd-inetd and xinetd, with the server as a wait service
#   start_socket_activate ADDRESS PATH [NAMES]    systemd-socket-activate with these two sockets;
#                                     standard error is in DIR/starter.err
#   starter_stop                      end it; the server, if any, goes on

# xinetd can't be installed beside another inetd: install-deps puts it there.
XINETD=$(PATH=$PATH:/usr/local/lib/sprinkled-test/usr/sbin command -v xinetd || true)

free_port() {
  perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(Listen => 1,
    LocalAddr => "127.0.0.1")->sockport'
}

# Somebody else may be quicker: then another port.
starter_start() { # starter_start COMMAND…: STARTER is its pid
  "$@" </dev/null >"$DIR/starter.out" 2>"$DIR/starter.err" 3>&- 4>&- &
  STARTER=$!
}

starter_stop() {
  [[ -n ${STARTER:-} ]] || return 0
  kill -KILL "$STARTER" 2>/dev/null || true # it may have become the server, and ended
  wait "$STARTER" 2>/dev/null || true
  STARTER=
}

listens() { # listens PORT: does the starter?
  local hex
  printf -v hex ':%04X' "$1"
  grep -q "^ *[0-9]*: [0-9A-F]*$hex [0-9A-F:]* 0A " /proc/net/tcp
}

# starter_try WRITE COMMAND…: WRITE PORT writes the configuration, COMMAND takes it.
starter_try() {
  local write=$1
  shift
  for _ in {1..5}; do
    STARTER_PORT=$(free_port)
    "$write" "$STARTER_PORT"
    starter_start "$@"
    if WAIT_S=5 eventually listens "$STARTER_PORT"; then
      return 0
    fi
    starter_stop
  done
  echo "$1 does not listen" >&2
  cat "$DIR/starter.err" >&2
  return 1
}

inetd_write() { # inetd_write PORT
  echo "127.0.0.1:$1 stream tcp wait root $SPRINKLED sprinkled -i control -c $DIR/sprinkled.yml" \
    >"$DIR/inetd.conf"
}

start_inetd() {
  sanitizer_environment
  starter_try inetd_write inetd -d -E "$DIR/inetd.conf"
}

xinetd_write() { # xinetd_write PORT
  cat >"$DIR/xinetd.conf" <<CONF
service sprinkled
{
	type = UNLISTED
	socket_type = stream
	protocol = tcp
	bind = 127.0.0.1
	port = $1
	wait = yes
	user = root
	server = $SPRINKLED
	server_args = -i control -c $DIR/sprinkled.yml
}
CONF
}

start_xinetd() {
  sanitizer_environment
  starter_try xinetd_write "$XINETD" -dontfork -f "$DIR/xinetd.conf" -pidfile "$DIR/xinetd.pid" \
    -filelog "$DIR/xinetd.log"
}

start_socket_activate() { # start_socket_activate ADDRESS:PORT PATH [NAMES]
  local names=()
  [[ -z ${3:-} ]] || names=("--fdname=$3")
  STARTER_PORT=${1##*:}
  sanitizer_environment
  starter_start systemd-socket-activate -E ASAN_OPTIONS -E UBSAN_OPTIONS -l "$1" -l "$2" \
    "${names[@]}" "$SPRINKLED" -f -c "$DIR/sprinkled.yml"
  eventually listens "$STARTER_PORT"
}
