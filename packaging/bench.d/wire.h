/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A line that delays and drops (QUALITY P4), without a kernel's help: two network namespaces, a TUN device in each, and a forwarder in user space
 * that holds every packet for its time and lets some go. Needs /dev/net/tun; no rights where user namespaces may be made.
 */
#ifndef BENCH_WIRE_H
#define BENCH_WIRE_H

#include <stdbool.h>
#include <sys/types.h>

#define WIRE_HERE "10.77.0.1"
#define WIRE_THERE "10.77.0.2"

struct wire {
	pid_t far, forwarder;
	int go; /* written to, the far side begins */
};
/*
 * From here on this process lives in a namespace of its own, from which only WIRE_THERE can be reached. far_side runs in a process in the other one
 * once wire_go() is said; it ends with this process. False, with a sentence on stderr: the machine does not allow it.
 */
bool wire_open(struct wire *w, int delay_ms, int loss_percent, void (*far_side)(void *arg), void *arg);
void wire_go(struct wire *w);
void wire_close(struct wire *w);

#endif
