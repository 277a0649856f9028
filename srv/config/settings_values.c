/* Plain values of settings: text in, typed field out, or a clause that says what is right. */
#include <bsd/stdlib.h>
#include <bsd/string.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "config/settings_reader.h"
#include "span.h"

struct clause {
	char *text;
	size_t size;
};

static int refuse(struct clause why, const char *format, ...) __attribute__((format(printf, 2, 3)));

static int refuse(struct clause why, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(why.text, why.size, format, arguments); /* a cut message still helps */
	va_end(arguments);
	errno = EINVAL;
	return -1;
}

/* Index of text in words, without case; -1 when it is none of them. */
static int word_find(const char *const *words, const char *text)
{
	for (int i = 0; words && words[i]; i++)
		if (strcasecmp(words[i], text) == 0)
			return i;
	return -1;
}

static int bool_read(const struct setting *setting, const char *text, void *field,
		     struct clause why)
{
	int word = word_find(setting->words, text);

	if (word == -1)
		return refuse(why, "'%s' is not %s", text, setting->type_text);
	*(bool *)field = word % 2 == 1;
	return 0;
}

static int choice_read(const struct setting *setting, const char *text, void *field,
		       struct clause why)
{
	int word = word_find(setting->words, text);

	if (word == -1)
		return refuse(why, "'%s' is not %s", text, setting->type_text);
	*(unsigned *)field = (unsigned)word; /* enums without negative values are unsigned */
	return 0;
}

static int span_read(const struct setting *setting, const char *text, void *field,
		     struct clause why)
{
	char least[32], most[32];
	int64_t span_ms;

	if (span_parse(text, &span_ms) == -1) {
		if (errno != ERANGE)
			return refuse(why, "'%s' is no span; 90s, 10m, 1h30m are, 5 is 5 minutes",
				      text);
		span_ms = SPAN_MAX_MS; /* longer than any bound */
	}
	if ((double)span_ms < setting->least || (double)span_ms > setting->most)
		return refuse(why, "%s is out of range; from %s to %s is right", text,
			      span_format((int64_t)setting->least, least, sizeof(least)),
			      span_format((int64_t)setting->most, most, sizeof(most)));
	*(int64_t *)field = span_ms;
	return 0;
}

static int count_read(const struct setting *setting, const char *text, void *field,
		      struct clause why)
{
	const char *problem;
	long long least = (long long)setting->least, most = (long long)setting->most;
	long long count = strtonum(text, least, most, &problem);

	if (problem)
		return refuse(why, "'%s' is %s; a whole number from %lld to %lld is right", text,
			      problem, least, most);
	*(unsigned *)field = (unsigned)count;
	return 0;
}

static int number_read(const struct setting *setting, const char *text, void *field,
		       struct clause why)
{
	char *end;
	double number = strtod(text, &end);

	/* strtod also takes blanks, hexadecimal, infinity and NaN: people do not mean those. */
	if (end == text || *end != '\0' || text[strspn(text, "+-.0123456789eE")] != '\0')
		return refuse(why, "'%s' is no number", text);
	if (number < setting->least || number > setting->most)
		return refuse(why, "%s is out of range; from %.7g to %.7g is right", text,
			      setting->least, setting->most);
	*(double *)field = number;
	return 0;
}

static int text_read(const struct setting *setting, const char *text, void *field,
		     struct clause why)
{
	if (setting->needed && *text == '\0')
		return refuse(why, "is empty");
	if (strlcpy(field, text, setting->size) >= setting->size)
		return refuse(why, "is longer than %zu bytes", setting->size - 1);
	return 0;
}

/* Absolute only: the server changes its folder, so a relative path would mean another place. */
static int path_read(const struct setting *setting, const char *text, void *field,
		     struct clause why)
{
	int word = word_find(setting->words, text);

	if (word != -1)
		text = setting->words[word];
	else if (*text != '\0' && *text != '/')
		return refuse(why, "'%s' does not begin with /; right is %s", text,
			      setting->type_text);
	return text_read(setting, text, field, why);
}

/* "none" and '' where they are allowed; false when text is a value. */
static bool none_read(const struct setting *setting, const char *text, void *field)
{
	if (!setting->optional || (*text != '\0' && strcasecmp(text, "none") != 0))
		return false;
	if (setting->type == SETTING_NUMBER)
		*(double *)field = NAN;
	else
		memset(field, 0, setting->size);
	return true;
}

int setting_read(const struct setting *setting, const char *text, void *base, char *why,
		 size_t size)
{
	static int (*const readers[])(const struct setting *, const char *, void *,
				      struct clause) = {
		[SETTING_BOOL] = bool_read,	[SETTING_CHOICE] = choice_read,
		[SETTING_SPAN] = span_read,	[SETTING_COUNT] = count_read,
		[SETTING_NUMBER] = number_read, [SETTING_TEXT] = text_read,
		[SETTING_PATH] = path_read,
	};
	void *field = (char *)base + setting->offset;

	if (none_read(setting, text, field))
		return 0;
	return readers[setting->type](setting, text, field, (struct clause){why, size});
}
