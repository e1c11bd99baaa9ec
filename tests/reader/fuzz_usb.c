/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A USB device that does whatever the input says. The first byte is the number of pairs and the packet size, the second what the
 * module is asked; then each transfer takes one byte: how it ends (upper three bits) and how many bytes come (lower five, 31:
 * as many as there is room for), which follow. The end of the input is unplugging.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "apdu.h"
#include "module.h"
#include "usb.h"

struct device {
	const uint8_t *data;
	size_t left;
	unsigned pairs;
	uint16_t packet;
	int64_t now;
};

static struct device device;

static int64_t device_clock(void)
{
	return device.now;
}

static enum transport_result device_open(void *self, struct bulk_pairs *pairs)
{
	(void)self;
	pairs->n = device.pairs;
	pairs->pair[0] = (struct bulk_pair){ 0x81, 0x02, device.packet };
	pairs->pair[1] = (struct bulk_pair){ 0x85, 0x06, device.packet };
	return TRANSPORT_OK;
}

static enum bulk_result device_transfer(void *self, uint8_t endpoint, uint8_t *data, size_t n, size_t *moved, int timeout_ms)
{
	static const enum bulk_result ends[8] = { BULK_OK, BULK_OK, BULK_OK, BULK_OK, BULK_OK, BULK_TIMEOUT, BULK_STALL,
						  BULK_GARBLED };
	enum bulk_result end;
	size_t some;

	(void)self;
	*moved = 0;
	if (n == 0 || timeout_ms <= 0 || n > FRAME_MAX + BULK_PACKET_MOST)
		abort();
	if (device.left == 0)
		return BULK_GONE;
	end = ends[device.data[0] >> 5];
	some = device.data[0] & 31;
	device.data++;
	device.left--;
	if (some == 31 || some > n)
		some = n;
	if (endpoint & 0x80) {
		some = some < device.left ? some : device.left;
		memcpy(data, device.data, some);
		device.data += some;
		device.left -= some;
	}
	*moved = some;
	if (end == BULK_TIMEOUT)
		device.now += timeout_ms;
	return end;
}

static enum bulk_result device_unstall(void *self, uint8_t endpoint)
{
	(void)self;
	(void)endpoint;
	return device.left ? BULK_OK : BULK_GONE;
}

static void device_close(void *self)
{
	(void)self;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct bulk_ops ops = { device_open, device_transfer, device_unstall, device_close };
	static const struct module_settings settings = { 3, 600 };
	static const uint16_t packets[] = { 8, 32, 64, 512 };
	static uint8_t out[8192];
	static struct module m;
	static struct usb u;
	uint8_t apdu[5] = { SAMV_CLA, SAMV_INS, 0, 0, 0 };
	size_t got;

	if (size < 2)
		return 0;
	device = (struct device){ data + 2, size - 2, 1 + (data[0] & 1), packets[data[0] >> 1 & 3], 0 };
	apdu[2] = data[1] % 0x14;
	usb_init(&u, (struct bulk){ &ops, NULL });
	u.now_ms = device_clock;
	module_init(&m, usb_transport(&u), &settings);
	m.now_ms = device_clock;
	got = apdu_answer(&m, apdu, sizeof(apdu), out, sizeof(out));
	if (got < 2 || got > sizeof(out))
		abort();
	module_look(&m);
	module_release(&m);
	return 0;
}
