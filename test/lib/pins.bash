# pins.bash: the pins of the simulated relays, seen from outside the server. The simulation writes
# them to DIR/pins before a drive returns, one digit a relay, and they outlive it, as on a Raspberry
# Pi, whose kernel keeps the level of a released line.

# Numbers of the closed relays, blanks between; "" when all are open.
pins_closed() {
  local pins i closed=()
  read -r pins <"$DIR/pins"
  for ((i = 0; i < ${#pins}; i++)); do
    [[ ${pins:i:1} == 0 ]] || closed+=($((i + 1)))
  done
  echo "${closed[*]}"
}

pins_are() { # pins_are "1 3": exactly these are closed
  [[ $(pins_closed) == "$1" ]]
}

pins_open() {
  pins_are ''
}

assert_pins() {
  assert_equal "$(pins_closed)" "$1"
}

assert_pins_open() {
  assert_pins ''
}
