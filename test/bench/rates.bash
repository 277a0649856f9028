# rates.bash: connections and round trips a second, of sprinkled and of everybody else.

# rate SERVER KIND CLIENTS: one sample into its file. A single client shares a CPU with the server.
rate() {
  local pin=()
  (($3 > 1)) || pin=(taskset -c 0)
  "${pin[@]}" timeout 60 "$PROGRAMS/load" "$2" "${PORT[$1]}" "$3" "$MS" >>"$WORK/$2.$3.$1"
}

# rates_take KIND CLIENTS SERVER…: in turn, REPETITIONS times.
rates_take() {
  local kind=$1 clients=$2 server turn cpus=0
  shift 2
  ((clients == 1)) || cpus=0-$(($(nproc) - 1))
  for server; do
    server_pin "$server" "$cpus"
    MS=50 rate "$server" "$kind" "$clients" # warm, and forgotten
    rm "$WORK/$kind.$clients.$server"
  done
  for ((turn = 0; turn < REPETITIONS; turn++)); do
    for server; do
      rate "$server" "$kind" "$clients"
    done
  done
}

# ratios KIND CLIENTS SERVER: turn by turn, against the fork server.
ratios() {
  paste "$WORK/$1.$2.$3" "$WORK/$1.$2.fork" | awk '$2 > 0 { print $1 / $2 }'
}

rates_available() {
  local server
  for server in "${servers_field[@]}"; do
    if command -v "$server" >/dev/null; then
      echo "$server"
    else
      echo "$server is not installed: no row for it (scripts/install-deps bench)" >&2
    fi
  done
}

rate_target() { # rate_target KIND CLIENTS WORDS
  target "$3 against fork, $2 at once" "$(ratios "$1" "$2" sprinkled | median)" '' least 0.95 \
    "$(ratios "$1" "$2" sprinkled | spread)"
}

rate_field() { # rate_field KIND CLIENTS SERVER…
  local kind=$1 clients=$2 server
  shift 2
  for server; do
    figure "$server, $clients at once" "$(median <"$WORK/$kind.$clients.$server")" /s \
      "$(spread <"$WORK/$kind.$clients.$server")" \
      "$(shown "$(ratios "$kind" "$clients" "$server" | median)") of fork"
  done
}

part_rates() {
  local servers=(sprinkled "${servers_own[@]}") server clients kind
  mapfile -t -O "${#servers[@]}" servers < <(rates_available)
  for server in "${servers[@]}"; do
    server_start "$server"
  done
  for clients in 1 8 32; do
    rates_take connections "$clients" "${servers[@]}"
  done
  for clients in 1 32; do
    rates_take round_trips "$clients" "${servers[@]}"
  done
  servers_stop
  heading 'Rates'
  for clients in 1 8 32; do
    rate_target connections "$clients" connections
  done
  for clients in 1 32; do
    rate_target round_trips "$clients" 'round trips'
  done
  heading 'Connections a second: the field'
  for clients in 1 8 32; do
    rate_field connections "$clients" "${servers[@]}"
  done
  heading 'Round trips a second: the field'
  for clients in 1 32; do
    rate_field round_trips "$clients" "${servers[@]}"
  done
}
