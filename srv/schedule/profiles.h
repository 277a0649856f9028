#ifndef SCHEDULE_PROFILES_H
#define SCHEDULE_PROFILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The watering profiles of profiles.yml(5) as plain values, without pointers: a byte copy can be
 * published through shared memory. Lists of unequal length lie in common arrays; whoever owns a
 * part of one has its first index and its count. About 600 KiB.
 */

#define PROFILES_MAX	   64
#define PROGRAMS_MAX	   1024	 /* relays with something to do, over all profiles */
#define STARTS_MAX	   16384 /* times, over all profiles */
#define DATES_MAX	   4096
#define SEASONS_MAX	   256
#define PROFILE_NAME_SIZE  64
#define PROFILE_ABOUT_SIZE 128
#define DURATION_MAX_MS	   86400000 /* a day; of one time, before the level scales it */
#define SUN_OFFSET_MAX_S   43200    /* before or after sunrise and sunset */

enum start_base { START_CLOCK, START_SUNRISE, START_SUNSET };

struct program_start {
	enum start_base base;
	int32_t offset_s;    /* from local midnight (START_CLOCK), sunrise or sunset */
	int32_t duration_ms; /* 0 to DURATION_MAX_MS */
};

/* Days of a program: bits 0 to 6 are Sunday to Saturday as tm_wday counts them. */
#define DAYS_ALL  0x7fu
#define DAYS_EVEN 0x80u /* by the day of the month */
#define DAYS_ODD  0x100u

/* What one relay does in one profile. */
struct program {
	unsigned relay; /* from 1 */
	char about[PROFILE_ABOUT_SIZE];
	unsigned days;			 /* set of the bits above */
	unsigned every_days;		 /* every so many days from every_from on; 0 none */
	int32_t every_from;		 /* a date, see calendar.h */
	unsigned first_date, date_count; /* dates it runs at, whatever the weekday */
	unsigned first_start, start_count;
};

/* Part of every year, both ends in it; one that ends before it begins spans New Year. */
struct season {
	uint8_t from_month, from_day; /* 1 to 12, 1 to 31 */
	uint8_t to_month, to_day;
};

struct profile {
	char name[PROFILE_NAME_SIZE];
	char about[PROFILE_ABOUT_SIZE];
	uint32_t key; /* of the name without case; no two in a set are equal */
	unsigned first_program, program_count; /* in order of relays */
	unsigned first_season, season_count;   /* none: all the year */
};

struct profile_set {
	unsigned count;
	int active; /* index of the one the file calls active, or -1 */
	unsigned program_count, start_count, date_count, season_count;
	double latitude, longitude; /* degrees, north and east positive; NaN unknown */
	struct profile profile[PROFILES_MAX];
	struct program program[PROGRAMS_MAX];
	struct program_start start[STARTS_MAX];
	int32_t date[DATES_MAX];
	struct season season[SEASONS_MAX];
};

/* What the file must fit: relays exist from 1 to relay_count; sun times need a place. */
struct profiles_site {
	unsigned relay_count;
	double latitude, longitude; /* NaN unknown */
};

struct profiles_error {
	char text[1024]; /* "FILE:LINE:COLUMN: what is wrong; what is right", one line */
};

/*
 * Read a profiles.yml. All or nothing: *set is unchanged on an error. Returns 0, or -1 with *error
 * and errno: EINVAL something in it is wrong, ENOMEM, or the system's when it can't be read
 * (ENOENT when there is none).
 */
int profiles_load(const char *path, const struct profiles_site *, struct profile_set *,
		  struct profiles_error *);

/* The same from memory; name stands for FILE in errors. */
int profiles_parse(const char *name, const char *text, size_t length, const struct profiles_site *,
		   struct profile_set *, struct profiles_error *);

/* The index of the profile of that name (without case), or -1. */
int profile_find(const struct profile_set *, const char *name);

/* The program of that relay in that profile, or NULL. */
const struct program *profile_program(const struct profile_set *, unsigned profile, unsigned relay);

#endif
