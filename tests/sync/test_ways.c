/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Kind × dialect (K4, domain/upload_way.h): every kind that a life cycle reports stands in the table; what the table says is sent has a method, a
 * command or a record there to go to, and what it says is done by hand has none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/text.h"
#include "domain/lifecycle.h"
#include "domain/upload_way.h"
#include "open_api/method.h"
#include "platform/office.h"
#include "sync/dialect.h"

static bool in_table(const char *kind)
{
	const struct upload_kind *k;

	for (unsigned i = 0; (k = upload_kind_at(i)); i++)
		if (!strcmp(k->kind, kind))
			return true;
	return false;
}

static void ways__every_reported_kind_stands_there(void **state)
{
	const struct transition *rows;
	size_t reported = 0;

	(void)state;
	for (enum cycle c = 0; c < CYCLE_COUNT; c++)
		for (size_t i = 0, n = lifecycle_rows(c, &rows); i < n; i++) {
			if (!rows[i].upload)
				continue;
			reported++;
			if (!in_table(rows[i].upload))
				fail_msg("%s stands in no row", rows[i].upload);
		}
	assert_true(reported > 30);
}

static void ways__once_each(void **state)
{
	const struct upload_kind *a, *b;

	(void)state;
	for (unsigned i = 0; (a = upload_kind_at(i)); i++)
		for (unsigned k = i + 1; (b = upload_kind_at(k)); k++)
			assert_string_not_equal(a->kind, b->kind);
}

static void ways__of_dialects(void **state)
{
	enum upload_dialect d;

	(void)state;
	for (int i = 0; i < DIALECT_COUNT; i++) {
		assert_true(upload_dialect_parse(upload_dialect_name((enum upload_dialect)i), &d));
		assert_int_equal(d, i);
		assert_non_null(dialect_find(upload_dialect_name(d)));
	}
	assert_false(upload_dialect_parse("no such", &d));
	assert_int_equal(upload_way(DIALECT_NATIVE, "no.such"), WAY_SENDS);
	assert_int_equal(upload_way(DIALECT_OPEN_API, "no.such"), WAY_BY_HAND);
}

/* The dialect's own answer about an operation of this kind, of a worker in a team that clocks in with his face. */
static enum upload_way says(const struct dialect *d, const char *kind)
{
	char body[] = "{\"teamSysNo\":\"1500000001\",\"means\":\"device_face\"}";
	struct outgoing item = {.body = body, .body_bytes = strlen(body)};
	const char *why = NULL;

	text_copy(item.kind, sizeof(item.kind), kind);
	return d->carries ? d->carries(NULL, &item, &why) : WAY_SENDS;
}

static void ways__open_api(void **state)
{
	const struct upload_kind *k;

	(void)state;
	for (unsigned i = 0; (k = upload_kind_at(i)); i++) {
		enum upload_way way = k->way[DIALECT_OPEN_API];

		if ((way == WAY_SENDS) != (open_api_method(k->kind) != NULL))
			fail_msg("%s: %s", k->kind, way == WAY_SENDS ? "there is no method" : "there is a method");
		assert_int_equal(says(&dialect_open_api, k->kind), way);
	}
	for (unsigned i = 0; open_api_method_at(i); i++)
		assert_int_equal(upload_way(DIALECT_OPEN_API, open_api_method_at(i)->kind), WAY_SENDS);
}

static void ways__device(void **state)
{
	char body[] = "{\"means\":\"worker_code\"}";
	struct outgoing code = {.kind = "attendance.clock", .body = body, .body_bytes = strlen(body)};
	const struct upload_kind *k;
	const char *why = NULL;
	size_t sent = 0;

	(void)state;
	for (unsigned i = 0; (k = upload_kind_at(i)); i++) {
		assert_int_equal(says(&dialect_device, k->kind), k->way[DIALECT_DEVICE]);
		sent += k->way[DIALECT_DEVICE] == WAY_SENDS;
	}
	assert_int_equal(dialect_device.carries(NULL, &code, &why), WAY_BY_HAND); /* no other mode is documented: never sent as a face */
	assert_non_null(why);
	assert_int_equal(sent, 3); /* JM-3 1.2.6: people, as they are and corrected; 1.2.4: faces */
}

static void ways__native(void **state)
{
	static const unsigned char hash[PSTORE_HASH] = {1};
	char path[] = "/tmp/shiming-ways-XXXXXX", more[64];
	struct office office = {.store = NULL};
	const struct upload_kind *k;
	struct poperation op;
	struct err e = {0};
	struct pbox box;
	cJSON *nothing = cJSON_CreateObject();
	bool found;
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(pstore_open(&office.store, path, &e), 0);
	assert_int_equal(pstore_token_put(office.store, "box", hash, &e), 0);
	assert_int_equal(pstore_box_by_token(office.store, hash, &box, &found, &e), 0);
	for (unsigned i = 0; (k = upload_kind_at(i)); i++) {
		assert_int_not_equal(k->way[DIALECT_NATIVE], WAY_BY_HAND);
		assert_int_equal(office_apply(&office, &box, k->kind, nothing, &op, &e), 1);
		if ((k->way[DIALECT_NATIVE] == WAY_SENDS) == !strcmp(op.code, "unknown-kind"))
			fail_msg("%s: %s", k->kind, op.code);
	}
	cJSON_Delete(nothing);
	pstore_close(office.store);
	for (size_t i = 0; i < 3; i++) {
		static const char *const ends[] = {"", "-wal", "-shm"};

		text_format(more, sizeof(more), "%s%s", path, ends[i]);
		unlink(more);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(ways__every_reported_kind_stands_there),
		cmocka_unit_test(ways__once_each),
		cmocka_unit_test(ways__of_dialects),
		cmocka_unit_test(ways__open_api),
		cmocka_unit_test(ways__device),
		cmocka_unit_test(ways__native),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
