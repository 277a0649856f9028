# servers.bash: every server of the bench, started and ended by one name.
#
#   server_start NAME [ARGUMENT…]   PORT[NAME] and SERVER[NAME], its first process, are set;
#                                   the arguments are sprinkled's
#   server_pin NAME CPUS            keep it, and the sessions to come, on these CPUs
#   server_pids NAME                all its processes
#   server_stop NAME, servers_stop
#
# PROGRAMS is their folder, SERVER_UNDER a command to run sprinkled under. All listen on 127.0.0.1, on
# a port the system chose.

declare -A PORT SERVER

# Which reference servers can run here; the last ones are other people's.
servers_own=(fork threads epoll)
servers_field=(socat tcpserver xinetd inetd)

# Of packages that would start a daemon only the program is taken, not installed. Without them the
# bench goes on: rates_available tells what is missing.
peers_fetch() {
  (
    cd "$WORK"
    command -v inetd || apt-get -q download openbsd-inetd
    command -v xinetd || apt-get -q download xinetd
    for package in *.deb; do
      [[ ! -e $package ]] || dpkg-deb --fsys-tarfile "$package" | tar -x -C "$BUILD/bench" ./usr/sbin
    done
  ) >"$WORK/peers" 2>&1 || cat "$WORK/peers" >&2
}

server_start() {
  local name=$1
  shift
  "start_$name" "$@"
  until [[ -n ${PORT[$name]} ]] && (exec 3<>"/dev/tcp/127.0.0.1/${PORT[$name]}") 2>/dev/null; do
    kill -0 "${SERVER[$name]}" || return 1
    sleep 0.02
  done
}

# first_line FILE: wait for a line that a server writes once it listens.
first_line() {
  local line=
  until [[ -n $line ]]; do
    sleep 0.02
    read -r line <"$1" || line=
  done
  echo "$line"
}

start_sprinkled() {
  local dir=$WORK/sprinkled ready fd
  rm -rf "$dir"
  mkdir -p "$dir/run" "$dir/state"
  cat >"$dir/sprinkled.yml" <<YAML
gpio: sim
user: ''
run_dir: $dir/run
state_dir: $dir/state
users_file: $dir/users
profiles_file: $WORK/profiles.yml
log: $dir/log
max_clients: 4096
max_clients_per_source: 4096
YAML
  [[ ! -e $WORK/more.yml ]] || cat "$WORK/more.yml" >>"$dir/sprinkled.yml"
  mkfifo "$dir/ready"
  # shellcheck disable=SC2086 # SERVER_UNDER is a command with options
  ${SERVER_UNDER:-} "$PROGRAMS/sprinkled" -f -c "$dir/sprinkled.yml" -l control@127.0.0.1:0 -R 9 "$@" 9>"$dir/ready" &
  SERVER[sprinkled]=$!
  exec {fd}<"$dir/ready"
  read -r ready <&"$fd"
  exec {fd}<&-
  PORT[sprinkled]=${ready##*:}
}

# start_own NAME PROGRAM: it says its port.
start_own() {
  "$PROGRAMS/$2" >"$WORK/$1.port" &
  SERVER[$1]=$!
  PORT[$1]=$(first_line "$WORK/$1.port")
}

start_fork() { start_own fork fork_server; }
start_threads() { start_own threads thread_server; }
start_epoll() { start_own epoll epoll_server; }

start_tcpserver() {
  tcpserver -1 -H -R -l localhost -b 1024 -c 4096 127.0.0.1 0 "$PROGRAMS/line_program" \
    >"$WORK/tcpserver.port" &
  SERVER[tcpserver]=$!
  PORT[tcpserver]=$(first_line "$WORK/tcpserver.port")
}

start_socat() {
  PORT[socat]=$("$PROGRAMS/load" port)
  socat "TCP-LISTEN:${PORT[socat]},bind=127.0.0.1,reuseaddr,fork,backlog=1024" \
    "EXEC:$PROGRAMS/line_program,nofork" &
  SERVER[socat]=$!
}

start_inetd() {
  PORT[inetd]=$("$PROGRAMS/load" port)
  echo "127.0.0.1:${PORT[inetd]} stream tcp nowait.1000000 root $PROGRAMS/line_program line_program" \
    >"$WORK/inetd.conf"
  inetd -i "$WORK/inetd.conf" &
  SERVER[inetd]=$!
}

start_xinetd() {
  PORT[xinetd]=$("$PROGRAMS/load" port)
  cat >"$WORK/xinetd.conf" <<CONF
service talk
{
  type = UNLISTED
  socket_type = stream
  protocol = tcp
  wait = no
  user = root
  bind = 127.0.0.1
  port = ${PORT[xinetd]}
  server = $PROGRAMS/line_program
  instances = UNLIMITED
  per_source = UNLIMITED
  cps = 1000000 1
}
CONF
  xinetd -dontfork -f "$WORK/xinetd.conf" -pidfile "$WORK/xinetd.pid" 2>"$WORK/xinetd.err" &
  SERVER[xinetd]=$!
}

server_pids() {
  local pid
  for pid in ${SERVER[$1]} $(pgrep -P "${SERVER[$1]}"); do
    echo "$pid"
  done
}

server_pin() {
  taskset -acp "$2" "${SERVER[$1]}" >/dev/null
}

server_stop() {
  local pid=${SERVER[$1]:-}
  [[ -n $pid ]] || return 0
  kill "$pid" 2>/dev/null || true # gone is as good
  wait "$pid" 2>/dev/null || true # its status is our signal
  unset "SERVER[$1]" "PORT[$1]"
}

servers_stop() {
  local name
  for name in "${!SERVER[@]}"; do
    server_stop "$name"
  done
}
