# sprinkle.bash: what the client sprinkle finds: files of its user, and servers made up for it.
#
#   sprinkle_environment    for setup: nothing of the one who runs the tests, no hosts file, history
#                           or password
#   hosts LINE…             the user's hosts file, mode 0600
#   fake_server FILE        serve what the file holds to one connection, whatever comes; its port is
#                           in FAKE_PORT

sprinkle_environment() {
  export HOME=$BATS_TEST_TMPDIR
  unset XDG_CONFIG_HOME XDG_STATE_HOME SPRINKLE_PASSWORD_FILE NO_COLOR
}

hosts() {
  mkdir -p "$HOME/.config/sprinkle"
  printf '%s\n' "$@" >"$HOME/.config/sprinkle/hosts"
  chmod 600 "$HOME/.config/sprinkle/hosts"
}

fake_server() { # fake_server FILE
  mkfifo "$BATS_TEST_TMPDIR/port"
  perl -MIO::Socket::INET -e '
    $| = 1;
    my $listener = IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1") or die;
    open my $port, ">", $ARGV[1] or die;
    print $port $listener->sockport, "\n";
    close $port;
    alarm 60;
    my $client = $listener->accept or die;
    open my $lines, "<", $ARGV[0] or die;
    while (my $line = <$lines>) {
      # a line "<" waits for one of the client
      if ($line eq "<\n") { <$client>; } else { print $client $line; }
    }
  ' "$1" "$BATS_TEST_TMPDIR/port" </dev/null >/dev/null 2>&1 3>&- &
  # shellcheck disable=SC2034 # for the caller
  read -r -t "$WAIT_S" FAKE_PORT <"$BATS_TEST_TMPDIR/port"
}
