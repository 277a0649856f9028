# The README tells the truth: what it names is there, and so is what is there named. Its session is
# replayed in terminal.bats, and its two commands are what scripts/check-debian runs.

load lib/server

# section TITLE: the lines of one section of the README.
section() {
  awk -v title="## $1" '/^## / { inside = $0 == title; next } inside' "$ROOT/README.md"
}

# names: what stands between backticks, one a line.
names() {
  grep -o '`[^`]*`' | tr -d '`'
}

# table_cell N: what stands in the Nth cell of each row of a table.
table_cell() {
  awk -F '|' -v cell="$(($1 + 1))" '/^\|/ { print $cell }'
}

@test "README: has less than 120 lines" {
  assert [ "$(wc -l <"$ROOT/README.md")" -lt 120 ]
}

@test "README: has each folder of the source, and no other" {
  run diff <(section 'Where things are' | table_cell 1 | names | sort) \
    <(cd "$ROOT" && git ls-files '*/*' | cut -d/ -f1,2 | grep -v '^\.' |
      sed -E '/^srv\//!s/\/.*//; /^srv\/.*\./d' | sort -u)
  assert_output ''
}

@test "README: files, folders and programs it names are there" {
  local name
  for name in $(names <"$ROOT/README.md" | grep -E '^(srv|gpio|man|scripts|test)/[^ ]*$'); do
    assert [ -e "$ROOT/$name" ]
  done
  for name in $(section 'Where things are' | table_cell 2 | names | grep -v '^sprink'); do
    assert [ -e "$ROOT/test/$name" -o -e "$ROOT/scripts/$name" ]
  done
}

@test "README: the tables it sends a newcomer to are there" {
  assert file_has "$ROOT/srv/session/commands.c" '^(static )?const struct command .*\[\] = \{'
  assert file_has "$ROOT/srv/config/settings_table.c" '^const struct setting settings_table\[\] = \{'
  assert file_has "$ROOT/srv/config/settings.h" '^struct settings \{'
  assert file_has "$ROOT/srv/session/services.c" '^(static )?const struct service .*\[\] = \{'
  assert file_has "$ROOT/gpio/backend.h" '^struct backend \{'
  assert file_has "$ROOT/gpio/bank.c" 'struct backend .*\[\] = \{'
}

@test "README: its make targets and the manual's pages and sections are there" {
  local target page
  for target in help install html; do
    assert file_has "$ROOT/README.md" "\`(make )?$target\`"
    assert file_has "$ROOT/Makefile" "^$target:"
  done
  for page in $(names <"$ROOT/README.md" | sed -n 's/^\([a-z.-]*\)(\([1-9]\))$/\1.\2/p'); do
    assert [ -e "$ROOT/man/$page" ]
  done
  assert file_has "$ROOT/README.md" '`sprinkled\(8\)`, SAFETY'
  assert file_has "$ROOT/man/sprinkled.8" '^\.Sh SAFETY$'
}

@test "README: the wires are those of the shipped settings" {
  local shipped=$ROOT/scripts/sprinkled.yml
  run sh -c 'sed -n "s/^    $1 *//p" "$0" | tr -s " "' "$ROOT/README.md" GPIO
  assert_output "$(sed -n 's/.*{line: \([0-9]*\),.*/\1/p' "$shipped" | paste -sd ' ')"
  run sh -c 'sed -n "s/^    $1 *//p" "$0" | tr -s " "' "$ROOT/README.md" 'board pin'
  assert_output "$(sed -n 's/.* pin: \([0-9]*\),.*/\1/p' "$shipped" | paste -sd ' ')"
}
