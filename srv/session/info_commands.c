/*
 * info_commands.c: gdt, gt, gat, gvn.
 */
#include "session/run_commands.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "clerk/clerk_call.h"
#include "schedule/calendar.h"
#include "clock.h"
#include "session/response.h"
#include "session/session.h"
#include "span.h"
#include "stamp.h"
#include "state/clerk_pid.h"
#include "state/counters.h"
#include "state/penalties.h"
#include "state/relays.h"

enum { CHANGE_HORIZON_DAYS = 400 };
void date_show(struct session *session, char *words[], size_t count)
{
	time_t now = time(NULL);
	int64_t change = calendar_change(now, now + CHANGE_HORIZON_DAYS * (time_t)DAY_S);
	char date[64], stamp[STAMP_SIZE], text[80];
	struct tm local;

	(void)words, (void)count; /* no arguments, says the table */
	localtime_r(&now, &local);
	strftime(date, sizeof(date), "%A %Y-%m-%d %H:%M:%S", &local);
	if (session->json) {
		char weekday[16];
		strftime(weekday, sizeof(weekday), "%A", &local);
		response_object(
			session, REPLY_DONE,
			json_pack("{s:o,s:s,s:s,s:s,s:i,s:o}", "time",
				  response_time((int64_t)now * 1000000000), "local",
				  stamp_local((int64_t)now * 1000000000, stamp, sizeof(stamp)),
				  "weekday", weekday, "zone", local.tm_zone, "offset",
				  (int)local.tm_gmtoff, "change",
				  response_time(change * 1000000000)));
		response_end(session, REPLY_DONE, "date and time");
		return;
	}
	snprintf(text, sizeof(text), "%s",
		 change > 0 ? stamp_local(change * 1000000000, stamp, sizeof(stamp))
			    : "none within a year");
	response_line(session, REPLY_DONE, "%s %s", date, local.tm_zone);
	response_line(session, REPLY_DONE, "next clock change: %s", text);
	response_end(session, REPLY_DONE, "date and time");
}

/* The number that is all of a file; 0, or -1 with errno. */
static int number_read(const struct session *session, enum clerk_file file, int base, long *number)
{
	int fd = clerk_open(session->start.clerk, session->start.slot, file);
	char line[64];

	if (fd == -1)
		return -1;
	ssize_t length = read(fd, line, sizeof(line) - 1);
	int error = length == 0 ? EIO : errno;
	close(fd);
	if (length <= 0) {
		errno = error;
		return -1;
	}
	line[length] = '\0';
	*number = strtol(line, NULL, base);
	return 0;
}

/* Bits of the firmware's get_throttled, as Raspberry Pi documents them for vcgencmd. */
static const struct {
	long bit;
	const char *meaning;
} throttle_flags[] = {
	{1L << 0, "under-voltage now"},
	{1L << 1, "frequency capped now"},
	{1L << 2, "throttled now"},
	{1L << 3, "soft temperature limit now"},
	{1L << 16, "under-voltage has occurred"},
	{1L << 17, "frequency capping has occurred"},
	{1L << 18, "throttling has occurred"},
	{1L << 19, "soft temperature limit has occurred"},
};

void temperature_show(struct session *session, char *words[], size_t count)
{
	json_t *flags = json_array();
	long millidegrees, throttled = 0;

	(void)words, (void)count; /* no arguments, says the table */
	if (number_read(session, CLERK_TEMPERATURE, 10, &millidegrees) == -1) {
		response_end(session, REPLY_FAILED, "the CPU temperature can't be read: %s",
			     strerror(errno));
		json_decref(flags);
		return;
	}
	bool known = number_read(session, CLERK_THROTTLED, 16, &throttled) == 0;
	if (!session->json)
		response_line(session, REPLY_DONE, "CPU temperature %.1f C",
			      (double)millidegrees / 1000);
	for (size_t i = 0; i < sizeof(throttle_flags) / sizeof(throttle_flags[0]); i++) {
		if (!(throttled & throttle_flags[i].bit))
			continue;
		json_array_append_new(flags, json_string(throttle_flags[i].meaning));
		if (!session->json)
			response_line(session, REPLY_DONE, "%s", throttle_flags[i].meaning);
	}
	if (session->json)
		response_object(session, REPLY_DONE,
				json_pack("{s:f,s:O?}", "celsius", (double)millidegrees / 1000,
					  "throttling", known ? flags : NULL));
	json_decref(flags);
	response_end(session, REPLY_DONE, "%s",
		     !known	 ? "temperature"
		     : throttled ? "throttling: see above"
				 : "no throttling");
}

static void client_show(struct session *session, const struct slot *slot)
{
	char came[STAMP_SIZE], spoke[STAMP_SIZE];

	if (session->json) {
		response_object(
			session, REPLY_DONE,
			json_pack("{s:s,s:i,s:i,s:s,s:s,s:s,s:o,s:s,s:o,s:o,s:o,s:I,s:I}",
				  "process", "session", "pid", (int)slot->pid, "client",
				  (int)slot->serial, "address", slot->address, "listener",
				  slot->listener, "service", slot->service, "user",
				  slot->user[0] ? json_string(slot->user) : json_null(), "role",
				  role_name(slot->role), "came", response_time(slot->came_ns),
				  "spoke", response_time(slot->spoke_ns), "command",
				  slot->command[0] ? json_string(slot->command) : json_null(),
				  "bytes_in", (json_int_t)slot->bytes_in, "bytes_out",
				  (json_int_t)slot->bytes_out));
		return;
	}
	response_line(session, REPLY_DONE,
		      "session %d: client %u %s, %s@%s, user %s, role %s, since %s, last spoke %s, "
		      "last command %s, %llu bytes in, %llu out",
		      (int)slot->pid, slot->serial, slot->address, slot->service, slot->listener,
		      slot->user[0] ? slot->user : "none", role_name(slot->role),
		      stamp_local(slot->came_ns, came, sizeof(came)),
		      stamp_local(slot->spoke_ns, spoke, sizeof(spoke)),
		      slot->command[0] ? slot->command : "none", (unsigned long long)slot->bytes_in,
		      (unsigned long long)slot->bytes_out);
}

static void process_show(struct session *session, const char *process, pid_t pid)
{
	if (session->json)
		response_object(session, REPLY_DONE,
				json_pack("{s:s,s:i}", "process", process, "pid", (int)pid));
	else
		response_line(session, REPLY_DONE, "%s %d", process, (int)pid);
}

static const struct {
	enum counter counter;
	const char *name;
} totals[] = {
	{COUNT_CONNECTIONS, "connections"},
	{COUNT_REFUSED, "refused"},
	{COUNT_COMMANDS, "commands"},
	{COUNT_BYTES_IN, "bytes_in"},
	{COUNT_BYTES_OUT, "bytes_out"},
	{COUNT_SWITCHINGS, "switchings"},
	{COUNT_CRASHES, "crashes"},
	{COUNT_KEEPER_STARTS, "keeper_starts"},
	{COUNT_AUTH_FAILURES, "auth_failures"},
	{COUNT_TLS_FAILURES, "tls_failures"},
};

static void totals_show(struct session *session)
{
	json_t *object = json_pack("{s:s}", "process", "totals");
	char text[512] = "";

	for (size_t i = 0; i < sizeof(totals) / sizeof(totals[0]); i++) {
		uint64_t value = counter_read(session->start.segment, totals[i].counter);
		json_object_set_new(object, totals[i].name, json_integer((json_int_t)value));
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s %llu",
			 i ? ", " : "", totals[i].name, (unsigned long long)value);
	}
	if (session->json) {
		response_object(session, REPLY_DONE, object);
		return;
	}
	response_line(session, REPLY_DONE, "totals: %s", text);
	json_decref(object);
}

/* What the relays do and draw, in one line. */
static void relays_sum_show(struct session *session, const struct relay_table *table)
{
	unsigned closed = 0, queued = 0;

	for (unsigned i = 0; i < table->count; i++) {
		closed += table->relay[i].closed;
		queued += table->relay[i].queued;
	}
	if (session->json)
		response_object(session, REPLY_DONE,
				json_pack("{s:s,s:i,s:i,s:f,s:f,s:b}", "process", "relays",
					  "closed", (int)closed, "queued", (int)queued, "used_va",
					  table->used_va, "supply_va", table->supply_va, "alarm",
					  table->alarm));
	else if (table->supply_va > 0)
		response_line(session, REPLY_DONE,
			      "relays: %u closed, %u waiting, %.1f of %.1f VA in use", closed,
			      queued, table->used_va, table->supply_va);
	else
		response_line(session, REPLY_DONE, "relays: %u closed, %u waiting", closed, queued);
}

/* Until when an address pays, and whether it is refused meanwhile. */
static void penalty_show(struct session *session, const struct penalty *penalty)
{
	int64_t left_ns = (penalty->until_ms - clock_monotonic_ms()) * 1000000;
	int64_t until_ns = stamp_now_ns() + left_ns;
	char address[SOURCE_TEXT_SIZE], until[STAMP_SIZE];

	source_format(&penalty->source, address, sizeof(address));
	if (session->json)
		response_object(session, REPLY_DONE,
				json_pack("{s:s,s:s,s:o,s:b}", "process", "penalty", "address",
					  address, "until", response_time(until_ns), "refused",
					  penalty->refused));
	else
		response_line(session, REPLY_DONE, "penalty: %s until %s%s", address,
			      stamp_local(until_ns, until, sizeof(until)),
			      penalty->refused ? ", refused" : "");
}

static void penalties_show(struct session *session)
{
	struct penalty penalty;
	int place = 0;

	while ((place = penalty_next(session->start.segment, place, &penalty)) != -1)
		penalty_show(session, &penalty);
}

void clients_show(struct session *session, char *words[], size_t count)
{
	struct segment *segment = session->start.segment;
	struct relay_table table;
	struct slot slot;
	unsigned clients = 0;

	(void)words, (void)count; /* no arguments, says the table */
	session_publish(session); /* so that its own row tells of this command */
	relays_read(segment, &table);
	process_show(session, "supervisor", session->start.supervisor);
	process_show(session, "keeper", table.keeper);
	process_show(session, "clerk", clerk_pid_read(segment));
	for (int n = slot_next(segment, 0); n != SLOT_NONE; n = slot_next(segment, n + 1)) {
		if (!slot_read(segment, n, &slot))
			continue;
		clients++;
		client_show(session, &slot);
	}
	relays_sum_show(session, &table);
	if (session->role == ROLE_ADMIN)
		penalties_show(session);
	totals_show(session);
	response_end(session, REPLY_DONE, "%u clients", clients);
}

void version_show(struct session *session, char *words[], size_t count)
{
	struct segment *segment = session->start.segment;
	int64_t up_s = (stamp_now_ns() - server_started_ns(segment)) / 1000000000;
	struct relay_table table;
	char span[32];

	(void)words, (void)count; /* no arguments, says the table */
	relays_read(segment, &table);
	span_format(up_s * 1000, span, sizeof(span));
	if (session->json) {
		response_object(session, REPLY_DONE,
				json_pack("{s:s,s:s,s:s,s:o,s:I}", "version", SPRINKLED_VERSION,
					  "build", GPIOD_LIBRARY, "backend", table.backend,
					  "started", response_time(server_started_ns(segment)),
					  "uptime", (json_int_t)up_s));
	} else {
		response_line(session, REPLY_DONE, "sprinkled %s", SPRINKLED_VERSION);
		response_line(session, REPLY_DONE, "built with %s; relays: %s", GPIOD_LIBRARY,
			      table.backend);
		response_line(session, REPLY_DONE, "up for %s", span);
	}
	response_end(session, REPLY_DONE, "version");
}
