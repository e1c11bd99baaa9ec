/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The platform as a company's own: codes that work once, accounts that confirm, the backup. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <sodium.h>

#include "base/dates.h"
#include "base/json.h"
#include "base/text.h"
#include "platform/people.h"
#include "sync/contract.h"
#include "sync/people.h"

struct rig {
	char dir[64], path[128];
	struct pstore *store;
	struct office office;
	struct contract *contract;
	struct buf out;
};

static void rig_open(struct rig *r)
{
	struct err e = {0};

	*r = (struct rig){.contract = contract_open(OPENAPI)};
	text_copy(r->dir, sizeof(r->dir), "/tmp/shiming-people-XXXXXX");
	assert_non_null(mkdtemp(r->dir));
	text_format(r->path, sizeof(r->path), "%s/platform.db", r->dir);
	if (pstore_open(&r->store, r->path, &e))
		fail_msg("%s", e.detail);
	r->office = (struct office){.store = r->store};
	buf_init(&r->out, 4u << 20);
}

static void rig_close(struct rig *r)
{
	char command[128];

	pstore_close(r->store);
	contract_close(r->contract);
	buf_release(&r->out);
	clock_fix_ms(0);
	text_format(command, sizeof(command), "rm -rf '%s'", r->dir);
	assert_int_equal(system(command), 0);
}

/* The request and the answer as the contract has them. */
static int held(struct rig *r, const char *method, const char *path, const char *body, int status)
{
	char why[CONTRACT_WHY];

	if (body && status != 422 && !contract_request(r->contract, method, path, body, strlen(body), why))
		fail_msg("%s %s: %s", method, path, why);
	if (!contract_answer(r->contract, method, path, status, r->out.data, r->out.len, why))
		fail_msg("%d to %s %s: %s", status, method, path, why);
	return status;
}

static int enrol(struct rig *r, const char *code, const char *box)
{
	char body[300];
	cJSON *doc = NULL;
	int status;

	text_format(body, sizeof(body), "{\"code\":\"%s\",\"box\":\"%s\",\"name\":\"云溪\"}", code, box);
	assert_int_equal(json_parse(&doc, body, strlen(body), sizeof(body), NULL), 0);
	status = people_enrol(r->store, doc, &r->out);
	cJSON_Delete(doc);
	return held(r, "POST", "/v1/enrol", body, status);
}

static void people__codes_work_once_and_for_a_day(void **state)
{
	char code[ENROL_CODE], late[ENROL_CODE], box[UID_TEXT], other[UID_TEXT];
	struct err e = {0};
	struct rig r;

	(void)state;
	rig_open(&r);
	uid_new(box);
	uid_new(other);
	clock_fix_ms(1795154400000);
	assert_int_equal(people_enrol_code(r.store, "site-1", code, &e), 0);
	assert_int_equal(people_enrol_code(r.store, "site-2", late, &e), 0);
	assert_string_not_equal(code, late);
	assert_int_equal(enrol(&r, "ABCDE-ABCDE-ABCDE", box), 403);
	assert_int_equal(enrol(&r, "short", box), 403);
	assert_int_equal(enrol(&r, code, box), 200);
	assert_int_equal(enrol(&r, code, box), 200);
	assert_int_equal(enrol(&r, code, other), 403);
	clock_fix_ms(1795154400000 + ENROL_VALID_MS + 1);
	assert_int_equal(enrol(&r, late, other), 403);
	assert_non_null(strstr(r.out.data, "过期"));
	rig_close(&r);
}

static bool login(struct rig *r, const char *pair)
{
	char basic[200] = "Basic ", name[PSTORE_LABEL];

	sodium_bin2base64(basic + 6, sizeof(basic) - 6, (const unsigned char *)pair, strlen(pair),
			  sodium_base64_VARIANT_ORIGINAL);
	return people_login(r->store, basic, name);
}

static void people__accounts_lock(void **state)
{
	struct err e = {0};
	struct rig r;

	(void)state;
	rig_open(&r);
	clock_fix_ms(1795154400000);
	assert_int_equal(people_account(r.store, "hr", "short", &e), -1);
	assert_int_equal(e.code, ERR_PASSWORD_WEAK);
	assert_int_equal(people_account(r.store, "hr", "Lianxi-2026", &e), 0);
	assert_true(login(&r, "hr:Lianxi-2026"));
	assert_false(login(&r, "hr:lianxi-2026"));
	assert_false(login(&r, "nobody:Lianxi-2026"));
	assert_false(login(&r, "hr"));
	for (int i = 0; i < 4; i++)
		assert_false(login(&r, "hr:wrong"));
	assert_false(login(&r, "hr:Lianxi-2026")); /* locked by the fifth */
	clock_fix_ms(1795154400000 + 10 * 60 * 1000 + 1);
	assert_true(login(&r, "hr:Lianxi-2026"));
	rig_close(&r);
}

static int decide(struct rig *r, const char *subject, const char *event)
{
	char body[300];
	cJSON *doc = NULL;
	int status;

	text_format(body, sizeof(body), "{\"subject\":\"%s\",\"event\":\"%s\"}", subject, event);
	assert_int_equal(json_parse(&doc, body, strlen(body), sizeof(body), NULL), 0);
	status = people_decide(&r->office, "hr", doc, &r->out);
	cJSON_Delete(doc);
	return held(r, "POST", "/v1/decisions", body, status);
}

/* Operations straight into the office. */
static void put(struct rig *r, const struct people *p)
{
	unsigned char hash[PSTORE_HASH] = {7};
	struct pbox box;
	struct err e = {0};
	struct buf request;
	bool found;
	cJSON *doc;

	buf_init(&request, 4u << 20);
	assert_int_equal(pstore_token_put(r->store, "box", hash, &e), 0);
	assert_int_equal(pstore_box_by_token(r->store, hash, &box, &found, &e), 0);
	buf_addf(&request, "{\"box\":\"%s\",\"epoch\":1,\"operations\":[", p->box.uid);
	for (size_t i = 0; i < p->n; i++)
		buf_addf(&request, "%s{\"op\":\"%s\",\"kind\":\"%s\",\"sequence\":%zu,\"madeAt\":0,\"body\":%s}",
			 i ? "," : "", p->item[i].op, p->item[i].kind, i + 1, p->item[i].body);
	buf_adds(&request, "]}");
	assert_int_equal(json_parse(&doc, request.data, request.len, 4u << 20, &e), 0);
	assert_int_equal(office_operations(&r->office, &box, doc, &r->out), 200);
	cJSON_Delete(doc);
	buf_release(&request);
}

static void people__decide(void **state)
{
	char employment[UID_TEXT], nobody[UID_TEXT], copy[160];
	struct err e = {0};
	struct pstore *again = NULL;
	struct people p;
	struct rig r;
	int64_t n = 0;

	(void)state;
	rig_open(&r);
	people_make(&p, 3, 1);
	people_subject(&p, PEOPLE_SITE + 1, employment);
	put(&r, &p);
	assert_int_equal(held(&r, "GET", "/v1/pending", NULL, people_pending(r.store, &r.out)), 200);
	assert_non_null(strstr(r.out.data, employment));
	uid_new(nobody);
	assert_int_equal(decide(&r, nobody, "consent"), 404);
	assert_int_equal(decide(&r, employment, "take_back"), 409);
	assert_int_equal(decide(&r, employment, "nonsense"), 422);
	assert_int_equal(decide(&r, employment, "consent"), 200);
	assert_int_equal(decide(&r, employment, "consent"), 409);
	/* the backup is a store of its own */
	text_format(copy, sizeof(copy), "%s/copy.db", r.dir);
	assert_int_equal(pstore_backup(r.store, copy, &e), 0);
	assert_int_equal(pstore_open(&again, copy, &e), 0);
	assert_int_equal(pstore_count(again, "person", &n, &e), 0);
	assert_int_equal(n, 3);
	pstore_close(again);
	people_release(&p);
	rig_close(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(people__codes_work_once_and_for_a_day),
		cmocka_unit_test(people__accounts_lock),
		cmocka_unit_test(people__decide),
	};

	return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
