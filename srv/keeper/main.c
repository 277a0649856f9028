/*
 * main.c: sprinkled-keeper, the program that the supervisor executes. It is no command for people:
 * sprinkled(8) hands over everything by descriptor.
 */
#include <bsd/stdlib.h>
#include <bsd/unistd.h>
#include <err.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "keeper/keeper.h"
#include "keeper/one_shot.h"

static int descriptor_of(const char *text)
{
	const char *why;
	int fd = (int)strtonum(text, 0, INT_MAX, &why);

	if (why)
		errx(EXIT_FAILURE, "descriptor %s is %s", text, why);
	return fd;
}

static const char *text_or_null(int argc, char *argv[], int at)
{
	return at < argc && argv[at][0] ? argv[at] : NULL;
}

static void settings_take(const char *descriptor, struct settings *settings)
{
	if (pread(descriptor_of(descriptor), settings, sizeof(*settings), 0) !=
	    (ssize_t)sizeof(*settings))
		errx(EXIT_FAILURE, "the settings handed over are not of this version");
}

int main(int argc, char *argv[], char *environment[])
{
	static struct settings settings;

	setproctitle_init(argc, argv, environment);
	tzset();
	if (argc == 6 && strcmp(argv[1], "serve") == 0)
		return keeper_serve(descriptor_of(argv[2]), descriptor_of(argv[3]),
				    descriptor_of(argv[4]), strcmp(argv[5], "foreground") == 0);
	if (argc < 3)
		errx(EXIT_FAILURE, "is started by sprinkled(8), not by hand");
	settings_take(argv[2], &settings);
	if (strcmp(argv[1], "open") == 0)
		return one_shot_open(&settings);
	if (strcmp(argv[1], "check") == 0)
		return one_shot_check(&settings);
	if (strcmp(argv[1], "doctor") == 0)
		return one_shot_doctor(&settings);
	if (strcmp(argv[1], "preview") == 0)
		return one_shot_preview(&settings, text_or_null(argc, argv, 3),
					text_or_null(argc, argv, 4), text_or_null(argc, argv, 5));
	errx(EXIT_FAILURE, "%s: no such mode", argv[1]);
}
