# tls.bash: a server inside TLS, and openssl s_client to talk to it.
#
#   tls_folder                     server_folder, with a certificate for this machine and users:
#                                  anna is admin, vera is viewer; settings that name all of it
#   start_tls_server [ARGUMENT…]   tls_folder, and a server as restart_tls_server starts it
#   restart_tls_server [ARGUMENT…] with control+tls on a free port, and control on another and on
#                                  the Unix socket
#   tls_talk [-OPTION…] LINE…      send the lines, print what comes until the server closes;
#                                  options go to s_client, its own words to DIR/s_client.err
#   tls_open NAME                  a connection that stays and is greeted, as client_open's; what
#                                  comes is read by client_reply from $NAME, and what is to be said
#                                  is sent to ${NAME}_IN; ${NAME}_PID is its process
#
# TLS_PORT is the port of control+tls.

tls_folder() {
  server_folder
  "$SPRINKLED_BUILD/sprinkled-cert" -c "$DIR/cert.pem" -k "$DIR/key.pem" localhost 127.0.0.1 \
    >"$DIR/cert.out"
  user_add anna admin 'rain and sun'
  user_add vera viewer 'green hose'
  printf 'tls_cert: %s\ntls_key: %s\n' "$DIR/cert.pem" "$DIR/key.pem" >>"$DIR/sprinkled.yml"
}

start_tls_server() {
  tls_folder
  restart_tls_server "$@"
}

restart_tls_server() {
  restart_server -l control+tls@127.0.0.1:0 "$@"
  TLS_PORT=$(server_port control+tls)
  export TLS_PORT
}

s_client() {
  timeout "$WAIT_S" openssl s_client -connect "127.0.0.1:$TLS_PORT" "$@"
}

tls_talk() {
  local options=()
  while [[ ${1:-} == -* ]]; do
    options+=("$1")
    shift
  done
  printf '%s\n' "$@" | s_client -quiet "${options[@]}" 2>"$DIR/s_client.err"
}

tls_open() {
  local -n in=$1_IN out=$1 pid=$1_PID
  local pipes=$BATS_TEST_TMPDIR/$1
  mkfifo "$pipes.in" "$pipes.out"
  # No timeout(1): killed, it would leave s_client, which ends with the server.
  openssl s_client -connect "127.0.0.1:$TLS_PORT" -quiet <"$pipes.in" >"$pipes.out" \
    2>/dev/null 3>&- 4>&- &
  # shellcheck disable=SC2034 # as below
  pid=$!
  # shellcheck disable=SC2034 # both are names of the caller's
  exec {in}>"$pipes.in" {out}<"$pipes.out"
  [[ $(client_reply "$out") == 220\ * ]]
}
