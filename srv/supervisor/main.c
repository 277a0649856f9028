/*
 * main.c: sprinkled(8) from its command line to its exit status.
 */
#include <bsd/libutil.h>
#include <bsd/unistd.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "config/users.h"
#include "log/log.h"
#include "session/sandbox.h"
#include "shell.h"
#include "state/shared_settings.h"
#include "state/shutdown.h"
#include "supervisor/detach.h"
#include "supervisor/errand.h"
#include "supervisor/keeper_program.h"
#include "supervisor/nameless.h"
#include "supervisor/options.h"
#include "supervisor/privileges.h"
#include "supervisor/program.h"
#include "supervisor/reload.h"
#include "supervisor/supervisor.h"

enum { ONE_SHOT_LIMIT_MS = 10000, PID_FILE_MODE = 0644, SENTENCE_SIZE = 1024 };

static void settings_list(void)
{
	const struct settings_row *rows;
	size_t count = settings_rows(&rows);

	for (size_t i = 0; i < count; i++)
		printf("%s\t%s\t%s\t%s\n", rows[i].name, rows[i].type, rows[i].initial,
		       rows[i].help);
}

/* The pid file's lock: one server a run_dir. NULL: the directory is not there. */
static struct pidfh *pid_file_lock(const struct settings *settings)
{
	char path[PATH_MAX + 16];
	pid_t other = 0;

	snprintf(path, sizeof(path), "%s/sprinkled.pid", settings->run_dir);
	struct pidfh *file = pidfile_open(path, PID_FILE_MODE, &other);
	if (!file && errno == EEXIST)
		errx(EXIT_FAILURE, "%s: a server runs here already (pid %d); it has the relays",
		     path, (int)other);
	if (!file && errno != ENOENT)
		err(EXIT_FAILURE, "%s", path);
	return file;
}

/* A users file must be sound; without one nobody outside may be listened to. */
static void users_require(const struct settings *settings, bool exist)
{
	struct settings_error error;

	if (settings_check_exposure(settings, exist, &error) == -1 ||
	    nameless_check(settings, exist, &error) == -1 ||
	    (exist && users_verify(settings->users_file, error.text, sizeof(error.text)) == -1))
		errx(EXIT_FAILURE, "%s", error.text);
}

/* -n: also what only the keeper can read, the profiles. */
static int check_run(const struct settings *settings)
{
	struct credentials credentials = NO_CREDENTIALS;
	char error[SENTENCE_SIZE];

	users_require(settings, users_exist(settings->users_file));
	if (credentials_load(settings, &credentials, error, sizeof(error)) == -1)
		errx(EXIT_FAILURE, "%s", error);
	if (keeper_program_run("check", settings, ONE_SHOT_LIMIT_MS) != 0)
		return EXIT_FAILURE;
	printf("sprinkled: the configuration is good\n");
	return EXIT_SUCCESS;
}

/* -O: under the pid file's lock, so that no server starts meanwhile. */
static int open_run(const struct settings *settings)
{
	struct pidfh *pid_file = pid_file_lock(settings);
	int status = keeper_program_run("open", settings, ONE_SHOT_LIMIT_MS);

	if (status == -1)
		warn("sprinkled-keeper");
	if (pid_file)
		(void)pidfile_remove(pid_file); /* the lock is what counts, and it ends with us */
	return status == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* -P and -D are the keeper's: become it. */
static int keeper_become(const struct options *options, const struct settings *settings)
{
	static const char *const modes[] = {[MODE_PREVIEW] = "preview", [MODE_DOCTOR] = "doctor"};
	char number[16];
	int fd = keeper_settings_file(settings);

	if (fd == -1)
		err(EXIT_FAILURE, "settings");
	snprintf(number, sizeof(number), "%d", fd);
	char *arguments[] = {strdup("sprinkled-keeper"),
			     strdup(modes[options->mode]),
			     number,
			     strdup(options->span ? options->span : ""),
			     strdup(options->profiles ? options->profiles : ""),
			     strdup(options->profile ? options->profile : ""),
			     NULL};
	program_exec(PROGRAM_KEEPER, arguments, &fd, 1);
	err(EXIT_FAILURE, "sprinkled-keeper");
}

static int signals_prepare(void)
{
	sigset_t wanted;

	sigemptyset(&wanted);
	sigaddset(&wanted, SIGTERM);
	sigaddset(&wanted, SIGINT);
	sigaddset(&wanted, SIGHUP);
	sigaddset(&wanted, SIGUSR1);
	sigaddset(&wanted, SIGUSR2);
	sigaddset(&wanted, SIGCHLD);
	if (sigprocmask(SIG_BLOCK, &wanted, NULL) == -1 || signal(SIGPIPE, SIG_IGN) == SIG_ERR)
		return -1;
	services_prepare();
	return signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* The name lives for a moment only; it is this run_dir's, so that its lock guards it too. */
static struct segment *segment_make(const struct settings *settings)
{
	struct stat status;
	char name[64];

	if (stat(settings->run_dir, &status) == -1)
		return NULL;
	snprintf(name, sizeof(name), "/sprinkled.%jx.%jx", (uintmax_t)status.st_dev,
		 (uintmax_t)status.st_ino);
	struct segment *segment = segment_create(name, settings->max_clients);
	if (segment)
		shared_settings_publish(segment, settings);
	return segment;
}

/* The logs are opened as who will open them again, keeper and reload, when root is no more. */
static int logs_prepare(const struct settings *settings, const struct identity *identity,
			bool foreground)
{
	if (identity->drop && (setegid(identity->gid) == -1 || seteuid(identity->uid) == -1))
		return -1;
	int opened = log_open(settings, foreground), saved = errno;
	if (identity->drop && (seteuid(0) == -1 || setegid(0) == -1))
		return -1;
	errno = saved;
	return opened;
}

/*
 * Under the pid file's lock, in the order that sessions' descriptors need. 0, or -1 with a sentence
 * in error.
 */
static int parts_prepare(struct supervisor *supervisor, const struct identity *identity,
			 char *error, size_t size)
{
	struct settings *settings = &supervisor->settings;

	supervisor->segment = segment_make(settings);
	if (!supervisor->segment) {
		snprintf(error, size, "shared memory: %s", strerror(errno));
		return -1;
	}
	if (clerk_prepare(supervisor) == -1) {
		snprintf(error, size, "clerk: %s", strerror(errno));
		return -1;
	}
	supervisor->signal_fd = signals_prepare();
	supervisor->workers = workers_create(settings->max_clients + 2);
	supervisor->sources = sources_create(settings->max_clients);
	if (supervisor->signal_fd == -1 || !supervisor->workers || !supervisor->sources) {
		snprintf(error, size, "start: %s", strerror(errno));
		return -1;
	}
	if (notify_open(&supervisor->notify) == -1) {
		snprintf(error, size, "NOTIFY_SOCKET: %s", strerror(errno));
		return -1;
	}
	if (program_open(PROGRAM_KEEPER) == -1) {
		snprintf(error, size, "sprinkled-keeper: %s", strerror(errno));
		return -1;
	}
	if (credentials_load(settings, &supervisor->credentials, error, size) == -1 ||
	    listeners_open(&supervisor->listeners, settings, &supervisor->options->inherited, error,
			   size) == -1)
		return -1;
	if (privileges_drop(identity) == -1)
		snprintf(error, size, "user %s: %s", settings->user, strerror(errno));
	else if (errands_begin() == -1)
		snprintf(error, size, "thread: %s", strerror(errno));
	else
		return 0;
	listeners_close(&supervisor->listeners);
	return -1;
}

/* Everything that can fail at start. A start that fails leaves nothing behind. */
static void server_prepare(struct supervisor *supervisor)
{
	struct settings *settings = &supervisor->settings;
	struct identity identity;
	char error[SENTENCE_SIZE];

	supervisor->users_exist = users_exist(settings->users_file);
	users_require(settings, supervisor->users_exist);
	if (identity_find(settings, &identity, error, sizeof(error)) == -1 ||
	    directories_prepare(settings, &identity, error, sizeof(error)) == -1)
		errx(EXIT_FAILURE, "%s", error);
	supervisor->pid_file = pid_file_lock(settings);
	if (!supervisor->pid_file)
		errx(EXIT_FAILURE, "%s: no such folder", settings->run_dir);
	supervisor->pid_file_fd = pidfile_fileno(supervisor->pid_file);
	if (fcntl(supervisor->pid_file_fd, F_SETFD, FD_CLOEXEC) == -1 ||
	    logs_prepare(settings, &identity, supervisor->options->foreground) == -1) {
		warn("%s", settings->state_dir);
		(void)pidfile_remove(supervisor->pid_file); /* gone or not, the start has failed */
		exit(EXIT_FAILURE);
	}
	log_role("supervisor", NULL);
	snprintf(error, sizeof(error), "the pid file can't be written");
	if (pidfile_write(supervisor->pid_file) == -1 ||
	    parts_prepare(supervisor, &identity, error, sizeof(error)) == -1) {
		(void)pidfile_remove(supervisor->pid_file); /* as above */
		log_fatal("%s", error);
	}
	supervisor->operators = identity.operators;
	supervisor->pid = getpid();
}

/* Nobody can be told to wait any longer: sessions go on, yet one that is taken over is less held.
 */
static void wall_raise(struct supervisor *supervisor)
{
	if (sandbox_enter(supervisor->pid) == -1)
		log_warning("sessions are not confined, this kernel has no seccomp filters: %s",
			    strerror(errno));
}

/* An errand: all is over. */
static void __attribute__((noreturn)) server_finish(struct supervisor *supervisor)
{
	const char *command = supervisor->settings.reboot_command;
	int slot;
	bool reboot = shutdown_wanted(supervisor->segment, &slot) == SHUTDOWN_RBT;

	(void)pidfile_remove(supervisor->pid_file); /* the lock is what counts; it ends with us */
	workers_destroy(supervisor->workers);
	sources_destroy(supervisor->sources);
	close(supervisor->signal_fd);
	if (reboot && supervisor->exit_status == EXIT_SUCCESS) {
		log_info("reboot: %s", command);
		shell_exec(command);
		log_error("reboot: %s", strerror(errno));
		supervisor->exit_status = EXIT_FAILURE;
	}
	log_info("ended");
	segment_destroy(supervisor->segment);
	exit(supervisor->exit_status);
}

static int serve(const struct options *options, const struct settings *settings)
{
	static struct supervisor supervisor;

	/* Field by field: a whole one on the stack would be a part of every fork. */
	supervisor.options = options;
	supervisor.settings = *settings;
	supervisor.credentials = NO_CREDENTIALS;
	supervisor.keeper_ready_fd = -1;
	supervisor.accept_again_ms = -1;
	supervisor.keeper_again_ms = -1;
	supervisor.clerk_again_ms = -1;
	supervisor.reap_ms = -1;
	supervisor.kill_ms = -1;
	supervisor.lock_check_ms = -1;
	supervisor.notify.fd = -1;
	supervisor.watchdog_ms = -1;
	if (!options->foreground && !options->inetd_service && detach_begin() == -1)
		err(EXIT_FAILURE, "detach");
	server_prepare(&supervisor);
	setproctitle("supervisor");
	wall_raise(&supervisor);
	supervisor_run(&supervisor);
	errand_run(server_finish, &supervisor);
	return EXIT_FAILURE; /* never comes to this */
}

int main(int argc, char *argv[], char *environment[])
{
	static struct options options;
	static struct settings settings;
	struct settings_error error;

	setproctitle_init(argc, argv, environment);
	tzset();
	options_read(argc, argv, &options);
	if (options.mode == MODE_VERSION) {
		printf("sprinkled %s\n", SPRINKLED_VERSION);
		return EXIT_SUCCESS;
	}
	if (options.mode == MODE_SETTINGS) {
		settings_list();
		return EXIT_SUCCESS;
	}
	if (options.mode == MODE_SERVE && inherited_take(&options.inherited, options.inetd_service,
							 error.text, sizeof(error.text)) == -1)
		errx(EXIT_FAILURE, "%s", error.text);
	if (settings_assemble(&options, &settings, &error) == -1)
		errx(EXIT_FAILURE, "%s", error.text);
	if (settings.timezone[0] && (setenv("TZ", settings.timezone, 1) == -1))
		err(EXIT_FAILURE, "timezone");
	tzset();
	if (options.mode == MODE_SERVE)
		return serve(&options, &settings);
	if (program_open(PROGRAM_KEEPER) == -1)
		err(EXIT_FAILURE, "sprinkled-keeper");
	switch (options.mode) {
	case MODE_CHECK:
		return check_run(&settings);
	case MODE_OPEN:
		return open_run(&settings);
	default:
		return keeper_become(&options, &settings);
	}
}
