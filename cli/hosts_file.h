#ifndef CLI_HOSTS_FILE_H
#define CLI_HOSTS_FILE_H

#include "status.h"

/*
 * The file of known servers: ~/.config/sprinkle/hosts (XDG_CONFIG_HOME respected), else
 * /etc/sprinkle/hosts. Each line has five columns, blanks apart: name, port, LAN address, router
 * address, password; "-" for one that is not known. "#" begins a comment.
 */

#define HOST_COLUMN_SIZE 256

struct host {
	char name[HOST_COLUMN_SIZE];
	char port[HOST_COLUMN_SIZE];
	char lan[HOST_COLUMN_SIZE], router[HOST_COLUMN_SIZE]; /* "" not known */
	char password[HOST_COLUMN_SIZE];		      /* "" none */
};

/*
 * Find the line of that name, or the first line when name is NULL. Returns 1; 0 when there is no
 * such line (or no file); -1 with *failure when the file can't be read, has a bad line, or holds
 * passwords that others can read.
 */
int hosts_file_find(const char *name, struct host *, struct failure *);

#endif
