# figures.bash: from samples to a table and a file for programs.
#
#   median, spread      of the numbers on standard input, one a line; spread is "LEAST MOST"
#   target NAME VALUE UNIT most|least LIMIT [SPREAD]     a figure to reach: a row, and whether it holds
#   figure NAME VALUE UNIT [SPREAD [NOTE]]               a row that nothing is asked of
#   heading TEXT
#   figures_write FILE                                   all rows so far, as JSON

targets=0 targets_held=0

median() {
  sort -g | awk '{ value[NR] = $1 } END { print NR % 2 ? value[(NR + 1) / 2] \
    : (value[NR / 2] + value[NR / 2 + 1]) / 2 }'
}

spread() {
  sort -g | awk 'NR == 1 { least = $1 } END { print least, $1 }'
}

heading() {
  printf '\n%s\n%-58s %9s      %-16s %-14s %s\n' "$1" '' value 'least, most' target holds
}

# shown NUMBER: four digits, and no power of ten.
shown() {
  if [[ ${1%.*} == ???* ]]; then
    printf '%.0f' "$1"
  else
    printf '%.3g' "$1"
  fi
}

row() { # row NAME VALUE UNIT SPREAD TARGET HOLDS
  local least most
  read -r least most <<<"$4"
  printf '%-58s %9s %-4s %-16s %-14s %s\n' "$1" "$(shown "$2")" "$3" \
    "${most:+$(shown "$least"), $(shown "$most")}" "$5" "$6"
  printf '%s\t' "$1" "$2" "$3" "$least" "$most" "$5" >>"$WORK/rows"
  printf '%s\n' "$6" >>"$WORK/rows"
}

figure() {
  row "$1" "$2" "$3" "${4:-}" "${5:-}" ''
}

target() {
  local holds=no
  targets=$((targets + 1))
  if awk -v value="$2" -v limit="$5" -v side="$4" \
    'BEGIN { exit !(side == "most" ? value <= limit : value >= limit) }'; then
    holds=yes
    targets_held=$((targets_held + 1))
  fi
  row "$1" "$2" "$3" "${6:-}" "at $4 $5" "$holds"
}

figures_write() {
  jq -R -s --arg date "$(date -u +%FT%TZ)" --arg machine "$(machine)" '
    def number: if . == "" then null else tonumber end;
    {date: $date, machine: $machine, rows: [split("\n")[] | select(. != "") | split("\t") |
      {name: .[0], value: (.[1] | number), unit: .[2], least: (.[3] | number),
       most: (.[4] | number), note: .[5], holds: ({yes: true, no: false}[.[6]])}]}' "$WORK/rows" >"$1"
}

machine() {
  printf '%s, %s CPUs, Linux %s, %s' \
    "$(sed -n 's/^model name[[:space:]]*: //p; s/^Model[[:space:]]*: //p' /proc/cpuinfo | head -n 1)" \
    "$(nproc)" "$(uname -r)" "$(cc --version | head -n 1)"
}
