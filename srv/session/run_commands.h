#ifndef SESSION_RUN_COMMANDS_H
#define SESSION_RUN_COMMANDS_H

#include <stddef.h>

struct session;

/* The functions behind the rows of commands.c; as command.run in command.h. */

/* relay_commands.c */
void relays_show(struct session *, char *words[], size_t count);
void relays_open(struct session *, char *words[], size_t count);
void relays_close(struct session *, char *words[], size_t count);
void relays_toggle(struct session *, char *words[], size_t count);

/* info_commands.c */
void date_show(struct session *, char *words[], size_t count);
void temperature_show(struct session *, char *words[], size_t count);
void clients_show(struct session *, char *words[], size_t count);
void version_show(struct session *, char *words[], size_t count);

/* profile_commands.c */
void profiles_show(struct session *, char *words[], size_t count);
void active_profile_show(struct session *, char *words[], size_t count);
void schedule_status_show(struct session *, char *words[], size_t count);
void next_show(struct session *, char *words[], size_t count);
void profile_names_show(struct session *); /* the choices of sap */

/* profile_orders.c */
void profile_activate(struct session *, char *words[], size_t count);
void profile_start(struct session *, char *words[], size_t count);
void profile_stop(struct session *, char *words[], size_t count);
void profile_pause(struct session *, char *words[], size_t count);
void profile_resume(struct session *, char *words[], size_t count);
void profiles_reload(struct session *, char *words[], size_t count);
void rain_delay_set(struct session *, char *words[], size_t count);
void level_set(struct session *, char *words[], size_t count);
void relays_skip(struct session *, char *words[], size_t count);

/* history_command.c */
void history_show(struct session *, char *words[], size_t count);

/* log_commands.c */
void events_log_show(struct session *, char *words[], size_t count);
void errors_log_show(struct session *, char *words[], size_t count);
void events_log_clear(struct session *, char *words[], size_t count);
void errors_log_clear(struct session *, char *words[], size_t count);

/* server_commands.c */
void menu_show(struct session *, char *words[], size_t count);
void help_show(struct session *, char *words[], size_t count);
void nothing_do(struct session *, char *words[], size_t count);
void format_set(struct session *, char *words[], size_t count);
void events_watch(struct session *, char *words[], size_t count);
void session_close(struct session *, char *words[], size_t count);
void session_crash(struct session *, char *words[], size_t count);
void server_kill(struct session *, char *words[], size_t count);
void server_reboot(struct session *, char *words[], size_t count);

/* update_command.c */
void update_run(struct session *, char *words[], size_t count);

#endif
