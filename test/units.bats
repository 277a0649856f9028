# The systemd units, judged by systemd's own tools. A machine that systemd has not booted will do.

load lib/server
load lib/faults

units_here() { # the units with the programs of this build, into DIR
  local unit
  server_folder
  for unit in sprinkled.service sprinkled.socket; do
    sed "s|/usr/local/sbin|$SPRINKLED_BUILD|" "$ROOT/scripts/$unit" >"$DIR/$unit"
  done
}

@test "units: systemd-analyze verify finds nothing to say" {
  units_here
  run systemd-analyze verify --man=no "$DIR/sprinkled.service" "$DIR/sprinkled.socket"
  assert_success
  refute_output
}

@test "units: systemd-analyze security rates the service OK" {
  units_here
  run systemd-analyze security --no-pager --offline=yes --threshold=20 "$DIR/sprinkled.service"
  assert_success
  assert_line --regexp 'Overall exposure level for .*: [01]\.[0-9] OK'
}

# unit_setting NAME: its value in the service unit.
unit_setting() {
  sed -n "s/^$1=//p" "$DIR/sprinkled.service"
}

@test "units: the service's command line is right, and so is what it does afterwards" {
  units_here
  local arguments
  read -ra arguments < <(unit_setting ExecStart)
  run "${arguments[@]}" -n -c "$DIR/sprinkled.yml"
  assert_success
  read -ra arguments < <(unit_setting ExecStopPost)
  run "${arguments[@]}" -c "$DIR/sprinkled.yml"
  assert_success
}

# Names of the system calls that the unit's filters let pass.
calls_allowed() {
  local allowed name
  read -ra allowed < <(unit_setting SystemCallFilter | grep -v '^~')
  comm -23 <(for name in "${allowed[@]}"; do calls_of "$name"; done | sort -u) \
    <(calls_of "$(unit_setting SystemCallFilter | sed -n 's/^~//p')")
}

calls_of() { # calls_of NAME: itself, or what is in a set, and in the sets in that
  local name
  [[ $1 == @* ]] || { echo "$1" && return; }
  systemd-analyze syscall-filter --no-pager "$1" | sed -n 's/^    //p' | grep -v '^#' |
    while read -r name; do
      if [[ $name == @* ]]; then
        calls_of "$name"
      else
        echo "$name"
      fi
    done | sort -u
}

@test "units: the filter of system calls lets pass what server, keeper and sessions call" {
  units_here
  SERVER_UNDER="$no_leak_search strace -DD -f -qq -o $DIR/calls -e signal=none" restart_server \
    -o update_command=true
  run ask -u 'src 1 for 10m' grs gt gdt rlf mp us clf watch noop
  assert_output --partial '200'
  talk noop >/dev/null
  kill -HUP "$SERVER_PID"
  ask -u hist >/dev/null
  ask -u ks >/dev/null
  server_ended 0
  run comm -13 <(calls_allowed) <(sed -nE 's/^[0-9]+ +([a-z0-9_]+)\(.*/\1/p' "$DIR/calls" | sort -u)
  refute_output
}
