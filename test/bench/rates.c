/*
 * rates.c: how often a second. Each client is a process; all begin together and stop together.
 * Invariant: what is counted was begun after the start and ended before the stop.
 */
#include <err.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "client.h"
#include "load.h"

/* Shared by all; the counts are written by one client each, at its end. */
struct race {
	_Atomic int ready;
	_Atomic bool started, stopped;
	long count[];
};

typedef long (*client_run)(in_port_t port, struct race *);

static void start_await(struct race *race)
{
	const struct timespec moment = {.tv_nsec = 1000000};

	race->ready++;
	while (!race->started)
		(void)nanosleep(&moment, NULL); /* a shorter wait only looks sooner */
}

static long connections_run(in_port_t port, struct race *race)
{
	struct client client;
	long count = 0;

	start_await(race);
	for (;;) {
		client_open(&client, port);
		client_ask(&client, "noop\n");
		client_send(&client, "close\n");
		client_close(&client);
		if (race->stopped)
			return count;
		count++;
	}
}

static long round_trips_run(in_port_t port, struct race *race)
{
	struct client client;
	long count = 0;

	client_open(&client, port);
	start_await(race);
	for (;;) {
		client_ask(&client, "noop\n");
		if (race->stopped)
			break;
		count++;
	}
	client_send(&client, "close\n");
	client_close(&client);
	return count;
}

static struct race *race_create(int clients)
{
	struct race *race = mmap(NULL, sizeof(*race) + (size_t)clients * sizeof(race->count[0]),
				 PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (race == MAP_FAILED)
		err(EXIT_FAILURE, "memory");
	return race;
}

static void clients_fork(struct race *race, int clients, client_run run, in_port_t port)
{
	for (int i = 0; i < clients; i++) {
		pid_t pid = fork();
		if (pid == -1)
			err(EXIT_FAILURE, "fork");
		if (pid == 0) {
			race->count[i] = run(port, race);
			_exit(EXIT_SUCCESS);
		}
	}
}

static void clients_wait(int clients)
{
	int status;

	for (int i = 0; i < clients; i++)
		if (wait(&status) == -1 || status != 0)
			errx(EXIT_FAILURE, "a client failed");
}

static void rate_print(in_port_t port, int clients, int milliseconds, client_run run)
{
	const struct timespec span = {.tv_sec = milliseconds / 1000,
				      .tv_nsec = milliseconds % 1000 * 1000000L};
	const struct timespec moment = {.tv_nsec = 1000000};
	struct race *race = race_create(clients);
	long total = 0;

	clients_fork(race, clients, run, port);
	while (race->ready < clients && waitpid(-1, NULL, WNOHANG) == 0)
		(void)nanosleep(&moment, NULL); /* as in start_await */
	if (race->ready < clients)
		errx(EXIT_FAILURE, "a client failed before the start");
	int64_t began_ns = now_ns();
	race->started = true;
	(void)nanosleep(&span, NULL); /* how long it was is measured */
	race->stopped = true;
	double took_s = (double)(now_ns() - began_ns) / 1e9;
	clients_wait(clients);
	for (int i = 0; i < clients; i++)
		total += race->count[i];
	printf("%.1f\n", (double)total / took_s);
}

void load_connections(in_port_t port, int clients, int milliseconds)
{
	rate_print(port, clients, milliseconds, connections_run);
}

void load_round_trips(in_port_t port, int clients, int milliseconds)
{
	rate_print(port, clients, milliseconds, round_trips_run);
}
