/*
 * What columns a command's objects have stands in one list, and nowhere else; a key that a server
 * does not send leaves its column empty, and an empty column is left out.
 */

#include "table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "command_line.h"
#include "fitting.h"
#include "moment.h"
#include "printable.h"
#include "reply.h"
#include "span.h"

enum { COLUMNS_MAX = 9, CELL_SIZE = 256 };

enum cell_kind { CELL_PLAIN, CELL_TIME, CELL_SECONDS };

struct column {
	const char *key, *title;
	enum cell_kind kind;
};

struct table {
	const char *names[2]; /* of the command */
	const char *has;      /* objects with this key are its rows */
	struct column column[COLUMNS_MAX];
};

static const struct table tables[] = {
	{
		.names = {"grs", "relays"},
		.has = "state",
		.column = {{.key = "relay", .title = "Relay"},
			   {.key = "line", .title = "GPIO"},
			   {.key = "pin", .title = "Pin"},
			   {.key = "name", .title = "Name"},
			   {.key = "state", .title = "State"},
			   {.key = "since", .title = "Since", .kind = CELL_TIME},
			   {.key = "until", .title = "Until", .kind = CELL_TIME},
			   {.key = "due", .title = "Closes at", .kind = CELL_TIME},
			   {.key = "by", .title = "By"}},
	},
	{
		.names = {"next", "next"},
		.has = "time",
		.column = {{.key = "time", .title = "Time", .kind = CELL_TIME},
			   {.key = "relay", .title = "Relay"},
			   {.key = "state", .title = "State"},
			   {.key = "planned", .title = "For", .kind = CELL_SECONDS},
			   {.key = "profile", .title = "Profile"},
			   {.key = "reason", .title = "Reason"}},
	},
	{
		.names = {"hist", "history"},
		.has = "started",
		.column = {{.key = "started", .title = "Started", .kind = CELL_TIME},
			   {.key = "relay", .title = "Relay"},
			   {.key = "planned", .title = "Planned", .kind = CELL_SECONDS},
			   {.key = "actual", .title = "Actual", .kind = CELL_SECONDS},
			   {.key = "end", .title = "End"},
			   {.key = "cause", .title = "Cause"},
			   {.key = "by", .title = "By"}},
	},
	{
		.names = {"hist", "history"},
		.has = "total",
		.column = {{.key = "relay", .title = "Relay"},
			   {.key = "runs", .title = "Runs"},
			   {.key = "total", .title = "Total", .kind = CELL_SECONDS}},
	},
	{
		.names = {"gat", "clients"},
		.has = "client",
		.column = {{.key = "client", .title = "Client"},
			   {.key = "address", .title = "Address"},
			   {.key = "user", .title = "User"},
			   {.key = "role", .title = "Role"},
			   {.key = "listener", .title = "Listener"},
			   {.key = "came", .title = "Came", .kind = CELL_TIME},
			   {.key = "spoke", .title = "Spoke", .kind = CELL_TIME},
			   {.key = "command", .title = "Command"}},
	},
};

static const size_t table_count = sizeof(tables) / sizeof(tables[0]);

static bool is_of_command(const struct table *table, const char *line)
{
	return command_line_is(line, table->names[0]) || command_line_is(line, table->names[1]);
}

const struct table *table_find(const char *line)
{
	for (size_t i = 0; i < table_count; i++)
		if (is_of_command(&tables[i], line))
			return &tables[i];
	return NULL;
}

static char *value_text(const json_t *value, char *cell)
{
	char *dumped = NULL;

	if (json_is_string(value))
		return printable_format(json_string_value(value), cell, CELL_SIZE);
	if (value && !json_is_null(value))
		dumped = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_ENSURE_ASCII |
						   JSON_REAL_PRECISION(REPLY_NUMBER_DIGITS));
	(void)snprintf(cell, CELL_SIZE, "%s", dumped ? dumped : ""); /* cut is fine */
	free(dumped);
	return cell;
}

static char *cell_text(const struct column *column, const json_t *row, char cell[CELL_SIZE])
{
	const json_t *value = json_object_get(row, column->key);
	int64_t time_ns;

	if (column->kind == CELL_TIME && moment_of(row, column->key, &time_ns))
		return moment_text(time_ns, cell);
	if (column->kind == CELL_SECONDS && json_is_number(value))
		return span_format((int64_t)(json_number_value(value) * 1000), cell, CELL_SIZE);
	return value_text(value, cell);
}

static void widths_measure(const struct table *table, const json_t *objects,
			   int widths[COLUMNS_MAX])
{
	char cell[CELL_SIZE];
	json_t *row;
	size_t index;

	memset(widths, 0, sizeof(int) * COLUMNS_MAX);
	json_array_foreach (objects, index, row) {
		if (!json_object_get(row, table->has))
			continue;
		for (size_t i = 0; i < COLUMNS_MAX && table->column[i].key; i++) {
			int width = fitting_columns(cell_text(&table->column[i], row, cell));
			int title = fitting_columns(table->column[i].title);
			if (width > 0 && widths[i] < title)
				widths[i] = title;
			if (widths[i] < width)
				widths[i] = width;
		}
	}
}

/* Failures to print are told by output_finish, here and below. */
static void cell_print(const char *text, int width, const char *colour, bool more)
{
	(void)printf("%s%s%s", colour ? colour : "", text, colour ? "\033[m" : "");
	if (more)
		(void)printf("%*s", width - fitting_columns(text) + 2, "");
}

static size_t column_last(const int widths[COLUMNS_MAX])
{
	size_t last = COLUMNS_MAX - 1;

	while (last > 0 && widths[last] == 0)
		last--;
	return last;
}

/* One row, or the titles when row is NULL. */
static void row_print(const struct table *table, const struct output *output, const json_t *row,
		      const int widths[COLUMNS_MAX])
{
	size_t last = column_last(widths);
	char cell[CELL_SIZE];

	for (size_t i = 0; i <= last; i++) {
		const struct column *column = &table->column[i];
		const char *colour = row ? NULL : "\033[1m";
		if (widths[i] == 0)
			continue;
		const char *text = row ? cell_text(column, row, cell) : column->title;
		if (row && strcmp(text, "closed") == 0)
			colour = "\033[1;36m";
		cell_print(text, widths[i], output->colour ? colour : NULL, i < last);
	}
	(void)putchar('\n');
}

/* Returns whether there were rows; a blank line parts them from an earlier table. */
static bool rows_print(const struct table *table, const struct output *output,
		       const json_t *objects, bool is_first)
{
	int widths[COLUMNS_MAX];
	json_t *row;
	size_t index;
	bool titled = false;

	widths_measure(table, objects, widths);
	json_array_foreach (objects, index, row) {
		if (!json_object_get(row, table->has))
			continue;
		if (!titled && !is_first)
			(void)putchar('\n');
		if (!titled)
			row_print(table, output, NULL, widths);
		titled = true;
		row_print(table, output, row, widths);
	}
	return titled;
}

static bool has_table(const struct table *table, const json_t *object)
{
	for (size_t i = 0; i < table_count; i++)
		if (is_of_command(&tables[i], table->names[0]) &&
		    json_object_get(object, tables[i].has))
			return true;
	return false;
}

/* What no table knows, such as what was left out, or what a later server tells. */
static void object_print(json_t *object)
{
	const char *key, *separator = "";
	char cell[CELL_SIZE];
	json_t *value;

	json_object_foreach (object, key, value) {
		(void)printf("%s%s ", separator, printable_format(key, cell, sizeof(cell)));
		(void)printf("%s", value_text(value, cell));
		separator = ", ";
	}
	(void)putchar('\n');
}

void table_print(const struct table *table, const struct output *output, const json_t *objects)
{
	json_t *object;
	size_t index;
	bool is_first = true;

	for (size_t i = 0; i < table_count; i++)
		if (is_of_command(&tables[i], table->names[0]) &&
		    rows_print(&tables[i], output, objects, is_first))
			is_first = false;
	json_array_foreach (objects, index, object) {
		if (!has_table(table, object))
			object_print(object);
	}
}
