# The manual says what the programs do: each is held against the tables in the source, both ways.

load lib/server

setup_file() {
  server_folder
  cp "$ROOT/scripts/profiles.yml" "$DIR"
  restart_server
}

teardown_file() {
  stop_server
}

# page FILE: the manual page as plain text.
page() {
  mandoc -T ascii "$ROOT/man/$1" | col -bx
}

# items FILE MACRO [SECTION]: the first words of the page's .It lines with that macro.
items() {
  awk -v macro="$2" -v section="${3:-}" '
    /^\.Sh / { inside = section == "" || $0 == ".Sh " section }
    inside && $1 == ".It" && (macro == "" || $2 == macro) { print macro == "" ? $2 : $3 }' \
    "$ROOT/man/$1" | sort -u
}

assert_same() { # two lists, one a line
  assert [ -n "$1" ]
  run diff <(sort -u <<<"$1") <(sort -u <<<"$2")
  assert_output ''
}

@test "manual: mandoc finds nothing to say" {
  # Standard error has only what is wrong with this machine's list of manuals.
  run bash -c "mandoc -T lint -W all '$ROOT'/man/*.[1-9] 2>/dev/null |
    grep -v 'referenced manual not found'"
  assert_output ''
}

@test "commands: each of help has an entry in sprinkle-commands(7), and vice versa" {
  assert_same "$(ask_json help | jq -r .name)" "$(items sprinkle-commands.7 Ic)"
}

@test "commands: the manual has each with its long name and arguments" {
  local manual line
  manual=$(page sprinkle-commands.7)
  while IFS= read -r line; do
    run grep -Fx -e "     $line" <<<"$(sed 's/^\(     [a-z0-9]*\)  .*/\1/' <<<"$manual")"
    assert_success
  done < <(ask_json help | jq -r '[.name, (.long // empty)] as $names |
    [($names | join(", ")), (.arguments | select(. != ""))] | join(" ")')
}

@test "commands: the manual tells the role of each" {
  local name role
  while read -r name role; do
    run awk -v name="$name" '
      $1 == ".It" { inside = $3 == name }
      inside && /^Role: / { sub(/^Role: /, ""); sub(/[.;].*/, ""); print }' \
      "$ROOT/man/sprinkle-commands.7"
    assert_output "$role"
  done < <(ask_json help | jq -r '"\(.name) \(.role)"')
}

a_run_has_ended() {
  [[ $(ask_json -u hist) == *'"total":'* ]]
}

@test "JSON: every key of the replies is in the manual" {
  local keys documented
  ask -u 'src 1' 'sro 1' >/dev/null
  eventually a_run_has_ended # min_switch may put sro off
  keys=$(for command in grs gdt gat gvn m help 'src 1 9' 'sro 1' rlf gp gap gps next sap hist; do
    ask_json -u "$command" | jq -r '.. | objects | keys[]'
  done | sort -u)
  documented=$(grep -ho '^\.Va [a-z_]*' "$ROOT"/man/*.7 | cut -d' ' -f2 | sort -u)
  run comm -23 <(echo "$keys") <(echo "$documented")
  assert_output ''
  for documented in relay bytes_in long starts in_window reason total; do
    assert grep -qx "$documented" <<<"$keys"
  done
}

@test "reply codes: each has an entry in sprinkle-protocol(7), and vice versa" {
  assert_same "$(sed -n 's/^\tREPLY_[A-Z_]* = \([0-9]*\),.*/\1/p' "$ROOT/shared/reply.h")" \
    "$(items sprinkle-protocol.7 '' DESCRIPTION | grep '^[0-9]')"
}

@test "events: each kind has an entry in sprinkle-protocol(7), and vice versa" {
  assert_same "$(grep -o '\[EVENT_[A-Z]*\] = "[a-z]*"' "$ROOT/srv/session/response.c" |
    cut -d'"' -f2)" "$(items sprinkle-protocol.7 Cm)"
}

@test "settings: each has an entry in sprinkled.yml(5), and vice versa" {
  local manual
  manual=$(items sprinkled.yml.5 Cm)
  assert_same "$("$SPRINKLED" -o help | cut -f1)" \
    "$(comm -23 <(echo "$manual") <(relay_keys_only))"
}

# Keys of a relay's own map that are no settings by themselves: the manual has them as well.
relay_keys_only() {
  printf '%s\n' line name pin
}

@test "options: each of sprinkled has an entry in sprinkled(8), and vice versa" {
  local taken
  taken=$(sed -n 's/.*getopt(argc, argv, "\([^"]*\)").*/\1/p' "$ROOT/srv/supervisor/options.c")
  assert_same "$(grep -o '[A-Za-z]' <<<"$taken")" "$(items sprinkled.8 Fl)"
}

@test "options: each of sprinkled is in its usage" {
  local option
  run "$SPRINKLED" -?
  assert_failure 2
  for option in $(items sprinkled.8 Fl); do
    assert_output --regexp "\[-[a-zA-Z]*$option|-$option[] ]"
  done
}

@test "options: each of sprinkle has an entry in sprinkle(1), and vice versa" {
  local taken long
  taken=$(sed -n 's/.*getopt_long(argc, argv, "\([^"]*\)".*/\1/p' "$ROOT/cli/options.c")
  long=$(sed -n 's/^\t{"\([a-z-]*\)", [a-z]*_argument, NULL, OPTION_.*/-\1/p' "$ROOT/cli/options.c")
  assert_same "$(grep -o '[A-Za-z]' <<<"$taken")"$'\n'"$long" "$(items sprinkle.1 Fl)"
}

@test "exit status: sprinkled(8) has 0, 1 and 2, sprinkle(1) has 0 to 4" {
  assert_same "$(printf '%s\n' 0 1 2)" "$(items sprinkled.8 '' 'EXIT STATUS')"
  assert_same "$(printf '%s\n' 0 1 2 3 4)" "$(items sprinkle.1 '' 'EXIT STATUS')"
}

@test "services: each has an entry in sprinkled(8), and vice versa" {
  assert_same "$(sed -n 's/.*\.name = "\([a-z]*\)",.*/\1/p' "$ROOT/srv/session/services.c")" \
    "$(items sprinkled.8 Cm SERVICES)"
}

@test "environment: each variable that a program reads has an entry in its manual" {
  local name
  for name in $(variables cli); do
    assert grep -qE "^\.It Ev .*\<$name\>" "$ROOT/man/sprinkle.1"
  done
  for name in $(variables srv); do
    assert grep -qE "^\.(It )?Ev .*\<$name\>" "$ROOT/man/sprinkled.8" "$ROOT/man/sprinkled.yml.5"
  done
}

# variables FOLDER: names of the environment that its sources hold in quotes.
variables() {
  grep -rhoE '(getenv\(|_variable.*|\.variable = |^\t\[.*\{)"[A-Z_]+"' "$ROOT/$1" |
    grep -o '[A-Z_]*"$' | tr -d '"' | sort -u
}

@test "diagnostics: each message in sprinkled(8) is one that the server says" {
  local messages message part
  messages=$(cat "$ROOT"/{srv,gpio}/*.c "$ROOT"/srv/*/*.c 2>/dev/null |
    perl -0pe 's/"\s*"//g') # a text may go on in the next line of source
  while IFS= read -r message; do
    while IFS= read -r part; do
      assert grep -qF -- "$part" <<<"$messages"
    done < <(sed 's/%[sd]/\n/g' <<<"$message" | grep '[a-z]')
  done < <(sed -n '/^\.Bl -diag/,/^\.El/s/^\.It "\(.*\)"$/\1/p' "$ROOT/man/sprinkled.8")
}

@test "html: each page is listed, and every link between the pages leads somewhere" {
  local html=$BATS_TEST_TMPDIR/html page link
  "$ROOT/scripts/html" "$html"
  for page in "$ROOT"/man/*.[1-9]; do
    assert grep -q "href=\"${page##*/}.html\"" "$html/index.html"
    # by name and section: pages that refer to this one, by a link of that name
    while read -r link; do
      assert grep -q "href=\"$link.html\"" "$html/${page##*/}.html"
      assert [ -s "$html/$link.html" ]
    done < <(awk '$1 == ".Xr" { print $2 "." $3 }' "$page" | sort -u | grep -E '^(sprinkle|profiles)')
  done
}
