/* sprinkled.yml: whatever the file, the settings are within bounds, or one line says what is wrong.
 */

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>
#include "config/settings.h"
#include "fuzz.h"

/* The input as a file without a name. */
static int file_of(const uint8_t *data, size_t size, char *path, size_t path_size)
{
	int fd = memfd_create("sprinkled.yml", MFD_CLOEXEC);

	MUST(fd != -1 && write(fd, data, size) == (ssize_t)size);
	(void)snprintf(path, path_size, "/proc/self/fd/%d", fd); /* fits */
	return fd;
}

static void must_be_in_bounds(const struct settings *settings)
{
	MUST(settings->relay_count >= 1 && settings->relay_count <= RELAYS_MAX);
	MUST(settings->listen_count >= 1 && settings->listen_count <= SETTINGS_LISTENERS_MAX);
	MUST(settings->master <= settings->relay_count);
	MUST(settings->max_on_ms > 0 && settings->min_switch_ms >= 0);
	MUST(settings->max_clients >= 1 && settings->max_clients <= 4096);
	MUST(settings->supply_va >= 0 && settings->inrush_va >= 0 && settings->hold_va >= 0);
	MUST(isnan(settings->latitude) || fabs(settings->latitude) <= 90);
	MUST(isnan(settings->longitude) || fabs(settings->longitude) <= 180);
	for (unsigned i = 0; i < settings->relay_count; i++)
		MUST(settings->relay[i].line[0] != '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct settings settings;
	static struct settings untouched;
	struct settings_error error = {""};
	char path[64];
	int fd = file_of(data, size, path, sizeof(path));

	memset(&settings, 0x5a, sizeof(settings));
	memset(&untouched, 0x5a, sizeof(untouched));
	if (settings_load(path, true, NULL, 0, &settings, &error) == 0) {
		must_be_in_bounds(&settings);
	} else {
		MUST(memcmp(&settings, &untouched, sizeof(settings)) == 0);
		MUST(strncmp(error.text, path, strlen(path)) == 0);
		MUST(strchr(error.text, '\n') == NULL);
	}
	MUST(close(fd) == 0);
	return 0;
}
