# sprinkled -P: the schedule on a virtual clock, in the exact format that programs read.

load lib/server

setup() {
  server_folder
  cat >"$DIR/profiles.yml" <<'YAML'
summer:
  about:  Lawn and beds
  active: True
  relay1:
    About:     Back yard
    Days:      ['Tuesday','Saturday']
    Times:     [830,930,1030]
    durations: [2,2,1.5]
night:
  relay2: {Days: all, Times: [2330], durations: [60]}
three:
  relay1: {days: all, times: [600], durations: [1]}
  relay2: {days: all, times: [600], durations: [1]}
  relay3: {days: all, times: [600], durations: [1]}
gap:
  relay1: {days: all, times: [130, 230], durations: [5, 5]}
YAML
}

preview() {
  sprinkled_here -o timezone=America/Los_Angeles -P "$@"
}

@test "preview: the lines are exactly those of the manual" {
  run preview 2026-11-24/2026-11-25
  assert_success
  assert_output '2026-11-24T08:30:00-08:00 relay=1 on planned=120 profile=summer
2026-11-24T08:32:00-08:00 relay=1 off
2026-11-24T09:30:00-08:00 relay=1 on planned=120 profile=summer
2026-11-24T09:32:00-08:00 relay=1 off
2026-11-24T10:30:00-08:00 relay=1 on planned=90 profile=summer
2026-11-24T10:31:30-08:00 relay=1 off'
}

@test "preview: a window that crosses midnight is whole" {
  run preview 2026-07-01/2026-07-02T12:00:00-07:00 -a night
  assert_line --index 0 '2026-07-01T00:00:00-07:00 relay=2 on planned=1800 profile=night'
  assert_line --index 2 '2026-07-01T23:30:00-07:00 relay=2 on planned=3600 profile=night'
  assert_line --index 3 '2026-07-02T00:30:00-07:00 relay=2 off'
}

@test "preview: a start in the hour that is skipped happens right after it" {
  run preview 2026-03-08/2026-03-09 -a gap
  assert_output '2026-03-08T01:30:00-08:00 relay=1 on planned=300 profile=gap
2026-03-08T01:35:00-08:00 relay=1 off
2026-03-08T03:00:00-07:00 relay=1 on planned=300 profile=gap
2026-03-08T03:05:00-07:00 relay=1 off'
}

@test "preview: a start in the hour that comes twice happens once" {
  run preview 2026-11-01/2026-11-02 -a gap
  assert_output '2026-11-01T01:30:00-07:00 relay=1 on planned=300 profile=gap
2026-11-01T01:35:00-07:00 relay=1 off
2026-11-01T02:30:00-08:00 relay=1 on planned=300 profile=gap
2026-11-01T02:35:00-08:00 relay=1 off'
}

@test "preview: the power budget delays a run and leaves it its length" {
  run preview 2026-07-01/2026-07-02 -a three -o supply_va=39.8
  assert_output '2026-07-01T06:00:00-07:00 relay=1 on planned=60 profile=three
2026-07-01T06:00:00-07:00 relay=2 on planned=60 profile=three
2026-07-01T06:00:01-07:00 relay=3 on planned=60 profile=three
2026-07-01T06:01:00-07:00 relay=1 off
2026-07-01T06:01:00-07:00 relay=2 off
2026-07-01T06:01:01-07:00 relay=3 off'
}

@test "preview: a profile that does not exist is named" {
  run preview 2026-07-01/2026-07-02 -a winter
  assert_failure 1
  assert_output --partial winter
}

@test "preview: a span that is none is named with the right form" {
  run preview yesterday
  assert_failure
  assert_output --partial FROM/TO
}
