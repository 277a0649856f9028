# sprinkled-cert: certificates and keys. That a server takes them is tls.bats' business, and that a
# client trusts them trust.bats'.

load lib/server
bats_require_minimum_version 1.5.0

setup() {
  cd "$BATS_TEST_TMPDIR"
}

# cert ARGUMENT…: with files of the test's own.
cert() {
  "$SPRINKLED_BUILD/sprinkled-cert" -c cert.pem -k key.pem "$@"
}

extension() {
  openssl x509 -in cert.pem -noout -ext "$1" | sed '1d; s/^ *//'
}

# days_good: for how many days the certificate is good.
days_good() {
  local from until
  from=$(openssl x509 -in cert.pem -noout -startdate)
  until=$(openssl x509 -in cert.pem -noout -enddate)
  echo $((($(date -d "${until#*=}" +%s) - $(date -d "${from#*=}" +%s)) / 86400))
}

@test "pair: the key is P-256, the owner's alone, and the certificate's" {
  (umask 0 && cert garden.example)
  assert_equal "$(stat -c %a key.pem cert.pem)" $'600\n644'
  run openssl pkey -in key.pem -noout -text
  assert_output --partial 'prime256v1'
  assert_equal "$(openssl pkey -in key.pem -pubout)" "$(openssl x509 -in cert.pem -noout -pubkey)"
  run openssl verify -CAfile cert.pem cert.pem
  assert_output 'cert.pem: OK'
  assert_equal "$(ls)" $'cert.pem\nkey.pem'
}

@test "names: hosts and addresses stand in the certificate" {
  cert garden.example '*.garden.example' 192.0.2.7 2001:db8::7
  run extension subjectAltName
  assert_output --partial 'DNS:garden.example'
  assert_output --partial 'DNS:*.garden.example'
  assert_output --partial 'IP Address:192.0.2.7'
  assert_output --partial 'IP Address:2001:DB8:0:0:0:0:0:7'
  run extension basicConstraints
  assert_output 'CA:FALSE'
}

@test "names: without any it is this host's, by name and by loopback" {
  cert
  run extension subjectAltName
  assert_output --partial "DNS:$(hostname)"
  assert_output --partial 'DNS:localhost'
  assert_output --partial 'IP Address:127.0.0.1'
  assert_output --partial 'IP Address:0:0:0:0:0:0:0:1'
}

@test "names: what is neither a name nor an address is refused, and makes no file" {
  run cert 'garden,IP:192.0.2.1'
  assert_failure 1
  assert_output 'sprinkled-cert: garden,IP:192.0.2.1: neither a name nor an address'
  run cert 300.1.2.3
  assert_failure 1
  run cert ''
  assert_failure 1
  assert_equal "$(ls)" ''
}

@test "fingerprint: is the certificate's SHA-256, told when it is made and by -s" {
  local hash
  run cert garden.example
  assert_success
  hash=$(openssl x509 -in cert.pem -noout -fingerprint -sha256 | sed 's/.*=//; s/://g')
  assert_line --index 0 "SHA256:${hash,,}"
  assert_line --index 1 'DNS:garden.example'
  assert_equal "$(cert -s)" "$output"
  run cert -s -c none.pem
  assert_failure 1
  assert_output 'sprinkled-cert: none.pem: there is no certificate that can be read'
}

@test "days: as many as told, else ten years" {
  cert garden.example
  assert_equal "$(days_good)" 3650
  cert -f -d 30 garden.example
  assert_equal "$(days_good)" 30
}

@test "files that are there: stay, unless -f is given" {
  local before
  cert garden.example
  before=$(sha256sum ./*.pem)
  run cert garden.example
  assert_failure 1
  assert_output 'sprinkled-cert: cert.pem: exists; -f replaces it'
  rm cert.pem
  run cert garden.example
  assert_failure 1
  assert_output 'sprinkled-cert: key.pem: exists; -f replaces it'
  run cert -f garden.example
  assert_success
  refute [ "$(sha256sum ./*.pem)" == "$before" ]
}

@test "failure: what was there stays as it was, and nothing half made is left" {
  local before
  cert garden.example
  before=$(sha256sum ./*)
  run cert -f 300.1.2.3
  assert_failure 1
  run cert -f -k none/key.pem garden.example
  assert_failure 1
  assert_equal "$(sha256sum ./*)" "$before"
}

@test "usage: what is wrong with the command line is status 2, with the days 1" {
  run cert -x
  assert_failure 2
  assert_line --regexp '^usage: sprinkled-cert '
  run cert -s name
  assert_failure 2
  for days in 0 -1 ten 1.5; do
    run cert -d "$days" garden.example
    assert_failure 1
  done
}
