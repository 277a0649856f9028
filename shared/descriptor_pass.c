#include "descriptor_pass.h"

#include <errno.h>
#include <stdalign.h>
#include <string.h>
#include <unistd.h>

enum { DESCRIPTORS_MAX = 4 }; /* more are cut off, and closed, by the kernel */

int descriptor_send(int socket, const void *packet, size_t size, int descriptor)
{
	alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {0};
	struct iovec piece = {.iov_base = (void *)packet, .iov_len = size}; /* only read */
	struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1};

	if (descriptor != -1) {
		message.msg_control = control;
		message.msg_controllen = sizeof(control);
		struct cmsghdr *header = CMSG_FIRSTHDR(&message);
		header->cmsg_level = SOL_SOCKET;
		header->cmsg_type = SCM_RIGHTS;
		header->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(header), &descriptor, sizeof(int));
	}
	return sendmsg(socket, &message, MSG_NOSIGNAL) == -1 ? -1 : 0;
}

/* Keep the first, close the others. */
static void descriptors_take(const struct cmsghdr *header, int *descriptor)
{
	size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);

	for (size_t i = 0; i < count; i++) {
		int got;
		memcpy(&got, CMSG_DATA(header) + i * sizeof(int), sizeof(int));
		if (*descriptor == -1)
			*descriptor = got;
		else
			close(got);
	}
}

ssize_t descriptor_receive(int socket, void *packet, size_t size, int *descriptor,
			   struct ucred *sender)
{
	alignas(struct cmsghdr) char
		control[CMSG_SPACE(DESCRIPTORS_MAX * sizeof(int)) + CMSG_SPACE(sizeof(*sender))];
	struct iovec piece = {.iov_base = packet, .iov_len = size};
	struct msghdr message = {.msg_iov = &piece,
				 .msg_iovlen = 1,
				 .msg_control = control,
				 .msg_controllen = sizeof(control)};
	ssize_t length = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);

	*descriptor = -1;
	if (sender)
		*sender = (struct ucred){0};
	if (length == -1)
		return -1;
	for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header;
	     header = CMSG_NXTHDR(&message, header)) {
		if (header->cmsg_level != SOL_SOCKET)
			continue;
		if (header->cmsg_type == SCM_RIGHTS)
			descriptors_take(header, descriptor);
		else if (header->cmsg_type == SCM_CREDENTIALS && sender)
			memcpy(sender, CMSG_DATA(header), sizeof(*sender));
	}
	if (!(message.msg_flags & MSG_TRUNC))
		return length;
	if (*descriptor != -1)
		close(*descriptor);
	*descriptor = -1;
	errno = EMSGSIZE;
	return -1;
}
