# idle.bash: what clients cost that do nothing, and how they end.

IDLE_CLIENTS=1000

# hold SERVER COUNT: COUNT clients, greeted and quiet, until hold_end.
hold() {
  local word
  coproc HOLD { exec "$PROGRAMS/load" hold "${PORT[$1]}" "$2"; }
  HOLD_IN=${HOLD[1]} HOLDER=$HOLD_PID
  read -r -t 120 word <&"${HOLD[0]}"
  [[ $word == held ]]
}

hold_end() {
  exec {HOLD_IN}>&-
  wait "$HOLDER"
}

# pss SERVER [FIELDS]: of all its processes, bytes; FIELDS (Pss) is a pattern of proc_pid_smaps(5).
pss() {
  server_pids "$1" | sed 's|.*|/proc/&/smaps_rollup|' | xargs cat |
    awk -v fields="^(${2:-Pss}):" '$1 ~ fields { sum += $2 } END { print sum * 1024 }'
}

# pss_a_client SERVER COUNT: in KiB, with so many idle clients.
pss_a_client() {
  hold "$1" "$2"
  pss "$1" | awk -v count="$2" '{ print $1 / count / 1024 }'
  hold_end
}

memory_rows() {
  local server turn
  for ((turn = 0; turn < REPETITIONS; turn++)); do
    for server in sprinkled fork; do
      server_start "$server"
      pss_a_client "$server" "$IDLE_CLIENTS" >>"$WORK/pss.$server"
      server_stop "$server"
    done
  done
  paste "$WORK/pss.sprinkled" "$WORK/pss.fork" | awk '{ print $1 / $2 }' >"$WORK/pss.ratio"
  target "memory an idle client against fork, $IDLE_CLIENTS clients" "$(median <"$WORK/pss.ratio")" \
    '' most 1.25 "$(spread <"$WORK/pss.ratio")"
  for server in sprinkled fork; do
    figure "memory an idle client (PSS), $server" "$(median <"$WORK/pss.$server")" KiB \
      "$(spread <"$WORK/pss.$server")"
  done
}

# end_once: 1,000 clients, then ks; the milliseconds until the last process was gone.
end_once() {
  server_start sprinkled
  "$PROGRAMS/idlers" "${PORT[sprinkled]}" "$IDLE_CLIENTS" "${SERVER[sprinkled]}" </dev/null |
    sed -n 's/^ended in \([0-9]*\) ms$/\1/p'
  server_stop sprinkled
}

end_row() {
  local turn
  for ((turn = 0; turn < REPETITIONS; turn++)); do
    end_once >>"$WORK/ks"
  done
  target "ks with $IDLE_CLIENTS clients to the last process gone" "$(median <"$WORK/ks")" ms most 150 \
    "$(spread <"$WORK/ks")"
}

# How often all processes of the server have been woken so far.
wakes() {
  server_pids sprinkled | sed 's|.*|/proc/&/status|' | xargs cat |
    awk '/^voluntary_ctxt_switches/ { sum += $2 } END { print sum }'
}

# From right after a wake-up, so that a window of 22 s holds those of four periods of 5 s.
wake_row() {
  local before now window_s=22
  profiles_daily >"$WORK/profiles.yml"
  server_start sprinkled
  hold sprinkled 100
  sleep 6 # what a start brings with it is over
  before=$(wakes) now=$before
  while ((now == before)); do
    sleep 0.1
    now=$(wakes)
  done
  sleep "$window_s"
  target 'wake-ups in 5 s, a profile running, 100 idle clients' \
    "$(awk -v n=$(($(wakes) - now)) -v s=$window_s 'BEGIN { print n * 5 / s }')" '' most 1
  hold_end
  server_stop sprinkled
}

part_idle() {
  heading 'Idle clients'
  memory_rows
  end_row
  wake_row
}
