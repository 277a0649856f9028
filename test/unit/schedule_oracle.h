#ifndef SCHEDULE_ORACLE_H
#define SCHEDULE_ORACLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/*
 * The schedule told slowly, second by second, with nothing of the program's: a wall clock is
 * watched, a start happens when it shows its time or more for the first time, and water runs from
 * then on for as many seconds as it shall. Local time is the process's zone, whose offsets change
 * on whole minutes in the years that are asked for.
 */

#define ORACLE_RELAYS	8
#define ORACLE_DAY_S	86400
#define ORACLE_LEAD_S	(3 * ORACLE_DAY_S) /* no run lasts longer */
#define ORACLE_MINUTE_S 60

/* The days of a start: those of any of the rules, within the season. */
struct oracle_days {
	unsigned weekdays; /* bits 0 to 6, from Sunday */
	bool even, odd;	   /* day of the month */
	int every;	   /* days from the date first on; 0 none */
	int64_t first;	   /* days since 1970-01-01 */
	int season_from;   /* month * 100 + day; 0 all the year */
	int season_to;
};

struct oracle_start {
	int relay; /* 1 to ORACLE_RELAYS */
	int second_of_day;
	int length_s;
	const struct oracle_days *days;
};

struct oracle_run {
	int relay;
	int64_t start_s, end_s; /* seconds since the epoch; end_s is not in it */
};

struct oracle {
	const struct oracle_start *starts;
	size_t start_count;
	bool begins[ORACLE_DAY_S];	/* does any start lie on that second of a day? */
	int64_t until_s[ORACLE_RELAYS]; /* there is water before that */
	int64_t shown_civil_s;		/* what the wall clock has come to */
	size_t open[ORACLE_RELAYS];	/* 1 + the index of the run that is on; 0 none */
	struct oracle_run *runs;	/* of the caller */
	size_t room, count;
};

static bool oracle_days_match(const struct oracle_days *days, int64_t date)
{
	time_t date_s = (time_t)(date * ORACLE_DAY_S);
	struct tm tm;

	gmtime_r(&date_s, &tm);
	int at = (tm.tm_mon + 1) * 100 + tm.tm_mday;

	if (days->season_from && (at < days->season_from || at > days->season_to))
		return false;
	return days->weekdays >> tm.tm_wday & 1 || (days->even && tm.tm_mday % 2 == 0) ||
	       (days->odd && tm.tm_mday % 2 == 1) ||
	       (days->every > 0 && date >= days->first && (date - days->first) % days->every == 0);
}

/* What the wall clock begins at now_s, when it comes to show civil_s. */
static void oracle_start_all(struct oracle *oracle, int64_t now_s, int64_t civil_s)
{
	if (!oracle->begins[civil_s % ORACLE_DAY_S])
		return;
	for (size_t i = 0; i < oracle->start_count; i++) {
		const struct oracle_start *start = &oracle->starts[i];
		int64_t *until_s = &oracle->until_s[start->relay - 1];

		if (civil_s % ORACLE_DAY_S == start->second_of_day &&
		    *until_s < now_s + start->length_s &&
		    oracle_days_match(start->days, civil_s / ORACLE_DAY_S))
			*until_s = now_s + start->length_s;
	}
}

/* Note which runs begin, unless none may any more, and end. Returns how many are on. */
static int oracle_note(struct oracle *oracle, int64_t now_s, bool may_begin)
{
	int on = 0;

	for (int i = 0; i < ORACLE_RELAYS; i++) {
		bool water = now_s < oracle->until_s[i];

		if (water && !oracle->open[i] && may_begin) {
			if (oracle->count == oracle->room)
				abort();
			oracle->runs[oracle->count++] = (struct oracle_run){i + 1, now_s, 0};
			oracle->open[i] = oracle->count;
		} else if (!water && oracle->open[i]) {
			oracle->runs[oracle->open[i] - 1].end_s = now_s;
			oracle->open[i] = 0;
		}
		on += oracle->open[i] != 0;
	}
	return on;
}

static int64_t oracle_offset(int64_t instant_s)
{
	time_t time_s = (time_t)instant_s;
	struct tm tm;

	localtime_r(&time_s, &tm);
	return tm.tm_gmtoff;
}

/*
 * The runs of those starts that end after from_s and begin before to_s, whole, in order of start,
 * then relay. Returns how many; more than room abort the program.
 */
static size_t oracle_runs(const struct oracle_start *starts, size_t start_count, int64_t from_s,
			  int64_t to_s, struct oracle_run *runs, size_t room)
{
	static struct oracle oracle;
	int64_t now_s = from_s - ORACLE_LEAD_S, offset_s = oracle_offset(now_s);
	size_t count = 0;

	oracle = (struct oracle){.starts = starts,
				 .start_count = start_count,
				 .shown_civil_s = now_s + offset_s,
				 .runs = runs,
				 .room = room};
	for (size_t i = 0; i < start_count; i++)
		oracle.begins[starts[i].second_of_day] = true;
	for (int on = 0; now_s < to_s || on > 0;) {
		if (++now_s % ORACLE_MINUTE_S == 0)
			offset_s = oracle_offset(now_s);
		/* One second on, or all that a change of the clock skipped; none while it repeats.
		 */
		while (oracle.shown_civil_s < now_s + offset_s)
			oracle_start_all(&oracle, now_s, ++oracle.shown_civil_s);
		on = oracle_note(&oracle, now_s, now_s < to_s);
	}
	for (size_t i = 0; i < oracle.count; i++)
		if (runs[i].end_s > from_s)
			runs[count++] = runs[i];
	return count;
}

#endif
