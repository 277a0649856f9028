/*
 * Runs on a grid of columns: a column is lit when any of its time is in a run, so that the
 * shortest run is seen.
 */

#include "chart.h"

#include <bsd/stdlib.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>
#include "command_line.h"
#include "fitting.h"
#include "moment.h"
#include "printable.h"
#include "relay_set.h"
#include "stamp.h"

enum { WIDTH_DEFAULT = 80, WIDTH_MAX = 512, LABEL_WIDTH = 18, TICK_COLUMNS = 12, LABEL_SIZE = 128 };

static const int64_t second_ns = 1000000000;
static const int64_t day_s = 86400;

struct chart {
	int64_t from_ns, to_ns;
	int columns;
	bool lit[RELAYS_MAX][WIDTH_MAX];
	bool drawn[RELAYS_MAX]; /* has a run */
};

/* One run: a relay from begin to end. False: the object tells of none. */
struct run {
	unsigned relay; /* from 1 */
	int64_t begin_ns, end_ns;
};

static bool is_history(const char *line)
{
	return command_line_is(line, "hist") || command_line_is(line, "history");
}

bool chart_knows(const char *line)
{
	return command_line_is(line, "next") || is_history(line);
}

static bool run_relay(const json_t *object, struct run *run)
{
	json_int_t relay = json_integer_value(json_object_get(object, "relay"));

	run->relay = (unsigned)relay;
	return relay >= 1 && relay <= RELAYS_MAX;
}

/* Of hist: started and ended; one that has not ended goes on until now. */
static bool run_of_history(const json_t *object, struct run *run)
{
	if (!run_relay(object, run) || !moment_of(object, "started", &run->begin_ns))
		return false;
	if (!moment_of(object, "ended", &run->end_ns))
		run->end_ns = stamp_now_ns();
	return true;
}

/* Of next: a closing with its planned seconds. */
static bool run_of_next(const json_t *object, struct run *run)
{
	const char *state = json_string_value(json_object_get(object, "state"));
	double planned_s = json_number_value(json_object_get(object, "planned"));

	if (!state || strcmp(state, "closed") != 0 || !run_relay(object, run) ||
	    !moment_of(object, "time", &run->begin_ns))
		return false;
	run->end_ns = run->begin_ns + (int64_t)planned_s * second_ns;
	return true;
}

static bool run_of(const char *line, const json_t *object, struct run *run)
{
	return is_history(line) ? run_of_history(object, run) : run_of_next(object, run);
}

static int screen_columns(void)
{
	const char *given = getenv("COLUMNS");
	const char *wrong = given ? NULL : "not given";
	struct winsize size;
	int columns =
		given ? (int)strtonum(given, LABEL_WIDTH + TICK_COLUMNS, WIDTH_MAX, &wrong) : 0;

	if (wrong)
		columns = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0
				  ? size.ws_col
				  : WIDTH_DEFAULT;
	if (columns < LABEL_WIDTH + TICK_COLUMNS)
		columns = LABEL_WIDTH + TICK_COLUMNS;
	return columns > WIDTH_MAX ? WIDTH_MAX : columns;
}

/* The time that is drawn: what was asked for, or what the runs take. */
static void chart_frame(struct chart *chart, const char *line, const json_t *objects,
			int64_t span_ms)
{
	int64_t now_ns = stamp_now_ns();
	struct run run;
	json_t *object;
	size_t index;

	chart->columns = screen_columns() - LABEL_WIDTH;
	chart->from_ns = chart->to_ns = now_ns;
	if (span_ms > 0 && is_history(line))
		chart->from_ns = now_ns - span_ms * (second_ns / 1000);
	else if (span_ms > 0)
		chart->to_ns = now_ns + span_ms * (second_ns / 1000);
	json_array_foreach (objects, index, object) {
		if (span_ms > 0 || !run_of(line, object, &run))
			continue;
		if (run.begin_ns < chart->from_ns)
			chart->from_ns = run.begin_ns;
		if (run.end_ns > chart->to_ns)
			chart->to_ns = run.end_ns;
	}
	if (chart->to_ns <= chart->from_ns)
		chart->to_ns = chart->from_ns + second_ns;
}

/* The column that a time falls into; out of range for times outside the chart. */
static int64_t column_of(const struct chart *chart, int64_t time_ns)
{
	double share = (double)(time_ns - chart->from_ns) / (double)(chart->to_ns - chart->from_ns);

	return share < 0 ? -1 : (int64_t)(share * chart->columns);
}

static void run_draw(struct chart *chart, const struct run *run)
{
	int64_t first = column_of(chart, run->begin_ns);
	int64_t last = column_of(chart, run->end_ns - 1);

	if (last < 0 || first >= chart->columns)
		return;
	chart->drawn[run->relay - 1] = true;
	for (int64_t column = first < 0 ? 0 : first; column <= last && column < chart->columns;
	     column++)
		chart->lit[run->relay - 1][column] = true;
}

/* "3 Back Yard" */
static void label_print(const json_t *relays, unsigned relay)
{
	const json_t *object = json_array_get(relays, relay - 1);
	const char *name = json_string_value(json_object_get(object, "name"));
	char safe[LABEL_SIZE], label[LABEL_SIZE + 8], fitted[LABEL_WIDTH * 4];

	(void)snprintf(label, sizeof(label), "%2u %s", relay,
		       printable_format(name ? name : "", safe, sizeof(safe))); /* cut is fine */
	/* Failures to print are told by output_finish, here and below. */
	(void)printf("%s ", fitting_format(label, LABEL_WIDTH - 1, fitted, sizeof(fitted)));
}

static void line_print(const struct chart *chart, const struct output *output, unsigned relay)
{
	bool blocks = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	bool coloured = false;

	for (int column = 0; column < chart->columns; column++) {
		bool lit = chart->lit[relay - 1][column];
		if (output->colour && lit != coloured)
			(void)fputs(lit ? "\033[1;36m" : "\033[m", stdout);
		coloured = lit;
		(void)fputs(lit ? (blocks ? "\u2588" : "#") : (blocks ? "\u00b7" : "."), stdout);
	}
	(void)puts(output->colour && coloured ? "\033[m" : "");
}

/* Times below the lines, one every TICK_COLUMNS: days for long charts, hours for short ones. */
static void axis_print(const struct chart *chart)
{
	int64_t length_s = (chart->to_ns - chart->from_ns) / second_ns;
	const char *format = length_s > 2 * day_s ? "%a %d %b" : length_s > 600 ? "%a %H:%M" : "%T";
	char label[32];
	struct tm local;

	(void)printf("%*s", LABEL_WIDTH, "");
	for (int column = 0; column + TICK_COLUMNS <= chart->columns; column += TICK_COLUMNS) {
		int64_t offset_ns = (chart->to_ns - chart->from_ns) / chart->columns * column;
		time_t when = (time_t)((chart->from_ns + offset_ns) / second_ns);
		if (!localtime_r(&when, &local) ||
		    strftime(label, sizeof(label), format, &local) == 0)
			*label = '\0';
		(void)printf("|%-*.*s", TICK_COLUMNS - 1, TICK_COLUMNS - 1, label);
	}
	(void)putchar('\n');
}

void chart_print(const char *line, const struct output *output, const json_t *objects,
		 const json_t *relays, int64_t span_ms)
{
	static struct chart chart;
	struct run run;
	json_t *object;
	size_t index;

	memset(&chart, 0, sizeof(chart));
	chart_frame(&chart, line, objects, span_ms);
	json_array_foreach (objects, index, object) {
		if (run_of(line, object, &run))
			run_draw(&chart, &run);
	}
	for (unsigned relay = 1; relay <= RELAYS_MAX; relay++) {
		if (!chart.drawn[relay - 1])
			continue;
		label_print(relays, relay);
		line_print(&chart, output, relay);
	}
	axis_print(&chart);
}
