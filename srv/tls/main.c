/*
 * main.c: sprinkled-tls, the session of a client inside TLS. It is no command for people: the
 * supervisor's child executes it and hands over everything by descriptor, so that the supervisor
 * needs no libtls.
 */
#include <bsd/stdlib.h>
#include <bsd/unistd.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <tls.h>
#include <unistd.h>
#include "clock.h"
#include "log/log.h"
#include "process_end.h"
#include "session/handover.h"
#include "session/sandbox.h"
#include "state/counters.h"
#include "state/requests.h"
#include "state/shared_settings.h"
#include "state/shutdown.h"
#include "state/slots.h"
#include "tls/keypair.h"
#include "tls/tls_transport.h"

static int descriptor_of(const char *text)
{
	const char *why;
	int fd = (int)strtonum(text, 0, INT_MAX, &why);

	if (why)
		errx(EXIT_FAILURE, "descriptor %s is %s", text, why);
	return fd;
}

static void handover_take(int descriptor, struct handover *handover)
{
	if (pread(descriptor, handover, sizeof(*handover), 0) != (ssize_t)sizeof(*handover))
		errx(EXIT_FAILURE, "what was handed over is not of this version");
	const int kept[] = {handover->start.socket, handover->segment, handover->wake,
			    handover->start.clerk};
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		if (fcntl(kept[i], F_SETFD, FD_CLOEXEC) == -1)
			err(EXIT_FAILURE, "descriptor %d", kept[i]);
	close(descriptor);
	handover->start.peer = &handover->peer;
}

/* The shared state, and the settings and logs of the server. */
static void surroundings_take(struct handover *handover, struct settings *settings)
{
	struct segment *segment = segment_attach(handover->segment);

	if (!segment)
		err(EXIT_FAILURE, "shared memory");
	requests_attach(segment, handover->wake);
	shared_settings_read(segment, settings);
	handover->start.segment = segment;
	handover->start.settings = settings;
	if (log_open(settings, handover->foreground) == -1)
		warn("%s", settings->state_dir); /* as much as could be opened is in use */
}

/* Be seen in the client's slot while it has not yet said anything. */
static void slot_begin(const struct session_start *start)
{
	struct slot slot;

	slot_read(start->segment, start->slot, &slot);
	slot.pid = getpid();
	slot_publish(start->segment, start->slot, &slot);
	log_role("session", slot.address);
	setproctitle("-sprinkled: session %s", slot.address);
}

static struct tls *server_make(const struct handover *handover)
{
	char error[256];
	struct tls *server =
		keypair_load(handover->certificate, handover->key, error, sizeof(error));

	close(handover->certificate);
	close(handover->key);
	if (!server)
		log_fatal("TLS: %s", error); /* it was good when the supervisor looked */
	return server;
}

/* What was read and opened is all that there will be; only then comes a stranger's first byte. */
static void confine(const struct session_start *start)
{
	if (sandbox_enter(start->supervisor) == -1)
		log_warning("this session is not confined: %s", strerror(errno));
	if (sandbox_limit() == -1)
		log_fatal("limits: %s", strerror(errno));
}

static void failure_note(const struct session_start *start, const char *why, bool late)
{
	struct slot slot;

	counter_add(start->segment, COUNT_TLS_FAILURES, 1);
	log_info("TLS handshake: %s", why);
	slot_read(start->segment, start->slot, &slot);
	slot.offences.late = late;
	slot_publish(start->segment, start->slot, &slot);
}

/* From the handshake to the goodbye. */
static int client_serve(struct tls *server, struct session_start *start,
			const struct service *service)
{
	int64_t deadline_ms = clock_deadline_ms(start->settings->login_grace_ms);
	const char *why;
	struct tls *stream = tls_transport_begin(server, start->socket, deadline_ms, &why);

	if (!stream) {
		if (why) /* else the server ends */
			failure_note(start, why,
				     deadline_ms >= 0 && clock_monotonic_ms() >= deadline_ms);
		return EXIT_SUCCESS;
	}
	const struct transport transport = tls_transport_of(stream);
	start->transport = &transport;
	int status = service->serve(start);
	tls_transport_end(stream);
	return status;
}

static int serve(int descriptor)
{
	static struct handover handover;
	static struct settings settings;
	int slot;

	handover_take(descriptor, &handover);
	surroundings_take(&handover, &settings);
	slot_begin(&handover.start);
	if (shutdown_wanted(handover.start.segment, &slot) != SHUTDOWN_NONE)
		return EXIT_SUCCESS;
	struct tls *server = server_make(&handover);
	confine(&handover.start);
	int status = client_serve(server, &handover.start, service_find(handover.service));
	tls_free(server);
	return status;
}

/* Say into the third descriptor what is wrong with certificate and key. */
static int check(int certificate, int key, int answer)
{
	char error[256];
	struct tls *server = keypair_load(certificate, key, error, sizeof(error));

	if (!server)
		(void)dprintf(answer, "%s", error); /* unsaid: the status tells that it is bad */
	tls_free(server);
	return server ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char *argv[], char *environment[])
{
	setproctitle_init(argc, argv, environment);
	tzset();
	services_prepare();
	if (prctl(PR_SET_DUMPABLE, 0) == -1) /* execve(2) made it 1; a key is in memory from here */
		err(EXIT_FAILURE, "prctl");
	if (argc == 3 && strcmp(argv[1], "serve") == 0)
		process_end(serve(descriptor_of(argv[2])));
	if (argc == 5 && strcmp(argv[1], "check") == 0)
		return check(descriptor_of(argv[2]), descriptor_of(argv[3]),
			     descriptor_of(argv[4]));
	errx(EXIT_FAILURE, "is started by sprinkled(8), not by hand");
}
