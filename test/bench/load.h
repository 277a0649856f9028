#ifndef BENCH_LOAD_H
#define BENCH_LOAD_H

#include <netinet/in.h>

/* The kinds of load, each a command of the program load. They print their figures on one line. */

/* Connect, greeting, noop, close, goodbye: "RATE" a second, by clients processes at once. */
void load_connections(in_port_t port, int clients, int milliseconds);

/* The same of noop on connections that stay open. */
void load_round_trips(in_port_t port, int clients, int milliseconds);

/* Open count connections, say "held", and hold them until standard input ends. */
void load_hold(in_port_t port, int count);

/*
 * Ask the commands in turn, count in all, pause_ms apart: "MEDIAN P99 MAX" in nanoseconds from
 * sending to the reply's end.
 */
void load_ask(in_port_t port, int count, int pause_ms, char *commands[], int command_count);

/*
 * Hear count switchings that are due at whole seconds: "MEDIAN P99 MAX" in nanoseconds between the
 * nearest second and the moment when this client has the event.
 */
void load_watch(in_port_t port, int count);

#endif
