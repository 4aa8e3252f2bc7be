use strict;
use warnings;
use Data::Dumper;
use POSIX qw(floor setlocale LC_ALL strftime);
use List::Util qw(sum);
use Encode;
use Text::Abbrev;

my %n;
open(my $in, '<', $ARGV[0]) or die "$ARGV[0]: $!";
$n{lc $_}++ for map { /\w+/g } <$in>;
print join(' ', scalar(keys %n), sum(map { floor(1.5) } keys %n), length(decode('UTF-8', "\xc3\xa9")),
	join('', sort keys %{abbrev('x')}), setlocale(LC_ALL, ''), strftime('%Z', localtime(0))), "\n";
