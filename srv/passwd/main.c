/* sprinkled-passwd(8): who may use the server. */
#include <bsd/string.h>
#include <err.h>
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include "config/settings.h"
#include "config/user_line.h"
#include "config/whole_file.h"
#include "passwd/password.h"
#include "passwd/users_edit.h"

#define EXIT_USAGE 2

struct options {
	const char *config, *file;
	const char *remove; /* -d */
	bool list, from_stdin;
};

static void usage(void) __attribute__((noreturn));

static void usage(void)
{
	/* Nobody is left to be told when stderr fails. */
	(void)fprintf(
		stderr,
		"usage: sprinkled-passwd [-s] [-c CONFIG | -f FILE] NAME viewer|operator|admin\n"
		"       sprinkled-passwd [-c CONFIG | -f FILE] -d NAME\n"
		"       sprinkled-passwd [-c CONFIG | -f FILE] -l\n");
	exit(EXIT_USAGE);
}

/* Read the options; returns the index of the first operand. */
static int options_read(int argc, char *argv[], struct options *options)
{
	int option, operands;

	*options = (struct options){0};
	while ((option = getopt(argc, argv, "c:d:f:ls")) != -1) {
		switch (option) {
		case 'c':
			options->config = optarg;
			break;
		case 'd':
			options->remove = optarg;
			break;
		case 'f':
			options->file = optarg;
			break;
		case 'l':
			options->list = true;
			break;
		case 's':
			options->from_stdin = true;
			break;
		default:
			usage();
		}
	}
	operands = options->list || options->remove ? 0 : 2;
	if (argc - optind != operands || (options->list && options->remove) ||
	    (options->file && options->config) || (operands == 0 && options->from_stdin))
		usage();
	return optind;
}

/* The server's settings: where its users file is and whom it runs as. */
static void settings_read(const struct options *options, struct settings *settings)
{
	const char *path = options->config ? options->config : SPRINKLED_CONFDIR "/sprinkled.yml";
	struct settings_error error;

	if (options->file)
		settings_defaults(settings);
	else if (settings_load(path, options->config != NULL, NULL, 0, settings, &error) == -1)
		errx(EXIT_FAILURE, "%s", error.text);
}

/* The group a new users file must have so that the server can read it; (gid_t)-1 ours. */
static gid_t server_group(const struct settings *settings)
{
	const struct passwd *user;
	const struct group *group;

	if (geteuid() != 0 || *settings->user == '\0')
		return (gid_t)-1; /* the server runs as who makes the file */
	group = *settings->group ? getgrnam(settings->group) : NULL;
	user = getpwnam(settings->user);
	if (!group && !user)
		warnx("there is no user %s yet: see that the server's user can read the file",
		      settings->user);
	return group ? group->gr_gid : user ? user->pw_gid : (gid_t)-1;
}

static int user_set(const struct options *options, const char *path,
		    const struct settings *settings, const char *name, const char *role)
{
	struct user user = {0};
	char password[PASSWORD_SIZE], error[512];
	gid_t group = (gid_t)-1;
	const char *why;

	if (!user_name_valid(name))
		errx(EXIT_USAGE, "%s: a name has 1 to 32 letters, digits, '.', '_' and '-'", name);
	if (role_parse(role, &user.role) == -1)
		errx(EXIT_USAGE, "%s: a role is viewer, operator or admin", role);
	(void)strlcpy(user.name, name, sizeof(user.name)); /* fits: it is valid */
	if (password_ask(name, options->from_stdin, password, &why) == -1 ||
	    password_judge(password, &why) == -1)
		errx(EXIT_FAILURE, "%s", why);
	if (password_hash(password, user.hash, sizeof(user.hash)) == -1)
		err(EXIT_FAILURE, "crypt");
	explicit_bzero(password, sizeof(password));
	if (!users_exist(path))
		group = server_group(settings);
	if (users_set(path, &user, group, error, sizeof(error)) == -1)
		errx(EXIT_FAILURE, "%s", error);
	return EXIT_SUCCESS;
}

static int user_remove(const char *path, const char *name)
{
	char error[512];

	if (users_remove(path, name, error, sizeof(error)) == -1)
		errx(EXIT_FAILURE, "%s", error);
	return EXIT_SUCCESS;
}

static int users_list(const char *path)
{
	char error[512];
	size_t length;
	char *text, *line, *rest;
	struct user user;
	const char *why;

	if (users_verify(path, error, sizeof(error)) == -1)
		errx(EXIT_FAILURE, "%s", error);
	text = rest = whole_file_read(path, &length);
	if (!text)
		err(EXIT_FAILURE, "%s", path);
	while ((line = strsep(&rest, "\n")) != NULL)
		if (user_line_parse(line, &user, &why) == 1)
			printf("%s %s\n", user.name, role_name(user.role));
	free(text);
	if (fflush(stdout) == EOF || ferror(stdout))
		err(EXIT_FAILURE, "standard output");
	return EXIT_SUCCESS;
}

int main(int argc, char *argv[])
{
	const struct rlimit none = {0, 0};
	struct settings settings;
	struct options options;
	const char *path;

	if (setrlimit(RLIMIT_CORE, &none) == -1) /* a core would hold the password */
		err(EXIT_FAILURE, "setrlimit");
	argv += options_read(argc, argv, &options);
	settings_read(&options, &settings);
	path = options.file ? options.file : settings.users_file;
	if (options.list)
		return users_list(path);
	if (options.remove)
		return user_remove(path, options.remove);
	return user_set(&options, path, &settings, argv[0], argv[1]);
}
