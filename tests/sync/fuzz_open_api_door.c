/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whatever is posted to the reference platform's open.api: as it stands, and as a caller with a key would
 * sign it (the method's name, a line's end, its data), judged at once. Every call gets one JSON object; what
 * is not signed with a known key reaches no record.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/dates.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "platform/open_api.h"

#define APP "110199000001"
#define SECRET "0123456789abcdef0123456789abcdef"
#define NOW 1795163400000
#define MOST (1u << 20)

static struct open_api_door door;

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
	open_api_door_init(&door, store);
	must(!open_api_door_app(&door, APP "=" SECRET, NULL));
	door.delay_ms = door.pace_ms = 0;
}

static int64_t waiting(void)
{
	int64_t n = 0;

	must(!pstore_ticket_count(door.office.store, &n, NULL));
	return n;
}

static void post(struct buf *body)
{
	cJSON *said = NULL;
	struct buf out;
	int status;

	buf_init(&out, MOST);
	status = open_api_door_call(&door, body, &out);
	must(status >= 200 && status < 600 && !json_parse(&said, out.data, out.len, MOST, NULL) &&
	     cJSON_IsObject(said));
	cJSON_Delete(said);
	buf_release(&out);
}

static void as_it_stands(const uint8_t *data, size_t size)
{
	int64_t had = waiting();
	struct buf body;

	buf_init(&body, size + 1);
	buf_add(&body, data, size);
	post(&body);
	must(waiting() == had);
	buf_release(&body);
}

static void sign(const char *text, size_t size)
{
	static const struct open_api_key key = {.appid = APP, .secret = SECRET};
	const char *end = memchr(text, '\n', size);
	size_t n = end ? (size_t)(end - text) : 0, judged;
	struct open_api_call call = {.now_ms = NOW};
	char method[64];
	struct buf body;

	if (!end || n >= sizeof(method))
		return;
	memcpy(method, text, n);
	method[n] = '\0';
	call.method = method;
	call.data = end + 1;
	call.data_bytes = size - n - 1;
	buf_init(&body, MOST);
	if (strlen(method) == n && !open_api_body(&door.manner, &key, &call, &body, NULL)) {
		post(&body);
		must(!open_api_door_judge(&door, true, &judged, NULL));
	}
	buf_release(&body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	open_once();
	as_it_stands(data, size);
	if (size)
		sign((const char *)data, size);
	return 0;
}
