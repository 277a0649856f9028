/* Reads the words that say how simulated relays are to fail. One table knows them all. */

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <bsd/string.h>
#include "backend.h"
#include "sim_faults.h"

#define WORDS_SIZE	1024 /* of a setting or a file of faults */
#define WORD_SEPARATORS " \t\r\n,"
#define ERRNO_MAX	4095 /* the kernel's MAX_ERRNO */

struct word {
	const char *name;
	bool (*parse)(const char *value, unsigned count, struct sim_faults *, void *field);
	size_t field;
	bool of_setting_only; /* means nothing in a file of faults */
	const char *form;
};

static bool parse_stuck(const char *value, unsigned count, struct sim_faults *faults, void *field)
{
	char *end;
	unsigned long relay = strtoul(value, &end, 10);
	uint64_t bit;

	(void)field; /* two fields, one of which the value names */
	if (relay < 1 || relay > count || *end != ':')
		return false;
	bit = UINT64_C(1) << (relay - 1);
	if (strcmp(end, ":open") == 0)
		faults->stuck_open |= bit;
	else if (strcmp(end, ":closed") == 0)
		faults->stuck_closed |= bit;
	else
		return false;
	return true;
}

static bool parse_errno(const char *value, unsigned count, struct sim_faults *faults, void *field)
{
	(void)count, (void)faults; /* of no use here */
	for (int number = 1; number <= ERRNO_MAX; number++) {
		const char *name = strerrorname_np(number);

		if (!name || strcmp(name, value) != 0)
			continue;
		*(int *)field = number;
		return true;
	}
	return false;
}

static bool parse_count(const char *value, unsigned count, struct sim_faults *faults, void *field)
{
	char *end;

	(void)count, (void)faults; /* of no use here */
	errno = 0;
	*(uint64_t *)field = strtoull(value, &end, 10);
	return !errno && end != value && *end == '\0' && *value != '-';
}

static bool parse_path(const char *value, unsigned count, struct sim_faults *faults, void *field)
{
	(void)count, (void)faults; /* of no use here */
	return *value == '/' && strlcpy(field, value, PATH_MAX) < PATH_MAX;
}

static bool parse_vanish(const char *value, unsigned count, struct sim_faults *faults, void *field)
{
	(void)value, (void)count, (void)faults; /* of no use here */
	*(bool *)field = true;
	return true;
}

#define FIELD(name) offsetof(struct sim_faults, name)

static const struct word known_words[] = {
	{"stuck=", parse_stuck, 0, false, "stuck=RELAY:open or stuck=RELAY:closed"},
	{"open=", parse_errno, FIELD(open_errno), true, "open=ERRNO, as in open=EBUSY"},
	{"drive=", parse_errno, FIELD(drive_errno), false, "drive=ERRNO, as in drive=EIO"},
	{"read=", parse_errno, FIELD(read_errno), false, "read=ERRNO, as in read=EIO"},
	{"vanish", parse_vanish, FIELD(vanish), false, "vanish"},
	{"after=", parse_count, FIELD(after), false, "after=OPERATIONS"},
	{"times=", parse_count, FIELD(times), false, "times=OPERATIONS"},
	{"file=", parse_path, FIELD(file), true, "file=/PATH"},
	{"pins=", parse_path, FIELD(pins), true, "pins=/PATH"},
	{"trace=", parse_path, FIELD(trace), true, "trace=/PATH"},
};

/* A name that ends in '=' is followed by a value; any other is the whole word. */
static const struct word *word_find(const char *text)
{
	for (size_t i = 0; i < sizeof(known_words) / sizeof(*known_words); i++) {
		const struct word *word = &known_words[i];
		size_t length = strlen(word->name);

		if (strncmp(text, word->name, length) == 0 &&
		    (word->name[length - 1] == '=' || text[length] == '\0'))
			return word;
	}
	return NULL;
}

static int words_parse(char *words, unsigned count, bool from_file, struct sim_faults *faults,
		       char *error)
{
	char *text;

	while ((text = strsep(&words, WORD_SEPARATORS))) {
		const struct word *word = word_find(text);

		if (*text == '\0')
			continue;
		if (!word || (from_file && word->of_setting_only)) {
			bank_error(error, EINVAL,
				   "sim_fault has no word %s: there are stuck= open= drive= read= "
				   "vanish after= times= file= pins= trace=",
				   text);
			return -1;
		}
		if (!word->parse(text + strlen(word->name), count, faults,
				 (char *)faults + word->field)) {
			bank_error(error, EINVAL, "sim_fault: %s should be %s, of relays 1 to %u",
				   text, word->form, count);
			return -1;
		}
	}
	return 0;
}

int sim_faults_parse(const char *words, unsigned count, struct sim_faults *faults, char *error)
{
	char copy[WORDS_SIZE];

	*faults = (struct sim_faults){.times = UINT64_MAX};
	if (strlcpy(copy, words ? words : "", sizeof(copy)) >= sizeof(copy)) {
		bank_error(error, EINVAL, "sim_fault is longer than %d bytes", WORDS_SIZE - 1);
		return -1;
	}
	return words_parse(copy, count, false, faults, error);
}

int sim_faults_now(const struct sim_faults *base, unsigned count, struct sim_faults *now)
{
	char words[WORDS_SIZE], error[BANK_ERROR_SIZE];
	ssize_t length;
	int file;

	*now = *base;
	if (!*base->file)
		return 0;
	file = open(base->file, O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return errno == ENOENT ? 0 : -1;
	length = read(file, words, sizeof(words));
	(void)close(file); /* it was only read */
	if (length < 0)
		return -1;
	if (length == sizeof(words)) {
		errno = E2BIG;
		return -1;
	}
	words[length] = '\0';
	return words_parse(words, count, true, now, error);
}
