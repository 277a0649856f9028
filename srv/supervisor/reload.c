/*
 * reload.c: settings from the command line and the file, at start and again at SIGHUP.
 */
#include "supervisor/reload.h"

#include <bsd/string.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include "config/users.h"
#include "log/log.h"
#include "state/shared_settings.h"
#include "supervisor/nameless.h"

static int listeners_add(const struct options *options, struct settings *settings,
			 struct settings_error *error)
{
	if (options->listener_count > 0 && settings->listen_default)
		settings->listen_count = 0;
	for (size_t i = 0; i < options->listener_count; i++) {
		if (settings->listen_count == SETTINGS_LISTENERS_MAX) {
			snprintf(error->text, sizeof(error->text), "-l: at most %d listeners",
				 SETTINGS_LISTENERS_MAX);
			errno = EINVAL;
			return -1;
		}
		if (strlcpy(settings->listen[settings->listen_count++], options->listeners[i],
			    SETTING_TEXT_SIZE) >= SETTING_TEXT_SIZE) {
			snprintf(error->text, sizeof(error->text), "-l %.40s…: too long",
				 options->listeners[i]);
			errno = EINVAL;
			return -1;
		}
	}
	return 0;
}

int settings_assemble(const struct options *options, struct settings *settings,
		      struct settings_error *error)
{
	const char *path = options->config ? options->config : SPRINKLED_CONFDIR "/sprinkled.yml";

	if (settings_load(path, options->config != NULL, options->overrides,
			  options->override_count, settings, error) == -1)
		return -1;
	return listeners_add(options, settings, error);
}

/* The settings that need no start; the log says later which of the others has to wait for one. */
static bool settings_reload(struct supervisor *supervisor, const char **later,
			    struct settings_error *error)
{
	struct settings wanted;

	if (settings_assemble(supervisor->options, &wanted, error) == -1 ||
	    nameless_check(&wanted, users_exist(wanted.users_file), error) == -1)
		return false;
	*later = settings_needs_restart(&supervisor->settings, &wanted);
	settings_take_reloadable(&supervisor->settings, &wanted);
	shared_settings_publish(supervisor->segment, &supervisor->settings);
	return true;
}

static void users_reload(struct supervisor *supervisor)
{
	const struct settings *settings = &supervisor->settings;
	bool users = users_exist(settings->users_file);
	struct settings_error error;

	if (settings_check_exposure(settings, users, &error) == -1)
		log_error("the users file stays in force though it is gone: %s", error.text);
	else
		supervisor->users_exist = users;
	if (users && users_verify(settings->users_file, error.text, sizeof(error.text)) == -1)
		log_error("%s", error.text);
}

/* The key may be readable by nobody but root, whom the server is no more. */
static void credentials_reload(struct supervisor *supervisor)
{
	char error[1024];

	if (credentials_load(&supervisor->settings, &supervisor->credentials, error,
			     sizeof(error)) == -1)
		log_warning("certificate and key stay as they were: %s", error);
}

void reload_run(struct supervisor *supervisor)
{
	struct settings_error error;
	const char *later = NULL;
	bool taken = settings_reload(supervisor, &later, &error);

	/* Whatever is said from here on goes to the new logs. */
	if (log_reopen(&supervisor->settings) == -1)
		log_warning("logs could not be reopened: %s", strerror(errno));
	if (!taken)
		log_error("settings not reloaded, the old ones stay: %s", error.text);
	else
		log_info("settings reloaded");
	if (later)
		log_warning("setting %s takes effect at the next start", later);
	users_reload(supervisor);
	credentials_reload(supervisor);
	if (supervisor->keeper > 0)
		kill(supervisor->keeper, SIGHUP); /* not yet reaped: the pid is its own */
}
