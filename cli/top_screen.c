#include "top_screen.h"

#include <curses.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "fitting.h"
#include "moment.h"
#include "printable.h"
#include "span.h"
#include "stamp.h"

enum {
	LINE_SIZE = 1024,
	NAME_WIDTH = 20,
	BAR_WIDTH = 12, /* at 80 columns By has room for "admin unix pid 4194304" */
	BAR_SIZE = BAR_WIDTH + 3,
	SWITCHINGS_SHOWN = 5,
	ESCAPE_DELAY_MS = 25, /* an escape sequence comes in one piece */
};

static const int64_t second_ns = 1000000000;
static const int64_t millisecond_ns = 1000000;

int top_screen_begin(void)
{
	const char *no_colour = getenv("NO_COLOR");

	if (!getenv("TERM") || !newterm(NULL, stdout, stdin))
		return -1;
	(void)set_escdelay(ESCAPE_DELAY_MS);
	/* none of these can fail on a screen that was just made */
	(void)cbreak();
	(void)noecho();
	(void)keypad(stdscr,
		     TRUE); /* NOLINT(clang-analyzer-core.NullDereference): newterm made it */
	(void)nodelay(stdscr, TRUE);
	(void)curs_set(0);
	if (has_colors() && !(no_colour && *no_colour)) {
		(void)start_color();
		(void)use_default_colors();
		(void)init_pair(1, COLOR_CYAN, -1);
	}
	return 0;
}

void top_screen_end(void)
{
	(void)endwin(); /* there is no other way to end it */
}

/* One line at the next row, cut and padded to the width; false when the screen is full. */
static bool line_draw(int *row, attr_t attributes, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static bool line_draw(int *row, attr_t attributes, const char *format, ...)
{
	char line[LINE_SIZE], fitted[LINE_SIZE * 4];
	va_list arguments;

	if (*row >= LINES - 1) /* the last one is the keys' */
		return false;
	va_start(arguments, format);
	(void)vsnprintf(line, sizeof(line), format, arguments); /* the screen cuts anyway */
	va_end(arguments);
	(void)attrset((int)attributes); /* drawing can't fail inside the screen */
	(void)mvaddstr((*row)++, 0, fitting_format(line, COLS, fitted, sizeof(fitted)));
	(void)attrset((int)A_NORMAL);
	return true;
}

/* A string of an object, made safe; "" when it has none. Returns out. */
static char *string_of(const json_t *object, const char *key, char *out, size_t size)
{
	const char *text = json_string_value(json_object_get(object, key));

	return printable_format(text ? text : "", out, size);
}

static attr_t water_attributes(void)
{
	return A_BOLD | (has_colors() ? COLOR_PAIR(1) : 0);
}

/* A share of 0 to 1 as a bar, "[======      ]"; anything above 0 is seen. */
static char *bar_text(double share, char bar[BAR_SIZE])
{
	int length = share <= 0 ? 0 : (int)(share * BAR_WIDTH) + 1;

	if (length > BAR_WIDTH)
		length = BAR_WIDTH;
	/* it fits */
	(void)snprintf(bar, BAR_SIZE, "[%.*s%*s]", length, "============", BAR_WIDTH - length, "");
	return bar;
}

/* How much of a run is left. */
static double share_left(const json_t *relay, int64_t until_ns)
{
	int64_t now_ns = stamp_now_ns(), since_ns;

	if (!moment_of(relay, "since", &since_ns) || until_ns <= since_ns)
		return 0;
	return (double)(until_ns - now_ns) / (double)(until_ns - since_ns);
}

static char *span_left(int64_t until_ns, char *text, size_t size)
{
	int64_t left_s = (until_ns - stamp_now_ns() + second_ns - 1) / second_ns;

	return span_format(left_s * 1000, text, size);
}

static bool relay_draw(int *row, const json_t *relay, bool selected)
{
	char name[LINE_SIZE / 4], fitted[NAME_WIDTH * 4 + 1], state[16], by[LINE_SIZE / 4];
	char bar[BAR_SIZE] = "", left[32] = "";
	int number = (int)json_integer_value(json_object_get(relay, "relay"));
	int64_t when_ns;
	attr_t attributes = selected ? A_REVERSE : A_NORMAL;

	(void)string_of(relay, "name", name, sizeof(name));
	(void)string_of(relay, "by", by, sizeof(by));
	(void)string_of(relay, "state", state, sizeof(state));
	if (strcmp(state, "closed") == 0)
		attributes |= water_attributes();
	if (moment_of(relay, "until", &when_ns)) {
		(void)bar_text(share_left(relay, when_ns), bar);
		(void)span_left(when_ns, left, sizeof(left));
	} else if (moment_of(relay, "due", &when_ns)) {
		(void)snprintf(bar, sizeof(bar), "closes in");
		(void)span_left(when_ns, left, sizeof(left));
	}
	return line_draw(row, attributes, "%3d %s %-7s %-*s %8s  %s", number,
			 fitting_format(name, NAME_WIDTH, fitted, sizeof(fitted)), state,
			 BAR_WIDTH + 2, bar, left, by);
}

static void relays_draw(int *row, const struct top_state *state)
{
	json_t *relay;
	size_t index;

	/* no room: the rest has none either, as below */
	(void)line_draw(row, A_BOLD, "    %-*s %-7s %-*s %8s  %s", NAME_WIDTH, "Relay", "State",
			BAR_WIDTH + 2, "Time left", "", "By");
	json_array_foreach (state->relays, index, relay) {
		if (!relay_draw(row, relay, index == state->selected))
			return;
	}
}

static void switchings_draw(int *row, const struct top_state *state)
{
	char when[MOMENT_TEXT_SIZE], what[16], profile[LINE_SIZE / 4];
	json_t *switching;
	int64_t time_ns;
	size_t index;

	(void)line_draw(row, A_BOLD, "Next switchings");
	if (json_array_size(state->switchings) == 0)
		(void)line_draw(row, A_DIM, "    none");
	json_array_foreach (state->switchings, index, switching) {
		if (index >= SWITCHINGS_SHOWN || !moment_of(switching, "time", &time_ns))
			return;
		if (!line_draw(row, A_NORMAL, "    %-19s  relay %lld %-7s %s",
			       moment_text(time_ns, when),
			       (long long)json_integer_value(json_object_get(switching, "relay")),
			       string_of(switching, "state", what, sizeof(what)),
			       string_of(switching, "profile", profile, sizeof(profile))))
			return;
	}
}

static void clients_draw(int *row, const struct top_state *state)
{
	char address[LINE_SIZE / 8], user[LINE_SIZE / 8], role[16], command[32];
	json_t *client;
	size_t index;

	(void)line_draw(row, A_BOLD, "Clients");
	json_array_foreach (state->clients, index, client) {
		if (!json_object_get(client, "client"))
			continue; /* a process of the server's own, or the totals */
		if (!line_draw(row, A_NORMAL, "    %-30s %-10s %-9s last %s",
			       string_of(client, "address", address, sizeof(address)),
			       string_of(client, "user", user, sizeof(user)),
			       string_of(client, "role", role, sizeof(role)),
			       string_of(client, "command", command, sizeof(command))))
			return;
	}
}

/* Power in use against the supply, as gat's row of the relays tells it; "" without a budget. */
static char *power_bar(const struct top_state *state, char bar[BAR_SIZE])
{
	json_t *row;
	size_t index;

	*bar = '\0';
	json_array_foreach (state->clients, index, row) {
		double supply_va = json_number_value(json_object_get(row, "supply_va"));
		if (supply_va > 0)
			return bar_text(json_number_value(json_object_get(row, "used_va")) /
						supply_va,
					bar);
	}
	return bar;
}

static void head_draw(int *row, const struct top_state *state, const char *name)
{
	const json_t *profile = json_array_get(state->profile, 0);
	char profile_name[LINE_SIZE / 4], text[LINE_SIZE / 2], bar[BAR_SIZE];
	bool running = json_is_true(json_object_get(profile, "running"));

	(void)string_of(profile, "profile", profile_name, sizeof(profile_name));
	(void)line_draw(row, A_REVERSE, " %s  %s%s%s", name,
			*profile_name ? "profile " : "no profile", profile_name,
			!*profile_name ? ""
			: running      ? " runs"
				       : " does not run"); /* no room: nothing to see */
	(void)line_draw(row, A_NORMAL, " %s  %s",
			printable_format(state->relays_text, text, sizeof(text)),
			power_bar(state, bar));
}

void top_screen_draw(const struct top_state *state, const char *name)
{
	char message[ANSWER_TEXT_SIZE], fitted[LINE_SIZE * 4];
	int row = 0;

	(void)erase();
	head_draw(&row, state, name);
	relays_draw(&row, state);
	switchings_draw(&row, state);
	clients_draw(&row, state);
	(void)printable_format(
		*state->message ? state->message
				: "q quit  up/down select  c close  o open  p pause  r resume",
		message, sizeof(message));
	(void)attrset((int)A_REVERSE);
	(void)mvaddstr(LINES - 1, 0, fitting_format(message, COLS - 1, fitted, sizeof(fitted)));
	(void)attrset((int)A_NORMAL);
	(void)refresh();
}

int top_screen_timeout_ms(const struct top_state *state)
{
	int64_t shortest_ns = second_ns + 1, when_ns, now_ns = stamp_now_ns();
	json_t *relay;
	size_t index;

	/* a time left changes when it passes a whole second */
	json_array_foreach (state->relays, index, relay) {
		if (!moment_of(relay, "until", &when_ns) && !moment_of(relay, "due", &when_ns))
			continue;
		int64_t left_ns =
			when_ns > now_ns ? (when_ns - now_ns - 1) % second_ns + 1 : second_ns;
		if (left_ns < shortest_ns)
			shortest_ns = left_ns;
	}
	return shortest_ns > second_ns ? -1 : (int)(shortest_ns / millisecond_ns) + 1;
}

enum top_key top_screen_key(void)
{
	switch (getch()) {
	case ERR:
		return TOP_NONE;
	case 'q':
		return TOP_QUIT;
	case KEY_UP:
	case 'k':
		return TOP_UP;
	case KEY_DOWN:
	case 'j':
		return TOP_DOWN;
	case 'c':
		return TOP_CLOSE;
	case 'o':
		return TOP_OPEN;
	case 'p':
		return TOP_PAUSE;
	case 'r':
		return TOP_RESUME;
	case '\n':
	case '\r':
	case KEY_ENTER:
		return TOP_ENTER;
	default:
		return TOP_OTHER;
	}
}
