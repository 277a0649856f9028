/*
 * load: the clients of the bench.
 *
 *   load connections PORT CLIENTS MILLISECONDS    connections a second
 *   load round_trips PORT CLIENTS MILLISECONDS    replies to noop a second
 *   load hold PORT COUNT                          open, say held, hold until input ends
 *   load ask PORT COUNT PAUSE_MS COMMAND…         median, 99th percentile, worst, in nanoseconds
 *   load watch PORT COUNT                         the same, of events off their second
 *   load port                                     a port that is free now
 */
#include "load.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "listening.h"

static int number(const char *text)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end != '\0' || value < 0 || value > 1000000000)
		errx(2, "%s: no number", text);
	return (int)value;
}

int main(int argc, char *argv[])
{
	const char *kind = argc > 1 ? argv[1] : "";
	in_port_t port = argc > 2 ? (in_port_t)number(argv[2]) : 0;

	if (strcmp(kind, "connections") == 0 && argc == 5)
		load_connections(port, number(argv[3]), number(argv[4]));
	else if (strcmp(kind, "round_trips") == 0 && argc == 5)
		load_round_trips(port, number(argv[3]), number(argv[4]));
	else if (strcmp(kind, "hold") == 0 && argc == 4)
		load_hold(port, number(argv[3]));
	else if (strcmp(kind, "ask") == 0 && argc > 5)
		load_ask(port, number(argv[3]), number(argv[4]), argv + 5, argc - 5);
	else if (strcmp(kind, "watch") == 0 && argc == 4)
		load_watch(port, number(argv[3]));
	else if (strcmp(kind, "port") == 0)
		close(listen_anywhere());
	else
		errx(2, "usage: load connections|round_trips|hold|ask|watch|port …");
	if (fflush(stdout) == EOF)
		err(EXIT_FAILURE, "standard output");
	return EXIT_SUCCESS;
}
