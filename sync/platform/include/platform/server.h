/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The reference platform on the network: HTTPS by libmicrohttpd (server.c only), bearer tokens, gzip both
 * ways, the office behind it and the faults in between. A thread a connection; the office is used by one at a
 * time.
 */
#ifndef PLATFORM_SERVER_H
#define PLATFORM_SERVER_H

#include <pthread.h>

#include "platform/device.h"
#include "platform/fault.h"
#include "platform/office.h"
#include "platform/open_api.h"

#define SERVER_BODY_MAX (2u << 20) /* of a request, unpacked; more is 413 */

struct MHD_Daemon;
struct server {
	struct office office;
	struct device_door devices;    /* closed while it has no devices */
	struct open_api_door open_api; /* closed while it has no accounts */
	struct faults faults;
	size_t body_max;
	pthread_mutex_t lock;  /* office, faults, counters */
	pthread_cond_t ending; /* wakes delays */
	bool stopping;
	uint64_t requests, bytes_in, bytes_out;
	struct MHD_Daemon *daemon;
	char *key, *certificate;
};

struct server_options {
	const char *listen; /* "127.0.0.1" */
	int port;	    /* 0: any */
	const char *key_file, *certificate_file;
};
int server_init(struct server *s, struct pstore *store, struct err *e);
int server_start(struct server *s, const struct server_options *o, int *port, struct err *e);
void server_stop(struct server *s); /* ends running answers; accepts a half-started one */

#endif
