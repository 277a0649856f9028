#ifndef SUPERVISOR_OWN_MEMORY_H
#define SUPERVISOR_OWN_MEMORY_H

#include <stddef.h>

/*
 * Memory that is the supervisor's alone, all zero: a fork passes over it, so its size is no part of
 * a client's price, and writing to it never copies a page that a child still shares. In a child
 * there is nothing at its address. NULL with errno as of mmap(2).
 */
void *own_memory_create(size_t size);

void own_memory_destroy(void *memory, size_t size); /* NULL is harmless */

#endif
