/*
 * storm.c: many clients switch, list and vanish while processes of the server are killed at random;
 * after each kill the next client must be served, the dead must be gone from the list, and the
 * relays must be as the manual says. Everything is bounded in count and time.
 */
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "server.h"

enum {
	CLIENTS_MAX = 256,
	REPLY_SIZE = 1 << 18,
	SERVED_LIMIT_MS = 1000, /* the next client is served within */
	KEEPER_LIMIT_MS = 1000, /* another keeper has opened all within */
	ORPHAN_LIMIT_MS = 500,	/* the keeper has opened all after the supervisor's death */
	ALL_PINS = (1 << SERVER_RELAYS) - 1,
	NOISY_FACTOR = 4, /* shared machines are slow at times: a hang is longer still */
};

struct storm {
	struct server server;
	pid_t client[CLIENTS_MAX];
	int clients;
	unsigned kills_wanted, rounds_wanted;
	unsigned passed, failed;
	long worst_served_ms, worst_keeper_ms, worst_orphan_ms;
};

static char reply[REPLY_SIZE];

static void verdict(struct storm *storm, int good, const char *what)
{
	if (good) {
		storm->passed++;
		return;
	}
	storm->failed++;
	fprintf(stderr, "FAILED: %s\n", what);
}

static void pause_ms(long ms)
{
	struct timespec pause = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

	nanosleep(&pause, NULL);
}

/* One client: talk nonsense and sense, of relays from first_relay on, again and again. */
static void __attribute__((noreturn))
client_main(const struct server *server, unsigned seed, int first_relay)
{
	static const char *const lines[] = {"t1 %d\n",	    "src %d for 1s\n", "sro %d\n",
					    "grs\n",	    "gat\n",	       "noop\n",
					    "src %d for\n", "watch\n"};
	char line[64], sink[4096];
	struct timeval limit = {.tv_sec = 2};

	srandom(seed);
	for (;;) {
		int fd = server_connect(server);
		if (fd == -1) {
			pause_ms(2);
			continue;
		}
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
		for (long n = random() % 20; n > 0; n--) {
			snprintf(line, sizeof(line),
				 lines[(size_t)random() % (sizeof(lines) / sizeof(lines[0]))],
				 first_relay + (int)(random() % (SERVER_RELAYS + 1 - first_relay)));
			if (send(fd, line, strlen(line), MSG_NOSIGNAL) <= 0)
				break;
			if (random() % 4 && read(fd, sink, sizeof(sink)) <= 0)
				break;
		}
		close(fd); /* without a word, often with replies unread */
	}
}

static void clients_start(struct storm *storm, int first_relay)
{
	for (int i = 0; i < storm->clients; i++) {
		storm->client[i] = fork();
		if (storm->client[i] == 0)
			client_main(&storm->server, (unsigned)(getpid() + i), first_relay);
	}
}

static void clients_stop(struct storm *storm)
{
	for (int i = 0; i < storm->clients; i++)
		kill(storm->client[i], SIGKILL);
	for (int i = 0; i < storm->clients; i++)
		waitpid(storm->client[i], NULL, 0);
}

/* A new client switches a relay (which takes the lock) and lists; how long that took. */
static long next_client_served(struct storm *storm)
{
	long begun_ms = monotonic_ms();

	if (server_talk(&storm->server, "t1 8\ngrs\ngat\n", reply, sizeof(reply),
			SERVED_LIMIT_MS * NOISY_FACTOR) == -1 ||
	    !strstr(reply, "Relay 8 ") || !strstr(reply, "200-totals:"))
		return -1;
	return monotonic_ms() - begun_ms;
}

/* Is this pid still a client by the list in reply? */
static int is_listed(pid_t pid)
{
	pid_t pids[1024];
	size_t count = sessions_in(reply, pids, 1024);

	for (size_t i = 0; i < count; i++)
		if (pids[i] == pid)
			return 1;
	return 0;
}

static void session_kill(struct storm *storm)
{
	pid_t pids[1024];
	size_t count = sessions_in(reply, pids, 1024);
	pid_t victim = count ? pids[(size_t)random() % count] : 0;

	if (victim > 0 && kill(victim, SIGKILL) == -1)
		victim = 0; /* gone by itself */
	long took_ms = next_client_served(storm);
	verdict(storm, took_ms >= 0, "the next client was served after a session's death");
	if (took_ms > storm->worst_served_ms)
		storm->worst_served_ms = took_ms;
	/* A signal takes a moment to kill on a busy machine; then the slot is free at once. */
	long begun_ms = monotonic_ms();
	while (victim > 0 && is_listed(victim) && monotonic_ms() - begun_ms < SERVED_LIMIT_MS)
		took_ms = next_client_served(storm);
	verdict(storm, victim <= 0 || !is_listed(victim), "a dead client has no slot");
}

static void sessions_round(struct storm *storm)
{
	clients_start(storm, 1);
	verdict(storm, next_client_served(storm) >= 0, "a client is served in the storm");
	for (unsigned i = 0; i < storm->kills_wanted; i++)
		session_kill(storm);
	clients_stop(storm);
}

/* Wait until these pins are open; milliseconds since begun_ms, -1 when it took too long. */
static long pins_open_wait(struct storm *storm, long pins, long begun_ms, long limit_ms)
{
	while (monotonic_ms() - begun_ms < limit_ms * NOISY_FACTOR) {
		long closed = server_pins(&storm->server);
		if (closed != -1 && (closed & pins) == 0)
			return monotonic_ms() - begun_ms;
		pause_ms(1);
	}
	return -1;
}

static void worst(long *worst_ms, long took_ms)
{
	if (took_ms > *worst_ms)
		*worst_ms = took_ms;
}

/* The clients switch the last relay only, so that the others show what the new keeper does. */
static void keeper_round(struct storm *storm)
{
	if (server_talk(&storm->server, "src 1-7\ngat\n", reply, sizeof(reply), 4000) == -1) {
		verdict(storm, 0, "relays close before the keeper is killed");
		return;
	}
	pid_t keeper = keeper_in(reply);
	clients_start(storm, SERVER_RELAYS);
	pause_ms(random() % 20);
	long begun_ms = monotonic_ms();
	kill(keeper, SIGKILL);
	long took_ms = pins_open_wait(storm, ALL_PINS >> 1, begun_ms, KEEPER_LIMIT_MS);
	verdict(storm, took_ms >= 0, "another keeper opened every relay");
	worst(&storm->worst_keeper_ms, took_ms);
	clients_stop(storm);
	verdict(storm, next_client_served(storm) >= 0, "served after the keeper's death");
}

static void supervisor_round(struct storm *storm, int with_keeper)
{
	clients_start(storm, 1);
	pause_ms(random() % 30);
	int talked = server_talk(&storm->server, "src all\ngat\n", reply, sizeof(reply), 4000) > 0;
	verdict(storm, talked, "relays close before the supervisor is killed");
	pid_t keeper = keeper_in(reply);
	long begun_ms = monotonic_ms();
	if (with_keeper && random() % 2)
		kill(keeper, SIGKILL); /* in either order */
	kill(storm->server.supervisor, SIGKILL);
	if (with_keeper)
		kill(keeper, SIGKILL);
	waitpid(storm->server.supervisor, NULL, 0);
	clients_stop(storm);
	if (with_keeper)
		verdict(storm, server_open_relays(&storm->server) == 0, "sprinkled -O works");
	long took_ms = pins_open_wait(storm, ALL_PINS, begun_ms, ORPHAN_LIMIT_MS);
	verdict(storm, took_ms >= 0, "every relay is open after the supervisor's death");
	if (!with_keeper)
		worst(&storm->worst_orphan_ms, took_ms);
	int started = server_start(&storm->server) == 0;
	verdict(storm, started, "the server starts again at once");
	if (!started)
		errx(EXIT_FAILURE, "no server, no storm");
}

static void folder_remove(const char *folder)
{
	DIR *entries = opendir(folder);
	struct dirent *entry;
	char path[512];

	while (entries && (entry = readdir(entries))) {
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		if (entry->d_name[0] != '.')
			unlink(path);
	}
	if (entries)
		closedir(entries);
	rmdir(folder);
}

static void options_read(struct storm *storm, int argc, char *argv[])
{
	unsigned seed = (unsigned)time(NULL);
	int option;

	*storm = (struct storm){.clients = 64, .kills_wanted = 10000, .rounds_wanted = 200};
	while ((option = getopt(argc, argv, "c:k:r:s:")) != -1) {
		unsigned value = (unsigned)strtoul(optarg ? optarg : "0", NULL, 10);
		if (option == 'c')
			storm->clients = value < CLIENTS_MAX ? (int)value : CLIENTS_MAX;
		else if (option == 'k')
			storm->kills_wanted = value;
		else if (option == 'r')
			storm->rounds_wanted = value;
		else if (option == 's')
			seed = value;
		else
			exit(2);
	}
	if (optind + 1 != argc)
		errx(2, "usage: storm [-c clients] [-k kills] [-r rounds] [-s seed] sprinkled");
	snprintf(storm->server.program, sizeof(storm->server.program), "%s", argv[optind]);
	printf("seed %u, %d clients, %u session kills, %u rounds of keeper and supervisor kills\n",
	       seed, storm->clients, storm->kills_wanted, storm->rounds_wanted);
	fflush(stdout);
	srandom(seed);
}

int main(int argc, char *argv[])
{
	static struct storm storm;

	options_read(&storm, argc, argv);
	strcpy(storm.server.folder, "/tmp/storm.XXXXXX");
	if (!mkdtemp(storm.server.folder) || server_start(&storm.server) == -1)
		err(EXIT_FAILURE, "start");
	sessions_round(&storm);
	for (unsigned i = 0; i < storm.rounds_wanted; i++) {
		if (i % 3 == 0)
			keeper_round(&storm);
		else
			supervisor_round(&storm, i % 3 == 2);
	}
	verdict(&storm, server_stop(&storm.server) == 0, "ks ends the server with status 0");
	verdict(&storm, server_pins(&storm.server) == 0, "every relay is open at the end");
	if (storm.failed == 0)
		folder_remove(storm.server.folder);
	printf("slowest: next client %ld ms, relays open after the keeper's death %ld ms, after "
	       "the supervisor's %ld ms\n",
	       storm.worst_served_ms, storm.worst_keeper_ms, storm.worst_orphan_ms);
	printf("%u passed, %u failed\n", storm.passed, storm.failed);
	return storm.failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
