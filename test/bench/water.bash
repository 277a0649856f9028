# water.bash: how late water is.

# times FROM STEP COUNT: times of day, as a list of a profile.
times() {
  local i
  for ((i = 0; i < $3; i++)); do
    date -d "@$(($1 + i * $2))" "+'%H:%M:%S'"
  done | paste -sd,
}

# repeated TEXT COUNT: as a list of a profile.
repeated() {
  local i
  for ((i = 0; i < $2; i++)); do
    echo "$1"
  done | paste -sd,
}

# profile RELAYS TIMES DURATIONS: the same for each relay.
profile() {
  local relay
  printf 'bench:\n  active: True\n'
  for ((relay = 1; relay <= $1; relay++)); do
    printf '  relay%d: {days: all, times: [%s], durations: [%s]}\n' "$relay" "$2" "$3"
  done
}

# Eight relays, three times a day.
profiles_daily() {
  profile 8 "'06:00','07:30','20:15'" '10,5,2.5'
}

switch_row() {
  local median_ns p99_ns worst_ns
  server_start sprinkled -o min_switch=0
  "$PROGRAMS/load" ask "${PORT[sprinkled]}" 1000 5 'src 1' 'sro 1' >"$WORK/switch"
  server_stop sprinkled
  read -r median_ns p99_ns worst_ns <"$WORK/switch"
  target 'src, sro to pin changed and read back, p99' "$(milliseconds "$p99_ns")" ms most 1 \
    "$(milliseconds "$median_ns") $(milliseconds "$worst_ns")"
}

milliseconds() {
  awk -v ns="$1" 'BEGIN { printf "%.3g", ns / 1e6 }'
}

# Eight relays on and off every two seconds, from a moment that leaves time to start.
late_row() {
  local seconds=26 median_ns p99_ns worst_ns starts durations
  [[ -z ${BENCH_SHORT:-} ]] || seconds=6
  starts=$(times $(($(date +%s) + 3)) 2 $((seconds / 2)))
  durations=$(repeated "'1s'" $((seconds / 2)))
  profile 8 "$starts" "$durations" >"$WORK/profiles.yml"
  server_start sprinkled
  timeout 60 "$PROGRAMS/load" watch "${PORT[sprinkled]}" $((seconds * 8)) >"$WORK/late"
  server_stop sprinkled
  read -r median_ns p99_ns worst_ns <"$WORK/late"
  target 'switching off its second, heard by a client, p99' "$(milliseconds "$p99_ns")" ms most 10 \
    "$(milliseconds "$median_ns") $(milliseconds "$worst_ns")"
}

# preview PROFILES [FROM/TO]: how many milliseconds it takes, a year.
preview() {
  local began_us=${EPOCHREALTIME/[.,]/}
  "$PROGRAMS/sprinkled" -o user= -o "users_file=$WORK/users" -p "$1" -P "${2:-2026-01-01/2027-01-01}" \
    >"$WORK/preview"
  awk -v us=$((${EPOCHREALTIME/[.,]/} - began_us)) 'BEGIN { print us / 1000 }'
  [[ -s $WORK/preview ]]
}

preview_row() {
  local turn
  profiles_daily >"$WORK/year.yml"
  for ((turn = 0; turn < REPETITIONS; turn++)); do
    preview "$WORK/year.yml" >>"$WORK/previews"
  done
  target 'preview of a year, 8 relays 3 times a day' "$(median <"$WORK/previews")" ms most 100 \
    "$(spread <"$WORK/previews")"
}

part_water() {
  heading 'Water (least, most: median and worst where a p99 is asked for)'
  switch_row
  late_row
  preview_row
}
