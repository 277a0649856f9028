# total.bash: steps of a check and their sum. Sourced by scripts/check and .ci/run.
#
#   step NAME COMMAND…   run it, showing what it prints, and count the tests that it reports: TAP
#                        lines, cmocka's, or the last "N passed, N failed". A command that reports
#                        none is one test. A status other than 0 is always at least one failure.
#   total                print "N passed, N failed"; its status is 0 when nothing failed

totals=$(mktemp -d)
trap 'rm -rf "$totals"' EXIT

step() {
  local name=$1 log status counts passed failed started=$SECONDS
  shift
  log=$totals/$name.log
  echo "== $name"
  "$@" 2>&1 </dev/null | tee "$log"
  status=${PIPESTATUS[0]}
  counts=$(counts_read <"$log")
  read -r passed failed <<<"$counts"
  if ((status != 0 && failed == 0)); then
    failed=1
  elif ((status == 0 && passed + failed == 0)); then
    passed=1
  fi
  echo "$name $passed $failed" >"$totals/$name.count"
  echo "== $name: $passed passed, $failed failed, status $status, $((SECONDS - started)) s"
}

counts_read() {
  awk '
    /^ok /             { tap_passed++ }
    /^not ok /         { tap_failed++ }
    /^\[       OK \]/  { unit_passed++ }
    /^\[  FAILED  \] [a-z_0-9]+$/ { unit_failed[$4] = 1 }
    match($0, /^([^ ]+: )?[0-9]+ passed, [0-9]+ failed/) {
      line = $0
      sub(/^[^ ]+: /, "", line)
      split(line, word, /[ ,]+/)
      said_passed = word[1]
      said_failed = word[3]
      said = 1
    }
    END {
      for (name in unit_failed)
        unit_failures++
      if (said)
        print said_passed + 0, said_failed + 0
      else
        print tap_passed + unit_passed, tap_failed + unit_failures
    }'
}

total() {
  awk '
    { passed += $2; failed += $3 }
    $3 > 0 { print "FAILED: " $1 }
    END {
      printf "%d passed, %d failed\n", passed, failed
      exit failed > 0
    }' "$totals"/*.count
}
