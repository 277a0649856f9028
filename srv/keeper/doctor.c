/*
 * doctor.c: looks at everything that stands between the settings and water that flows when it
 * should, and says what to mend. Invariant: a line of the report that begins with MEND, and only
 * that, makes the report end with 1.
 */
#include "keeper/doctor.h"

#include <bsd/string.h>
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "bank.h"
#include "keeper/boot_levels.h"
#include "survey.h"

#define GROUPS_MAX 64

enum verdict { OK, NOTE, MEND };

struct report {
	const struct settings *settings;
	struct survey survey;
	FILE *out;
	bool mend; /* something is to be mended */
};

static void say(struct report *report, enum verdict verdict, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void say(struct report *report, enum verdict verdict, const char *format, ...)
{
	static const char *const words[] = {[OK] = "ok  ", [NOTE] = "note", [MEND] = "MEND"};
	va_list arguments;

	fprintf(report->out, "  %s  ", words[verdict]);
	va_start(arguments, format);
	vfprintf(report->out, format, arguments);
	va_end(arguments);
	fputc('\n', report->out);
	report->mend |= verdict == MEND;
}

static void survey_fill(struct report *report)
{
	const struct settings *settings = report->settings;
	struct bank_config config = {.chip = settings->gpio, .count = settings->relay_count};

	for (unsigned i = 0; i < settings->relay_count; i++)
		config.lines[i] = settings->relay[i].line;
	survey_take(&config, &report->survey);
}

static void chips_report(struct report *report)
{
	const struct survey *survey = &report->survey;

	fprintf(report->out, "GPIO chips of this machine, by %s\n", bank_library());
	if (survey->chip_count == 0)
		say(report, NOTE, "none: there is no /dev/gpiochip*");
	for (unsigned i = 0; i < survey->chip_count; i++) {
		const struct survey_chip *chip = &survey->chips[i];

		if (chip->why)
			say(report, NOTE, "%s can't be opened: %s", chip->path,
			    strerror(chip->why));
		else
			say(report, OK, "%s, %s, %u lines%s", chip->path, chip->label, chip->lines,
			    chip->header ? ", the 40-pin header" : "");
	}
}

/* With simulated relays no valve moves: right for a trial, wrong where a board is connected. */
static void simulation_report(struct report *report)
{
	const struct survey *survey = &report->survey;

	fprintf(report->out, "Relays: gpio: sim\n");
	for (unsigned i = 0; i < survey->chip_count; i++)
		if (survey->chips[i].header) {
			say(report, MEND,
			    "the relays are simulated, though %s is here: for real ones put "
			    "\"gpio: auto\" into sprinkled.yml",
			    survey->chips[i].label);
			return;
		}
	say(report, NOTE, "the relays are simulated: no valve will move");
}

static void line_report(struct report *report, unsigned number)
{
	const struct survey_line *line = &report->survey.lines[number - 1];
	char relay[256];

	settings_relay_text(report->settings, number, relay, sizeof(relay));
	if (line->offset < 0)
		say(report, MEND, "relay %s: %s", relay, line->error);
	else if (!line->used)
		say(report, OK, "relay %s: line %d is free", relay, line->offset);
	else if (strcmp(line->consumer, "sprinkled") == 0)
		say(report, OK, "relay %s: line %d is held by the running server", relay,
		    line->offset);
	else
		say(report, MEND,
		    "relay %s: line %d is in use by \"%s\": end that program, or give the relay "
		    "another line",
		    relay, line->offset, *line->consumer ? line->consumer : "?");
}

static void lines_report(struct report *report)
{
	const struct survey *survey = &report->survey;

	fprintf(report->out, "Relays: gpio: %s\n", report->settings->gpio);
	if (!survey->found) {
		say(report, MEND, "%s", survey->error);
		return;
	}
	say(report, OK, "they are on %s, %s", survey->chosen.path, survey->chosen.label);
	for (unsigned number = 1; number <= report->settings->relay_count; number++)
		line_report(report, number);
}

/* May that user, with those groups, read and write the device by its mode? */
static bool device_allows(const struct stat *device, uid_t user, const gid_t *groups, int count)
{
	const mode_t both = S_IROTH | S_IWOTH;

	if (user == 0)
		return true;
	if (user == device->st_uid)
		return (device->st_mode >> 6 & both) == both;
	for (int i = 0; i < count; i++)
		if (groups[i] == device->st_gid)
			return (device->st_mode >> 3 & both) == both;
	return (device->st_mode & both) == both;
}

/* Who will open the chip: the user to drop to, where it is set and there, else we. */
static const struct passwd *server_user(const struct settings *settings)
{
	const struct passwd *user = NULL;

	if (*settings->user && geteuid() == 0)
		user = getpwnam(settings->user);
	return user ? user : getpwuid(geteuid());
}

/* How that user gets at the device: by its group, once the group has it. */
static void device_advise(struct report *report, const char *user, const struct stat *device)
{
	const mode_t both = S_IRGRP | S_IWGRP;
	const struct group *group = getgrgid(device->st_gid);
	const char *path = report->survey.chosen.path;

	if (device->st_gid != 0 && (device->st_mode & both) == both && group)
		say(report, MEND, "user %s may not open %s: \"usermod -aG %s %s\"", user, path,
		    group->gr_name, user);
	else
		say(report, MEND,
		    "user %s may not open %s, nor may any group: \"groupadd gpio\", \"usermod -aG "
		    "gpio "
		    "%s\", and the udev rule SUBSYSTEM==\"gpio\", GROUP=\"gpio\", MODE=\"0660\"",
		    user, path, user);
}

static void device_report(struct report *report)
{
	const char *path = report->survey.chosen.path;
	const struct passwd *user = server_user(report->settings);
	gid_t groups[GROUPS_MAX];
	int count = GROUPS_MAX;
	struct stat device;

	if (!user) {
		say(report, MEND, "uid %u has no name: can't tell its groups", (unsigned)geteuid());
		return;
	}
	if (stat(path, &device)) {
		say(report, MEND, "can't look at %s: %s", path, strerror(errno));
		return;
	}
	if (getgrouplist(user->pw_name, user->pw_gid, groups, &count) < 0)
		count = GROUPS_MAX; /* it is in more groups: the first of them are looked at */
	if (device_allows(&device, user->pw_uid, groups, count))
		say(report, OK, "user %s may open %s", user->pw_name, path);
	else
		device_advise(report, user->pw_name, &device);
}

static void permission_report(struct report *report)
{
	const struct settings *settings = report->settings;
	const struct passwd *self = getpwuid(geteuid());

	fprintf(report->out, "Permission: we are %s (uid %u)\n", self ? self->pw_name : "?",
		(unsigned)geteuid());
	if (*settings->user && !getpwnam(settings->user))
		say(report, MEND,
		    "there is no user %s to drop to: make it, or set \"user: ''\" to stay who we "
		    "are",
		    settings->user);
	if (report->survey.found)
		device_report(report);
}

/* 'Y' or 'N' as the kernel's module says, 0 where it has no such parameter. */
static int persist_parameter(void)
{
	static const char *const paths[] = {
		"/sys/module/pinctrl_bcm2835/parameters/persist_gpio_outputs",
		"/sys/module/pinctrl_rp1/parameters/persist_gpio_outputs",
	};

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		FILE *file = fopen(paths[i], "re");
		int value;

		if (!file)
			continue;
		value = getc(file);
		(void)fclose(file); /* it was only read */
		return value;
	}
	return 0;
}

static void release_report(struct report *report)
{
	fprintf(report->out, "Lines that a dead program leaves behind\n");
	if (persist_parameter() == 'Y')
		say(report, NOTE,
		    "this kernel keeps their level (persist_gpio_outputs): if the server and its "
		    "keeper are killed at once, water runs on until \"sprinkled -O\" or a start");
	else
		say(report, NOTE,
		    "this kernel makes them inputs: if the server and its keeper are killed at "
		    "once, the pulls and the board decide until \"sprinkled -O\" or a start");
}

/* The first config.txt that is there. NULL: none. */
static FILE *boot_config_open(const char **path)
{
	static const char *const paths[] = {"/boot/firmware/config.txt", "/boot/config.txt"};

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		FILE *file = fopen(paths[i], "re");

		*path = paths[i];
		if (file)
			return file;
	}
	*path = paths[0];
	return NULL;
}

/* "gpio=5,6,13=op,dh": what keeps every relay open from power-on. */
static void boot_advise(struct report *report, const char *path)
{
	const struct settings *settings = report->settings;
	char list[SETTING_TEXT_SIZE] = "";

	for (unsigned i = 0; i < settings->relay_count; i++) {
		char offset[16];

		(void)snprintf(offset, sizeof(offset), "%s%d", i ? "," : "",
			       report->survey.lines[i].offset); /* fits */
		strlcat(list, offset, sizeof(list));
	}
	say(report, MEND, "put this line into %s and reboot:\n        gpio=%s=op,%s", path, list,
	    settings->active_low ? "dh" : "dl");
}

/* A pull only leans: the board's own resistors may be stronger. */
static const char *boot_outcome(bool driven, bool open)
{
	if (open)
		return "open";
	return driven ? "closed, water runs" : "it leans to closed";
}

/* Say what that relay does at boot. Returns whether it stays open. */
static bool boot_line_report(struct report *report, unsigned number, uint64_t high, uint64_t low)
{
	const bool active_low = report->settings->active_low;
	unsigned offset = (unsigned)report->survey.lines[number - 1].offset;
	uint64_t bit = UINT64_C(1) << offset;
	bool driven = (high | low) & bit;
	bool level = driven ? high & bit : boot_line_is_pulled_up(offset);
	bool open = level == active_low;

	say(report, open ? OK : NOTE, "GPIO%u of relay %u is %s %s: %s", offset, number,
	    driven ? "driven" : "pulled", level ? "high" : "low", boot_outcome(driven, open));
	return open;
}

static void boot_report(struct report *report)
{
	const char *path;
	FILE *config = boot_config_open(&path);
	uint64_t high = 0, low = 0;
	bool open = true;

	fprintf(report->out, "From power-on to the first program that drives the lines\n");
	if (config) {
		boot_config_read(config, &high, &low);
		(void)fclose(config); /* it was only read */
	}
	for (unsigned number = 1; number <= report->settings->relay_count; number++) {
		int offset = report->survey.lines[number - 1].offset;

		if (offset < 0 || offset >= BOOT_LINES) {
			say(report, NOTE, "relay %u is on no line of the header", number);
			return;
		}
		open &= boot_line_report(report, number, high, low);
	}
	if (!open)
		boot_advise(report, path);
}

int doctor_report(const struct settings *settings, FILE *out)
{
	static struct report report; /* too large for a stack; -D makes one report and ends */

	report = (struct report){.settings = settings, .out = out};
	survey_fill(&report);
	chips_report(&report);
	if (strcmp(settings->gpio, "sim") == 0) {
		simulation_report(&report);
	} else {
		lines_report(&report);
		permission_report(&report);
	}
	if (report.survey.found && report.survey.chosen.header) {
		release_report(&report);
		boot_report(&report);
	}
	fprintf(out, "%s\n", report.mend ? "There is something to mend." : "All is well.");
	return report.mend;
}
