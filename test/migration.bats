# From the Python program: what sprinkle-legacy(7) tells to type is typed here.

load lib/server
load lib/legacy

setup() {
  server_folder
  OLD=$DIR/old
  mkdir "$OLD" "$DIR/home" "$DIR/bin"
  cp "$ROOT/test/legacy/config.yml" "$OLD/config.yml"
  echo 'garden 8001 127.0.0.1 203.0.113.7 rain-and-sun' >"$OLD/cfg.cfg"
  programs_make
}

# The programs of the page, in this test's folder: the server is started as a service would, and
# passwords are typed.
programs_make() {
  program sprinkled "exec '$SPRINKLED' -c '$DIR/sprinkled.yml' \"\$@\""
  program sprinkled-passwd \
    "echo rain-and-sun | '$SPRINKLED_BUILD/sprinkled-passwd' -f '$DIR/users' -s \"\$@\""
  program sprinkle "exec '$SPRINKLE' \"\$@\""
  program service "echo \"\$*\" >'$DIR/service'"
}

program() { # program NAME BODY
  printf '#!/bin/sh\n%s\n' "$2" >"$DIR/bin/$1"
  chmod +x "$DIR/bin/$1"
}

# page_example SECTION: what that section of the page tells to type, prompts cut off, for the
# folders and ports of this test.
page_example() {
  mandoc -T ascii "$ROOT/man/sprinkle-legacy.7" | col -bx |
    awk -v section="   $1" '
      /^(   )?[^ ]/ { inside = $0 == section }
      inside && sub(/^           /, "")' |
    sed "s/^[#$] //
      s|/etc/sprinkled|$DIR|g
      s|/run/sprinkled|$DIR/run|g
      s|0\.0\.0\.0:8001|127.0.0.1:0|
      s|127\.0\.0\.1:5050|127.0.0.1:0|
      s|s/8001/5050/|s/8001/$PORT/|"
}

typed() { # typed SECTION: type it in the old program's folder
  page_example "$1" >"$DIR/typed"
  (cd "$OLD" && HOME=$DIR/home PATH=$DIR/bin:$PATH XDG_CONFIG_HOME='' bash -eu "$DIR/typed")
}

@test "migration: five commands, and the old clients meet the new server" {
  assert_equal "$(page_example 'Moving from the Python program' | grep -c '^cp\|^sprink\|^cat\|^serv')" 5
  run typed 'Moving from the Python program'
  assert_success
  assert_line 'sprinkled: the configuration is good'
  assert_equal "$(<"$DIR/service")" 'sprinkled restart'

  restart_bare_server
  LEGACY_PORT=$(server_port legacy)
  run "$ROOT/test/legacy/old-client" "$LEGACY_PORT" rain-and-sun
  assert_output --partial 'Accepted connection from: '
  run "$ROOT/test/legacy/old-client" "$LEGACY_PORT" rain-and-sun gap
  assert_output 'profile summer is active and runs'
  run "$ROOT/test/legacy/old-client" "$LEGACY_PORT" rain-and-sun ks
  assert_output --partial 'RE: ks'
  server_ended
}

@test "migration: cfg.cfg serves the new client" {
  typed 'Moving from the Python program' >/dev/null
  restart_bare_server
  run typed 'Moving on to the new client'
  assert_success
  assert_line --regexp '^8 relays'
  assert_equal "$(stat -c %a "$DIR/home/.config/sprinkle/hosts")" 600
  stop_server
}
