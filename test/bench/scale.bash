# scale.bash: time and memory against size. What each thing costs may grow no more than in proportion
# to its size, or not at all; a fifth more than the smallest size is what noise may do to a rate.

declare -A FIRST

# grown NAME SIZE VALUE UNIT: a row; remembers the first of its name.
grown() {
  [[ -n ${FIRST[$1]:-} ]] || FIRST[$1]=$3
  figure "$1, $2" "$3" "$4"
}

# grown_target NAME LAST most|least LIMIT: the last value against the first.
grown_target() {
  target "$1, last against first" "$(awk -v a="$2" -v b="${FIRST[$1]}" 'BEGIN { print a / b }')" '' \
    "$3" "$4"
}

# What is mapped from files is left out: how much of a page of libc is the keeper's depends on what
# else runs, which is as much as ten clients take.
scale_clients() {
  local own='Pss_Anon|Pss_Shmem' count base processes kib rate turn
  server_start sprinkled
  server_pin sprinkled 0
  base=$(pss sprinkled "$own") processes=$(server_pids sprinkled | wc -l)
  for count in 10 1000 4000; do
    hold sprinkled "$count"
    kib=$(pss sprinkled "$own" | awk -v n="$count" -v base="$base" '{ print ($1 - base) / n / 1024 }')
    rm -f "$WORK/connections.1.sprinkled"
    for ((turn = 0; turn < REPETITIONS; turn++)); do
      rate sprinkled connections 1
    done
    rate=$(median <"$WORK/connections.1.sprinkled")
    hold_end
    grown 'memory of one more idle client' "$count clients" "$kib" KiB
    grown 'connections beside idle clients' "$count clients" "$rate" /s
    while (($(server_pids sprinkled | wc -l) > processes)); do
      sleep 0.1
    done
  done
  server_stop sprinkled
  grown_target 'memory of one more idle client' "$kib" most 1.2
  grown_target 'connections beside idle clients' "$rate" least 0.8
}

# relays_setting COUNT: as many relays.
relays_setting() {
  local relay
  echo 'relays:'
  for ((relay = 1; relay <= $1; relay++)); do
    echo "  - {line: $relay, pin: $relay}"
  done
}

# asked COUNT COMMAND…: the median of asking a live server these in turn, ms.
asked() {
  local median_ns
  read -r median_ns _ < <("$PROGRAMS/load" ask "${PORT[sprinkled]}" "$1" 0 "${@:2}")
  milliseconds "$median_ns"
}

scale_relays() {
  local count took
  for count in 1 8 64; do
    relays_setting "$count" >"$WORK/more.yml"
    server_start sprinkled -o min_switch=0
    took=$(asked 400 'src 1' 'sro 1')
    grown 'src, sro of one relay' "$count relays" "$took" ms
    took=$(asked 400 'src all' 'sro all')
    grown 'src, sro of all relays' "$count relays" "$took" ms
    server_stop sprinkled
  done
  rm "$WORK/more.yml"
  grown_target 'src, sro of all relays' "$took" most 64
}

# windows COUNT: so many a day, on eight relays.
windows() {
  local a_relay=$((($1 + 7) / 8))
  profile 8 "$(times 86400 60 "$a_relay")" "$(repeated "'20s'" "$a_relay")"
}

scale_windows() {
  local count took kib next
  for count in 10 100 1000 10000; do
    windows "$count" >"$WORK/profiles.yml"
    took=$(for ((turn = 0; turn < REPETITIONS; turn++)); do
      preview "$WORK/profiles.yml" 2026-01-01/2026-01-02
    done | median)
    grown 'preview of a day' "$count windows" "$took" ms
    server_start sprinkled
    kib=$(pss sprinkled | awk '{ print $1 / 1024 }')
    next=$(asked 9 'next 5')
    server_stop sprinkled
    grown 'memory of an idle server' "$count windows" "$kib" KiB
    grown 'next 5' "$count windows" "$next" ms
  done
  grown_target 'preview of a day' "$took" most 1200
  grown_target 'memory of an idle server' "$kib" most 10
  grown_target 'next 5' "$next" most 1200
}

scale_busy() {
  local clients kind
  server_start sprinkled
  for kind in connections round_trips; do
    for clients in 1 2 8 32; do
      rates_take "$kind" "$clients" sprinkled
      grown "$kind of busy clients" "$clients clients" \
        "$(median <"$WORK/$kind.$clients.sprinkled")" /s
    done
    grown_target "$kind of busy clients" "$(median <"$WORK/$kind.32.sprinkled")" least 0.8
  done
  server_stop sprinkled
}

part_scale() {
  heading 'Scale'
  scale_clients
  scale_relays
  scale_windows
  scale_busy
}
