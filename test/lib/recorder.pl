# recorder.pl PORT FILE: print a free port of 127.0.0.1, take one connection there, pass its bytes on
# to PORT and back until both sides have closed, and write every one of them to FILE.

use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;

my ($port, $file) = @ARGV;
alarm 120;
$| = 1;
my $listener = IO::Socket::INET->new(Listen => 1, LocalAddr => '127.0.0.1') or die "listen: $!\n";
print $listener->sockport, "\n";
close STDOUT;
open my $record, '>:raw', $file or die "$file: $!\n";
my $client = $listener->accept or die "accept: $!\n";
my $server = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port) or die "connect: $!\n";
my %other = ($client => $server, $server => $client);
my $open = IO::Select->new($client, $server);

while ($open->count) {
  for my $from ($open->can_read) {
    my $to = $other{$from};
    my $count = sysread $from, my $bytes, 65536;
    if ($count) {
      syswrite $record, $bytes;
      my $done = 0;
      while ($done < $count) {
        my $written = syswrite $to, $bytes, $count - $done, $done;
        last unless $written;    # that side is gone; what came is recorded
        $done += $written;
      }
    } else {
      $open->remove($from);
      shutdown $to, 1;
    }
  }
}
