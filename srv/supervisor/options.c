/*
 * options.c: the command line. Invariant: what leaves here is complete; nothing of it is looked at
 * again elsewhere.
 */
#include "supervisor/options.h"

#include <bsd/stdlib.h>
#include <err.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_USAGE = 2 };

static void __attribute__((noreturn)) usage(void)
{
	fprintf(stderr,
		"usage: sprinkled [-fn] [-c file] [-i service] [-l service@address] [-o "
		"key=value]\n"
		"                 [-R fd]\n"
		"       sprinkled -D | -O | -V [-c file] [-o key=value]\n"
		"       sprinkled -P from/to [-a profile] [-c file] [-o key=value] [-p file]\n");
	exit(EXIT_USAGE);
}

static void list_add(const char *list[], size_t *count, const char *value, char option)
{
	if (*count == OPTION_LIST_MAX)
		errx(EXIT_USAGE, "-%c: at most %d of them", option, OPTION_LIST_MAX);
	list[(*count)++] = value;
}

static int descriptor_read(const char *text)
{
	const char *why;
	int fd = (int)strtonum(text, 0, INT_MAX, &why);

	if (why)
		errx(EXIT_USAGE, "-R %s: the number is %s; give an open descriptor, such as 3",
		     text, why);
	/* Nobody else holds it: whoever reads there sees its end after the line. */
	if (fcntl(fd, F_SETFD, FD_CLOEXEC) == -1)
		err(EXIT_USAGE, "-R %s: descriptor is not open", text);
	return fd;
}

static void mode_set(struct options *options, enum run_mode mode)
{
	if (options->mode != MODE_SERVE && options->mode != mode)
		errx(EXIT_USAGE, "-D, -O, -P, -V and -n exclude one another");
	options->mode = mode;
}

static void option_take(struct options *options, int option, const char *value)
{
	switch (option) {
	case 'f':
		options->foreground = true;
		break;
	case 'n':
		mode_set(options, MODE_CHECK);
		break;
	case 'O':
		mode_set(options, MODE_OPEN);
		break;
	case 'D':
		mode_set(options, MODE_DOCTOR);
		break;
	case 'V':
		mode_set(options, MODE_VERSION);
		break;
	case 'P':
		mode_set(options, MODE_PREVIEW);
		options->span = value;
		break;
	case 'p':
		options->profiles = value;
		break;
	case 'a':
		options->profile = value;
		break;
	case 'c':
		options->config = value;
		break;
	case 'i':
		options->inetd_service = value;
		break;
	case 'l':
		list_add(options->listeners, &options->listener_count, value, 'l');
		break;
	case 'o':
		if (strcmp(value, "help") == 0)
			mode_set(options, MODE_SETTINGS);
		else
			list_add(options->overrides, &options->override_count, value, 'o');
		break;
	case 'R':
		options->ready_fd = descriptor_read(value);
		break;
	default:
		usage();
	}
}

void options_read(int argc, char *argv[], struct options *options)
{
	int option;

	*options = (struct options){.ready_fd = -1};
	while ((option = getopt(argc, argv, "DOP:R:Va:c:fi:l:no:p:")) != -1)
		option_take(options, option, optarg);
	if (optind < argc) {
		warnx("unexpected argument: %s", argv[optind]);
		usage();
	}
	if ((options->profile || options->profiles) && options->mode != MODE_PREVIEW)
		errx(EXIT_USAGE, "-a and -p go with -P");
	if (options->inetd_service && (options->foreground || options->mode != MODE_SERVE))
		errx(EXIT_USAGE, "-i goes without -f and the like: it serves, and stays in the "
				 "foreground by itself");
}
