# future.pl SOCKET SERVER: stand between clients, at the Unix socket SOCKET, and a server, at SERVER,
# and make of it one of two versions ahead: its greeting has more lines, its replies other codes of
# the same first digit, its JSON more keys, and there are events that nobody knows today.

use strict;
use warnings;
use IO::Select;
use IO::Socket::UNIX;

my ($path, $server_path) = @ARGV;
my $listener = IO::Socket::UNIX->new(Local => $path, Listen => 9) or die "$path: $!\n";
$SIG{CHLD} = 'IGNORE';
print "ready\n";
close STDOUT;
while (my $client = $listener->accept) {
  next if fork // die "fork: $!\n";
  my $server = IO::Socket::UNIX->new(Peer => $server_path) or die "$server_path: $!\n";
  stand_between($client, $server);
  exit;
}

sub stand_between {
  my ($client, $server) = @_;
  my $both = IO::Select->new($client, $server);
  my $rest = '';
  while (1) {
    for my $from ($both->can_read) {
      sysread($from, my $bytes, 65536) or return;
      if ($from == $client) {
        syswrite $server, $bytes;
        next;
      }
      $rest .= $bytes;
      syswrite $client, line_of_the_future($1) while $rest =~ s/^(.*)\n//;
    }
  }
}

sub line_of_the_future {
  my ($line) = @_;
  return "220-sprinkled 11.0\n220-quota 7\n$line, capabilities: dance\n" if $line =~ /^220 /;
  $line =~ s/^200/287/;
  $line =~ s/^(\d\d\d[- ]\{)/$1"colour":{"name":"green","shades":[1,2]},/;
  my $moon = $line eq '287 watching' ? "299 2036-01-01T00:00:00Z moon: the moon is full\n" : '';
  return "$line\n$moon";
}
