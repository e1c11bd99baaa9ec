/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whatever a device sends to the reference platform (JM-3 1.2), as raw bytes and as frames whose contents are
 * anything: nothing is kept and nothing told before the log-in, every answer is one whole frame of the
 * command that was asked, and a line that is to be closed gets none.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/dates.h"
#include "base/log.h"
#include "base/text.h"
#include "platform/device.h"

#define MAKER "TESTVENDOR0000000000000000000001"
#define DEVICE "TESTDEVICE0000000000000000000001"
#define NOW 1795163400000
#define REPLY_MAX (4u << 20)

static struct device_door door;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void must(bool it)
{
	if (!it)
		abort();
}

static void open_once(void)
{
	struct pstore *store;

	if (door.office.store)
		return;
	log_open("fuzz", -1, LOG_ERR);
	clock_fix_ms(NOW);
	must(!pstore_open(&store, ":memory:", NULL));
	device_door_init(&door, store, &lock);
	must(!device_door_add(&door, MAKER "/" DEVICE, NULL));
	for (enum event event = 0; event < EVENT_COUNT; event++)
		door.office.left_out[event] = lifecycle_may_leave_out(event);
}

static int64_t kept(void)
{
	int64_t people = 0, punches = 0;

	must(!pstore_count(door.office.store, "person", &people, NULL) &&
	     !pstore_count(door.office.store, "attendance", &punches, NULL));
	return people + punches;
}

/* false: the line is closed. */
static bool ask(char device[DEVICE_CODE], struct device_frame *f)
{
	uint16_t command = f->command;
	bool before = !device[0], goes_on;
	struct device_frame reply;
	struct buf out;
	int64_t had = kept();
	size_t used;

	buf_init(&out, REPLY_MAX);
	goes_on = device_door_answer(&door, device, f, &out, NULL) == 0;
	must(!before || kept() == had);
	must(!before || !goes_on || command == DEVICE_LOGIN);
	must(!device[0] || !strcmp(device, DEVICE));
	if (goes_on && out.len) {
		must(device_frame_read(&door.manner, out.data, out.len, &reply, &used, NULL) == DEVICE_WHOLE);
		must(used == out.len && reply.command == command);
	}
	buf_release(&out);
	return goes_on;
}

static void raw(const uint8_t *data, size_t size)
{
	char device[DEVICE_CODE] = "";
	struct device_frame f;
	bool goes_on = true;
	size_t used;

	for (size_t at = 0; goes_on && at < size; at += used) {
		if (device_frame_read(&door.manner, data + at, size - at, &f, &used, NULL) != DEVICE_WHOLE)
			break;
		goes_on = ask(device, &f);
	}
}

/* One frame: a byte that chooses the command, two of its content's length, the content. */
static size_t framed(char device[DEVICE_CODE], const uint8_t *data, size_t size, bool *goes_on)
{
	static const uint16_t commands[] = {DEVICE_LOGIN,
					    DEVICE_HEARTBEAT,
					    DEVICE_COLLECT,
					    DEVICE_WHITELIST,
					    DEVICE_FEATURES,
					    DEVICE_PUNCH,
					    7};
	struct device_frame f = {.command = commands[data[0] % ARRAY_LEN(commands)], .content = data + 3},
			    read;
	size_t used, room = size - 3;
	struct buf wire;

	f.n = (size_t)data[1] << 8 | data[2];
	f.n = f.n < room ? f.n : room;
	buf_init(&wire, REPLY_MAX);
	*goes_on = device_frame_write(&door.manner, &f, f.n > 0, &wire, NULL) == 0 &&
		   device_frame_read(&door.manner, wire.data, wire.len, &read, &used, NULL) == DEVICE_WHOLE &&
		   ask(device, &read);
	buf_release(&wire);
	return 3 + f.n;
}

static void log_in(char device[DEVICE_CODE])
{
	struct device_login l = {.maker = MAKER, .device = DEVICE};
	struct device_frame f = {.command = DEVICE_LOGIN}, read;
	struct buf content, wire;
	size_t used;

	buf_init(&content, 256);
	buf_init(&wire, 512);
	device_login_write(&door.manner, &l, &content);
	f.content = (const unsigned char *)content.data;
	f.n = content.len;
	must(!device_frame_write(&door.manner, &f, true, &wire, NULL));
	must(device_frame_read(&door.manner, wire.data, wire.len, &read, &used, NULL) == DEVICE_WHOLE);
	must(ask(device, &read) && device[0]);
	buf_release(&content);
	buf_release(&wire);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char device[DEVICE_CODE] = "";
	bool goes_on = true;

	open_once();
	raw(data, size);
	if (size && data[0] & 0x80) /* else it knocks without */
		log_in(device);
	for (size_t at = 0; goes_on && size - at > 3;)
		at += framed(device, data + at, size - at, &goes_on);
	return 0;
}
