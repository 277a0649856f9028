#ifndef SHARED_DESCRIPTOR_PASS_H
#define SHARED_DESCRIPTOR_PASS_H

#include <stddef.h>
#include <sys/socket.h>
#include <sys/types.h>

/* A packet and a descriptor from one process to another, by a Unix socket: unix(7). */

/* Send a packet and, where it is not -1, a descriptor. 0, or -1 with errno of sendmsg(2). */
int descriptor_send(int socket, const void *packet, size_t size, int descriptor);

/*
 * Receive a packet of at most size bytes and the descriptor that comes with it (close-on-exec; -1
 * none; more than one are closed). With sender not NULL also the sender as the kernel knows it
 * (pid 0: not told), where SO_PASSCRED is set. Returns the packet's length (0: nobody is left to
 * send), or -1 with errno of recvmsg(2) or EMSGSIZE.
 */
ssize_t descriptor_receive(int socket, void *packet, size_t size, int *descriptor,
			   struct ucred *sender);

#endif
