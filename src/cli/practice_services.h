/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The helpers of the practice site: reference platform, simulated security module, private pcscd. Each says when it is ready; each ends
 * with its parent. The journeys of the tests start them through here as well, and stop and start the platform on its old port.
 */
#ifndef CLI_PRACTICE_SERVICES_H
#define CLI_PRACTICE_SERVICES_H

#include <stdbool.h>

#include "base/child.h"
#include "cli/practice.h"
#include "reader/pcscd_private.h"

#define PRACTICE_CARDS 64

struct practice_services {
	const char *runtime;         /* keys, sockets, device, services.log; the caller's, short, not under /run */
	struct child platform, module, device;
	struct pcscd_private pcscd;
	int port;                    /* of the platform, once it has been ready; kept over a stop */
	char url[64], ca_file[4096];
	struct practice_card card[PRACTICE_CARDS];
	size_t n_cards;
	int log;                     /* what helpers say on stderr */
};

int practice_services_init(struct practice_services *s, const char *runtime, struct err *e);
void practice_services_stop(struct practice_services *s); /* all of them, in order; accepts a zeroed struct */

/* dir: the platform's own, with its database and certificates; token: the box's, made known to it. extra: further arguments, NULL-terminated, or NULL.
 * The certificate authority is made at the first start. Waits until it listens. */
int practice_platform_start(struct practice_services *s, const char *dir, const char *token, const char *const *extra, struct err *e);
/* Where its devices call, once it runs. */
int practice_platform_device_port(struct practice_services *s, int *port, struct err *e);
void practice_platform_stop(struct practice_services *s, bool gently); /* not gently: SIGKILL */

/* Module, cards and pcscd; PCSCLITE_CSOCK_NAME is set for whoever is started afterwards. */
int practice_cards_start(struct practice_services *s, const char *const *extra, struct err *e);
/* "place NAME", "remove": one line to the module, its answer awaited. ERR_USAGE: it said no. */
int practice_cards_tell(struct practice_services *s, const char *line, struct err *e);

/* A port of loopback that nobody has now, as 127.0.0.1:PORT: the gateway takes it as soon as somebody has logged in. */
int practice_gateway_address(char *out, size_t size, struct err *e);
/* A simulated attendance device that calls this gateway, until everything ends. */
int practice_device_start(struct practice_services *s, const char *gateway, const char *serial, struct err *e);

#endif
