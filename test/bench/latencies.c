/*
 * latencies.c: how long one thing takes, many times.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "client.h"
#include "load.h"

enum { COMMAND_MAX = 1024 };

static const int64_t SECOND_NS = 1000000000;

static int order(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

	return (left > right) - (left < right);
}

/* The 99th percentile by nearest rank: of 100, the 99th. */
static void percentiles_print(int64_t took_ns[], int count)
{
	qsort(took_ns, (size_t)count, sizeof(took_ns[0]), order);
	printf("%lld %lld %lld\n", (long long)took_ns[count / 2],
	       (long long)took_ns[(count * 99 + 99) / 100 - 1], (long long)took_ns[count - 1]);
}

static int64_t *samples_create(int count)
{
	int64_t *samples = count > 0 ? calloc((size_t)count, sizeof(*samples)) : NULL;

	if (!samples)
		errx(EXIT_FAILURE, "no memory for %d samples", count);
	return samples;
}

void load_ask(in_port_t port, int count, int pause_ms, char *commands[], int command_count)
{
	const struct timespec pause = {.tv_sec = pause_ms / 1000,
				       .tv_nsec = pause_ms % 1000 * 1000000L};
	int64_t *took_ns = samples_create(count);
	char line[COMMAND_MAX];
	struct client client;

	client_open(&client, port);
	for (int i = 0; i < count; i++) {
		snprintf(line, sizeof(line), "%s\n", commands[i % command_count]);
		(void)nanosleep(&pause, NULL); /* about so long is good enough */
		int64_t began_ns = now_ns();
		client_ask(&client, line);
		took_ns[i] = now_ns() - began_ns;
	}
	client_send(&client, "close\n");
	client_close(&client);
	percentiles_print(took_ns, count);
	free(took_ns);
}

/* How far from the nearest whole second: too early is as wrong as too late. */
static int64_t off_second_ns(int64_t ns)
{
	return ns > SECOND_NS / 2 ? SECOND_NS - ns : ns;
}

void load_watch(in_port_t port, int count)
{
	int64_t *late_ns = samples_create(count);
	struct client client;
	const char *line;
	int heard = 0;

	client_open(&client, port);
	client_ask(&client, "watch\n");
	while (heard < count) {
		struct timespec now;
		line = client_line(&client);
		if (!line)
			errx(EXIT_FAILURE, "the server ended");
		(void)clock_gettime(CLOCK_REALTIME, &now); /* cannot fail */
		if (strncmp(line, "299 ", 4) == 0 && strstr(line, " relay: ") != NULL)
			late_ns[heard++] = off_second_ns(now.tv_nsec);
	}
	percentiles_print(late_ns, count);
	close(client.socket);
	free(late_ns);
}

void load_hold(in_port_t port, int count)
{
	struct client client;
	char byte;

	descriptors_want((unsigned)count);
	for (int i = 0; i < count; i++)
		client_open(&client, port); /* its descriptor is closed by our end */
	puts("held");
	if (fflush(stdout) == EOF)
		err(EXIT_FAILURE, "standard output");
	while (read(STDIN_FILENO, &byte, 1) == 1)
		continue;
}
