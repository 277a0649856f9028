#include "options.h"

#include <err.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include "status.h"

/* Options without a letter. */
enum { OPTION_ACCEPT_NEW = 256, OPTION_CA };

static const char synopsis[] =
	"usage: sprinkle [-H HOST] [-p PORT] [-s SOCKET] [-T] [-u USER] [-jq] [--accept-new] "
	"[--ca FILE]\n                [s|l|i|NAME] [COMMAND ...]\n";

static const char explanation[] =
	"  -H HOST    connect to HOST by TCP\n"
	"  -p PORT    at PORT (5050, with -T 5051)\n"
	"  -s SOCKET  connect to this Unix socket (" SPRINKLED_RUNDIR "/sprinkled.sock)\n"
	"  -T         inside TLS\n"
	"  -u USER    authenticate as USER; the password is asked for, or read from the file\n"
	"             that SPRINKLE_PASSWORD_FILE names\n"
	"  -j         print JSON: an array of objects for each command\n"
	"  -q         print failures only\n"
	"  --accept-new  trust and remember an unknown server's certificate without asking\n"
	"  --ca FILE     trust the certificates that this authority vouches for instead\n"
	"  -h, -V     print this help, the version\n"
	"  s, l, i    the same machine; by LAN; by internet (TLS) to the first or the named\n"
	"             line of ~/.config/sprinkle/hosts\n"
	"Without a command: a prompt on a terminal, else one command a line from standard input.\n"
	"sprinkle help lists the server's commands; beside them there are\n"
	"  watch [--follow]           events as they happen; --follow outlives a server's restart\n"
	"  next ... --chart           coming switchings as a time line for each relay\n"
	"  hist ... --chart           past runs, likewise\n"
	"  top                        relays, switchings and clients on the full screen\n";

static const struct option long_options[] = {
	{"help", no_argument, NULL, 'h'},
	{"version", no_argument, NULL, 'V'},
	{"host", required_argument, NULL, 'H'},
	{"port", required_argument, NULL, 'p'},
	{"socket", required_argument, NULL, 's'},
	{"tls", no_argument, NULL, 'T'},
	{"user", required_argument, NULL, 'u'},
	{"json", no_argument, NULL, 'j'},
	{"quiet", no_argument, NULL, 'q'},
	{"accept-new", no_argument, NULL, OPTION_ACCEPT_NEW},
	{"ca", required_argument, NULL, OPTION_CA},
	{0},
};

void usage_fail(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vwarnx(format, arguments);
	va_end(arguments);
	(void)fputs(synopsis, stderr); /* nowhere left to complain */
	exit(STATUS_USAGE);
}

/* Help and version are what was asked for: a full disk or a closed pipe must not pass for it. */
static void tell_and_exit(const char *first, const char *second)
{
	if (fputs(first, stdout) == EOF || fputs(second, stdout) == EOF || fflush(stdout) == EOF)
		err(STATUS_USAGE, "standard output");
	exit(STATUS_DONE);
}

static void option_take(int option, struct options *options)
{
	switch (option) {
	case 'H':
		options->host = optarg;
		break;
	case 'p':
		options->port = optarg;
		break;
	case 's':
		options->socket = optarg;
		break;
	case 'T':
		options->tls = true;
		break;
	case OPTION_ACCEPT_NEW:
		options->accept_new = true;
		break;
	case OPTION_CA:
		options->ca_file = optarg;
		break;
	case 'u':
		options->user = optarg;
		break;
	case 'j':
		options->json = true;
		break;
	case 'q':
		options->quiet = true;
		break;
	case 'h':
		tell_and_exit(synopsis, explanation);
		break;
	case 'V':
		tell_and_exit("sprinkle " SPRINKLED_VERSION, "\n");
		break;
	default: /* getopt has said what is wrong */
		(void)fputs(synopsis, stderr);
		exit(STATUS_USAGE);
	}
}

void options_parse(int argc, char *argv[], struct options *options)
{
	int option;

	*options = (struct options){0};
	/* "+": the first word that is no option ends the options, so "-" words may follow it. */
	while ((option = getopt_long(argc, argv, "+H:p:s:Tu:jqhV", long_options, NULL)) != -1)
		option_take(option, options);
	if (options->socket && (options->host || options->port || options->tls))
		usage_fail("-s is a Unix socket; -H, -p and -T are for TCP");
	if (options->accept_new && options->ca_file)
		usage_fail("--ca trusts by an authority, --accept-new without one");
	options->words = argv + optind;
	options->word_count = (size_t)(argc - optind);
}
