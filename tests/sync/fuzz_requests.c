/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whatever a box, or a person of the company, may send to the reference platform, at each of its addresses: an answer of a known status comes
 * back, and the store keeps its rules. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/log.h"
#include "platform/archive.h"
#include "platform/office.h"
#include "platform/people.h"
#include "platform/share.h"

#define MOST (1u << 20)

static struct office office;
static struct pbox box;

static void open_once(void)
{
	static const unsigned char hash[PSTORE_HASH] = {1};
	bool found = false;

	if (office.store)
		return;
	log_open("fuzz", -1, LOG_ERR);
	if (pstore_open(&office.store, ":memory:", NULL) ||
	    pstore_token_put(office.store, "box", hash, NULL) ||
	    pstore_box_by_token(office.store, hash, &box, &found, NULL) || !found)
		abort();
	office.share = true;
}

/* Of the contents of attachments: a hash of the first 64 characters, the rest is a piece at its beginning. */
static void must_be_kept(const uint8_t *data, size_t size, struct buf *out)
{
	int64_t offset = -1;
	char hash[65] = "";
	int status;

	if (size < 64)
		return;
	memcpy(hash, data, 64);
	status = archive_piece(office.store, hash, 0, data + 64, size - 64, &offset, out);
	if (status != 200 && status != 404 && status != 409 && status != 422)
		abort();
	if (archive_offset(office.store, hash, &offset, out) == 200 && offset < 0)
		abort();
}

static void must_be_json(int status, const struct buf *out)
{
	cJSON *doc;

	if ((status != 200 && status != 403 && status != 404 && status != 409 && status != 422) ||
	    json_parse(&doc, out->data, out->len, MOST, NULL))
		abort();
	cJSON_Delete(doc);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pbox one = box;
	struct buf out;
	cJSON *doc;
	char cursor[64] = "";

	open_once();
	one = box;
	buf_init(&out, MOST);
	if (!json_parse(&doc, size ? (const char *)data : "", size, MOST, NULL)) {
		must_be_json(office_operations(&office, &one, doc, &out), &out);
		must_be_json(office_lookup(&office, &one, doc, &out), &out);
		must_be_json(share_look_up(&office, &one, doc, &out), &out);
		must_be_json(archive_announce(office.store, &one, doc, &out), &out);
		must_be_json(people_enrol(office.store, doc, &out), &out);
		must_be_json(people_decide(&office, "试", doc, &out), &out);
		cJSON_Delete(doc);
	}
	memcpy(cursor, data, size < sizeof(cursor) - 1 ? size : sizeof(cursor) - 1);
	must_be_json(office_changes(&office, &one, cursor, &out), &out);
	must_be_json(office_lookup_one(&office, &one, cursor, &out), &out);
	must_be_kept(data, size, &out);
	buf_release(&out);
	return 0;
}
