/* Settings that are right by themselves but do not go together. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "config/endpoint.h"
#include "config/settings_reader.h"
#include "peer.h"
#include "source.h"

#define complain_at(reader, name, ...) \
	settings_complain(reader, place_named(reader, name), name, __VA_ARGS__)

static struct settings_place place_named(struct settings_reader *reader, const char *name)
{
	return *settings_place(reader, setting_find(settings_table, name));
}

/* Both the same listener? Port 0 is never the same: the system chooses. */
static bool endpoints_clash(const struct endpoint *a, const struct endpoint *b)
{
	const char *port = strrchr(a->address, ':');

	return strcmp(a->address, b->address) == 0 && strcmp(port, ":0") != 0;
}

static int listen_check(struct settings_reader *reader)
{
	const struct settings *settings = reader->settings;
	struct endpoint endpoints[SETTINGS_LISTENERS_MAX];
	const char *why;

	for (unsigned i = 0; i < settings->listen_count; i++) {
		/* The listeners of a list were read before; this is for the default ones. */
		if (endpoint_parse(settings->listen[i], &endpoints[i], &why) == -1)
			return complain_at(reader, "run_dir", "for the socket in it: %s", why);
		for (unsigned j = 0; j < i; j++)
			if (endpoints_clash(&endpoints[i], &endpoints[j]))
				return settings_complain(reader, reader->listen_place[i], "listen",
							 "%s stands there twice",
							 endpoints[i].address);
	}
	return 0;
}

static bool lines_equal(const struct settings *settings, unsigned a, unsigned b)
{
	int offset = settings_relay_offset(settings, a);

	if (offset != -1)
		return offset == settings_relay_offset(settings, b);
	return strcmp(settings->relay[a - 1].line, settings->relay[b - 1].line) == 0;
}

/* What relay number shares with an earlier one though it can't. */
static int relay_check(struct settings_reader *reader, unsigned number)
{
	const struct settings *settings = reader->settings;
	const struct relay_setting *relay = &settings->relay[number - 1];
	struct settings_place place = reader->relay_place[number - 1];

	for (unsigned other = 1; other < number; other++) {
		if (lines_equal(settings, number, other))
			return settings_complain(reader, place, "relays",
						 "relay %u: line %s is relay %u's already", number,
						 relay->line, other);
		if (relay->pin != 0 && relay->pin == settings->relay[other - 1].pin)
			return settings_complain(reader, place, "relays",
						 "relay %u: pin %d is relay %u's already", number,
						 relay->pin, other);
	}
	if (relay->max_on_ms != 0 && relay->max_on_ms < settings->min_switch_ms)
		return settings_complain(reader, place, "relays",
					 "relay %u: max_on is below min_switch", number);
	return 0;
}

static int relays_check(struct settings_reader *reader)
{
	const struct settings *settings = reader->settings;

	for (unsigned number = 1; number <= settings->relay_count; number++)
		if (relay_check(reader, number) == -1)
			return -1;
	if (settings->max_on_ms < settings->min_switch_ms)
		return complain_at(reader, "max_on", "is below min_switch");
	if (settings->master > settings->relay_count)
		return complain_at(reader, "master", "there is no relay %u; relays has %u",
				   settings->master, settings->relay_count);
	if (settings->master != 0 && *settings->relay[settings->master - 1].group)
		return complain_at(reader, "master",
				   "relay %u is in group %s; the master runs with the others",
				   settings->master, settings->relay[settings->master - 1].group);
	return 0;
}

static int power_check(struct settings_reader *reader)
{
	const struct settings *settings = reader->settings;

	if (settings->supply_va == 0)
		return 0;
	if (settings->hold_va > settings->inrush_va)
		return complain_at(reader, "hold_va",
				   "%g is above inrush_va %g; a valve draws more as it pulls in",
				   settings->hold_va, settings->inrush_va);
	if (settings->inrush_va > settings->supply_va)
		return complain_at(reader, "supply_va",
				   "%g is below inrush_va %g; no relay could ever close",
				   settings->supply_va, settings->inrush_va);
	return 0;
}

/* The C library takes an unknown zone for UTC without a word; water at the wrong hour is worse. */
static int timezone_check(struct settings_reader *reader)
{
	const char *zone = reader->settings->timezone, *folder = getenv("TZDIR");
	char path[PATH_MAX];
	int length;

	if (*zone == '\0')
		return 0;
	if (!folder)
		folder = "/usr/share/zoneinfo"; /* where tzset(3) looks */
	length = snprintf(path, sizeof(path), "%s/%s", folder, zone);
	if (*zone == '/' || strstr(zone, "..") || length < 0 || (size_t)length >= sizeof(path) ||
	    access(path, R_OK) == -1)
		return complain_at(reader, "timezone",
				   "there is no zone '%s' in %s; one as Europe/Berlin is right",
				   zone, folder);
	return 0;
}

static int place_check(struct settings_reader *reader)
{
	const struct settings *settings = reader->settings;

	if (isnan(settings->latitude) && !isnan(settings->longitude))
		return complain_at(reader, "longitude", "latitude is missing; the sun needs both");
	if (isnan(settings->longitude) && !isnan(settings->latitude))
		return complain_at(reader, "latitude", "longitude is missing; the sun needs both");
	return 0;
}

static int exempt_check(struct settings_reader *reader)
{
	char wrong[64];

	if (networks_check(reader->settings->penalty_exempt, wrong, sizeof(wrong)) == 0)
		return 0;
	return complain_at(reader, "penalty_exempt",
			   "%s is no address or network; one as 192.168.1.0/24 is right", wrong);
}

int settings_check(struct settings_reader *reader)
{
	const struct settings *settings = reader->settings;

	if (*settings->sim_fault && strcmp(settings->gpio, "sim") != 0)
		return complain_at(reader, "sim_fault", "only gpio: sim has faults; gpio is %s",
				   settings->gpio);
	if (listen_check(reader) == -1 || relays_check(reader) == -1 || power_check(reader) == -1 ||
	    timezone_check(reader) == -1 || place_check(reader) == -1 || exempt_check(reader) == -1)
		return -1;
	return 0;
}

int settings_check_exposure(const struct settings *settings, bool users_exist,
			    struct settings_error *error)
{
	for (unsigned i = 0; !users_exist && i < settings->listen_count; i++) {
		struct endpoint endpoint;
		const char *why;

		if (endpoint_parse(settings->listen[i], &endpoint, &why) == 0 &&
		    peer_is_loopback(&endpoint.sockaddr))
			continue;
		(void)snprintf(
			error->text, sizeof(error->text),
			"listen: %.128s is open to a network, but there is no users file %.128s; "
			"make one with sprinkled-passwd or listen on 127.0.0.1, [::1] or a "
			"Unix socket",
			settings->listen[i], settings->users_file); /* a cut still helps */
		errno = EINVAL;
		return -1;
	}
	return 0;
}
