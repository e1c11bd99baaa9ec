/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The card side of vsmartcard's vpcd (Debian package vsmartcard-vpcd): a pcscd of the test's own with its driver listens on loopback, we
 * connect and play a card in a thread. Readers that are PC/SC readers themselves are played this way.
 */
#ifndef TESTS_READER_VPCD_H
#define TESTS_READER_VPCD_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VPCD_DRIVER "/usr/lib/pcsc/drivers/serial/libifdvpcd.so"

struct vpcd {
	unsigned port;
	const uint8_t *atr;
	size_t atr_len;
	/* The answer to an APDU, the status word included; returns its length. */
	size_t (*answer)(void *arg, const uint8_t *apdu, size_t n, uint8_t *out, size_t size);
	void *arg;
	/* private */
	int fd;
	pthread_t thread;
	bool running;
};

unsigned vpcd_free_port(void);   /* it and the next one, as vpcd has two slots */
void vpcd_insert(struct vpcd *v); /* connects: a card lies there. Fails the test when nobody listens in time */
void vpcd_remove(struct vpcd *v);

#endif
