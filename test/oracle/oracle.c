/*
 * oracle SEED profiles     print a profiles.yml made up from SEED
 * oracle SEED FROM TO      print what it does from FROM to TO, local dates, in the zone TZ
 *
 * The lines are those of sprinkled -P, found by walking through the span second by second.
 */

#include <inttypes.h>
#include <stdio.h>
#include "schedule_oracle.h"

#define STARTS_MOST  (8 * ORACLE_RELAYS)
#define LENGTH_MOST  5400 /* so that no day of a relay is watered all through */
#define ROOM	     100000
#define SEASON_FIRST 415 /* April 15 */
#define SEASON_LAST  930

static struct oracle_days days[ORACLE_RELAYS];
static struct oracle_start starts[STARTS_MOST];
static size_t start_count;

static int draw(int below)
{
	return (int)(random() % below);
}

static bool start_is_taken(int relay, int second_of_day)
{
	for (size_t i = 0; i < start_count; i++)
		if (starts[i].relay == relay && starts[i].second_of_day == second_of_day)
			return true;
	return false;
}

/* Half of them in the hours in which clocks change; some where the relay's last one ends. */
static int second_draw(int relay)
{
	const struct oracle_start *last = start_count > 0 ? &starts[start_count - 1] : NULL;

	switch (draw(6)) {
	case 0:
		return draw(ORACLE_DAY_S);
	case 1:
		return draw(24 * 60) * 60;
	case 2:
		return draw(8) * 1800;
	case 3:
		if (last && last->relay == relay)
			return (last->second_of_day + last->length_s) % ORACLE_DAY_S;
		return 0;
	default:
		return draw(4 * 3600);
	}
}

static void days_draw(struct oracle_days *drawn, bool season)
{
	int kind = draw(5);

	*drawn = (struct oracle_days){
		.weekdays = kind == 0  ? 0x7f
			    : kind < 3 ? (unsigned)draw(0x80)
				       : 0,
		.even = kind == 2,
		.odd = kind == 3,
		.every = kind == 4 ? 1 + draw(40) : 0,
		.first = draw(20000), /* up to 2024: before, in and after the years asked for */
		.season_from = season ? SEASON_FIRST : 0,
		.season_to = season ? SEASON_LAST : 0,
	};
}

static void starts_draw(unsigned seed)
{
	srandom(seed);

	bool season = draw(2);

	for (int relay = 1; relay <= ORACLE_RELAYS; relay++) {
		days_draw(&days[relay - 1], season);
		for (int count = 1 + draw(STARTS_MOST / ORACLE_RELAYS); count > 0; count--) {
			int second_of_day = second_draw(relay);

			if (start_is_taken(relay, second_of_day))
				continue;
			starts[start_count++] = (struct oracle_start){
				relay, second_of_day, draw(LENGTH_MOST), &days[relay - 1]};
		}
	}
}

static void days_print(const struct oracle_days *drawn)
{
	static const char *const names[] = {"Sunday",	"mon",	  "Tuesday", "Wed",
					    "thursday", "Friday", "SAT"};

	printf("    Days: [None");
	for (int i = 0; i < 7; i++)
		if (drawn->weekdays >> i & 1)
			printf(", %s", names[i]);
	printf("%s%s", drawn->even ? ", even" : "", drawn->odd ? ", odd" : "");
	if (drawn->every > 0) {
		time_t first = (time_t)(drawn->first * ORACLE_DAY_S);
		struct tm tm;
		char date[20];

		gmtime_r(&first, &tm);
		strftime(date, sizeof(date), "%Y-%m-%d", &tm);
		printf(", every %d]\n    start: %s\n", drawn->every, date);
	} else {
		printf("]\n");
	}
}

/* In each of the forms that fit. */
static void time_print(const struct oracle_start *start)
{
	int hour = start->second_of_day / 3600, minute = start->second_of_day / 60 % 60;

	if (start->second_of_day % 60)
		printf("'%02d:%02d:%02d', ", hour, minute, start->second_of_day % 60);
	else if (hour > 0 && minute % 2)
		printf("%d%02d, ", hour, minute);
	else
		printf("'%d:%02d', ", hour, minute);
}

static void duration_print(const struct oracle_start *start)
{
	if (start->length_s % 30 == 0)
		printf("%g, ", start->length_s / 60.0);
	else if (start->length_s % 2)
		printf("%ds, ", start->length_s);
	else
		printf("%dm%ds, ", start->length_s / 60, start->length_s % 60);
}

static void list_print(const char *key, int relay, void (*print)(const struct oracle_start *))
{
	printf("    %s: [", key);
	for (size_t i = 0; i < start_count; i++)
		if (starts[i].relay == relay)
			print(&starts[i]);
	printf("]\n");
}

static void profiles_print(void)
{
	printf("drawn:\n  active: True\n");
	if (days[0].season_from)
		printf("  season: Apr 15 - Sep 30\n");
	for (int relay = 1; relay <= ORACLE_RELAYS; relay++) {
		printf("  relay%d:\n", relay);
		days_print(&days[relay - 1]);
		list_print("Times", relay, time_print);
		list_print("durations", relay, duration_print);
	}
}

struct line {
	int64_t at_s;
	int relay;
	int64_t length_s; /* of the run that begins; -1 it ends */
};

static int line_order(const void *left, const void *right)
{
	const struct line *a = left, *b = right;

	return a->at_s == b->at_s ? a->relay - b->relay : a->at_s < b->at_s ? -1 : 1;
}

static void line_print(const struct line *line)
{
	time_t at = (time_t)line->at_s;
	struct tm tm;
	char stamp[40], offset[10];

	localtime_r(&at, &tm);
	strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%S", &tm);
	strftime(offset, sizeof(offset), "%z", &tm);
	printf("%s%.3s:%s relay=%d ", stamp, offset, offset + 3, line->relay);
	if (line->length_s < 0)
		puts("off");
	else
		printf("on planned=%" PRId64 " profile=drawn\n", line->length_s);
}

/* A server that starts at from_s runs the rest of what is on. */
static void lines_print(int64_t from_s, int64_t to_s)
{
	static struct oracle_run runs[ROOM];
	static struct line lines[2 * ROOM];
	size_t run_count = oracle_runs(starts, start_count, from_s, to_s, runs, ROOM);
	size_t count = 0;

	for (size_t i = 0; i < run_count; i++) {
		int64_t start_s = runs[i].start_s < from_s ? from_s : runs[i].start_s;
		int64_t end_s = runs[i].end_s;

		lines[count++] = (struct line){start_s, runs[i].relay, end_s - start_s};
		if (end_s < to_s)
			lines[count++] = (struct line){end_s, runs[i].relay, -1};
	}
	qsort(lines, count, sizeof(lines[0]), line_order);
	for (size_t i = 0; i < count; i++)
		line_print(&lines[i]);
}

/* Local midnight, or the first instant of the date; -1 it is none. */
static int64_t midnight(const char *date)
{
	struct tm tm = {.tm_isdst = -1};

	return strptime(date, "%Y-%m-%d", &tm) ? (int64_t)mktime(&tm) : -1;
}

int main(int argc, char **argv)
{
	if (argc >= 3)
		starts_draw((unsigned)strtoul(argv[1], NULL, 10));
	if (argc == 3 && strcmp(argv[2], "profiles") == 0) {
		profiles_print();
		return 0;
	}
	if (argc != 4 || midnight(argv[2]) == -1 || midnight(argv[3]) == -1) {
		fprintf(stderr, "usage: oracle SEED profiles | SEED FROM TO\n");
		return 2;
	}
	lines_print(midnight(argv[2]), midnight(argv[3]));
	return 0;
}
