#ifndef SCHEDULE_FIXTURE_H
#define SCHEDULE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>
#include "schedule/profiles.h"
#include "stamp.h"

/* What the tests of srv/schedule share: a zone, profiles from text, times as text. */

#define FIXTURE_NS_PER_S INT64_C(1000000000)

/* Local time is that of an IANA zone from now on; a zone that is not installed fails the test. */
static inline void zone_use(const char *zone)
{
	char path[128];

	snprintf(path, sizeof(path), "/usr/share/zoneinfo/%s", zone);
	if (access(path, R_OK) != 0)
		fail_msg("%s: is tzdata installed?", path);
	setenv("TZ", zone, 1);
	tzset();
}

/* An instant from "2026-11-24T08:30:00Z", "…-08:00" or "2026-11-24" (local midnight). */
static inline int64_t at(const char *text)
{
	int64_t time_ns;

	if (stamp_parse(text, &time_ns) == -1)
		fail_msg("'%s' is no time", text);
	return time_ns / FIXTURE_NS_PER_S;
}

/* Profiles of eight relays in New York's Central Park; the caller frees them. */
static inline struct profile_set *profiles_of(const char *text)
{
	const struct profiles_site site = {
		.relay_count = 8, .latitude = 40.7812, .longitude = -73.9665};
	struct profile_set *set = malloc(sizeof(*set));
	struct profiles_error error;

	assert_non_null(set);
	if (profiles_parse("test.yml", text, strlen(text), &site, set, &error) == -1)
		fail_msg("%s", error.text);
	return set;
}

#endif
