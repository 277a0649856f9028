/* SPAN and points in time: what is read lies in bounds, and comes back when it is written. */

#include <errno.h>
#include <time.h>
#include "fuzz.h"
#include "span.h"
#include "stamp.h"

static void span_try(const char *text)
{
	char written[32];
	int64_t ms = -1;
	int64_t again = -1;

	errno = 0;
	if (span_parse(text, &ms) == -1) {
		MUST(errno == EINVAL || errno == ERANGE);
		return;
	}
	MUST(ms >= 0 && ms <= SPAN_MAX_MS);
	MUST(span_parse(span_format(ms, written, sizeof(written)), &again) == 0 && again == ms);
}

static void stamp_try(const char *text)
{
	char written[STAMP_SIZE];
	int64_t ns = -1;
	int64_t again = -1;
	int64_t local = -1;

	errno = 0;
	if (stamp_parse(text, &ns) == -1) {
		MUST(errno == EINVAL);
		return;
	}
	MUST(ns >= 0);
	MUST(strlen(text) >= strlen("2026-11-21"));
	if (stamp_parse(stamp_utc(ns, written, sizeof(written)), &again) == 0)
		MUST(again == ns - ns % 1000000000);
	if (stamp_parse(stamp_local(ns, written, sizeof(written)), &local) == 0)
		MUST(local == ns - ns % 1000000000);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);

	span_try(text);
	stamp_try(text);
	free(text);
	return 0;
}
