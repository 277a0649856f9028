#ifndef CONFIG_SETTINGS_H
#define CONFIG_SETTINGS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "relay_set.h"

/*
 * sprinkled.yml(5) as plain values, without pointers: the keeper gets a byte copy through the
 * shared memory. One table in settings_table.c names every setting with type, default, bounds and
 * help.
 */

#define SETTINGS_LISTENERS_MAX 16
#define SETTING_TEXT_SIZE      256

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

struct relay_setting {
	char line[32];	   /* "5" an offset, or a line's name such as "GPIO5" */
	int pin;	   /* board pin for people, 0 unknown */
	char name[64];	   /* what it waters; UTF-8 */
	char group[32];	   /* exclusive group, "" none */
	int64_t max_on_ms; /* 0: the setting max_on */
};

struct settings {
	char listen[SETTINGS_LISTENERS_MAX][SETTING_TEXT_SIZE]; /* see config/endpoint.h */
	unsigned listen_count;
	bool listen_default; /* nobody set listen: these are the two default listeners (-l replaces)
			      */
	char gpio[SETTING_TEXT_SIZE];	   /* "sim", "auto", or a chip's label, name or path */
	char sim_fault[SETTING_TEXT_SIZE]; /* only with gpio: sim; see gpio/bank.h */
	bool active_low;
	struct relay_setting relay[RELAYS_MAX];
	unsigned relay_count; /* 1 to RELAYS_MAX */
	int64_t max_on_ms, min_switch_ms, readback_interval_ms;
	double supply_va, inrush_va, hold_va; /* supply 0: no budget */
	int64_t inrush_time_ms;
	unsigned master; /* relay number, 0 none */
	int64_t master_lead_ms, master_lag_ms;
	char profiles_file[PATH_MAX];
	char timezone[SETTING_TEXT_SIZE]; /* IANA name, "" the system's */
	double latitude, longitude;	  /* degrees, north and east positive; NaN unknown */
	bool resume_rest;		  /* resume: rest | skip */
	bool autostart;
	char users_file[PATH_MAX];
	bool plaintext_auth;
	char legacy_user[64];			    /* "" none */
	char tls_cert[PATH_MAX], tls_key[PATH_MAX]; /* of the listeners with +tls */
	char user[64], group[64]; /* user "": stay who we are; group "": the user's */
	char run_dir[PATH_MAX], state_dir[PATH_MAX];
	char log[PATH_MAX]; /* "syslog", "stderr" or a path; "" means the default of the mode */
	enum log_level log_level;
	unsigned max_clients, max_clients_per_source;
	int64_t login_grace_ms, idle_timeout_ms, line_timeout_ms; /* 0 none */
	int64_t keepalive_ms;
	/* What an offence costs its source; from when and until when at most it is refused. */
	int64_t penalty_auth_ms, penalty_grace_ms, penalty_crash_ms, penalty_role_ms;
	int64_t penalty_least_ms, penalty_most_ms;
	char penalty_exempt[SETTING_TEXT_SIZE]; /* networks, as of source.h */
	char reboot_command[SETTING_TEXT_SIZE], update_command[SETTING_TEXT_SIZE]; /* "" none */
};

struct settings_error {
	char text[512]; /* "FILE:LINE: what is wrong; what is right", one line, no newline */
};

/* Every setting's default: the reference system. */
void settings_defaults(struct settings *);

/*
 * Defaults, then the file, then overrides ("KEY=VALUE", as of -o). path NULL or a file that does
 * not exist when must_exist is false: no file is read. All or nothing: *settings is unchanged on
 * an error. Returns 0, or -1 with *error saying where and what, and errno EINVAL for a wrong
 * setting or the system's errno when the file can't be read.
 */
int settings_load(const char *path, bool must_exist, const char *const overrides[], size_t count,
		  struct settings *, struct settings_error *);

/*
 * Compare for a reload: the name of the first setting that differs but takes effect only at a
 * start (listen, gpio, relays, …), or NULL.
 */
const char *settings_needs_restart(const struct settings *running, const struct settings *wanted);

/*
 * Take what a running server can: all but what takes effect only at a start. While wanted has other
 * relays than running, what is about the relays (max_on, min_switch, master) waits with them.
 */
void settings_take_reloadable(struct settings *running, const struct settings *wanted);

/* Take into running what of wanted needs no start. */
void settings_take_reloadable(struct settings *running, const struct settings *wanted);

/*
 * Without a users file anyone who can connect may switch, so only loopback and Unix sockets may be
 * listened to: 0, or -1 with errno EINVAL and *error naming the first other listener.
 */
int settings_check_exposure(const struct settings *, bool users_exist, struct settings_error *);

/*
 * One setting as sprinkled -o help prints it and the manual's test reads it: name, type, default as
 * it would stand in the file, and a clause of help. Returns how many there are.
 */
struct settings_row {
	const char *name, *type, *initial, *help;
};
size_t settings_rows(const struct settings_row **rows);

/* "3 (GPIO13 on pin 33, Front lawn)": one relay as people read it, number 1 to relay_count. */
char *settings_relay_text(const struct settings *, unsigned number, char *text, size_t size);

/* A relay's line as an offset, or -1 when the setting is a line's name. */
int settings_relay_offset(const struct settings *, unsigned number);

#endif
