/*
 * commands.c: the command table. A row and its function are all there is to a command.
 */
#include "session/command.h"

#include "session/auth.h"
#include "session/run_commands.h"
#include "words.h"

#define WORDS_ANY (WORDS_MAX - 1)

const struct command commands[] = {
	{"grs", "relays", "[RELAYS]", "Get Relay States",
	 "state of each relay: open or closed, since when, by whom, until when", GROUP_GET,
	 ROLE_VIEWER, 0, WORDS_ANY, relays_show},
	{"gdt", "date", "", "Get Date and Time",
	 "date and time, weekday, zone, and the next clock change", GROUP_GET, ROLE_VIEWER, 0, 0,
	 date_show},
	{"gt", "temp", "", "Get CPU Temperature",
	 "CPU temperature and, on a Raspberry Pi, the throttling flags", GROUP_GET, ROLE_VIEWER, 0,
	 0, temperature_show},
	{"gat", "clients", "", "Get Active Threads",
	 "processes and clients, and totals since the start", GROUP_GET, ROLE_VIEWER, 0, 0,
	 clients_show},
	{"gvn", "version", "", "Get Version Number", "version, build and uptime", GROUP_GET,
	 ROLE_VIEWER, 0, 0, version_show},
	{"watch", NULL, "", "Get Events", "from now on events, as they happen", GROUP_GET,
	 ROLE_VIEWER, 0, 0, events_watch},
	{"sro", "open", "RELAYS", "Set Relays Open", "open relays: water off", GROUP_SET,
	 ROLE_OPERATOR, 1, WORDS_ANY, relays_open},
	{"src", "run", "RELAYS [for SPAN]", "Set Relays Closed",
	 "close relays: water on, for a span or until max_on", GROUP_SET, ROLE_OPERATOR, 1,
	 WORDS_ANY, relays_close},
	{"t1", "toggle", "RELAYS", "Set Relays Toggled", "toggle relays", GROUP_SET, ROLE_OPERATOR,
	 1, WORDS_ANY, relays_toggle},
	{"rlf", "log", "[N [START]] [\"match\" ...]", "Read Log File",
	 "the event log: last 5 lines, last N, N from line START, or the last N that "
	 "hold any of the strings",
	 GROUP_FILE, ROLE_VIEWER, 0, WORDS_ANY, events_log_show},
	{"ref", "errors", "[N [START]] [\"match\" ...]", "Read Error File",
	 "the error log, likewise", GROUP_FILE, ROLE_VIEWER, 0, WORDS_ANY, errors_log_show},
	{"clf", NULL, "", "Clear Log File", "clear the event log; the old one is kept as .1",
	 GROUP_FILE, ROLE_ADMIN, 0, 0, events_log_clear},
	{"cef", NULL, "", "Clear Error File", "clear the error log; the old one is kept as .1",
	 GROUP_FILE, ROLE_ADMIN, 0, 0, errors_log_clear},
	{"m", "menu", "", "Menu", "the commands by groups", GROUP_OTHER, ROLE_NONE, 0, 0,
	 menu_show},
	{"help", NULL, "[COMMAND]", "Help", "usage and meaning of commands", GROUP_OTHER, ROLE_NONE,
	 0, 1, help_show},
	{"noop", NULL, "", "No Operation", "does nothing", GROUP_OTHER, ROLE_NONE, 0, 0,
	 nothing_do},
	{"auth", NULL, "USER PASSWORD", "Authenticate", "take the role of a user", GROUP_OTHER,
	 ROLE_NONE, 2, 2, auth_run},
	{"format", NULL, "text|json", "Format of Replies", "how later replies are written",
	 GROUP_OTHER, ROLE_NONE, 1, 1, format_set},
	{"close", "quit", "", "Close Connection", "goodbye", GROUP_OTHER, ROLE_NONE, 0, 0,
	 session_close},
	{"ks", "killserver", "", "Kill Server", "end everything: relays open, clients go",
	 GROUP_OTHER, ROLE_ADMIN, 0, 0, server_kill},
	{"rbt", "reboot", "", "Reboot", "as ks, then run the reboot_command", GROUP_OTHER,
	 ROLE_ADMIN, 0, 0, server_reboot},
	{"us", "update", "", "Update Software", "run the update_command and pass on its output",
	 GROUP_OTHER, ROLE_ADMIN, 0, 0, update_run},
	{"ge", NULL, "", "Test Generate Error",
	 "crash this session on purpose: nobody else notices", GROUP_TEST, ROLE_ADMIN, 0, 0,
	 session_crash},
};

const size_t command_count = sizeof(commands) / sizeof(commands[0]);
