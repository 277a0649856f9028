# The framing of the control protocol: lines in, replies out, whatever the bytes are.

load lib/server

setup_file() {
  start_server
}

teardown_file() {
  stop_server
}

# bytes FORMAT: send what printf makes of it, and print what comes after the greeting.
bytes() {
  # shellcheck disable=SC2059 # the format is the point
  printf "$1" | timeout "$WAIT_S" nc -N 127.0.0.1 "$PORT" | sed 1d
}

@test "greeting: names the program, its version and that it is ready" {
  run talk close
  assert_success
  assert_line --index 0 --regexp '^220 sprinkled [0-9]+\.[0-9]+\.[0-9]+ ready'
}

@test "close: says goodbye and ends the connection" {
  run ask close noop
  assert_output --regexp '^221 [^
]+$'
}

@test "framing: a last line without an end is a command" {
  run bytes 'grs'
  assert_line --index 0 --regexp '^200-Relay 1 \(GPIO5 on pin 29(, .+)?\) is open'
  assert_line --regexp '^200 '
}

@test "framing: a command without an end is answered, not only the ones before it" {
  run bytes 'noop\nnoop\nnoop'
  assert_equal "$(grep -c '^200 ' <<<"$output")" 3
}

@test "framing: CR LF ends a line as LF does" {
  run bytes 'noop\r\nclose\r\n'
  assert_line --index 0 --regexp '^200 '
  assert_line --index 1 --regexp '^221 '
}

@test "framing: every line of a reply is ended by LF and has a code" {
  run ask help grs m nosuch close
  refute_line --regexp '^([^0-9]|[0-9]([^0-9]|[0-9][^0-9]))'
  refute_output --partial $'\r'
}

@test "names: case does not matter" {
  run ask NOOP NoOp Relays close
  assert_line --index 0 --regexp '^200 '
  assert_line --index 1 --regexp '^200 '
  assert_line --index 2 --regexp '^200-Relay 1 '
}

@test "pipelining: replies come whole and in the order of the commands" {
  run ask noop grs noop 'help noop' nosuch noop close
  local codes
  codes=$(sed -n 's/^\([0-9]*\) .*/\1/p' <<<"$output" | paste -sd' ')
  assert_equal "$codes" '200 200 200 200 500 200 221'
}

@test "pipelining: two thousand commands in one go are all answered" {
  local count
  count=$(yes noop | head -n 2000 | timeout "$WAIT_S" nc -N 127.0.0.1 "$PORT" | grep -c '^200 ')
  assert_equal "$count" 2000
}

@test "framing: a command that comes byte by byte is one command" {
  local client byte
  client_open client
  for byte in n o o p; do
    printf %s "$byte" >&"$client"
  done
  run client_ask "$client" ''
  assert_output --regexp '^200 '
  client_close "$client"
}

@test "framing: an empty line and one of blanks get one 500 each, and the next line is served" {
  run bytes '\n   \t \nnoop\n'
  assert_line --index 0 --regexp '^500 '
  assert_line --index 1 --regexp '^500 '
  assert_line --index 2 --regexp '^200 '
}

@test "framing: a line of 1,024 bytes with its end is taken" {
  run bytes "noop$(printf '%1019s' '')"'\n'
  assert_output --regexp '^200 '
}

@test "framing: a line of 1,025 bytes is refused once, and the next line served" {
  run bytes "noop$(printf '%1020s' '')"'\nnoop\n'
  assert_line --index 0 --regexp '^500 '
  assert_line --index 1 --regexp '^200 '
}

@test "framing: a line of a mebibyte is refused once, and the next line served" {
  run bash -c "{ head -c 1048576 /dev/zero | tr '\0' x; echo; echo noop; } |
    timeout $WAIT_S nc -N 127.0.0.1 $PORT | sed 1d"
  assert_line --index 0 --regexp '^500 '
  assert_line --index 1 --regexp '^200 '
}

@test "framing: a NUL byte is refused, and the next line served" {
  run bytes 'no\0op\nnoop\n'
  assert_line --index 0 --regexp '^500 '
  assert_line --index 1 --regexp '^200 '
}

@test "framing: bad UTF-8 is refused, and the next line served" {
  local bad
  for bad in '\377' '\300\200' '\355\240\200' '\364\220\200\200' '\303'; do
    run bytes "noop $bad"'\nnoop\n'
    assert_line --index 0 --regexp '^500 '
    assert_line --index 1 --regexp '^200 '
  done
}

@test "framing: good UTF-8 is a word like any other" {
  run bytes 'help Gie\303\237kanne\nnoop\n'
  assert_line --index 0 --regexp '^50[01] '
  refute_line --regexp 'UTF-8'
  assert_line --index 1 --regexp '^200 '
}

@test "quoting: double quotes keep blanks" {
  run ask 'noop "a b"' 'help "noop"'
  assert_line --regexp '^200 '
  run ask 'help "no op"'
  assert_line --regexp '^50[01] .*no op'
}

@test "quoting: a quote that is not closed is refused, and the next line served" {
  run ask 'noop "a' noop
  assert_line --index 0 --regexp '^500 .*\" is not closed'
  assert_line --index 1 --regexp '^200 '
}

@test "unknown: a command that does not exist is 500 and named" {
  run ask nosuch
  assert_line --index 0 --regexp '^500 .*nosuch'
}

@test "unknown: bytes that are not printable come back escaped" {
  run bytes 'no\033[31msuch\177\n'
  assert_line --index 0 --regexp '^500 '
  refute_output --partial $'\033'
  refute_output --partial $'\177'
}

@test "arguments: too many or none where some are due is 501 with the usage" {
  run ask 'src' 'format' 'format xml' 'gvn now'
  assert_line --index 0 --regexp '^501 .*src RELAYS'
  assert_line --index 1 --regexp '^501 .*format text'
  assert_line --index 2 --regexp '^501 .*format text'
  assert_line --index 3 --regexp '^501 .*gvn'
}

@test "format json: every continuation line is one object, until format text" {
  run ask 'format json' grs help gat gvn gdt 'format text' grs
  local objects
  objects=$(sed -n '/format text/q; s/^[0-9][0-9][0-9]-\({.*\)/\1/p' <<<"$output")
  run jq -s 'length' <<<"$objects"
  assert_success
  assert [ "$output" -gt 20 ]
  run ask 'format json' 'format text' grs
  assert_line --regexp '^200-Relay 1 '
}

@test "sessions: one client's format is not another's" {
  local one other
  client_open one
  client_open other
  client_ask "$one" 'format json' >/dev/null
  run client_ask "$other" grs
  assert_line --index 0 --regexp '^200-Relay 1 '
  run client_ask "$one" grs
  assert_line --index 0 --regexp '^200-\{"relay":1,'
  client_close "$one"
  client_close "$other"
}

@test "garbage: random bytes never break a session" {
  local seed=$RANDOM reply
  echo "seed $seed"
  reply=$( { openssl enc -aes-128-ctr -nosalt -K "$(printf '%032x' "$seed")" -iv "$(printf '%032x' 0)" \
    </dev/zero 2>/dev/null | head -c 65536; printf '\nnoop\n'; } |
    timeout "$WAIT_S" nc -N 127.0.0.1 "$PORT" | grep -a '^200 ' | tail -n 1)
  [[ $reply == 200\ * ]]
}

@test "unix socket: speaks the same protocol" {
  run talk -u noop close
  assert_line --index 0 --regexp '^220 sprinkled '
  assert_line --index 1 --regexp '^200 '
  assert_line --index 2 --regexp '^221 '
}
