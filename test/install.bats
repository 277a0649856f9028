# make install and uninstall. Nothing is built here: only this build's programs are put in place.

load lib/server

setup() {
  TREE=$BATS_TEST_TMPDIR/tree
}

install_here() { # install_here TARGET [VARIABLE=VALUE…]
  make -s -o all -C "$ROOT" BUILD="$SPRINKLED_BUILD" DESTDIR="$TREE" "$@" 3>&- 4>&-
}

files_there() {
  (cd "$TREE" && find . ! -type d | sed 's/^\.//' | sort)
}

@test "install: programs, manuals, and what starts the server, each in its place" {
  install_here install
  run files_there
  assert_line /usr/local/sbin/sprinkled
  assert_line /usr/local/bin/sprinkle
  assert_line /usr/local/libexec/sprinkled/sprinkled-keeper
  assert_line /usr/local/share/man/man8/sprinkled.8
  assert_line /usr/local/lib/systemd/system/sprinkled.service
  assert_line /usr/local/lib/systemd/system/sprinkled.socket
  assert_line /usr/local/lib/udev/rules.d/60-sprinkled.rules
  assert_line /usr/local/share/doc/sprinkled/examples/sprinkled.inetd
  assert_line /usr/local/share/doc/sprinkled/examples/sprinkled.xinetd
  assert_line /etc/init.d/sprinkled
  assert_line /etc/default/sprinkled
  assert_line /etc/logrotate.d/sprinkled
  assert_line /etc/sprinkled/sprinkled.yml
  assert [ -x "$TREE/etc/init.d/sprinkled" ]
  run "$TREE/usr/local/sbin/sprinkled" -V
  assert_success
}

@test "install: every path follows PREFIX and SYSCONFDIR" {
  install_here install PREFIX=/opt/garden SYSCONFDIR=/opt/garden/etc
  run grep -rlI /usr/local/sbin/ \
    "$TREE/opt/garden/lib" "$TREE/opt/garden/etc" "$TREE/opt/garden/share/doc/sprinkled/examples"
  refute_output
  run grep -h '^ExecStart=\|^DAEMON=' "$TREE/opt/garden/lib/systemd/system/sprinkled.service" \
    "$TREE/opt/garden/etc/init.d/sprinkled"
  assert_line 'ExecStart=/opt/garden/sbin/sprinkled -f -o log=syslog'
  assert_line 'DAEMON=/opt/garden/sbin/sprinkled'
}

@test "install: what was configured stays, also when installed again" {
  install_here install
  echo 'gpio: sim' >"$TREE/etc/sprinkled/sprinkled.yml"
  echo 'DAEMON_OPTS=-V' >"$TREE/etc/default/sprinkled"
  install_here install
  run cat "$TREE/etc/sprinkled/sprinkled.yml" "$TREE/etc/default/sprinkled"
  assert_output $'gpio: sim\nDAEMON_OPTS=-V'
}

@test "uninstall: leaves nothing but the configuration" {
  install_here install
  install_here uninstall
  run files_there
  assert_output $'/etc/default/sprinkled\n/etc/sprinkled/profiles.yml\n/etc/sprinkled/sprinkled.yml'
  run find "$TREE" -type d -name '*sprinkled*'
  assert_output "$TREE/etc/sprinkled"
}

@test "examples: those for inetd and xinetd are the manual's" {
  local page=$ROOT/man/sprinkled.8
  run grep -v '^#' "$ROOT/scripts/sprinkled.inetd"
  assert_equal "$(sed -n '/sprinkled -i control$/p' "$page")" "$output"
  run grep -v '^#' "$ROOT/scripts/sprinkled.xinetd"
  assert_equal "$(sed -n '/^service sprinkled/,/^}/p' "$page")" "$output"
}
