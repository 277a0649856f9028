# A year of sprinkled -P, line by line, against test/oracle, which walks through it second by second.
# The profiles are made up from a seed: ORACLE_SEEDS has other seeds than these, blanks between.

load lib/server

setup_file() {
  export ORACLE=$BATS_FILE_TMPDIR/oracle
  cc -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -O2 -I "$ROOT/test/unit" -o "$ORACLE" \
    "$ROOT/test/oracle/oracle.c"
}

setup() {
  server_folder
}

# assert_year_agrees ZONE YEAR
assert_year_agrees() {
  local from=$2-01-01 to=$(($2 + 1))-01-01 seed
  assert [ -e "/usr/share/zoneinfo/$1" ]
  for seed in ${ORACLE_SEEDS:-1 2 3}; do
    echo "seed $seed" # shown when the test fails
    "$ORACLE" "$seed" profiles >"$DIR/profiles.yml"
    TZ=$1 "$ORACLE" "$seed" "$from" "$to" >"$DIR/oracle"
    sprinkled_here -o timezone="$1" -o max_on=1d -P "$from/$to" >"$DIR/preview"
    run diff "$DIR/oracle" "$DIR/preview"
    assert_output ''
    assert file_has "$DIR/preview" ' on planned='
  done
}

@test "preview: a year in New York agrees with the oracle" {
  assert_year_agrees America/New_York 2026
}

@test "preview: a year in Berlin agrees with the oracle" {
  assert_year_agrees Europe/Berlin 2026
}

@test "preview: a year on Lord Howe, whose clocks change by half an hour, agrees with the oracle" {
  assert_year_agrees Australia/Lord_Howe 2026
}

@test "preview: a year in Casablanca, whose clocks go back for Ramadan, agrees with the oracle" {
  assert_year_agrees Africa/Casablanca 2026
}

@test "preview: a leap year in Kolkata, whose clocks never change, agrees with the oracle" {
  assert_year_agrees Asia/Kolkata 2028
}

@test "preview: a year in Sao Paulo, whose clocks change at midnight, agrees with the oracle" {
  assert_year_agrees America/Sao_Paulo 2018
}
