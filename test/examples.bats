# Every example of the manual goes as it is shown: each block of literal text in a page is played on
# a machine of its own (test/lib/stage), and what comes is compared with what is printed there.
#
# Times, dates, zones, process ids and the like may differ, and the power that is in use, which falls
# when a valve has pulled in. "..." stands for anything, alone on a line for any lines.

# bats file_tags=root

load lib/server
load lib/legacy

setup_file() {
  export BLOCKS=$BATS_FILE_TMPDIR/blocks
  mkdir "$BLOCKS"
  local page
  for page in "$ROOT"/man/*.[1-9]; do
    blocks_cut "$page"
  done
}

# blocks_cut PAGE: its literal blocks as files of BLOCKS, NAME.SECTION.NUMBER.KIND, and how many.
blocks_cut() {
  awk -v prefix="$BLOCKS/${1##*/}" '
    function begin() { block = sprintf("%s.%02d", prefix, ++count); printf "" >block }
    function add(text) {
      gsub(/\\&/, "", text); gsub(/\\\(dq/, "\"", text); gsub(/\\e/, "\\", text)
      print text >block
    }
    /^\.Bd -literal/ { begin(); inside = 1; next }
    /^\.Ed/ { inside = 0; close(block); next }
    inside { add($0) }
    /^\.Dl / { begin(); sub(/^\.Dl /, ""); add($0); close(block) }
  ' "$1"
  local block
  for block in "$BLOCKS/${1##*/}".*; do
    [[ ! -e $block ]] || mv "$block" "$block.$(block_kind "$block")"
  done
}

block_kind() {
  if grep -qE '^([0-9]{3}[ -])' "$1"; then
    echo conversation
  elif grep -qE '^[$#] [a-z]+.*' "$1" && ! grep -q '^# name ' "$1"; then
    echo session
  elif grep -q '^# name ' "$1"; then
    echo hosts
  elif grep -q '^audit ' "$1"; then
    echo audit
  elif [[ $1 == *legacy* ]]; then
    echo legacy
  elif grep -q '^service ' "$1"; then
    echo xinetd
  elif grep -q ' stream tcp ' "$1"; then
    echo inetd
  elif grep -q '^gpio=' "$1"; then
    echo boot
  elif [[ $1 == *profiles.yml* ]]; then
    echo profiles
  elif [[ $1 == *sprinkled.yml* ]]; then
    echo settings
  else
    echo unknown
  fi
}

setup() {
  server_folder
  export STAGE=$DIR HOME=$DIR/home TZ= PATH=$SPRINKLED_BUILD:$PATH
  unset XDG_CONFIG_HOME XDG_STATE_HOME NO_COLOR
  mkdir "$HOME"
  sanitizer_environment
}

# like EXPECTED ACTUAL: are these files the same but for what may differ?
like() {
  perl -e '
    local $/;
    my ($expected, $actual) = map { open my $file, "<", $_ or die; <$file> } @ARGV;
    my $pattern = join "", map {
      my $line = quotemeta;
      $line =~ s/(\\\.){3}$/.*/;
      $line =~ s/(\\\.){3}/.*?/g;
      $line =~ s/\d{4}\\-\d\d\\-\d\dT\d\d\\:\d\d\\:\d\d(Z|\\[-+]\d\d\\:\d\d)/[-+:0-9TZ]+/g;
      $line =~ s/\d{4}\\-\d\d\\-\d\d/[-0-9]+/g;
      $line =~ s/\d\d\\:\d\d\\:\d\d/[:0-9]+/g;
      $line =~ s/(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day/[A-Z][a-z]+day/g;
      $line =~ s/\\ P[SD]T\b/\\ [-+0-9A-Z]+/g;
      $line =~ s/(pid|client|keeper|clerk|supervisor|session|keeper\\\[|supervisor\\\[)(\\ )?\d+/$1$2\\d+/g;
      $line =~ s/[0-9.\\]+\\ of\\ /[0-9.]+\\ of\\ /g;
      $line =~ s/(127\\\.0\\\.0\\\.1\\:)\d{5}/$1\\d+/g;
      $line eq ".*" ? "(.*\n)*" : "$line *\n"
    } split /\n/, $expected;
    exit($actual !~ /\A$pattern\z/);
  ' "$1" "$2"
}

# Play the examples of a page; at least so many are there.
assert_plays() { # assert_plays PAGE COUNT
  local block count=0 failed=
  for block in "$BLOCKS/$1".*; do
    count=$((count + 1))
    if ! played "$block"; then
      failed+=" ${block##*/}"
    fi
  done
  assert_equal "$failed" ''
  assert [ "$count" -ge "$2" ]
}

played() { # played BLOCK
  local block=$1 status=0
  if [[ $block == *.@(legacy|audit) ]]; then
    "${block##*.}_played" "$block" || { echo "== ${block##*/}" && return 1; }
    return
  fi
  [[ ! -e $STAGE/old ]] || rmdir "$STAGE/old" # where /etc was mounted
  rm -rf "$STAGE/etc" "$HOME" "$STAGE/replies"
  mkdir "$HOME"
  touch "$STAGE/replies"
  timeout -k 1 $((2 * WAIT_S)) unshare --mount --net --pid --fork --kill-child --mount-proc \
    "$ROOT/test/lib/stage" "$block" >"$STAGE/shown" 2>"$STAGE/errors" 3>&- || status=$?
  if [[ $status == 0 && -z $(diagnoses) ]] && shown_right "$block"; then
    return
  fi
  echo "== ${block##*/}: status $status, $(diagnoses)"
  cat "$STAGE/errors"
  diff "$block" "$STAGE/shown"
  return 1
}

# legacy_played BLOCK: a conversation goes so; other lines are those that the transcripts have, which
# legacy.bats replays.
legacy_played() {
  local line
  if grep -q '^> ' "$1"; then
    # a newline ends all but two of the answers
    sed "s/^>/anna >/; t; s/^Accepted\|^Invalid/anna - &/; t port; s/^/anna < /
      :port; s/('127.0.0.1', [0-9]*)/('127.0.0.1', {anna})/" "$1" >"$STAGE/transcript"
    "$ROOT/test/legacy/replay" "$STAGE/transcript" "legacy=$LEGACY_PORT" "control=$PORT"
  else
    while IFS= read -r line; do
      grep -qFx -- "$line" <(addresses_alike "$ROOT"/test/legacy/*.transcript) || return 1
    done < <(addresses_alike "$1")
  fi
}

addresses_alike() {
  sed -E "s/^[a-z]+ [-<] //; s/\('[0-9.]+', [^)]*\)/ADDRESS/g; s/ *$//" "$@"
}

# audit_played BLOCK: a server writes each of the lines, but for addresses, spans and times.
audit_played() {
  local line
  server_folder
  user_add anna admin horse
  user_add vera viewer horse
  restart_server -o penalty_least=1s
  come_from 127.0.0.2 'auth anna wrong'
  eventually file_has "$DIR/state/events.log" 'audit penalty done'
  come_from 127.0.0.2 noop
  come_from 127.0.0.3 'auth vera horse' 'src 1'
  come_from 127.0.0.4 'auth anna horse' ks
  server_ended
  while IFS= read -r line; do
    if ! grep -qFx -- "$line" <(audit_alike "$DIR/state/events.log"); then
      echo "nothing like this was written: $line"
      return 1
    fi
  done < <(audit_alike "$1")
}

come_from() { # come_from ADDRESS LINE…
  printf '%s\n' "${@:2}" | timeout "$WAIT_S" nc -N -s "$1" 127.0.0.1 "$PORT" >/dev/null
}

audit_alike() {
  sed -nE 's/.*(audit .*)/\1/; T; s/from="[0-9.]+/from="A/; s/"A:[0-9]+"/"A:P"/; s/span=.*/span/
    s/why=.*/why/; p' "$@"
}

# Files show nothing: that they are taken is enough. On the virtual clock all is the same each time.
shown_right() {
  case $1 in
  *.hosts | *.settings | *.profiles) ;;
  *) if grep -q ' -P ' "$1"; then cmp -s "$1" "$STAGE/shown"; else like "$1" "$STAGE/shown"; fi ;;
  esac
}

@test "examples: sprinkle-commands(7), one for every command" {
  local name
  assert_plays sprinkle-commands.7 30
  for name in $(awk '$1 == ".It" && $2 == "Ic" { print $3 }' "$ROOT/man/sprinkle-commands.7"); do
    run grep -lE "^(\\$ sprinkle )? *$name( |$)" "$BLOCKS"/sprinkle-commands.7.*
    assert_success
  done
}

@test "examples: sprinkle-protocol(7)" {
  assert_plays sprinkle-protocol.7 1
}

@test "examples: sprinkle-legacy(7)" {
  legacy_server admin
  assert_plays sprinkle-legacy.7 8
  stop_server
}

@test "examples: sprinkle(1)" {
  assert_plays sprinkle.1 5
}

@test "examples: sprinkled(8)" {
  assert_plays sprinkled.8 3
}

@test "examples: sprinkled-passwd(8)" {
  assert_plays sprinkled-passwd.8 2
}

@test "examples: sprinkled-cert(8)" {
  assert_plays sprinkled-cert.8 1
}

@test "examples: sprinkled.yml(5)" {
  assert_plays sprinkled.yml.5 2
}

@test "examples: profiles.yml(5)" {
  assert_plays profiles.yml.5 4
}

@test "examples: each page is played" {
  local page
  for page in "$ROOT"/man/*.[1-9]; do
    run grep -c "^  assert_plays ${page##*/} " "$BATS_TEST_FILENAME"
    assert_output 1
  done
}
