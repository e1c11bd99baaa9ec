/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the reference platform decides, without a network: a table of operations and their results, one after
 * another. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <sodium.h>

#include "base/json.h"
#include "base/text.h"
#include "platform/share.h"
#include "sync/contract.h"

#define BOX "0193483c-b000-7000-8000-0000000000ff"

struct desk_box {
	struct office office;
	struct pbox box;
	char path[64];
	int op;
};

static void open_office(struct desk_box *t)
{
	static const unsigned char hash[PSTORE_HASH] = {1};
	struct err e = {0};
	bool found;
	int fd;

	*t = (struct desk_box){0};
	text_copy(t->path, sizeof(t->path), "/tmp/shiming-office-XXXXXX");
	fd = mkstemp(t->path);
	assert_true(fd >= 0);
	close(fd);
	if (pstore_open(&t->office.store, t->path, &e))
		fail_msg("%s", e.detail);
	assert_int_equal(pstore_token_put(t->office.store, "box", hash, &e), 0);
	assert_int_equal(pstore_box_by_token(t->office.store, hash, &t->box, &found, &e), 0);
	assert_true(found);
}

static void close_office(struct desk_box *t)
{
	char more[80];

	pstore_close(t->office.store);
	unlink(t->path);
	text_format(more, sizeof(more), "%s-wal", t->path);
	unlink(more);
	text_format(more, sizeof(more), "%s-shm", t->path);
	unlink(more);
}

/* uids are short in the tables: "p1" stands for a whole one. */
static void expand(char *out, size_t size, const char *text)
{
	size_t n = 0;

	for (; *text && n + 40 < size; text++) {
		if (*text == '$') {
			n += (size_t)snprintf(out + n, size - n, "0193483c-b000-7000-8000-0000000%c%c%c%02x",
					      'a', 'b', 'c', (unsigned)(text[1] * 7 + text[2]) & 0xFF);
			text += 2;
		} else {
			out[n++] = *text;
		}
	}
	out[n] = '\0';
}

/* "accepted", or the code of the refusal. op 0: a new one. */
static void send_op(struct desk_box *t, int op, const char *kind, const char *body, char *said, size_t size)
{
	char text[4096], whole[2048];
	struct buf out;
	cJSON *request, *answer;
	const cJSON *result;
	int status, sequence = ++t->op;

	expand(whole, sizeof(whole), body);
	text_format(
		text, sizeof(text),
		"{\"box\":\"" BOX
		"\",\"epoch\":1,\"operations\":[{\"op\":\"0193483c-b000-7000-9000-%012d\",\"kind\":\"%s\","
		"\"sequence\":%d,\"madeAt\":1,\"body\":%s}]}",
		op ? op : sequence + 1000, kind, sequence, whole);
	assert_int_equal(json_parse(&request, text, strlen(text), sizeof(text), NULL), 0);
	buf_init(&out, 1u << 20);
	status = office_operations(&t->office, &t->box, request, &out);
	assert_int_equal(json_parse(&answer, out.data, out.len, 1u << 20, NULL), 0);
	if (status != 200) {
		text_format(said, size, "%d %s", status, json_string(answer, "code"));
	} else {
		result = cJSON_GetArrayItem(json_get(answer, "results"), 0);
		text_copy(said, size,
			  strcmp(json_string(result, "status"), "rejected") ? json_string(result, "status")
									    : json_string(result, "code"));
	}
	cJSON_Delete(request);
	cJSON_Delete(answer);
	buf_release(&out);
}

static const char *state_now(struct desk_box *t, const char *uid, char out[PSTORE_STATE], int64_t *applied)
{
	char whole[64];
	struct precord r = {0};
	bool found;

	expand(whole, sizeof(whole), uid);
	assert_int_equal(pstore_record_get(t->office.store, whole, &r, &found, NULL), 0);
	text_copy(out, PSTORE_STATE, found ? r.state : "none");
	*applied = r.applied;
	precord_release(&r);
	return out;
}

#define PERSON(u, number, phone)                                                                             \
	"{\"uid\":\"$" u "\",\"workerName\":\"张试\",\"idCardType\":\"01\",\"idCardNumber\":\"" number       \
	"\",\"cellPhone\":\"" phone "\"}"
#define STEP(u, day) "{\"uid\":\"$" u "\",\"date\":\"" day "\"}"
#define OFFER(u, person, corp)                                                                               \
	"{\"uid\":\"$" u "\",\"person\":\"$" person "\",\"participant\":\"$pa\",\"corpCode\":\"" corp "\"}"
#define SUBMIT(u, employment)                                                                                \
	"{\"uid\":\"$" u "\",\"employment\":\"$" employment "\",\"team\":\"$te\",\"date\":\"2026-11-20\"}"
#define ID1 "110199199001010019"
#define ID2 "110199199002020024"

#define CLOCK(u, assignment)                                                                                 \
	"{\"uid\":\"$" u "\",\"person\":\"$p1\",\"assignment\":\"$" assignment                              \
	"\",\"at\":1795154400000,\"direction\":\"in\",\"means\":\"worker_code\"}"
#define PAY(u, paid)                                                                                         \
	"{\"uid\":\"$" u "\",\"person\":\"$p1\",\"payMonth\":\"2026-11\",\"days\":20,\"totalPayAmount\":650000," \
	"\"actualAmount\":" paid ",\"balanceDate\":\"2026-11-20\"}"

/* decide: an event that somebody else fires before the operation. */
static const struct line {
	const char *decide, *kind, *body, *said, *uid, *state;
	int64_t applied;
} lines[] = {
	{NULL, "participant.enter", STEP("pa", "2026-11-20"), "dependency", "$pa", "none", 0},
	{NULL, "participant.add",
	 "{\"uid\":\"$pa\",\"corpCode\":\"91110199MA0000000A\",\"corpName\":\"示例建筑有限公司\"}",
	 "accepted", "$pa", "not_entered", 1},
	{NULL, "participant.exit", STEP("pa", "2026-11-20"), "not-entered", "$pa", "not_entered", 1},
	{NULL, "participant.enter", STEP("pa", "2026-11-20"), "accepted", "$pa", "entered", 2},
	{NULL, "participant.enter", STEP("pa", "2026-11-20"), "accepted", "$pa", "entered",
	 2}, /* done before: no second effect */
	{NULL, "team.add", "{\"uid\":\"$te\",\"participant\":\"$zz\",\"teamName\":\"一班\"}", "dependency",
	 "$te", "none", 0},
	{NULL, "team.add",
	 "{\"uid\":\"$te\",\"participant\":\"$pa\",\"teamName\":\"一班\",\"teamKind\":\"worker\"}",
	 "accepted", "$te", "not_entered", 1},
	{NULL, "team.enter", STEP("te", "2026-11-20"), "accepted", "$te", "entered", 2},
	{NULL, "person.add", PERSON("p1", ID1, "13800000000"), "accepted", "$p1", "known", 1},
	{NULL, "person.add", PERSON("p2", ID2, "1380000000"), "phone", "$p2", "none", 0},
	{NULL, "person.add", PERSON("p2", ID2, "0757-82345678"), "accepted", "$p2", "known", 1},
	{NULL, "person.add", "{\"uid\":\"$p3\",\"workerName\":\"李例\",\"idCardType\":\"01\"}", "required",
	 "$p3", "none", 0},
	{NULL, "person.add",
	 "{\"uid\":\"$p3\",\"workerName\":\"\",\"idCardType\":\"01\",\"idCardNumber\":\"1\"}", "required",
	 "$p3", "none", 0},
	{NULL, "person.add",
	 "{\"uid\":\"$p3\",\"workerName\":7,\"idCardType\":\"01\",\"idCardNumber\":\"1\"}", "type", "$p3",
	 "none", 0},
	{NULL, "person.amend", PERSON("p3", ID2, "13800000000"), "dependency", "$p3", "none", 0},
	{NULL, "person.amend", PERSON("p1", ID1, "13900000000"), "accepted", "$p1", "known", 2},
	{NULL, "person.amend", PERSON("p1", ID1, "13900000000"), "accepted", "$p1", "known", 2},
	{NULL, "person.amend", PERSON("p1", ID2, "13900000000"), "duplicate-person", "$p1", "known", 2},
	{NULL, "team.add", "{\"uid\":\"$p1\",\"participant\":\"$pa\",\"teamName\":\"一班\"}",
	 "foreign-record", "$p1", "known", 2},
	{NULL, "person.burn", STEP("p1", "2026-11-20"), "unknown-kind", "$p1", "known", 2},
	{NULL, "employment.offer", OFFER("e1", "zz", "A"), "dependency", "$e1", "none", 0},
	{NULL, "employment.offer", OFFER("e1", "p1", "A"), "accepted", "$e1", "offered", 1},
	{NULL, "employment.register", STEP("e1", "2026-11-20"), "not-consented", "$e1", "offered", 1},
	{"consent $e1", "employment.register", STEP("e1", "2026-11-20"), "accepted", "$e1", "processing", 2},
	{NULL, "person.add", PERSON("p9", ID1, "13800000000"), "duplicate-person", "$p9", "none", 0},
	{NULL, "employment.offer", OFFER("e2", "p1", "B"), "employed-elsewhere", "$e2", "none", 0},
	{NULL, "employment.offer", OFFER("e3", "p1", "A"), "accepted", "$e3", "offered", 1},
	{"refuse $e3", "employment.register", STEP("e3", "2026-11-20"), "not-consented", "$e3", "refused", 1},
	{"done $e1", "assignment.submit", SUBMIT("a1", "e1"), "accepted", "$a1", "accepted", 1},
	{NULL, "assignment.enter", STEP("a1", "2026-11-20"), "not-confirmed", "$a1", "accepted", 1},
	{NULL, "attendance.clock", CLOCK("k0", "a1"), "not-entered", "$k0", "none", 0}, /* F1: only who is on site */
	{NULL, "attendance.clock", CLOCK("k0", "a9"), "dependency", "$k0", "none", 0},
	{NULL, "assignment.exit", STEP("a1", "2026-11-20"), "not-entered", "$a1", "accepted", 1},
	{NULL, "assignment.return", STEP("a1", "2026-11-20"), "accepted", "$a1", "returned", 2},
	{NULL, "assignment.submit", SUBMIT("a1", "e1"), "accepted", "$a1", "accepted", 3},
	{"confirm $a1", "assignment.enter", STEP("a1", "tomorrow"), "date", "$a1", "confirmed", 3},
	{NULL, "assignment.enter", STEP("a1", "2026-11-20"), "accepted", "$a1", "on_site", 4},
	{NULL, "assignment.enter", STEP("a1", "2026-11-20"), "accepted", "$a1", "on_site", 4},
	{NULL, "assignment.enter", STEP("a1", "2026-11-21"), "already", "$a1", "on_site", 4},
	{NULL, "attendance.clock", CLOCK("k1", "a1"), "accepted", "$k1", "known", 1},
	{NULL, "attendance.clock", CLOCK("k1", "a1"), "accepted", "$k1", "known", 1},
	{NULL, "payroll.add", PAY("w1", "600000"), "accepted", "$w1", "known", 1},
	{NULL, "payroll.amend", PAY("w1", "650000"), "accepted", "$w1", "known", 2},
	{NULL, "payroll.add", PAY("w2", "-1"), "type", "$w2", "none", 0},
	{NULL, "assignment.withdraw", STEP("a1", "2026-11-20"), "wrong-state", "$a1", "on_site", 4},
	{NULL, "employment.died", STEP("e1", "2026-11-22"), "accepted", "$a1", "exited",
	 4}, /* the end of the employment ends it */
	{NULL, "assignment.exit", STEP("a1", "2026-11-22"), "accepted", "$a1", "exited", 4},
	{NULL, "employment.died", STEP("e1", "2026-11-22"), "accepted", "$e1", "ended", 3},
	/* registered anew: the one without any employment gives way, and its number is the new one's */
	{NULL, "person.add", PERSON("p9", ID1, "13800000000"), "accepted", "$p1", "replaced", 2},
	{NULL, "person.amend", PERSON("p9", ID1, "13900000000"), "accepted", "$p9", "known", 2},
	{NULL, "company.add",
	 "{\"uid\":\"$co\",\"corpCode\":\"91110199MA0000000A\",\"corpName\":\"示例建筑有限公司\"}",
	 "accepted", "$co", "known", 1},
};

static void fire(struct desk_box *t, const char *what)
{
	const char *blank = strchr(what, ' ');
	char name[32], uid[64];
	enum event event;
	struct err e = {0};

	text_format(name, sizeof(name), "%.*s", (int)(blank - what), what);
	expand(uid, sizeof(uid), blank + 1);
	assert_true(event_parse(name, &event));
	if (office_decide(&t->office, uid, event, "2026-11-20", "本人", "", &e))
		fail_msg("%s: %s", what, e.detail);
}

static void office__a_site_s_life(void **state)
{
	struct desk_box t;

	(void)state;
	open_office(&t);
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		char said[64], stands[PSTORE_STATE];
		int64_t applied;

		if (lines[i].decide)
			fire(&t, lines[i].decide);
		send_op(&t, 0, lines[i].kind, lines[i].body, said, sizeof(said));
		state_now(&t, lines[i].uid, stands, &applied);
		if (strcmp(said, lines[i].said) || strcmp(stands, lines[i].state) ||
		    applied != lines[i].applied)
			fail_msg("line %zu, %s: said %s, stands %s, applied %d", i + 1, lines[i].kind, said,
				 stands, (int)applied);
	}
	close_office(&t);
}

static void office__same_op(void **state)
{
	struct desk_box t;
	char said[64], stands[PSTORE_STATE];
	int64_t applied;

	(void)state;
	open_office(&t);
	send_op(&t, 7, "person.add", PERSON("p1", ID1, "138"), said, sizeof(said));
	assert_string_equal(said, "phone");
	/* the same content: the same result, though it would be another today */
	send_op(&t, 8, "person.add", PERSON("p1", ID1, "13800000000"), said, sizeof(said));
	assert_string_equal(said, "accepted");
	send_op(&t, 7, "person.add", PERSON("p1", ID1, "138"), said, sizeof(said));
	assert_string_equal(said, "phone");
	send_op(&t, 8, "person.add", PERSON("p1", ID1, "13800000000"), said, sizeof(said));
	assert_string_equal(said, "accepted");
	assert_string_equal(state_now(&t, "$p1", stands, &applied), "known");
	assert_int_equal(applied, 1);
	/* other content, or another kind: a conflict, no effect */
	send_op(&t, 8, "person.add", PERSON("p1", ID1, "13900000000"), said, sizeof(said));
	assert_string_equal(said, "conflict-422");
	send_op(&t, 8, "person.amend", PERSON("p1", ID1, "13800000000"), said, sizeof(said));
	assert_string_equal(said, "conflict-422");
	state_now(&t, "$p1", stands, &applied);
	assert_int_equal(applied, 1);
	/* refused for a dependency: judged anew once it is there */
	send_op(&t, 9, "participant.enter", STEP("pa", "2026-11-20"), said, sizeof(said));
	assert_string_equal(said, "dependency");
	send_op(&t, 10, "participant.add", "{\"uid\":\"$pa\",\"corpCode\":\"A\",\"corpName\":\"示例\"}", said,
		sizeof(said));
	send_op(&t, 9, "participant.enter", STEP("pa", "2026-11-20"), said, sizeof(said));
	assert_string_equal(said, "accepted");
	close_office(&t);
}

static void office__steps_left_out(void **state)
{
	struct desk_box t;
	char said[64], stands[PSTORE_STATE];
	int64_t applied;

	(void)state;
	open_office(&t);
	t.office.left_out[EVENT_CONSENT] = t.office.left_out[EVENT_REGISTER] = t.office.left_out[EVENT_DONE] =
		t.office.left_out[EVENT_CONFIRM] = true;
	send_op(&t, 0, "participant.add", "{\"uid\":\"$pa\",\"corpCode\":\"A\",\"corpName\":\"示例\"}", said,
		sizeof(said));
	send_op(&t, 0, "team.add", "{\"uid\":\"$te\",\"participant\":\"$pa\",\"teamName\":\"一班\"}", said,
		sizeof(said));
	send_op(&t, 0, "person.add", PERSON("p1", ID1, "13800000000"), said, sizeof(said));
	send_op(&t, 0, "employment.offer", OFFER("e1", "p1", "A"), said, sizeof(said));
	assert_string_equal(state_now(&t, "$e1", stands, &applied), "registered");
	send_op(&t, 0, "assignment.submit", SUBMIT("a1", "e1"), said, sizeof(said));
	assert_string_equal(state_now(&t, "$a1", stands, &applied), "confirmed");
	send_op(&t, 0, "assignment.enter", STEP("a1", "2026-11-20"), said, sizeof(said));
	assert_string_equal(said, "accepted");
	close_office(&t);
}

static void office__changes_in_pages(void **state)
{
	struct desk_box t;
	char said[64], body[300], cursor[32] = "";
	size_t n = 0, told = 0, pages = 0;
	bool more = true;
	struct buf out;

	(void)state;
	open_office(&t);
	send_op(&t, 0, "person.add", PERSON("p1", ID1, "13800000000"), said, sizeof(said));
	for (int i = 0; i < 250; i++) {
		text_format(
			body, sizeof(body),
			"{\"uid\":\"0193483c-b000-7000-8000-%012d\",\"person\":\"$p1\",\"corpCode\":\"A\"}",
			i);
		send_op(&t, 0, "employment.offer", body, said, sizeof(said));
		assert_string_equal(said, "accepted");
	}
	assert_int_equal(office_decide_due(&t.office, true, INT64_MAX, &n, NULL), 0);
	assert_int_equal(n, 250);
	assert_int_equal(office_decide_due(&t.office, true, INT64_MAX, &n, NULL), 0);
	assert_int_equal(n, 0);
	buf_init(&out, 1u << 20);
	for (; more && pages < 5; pages++) {
		cJSON *doc;

		assert_int_equal(office_changes(&t.office, &t.box, cursor, &out), 200);
		assert_int_equal(json_parse(&doc, out.data, out.len, 1u << 20, NULL), 0);
		told += (size_t)cJSON_GetArraySize(json_get(doc, "changes"));
		more = json_bool(doc, "more", false);
		text_copy(cursor, sizeof(cursor), json_string(doc, "cursor"));
		cJSON_Delete(doc);
	}
	assert_int_equal(pages, 2);
	assert_int_equal(told, 250);
	assert_int_equal(office_changes(&t.office, &t.box, "x", &out), 422);
	assert_int_equal(office_changes(&t.office, &t.box, "-1", &out), 422);
	buf_release(&out);
	close_office(&t);
}

/* B2: a filed project is told to the box that asked, with what it says. */
static void office__offers_a_project(void **state)
{
	struct desk_box t;
	char said[64], uid[UID_TEXT], known[64];
	cJSON *body = cJSON_CreateObject(), *doc;
	const cJSON *change;
	struct err e = {0};
	struct buf out;

	(void)state;
	open_office(&t);
	send_op(&t, 0, "person.add", PERSON("p1", ID1, "13800000000"), said, sizeof(said));
	cJSON_AddStringToObject(body, "name", "三期（试验）");
	cJSON_AddStringToObject(body, "levyCode", "ZG-3");
	assert_int_equal(office_offer(&t.office, "0193483c-b000-7000-8000-00000000dead", body, uid, &e), -1);
	assert_int_equal(e.code, ERR_NO_SUCH);
	expand(known, sizeof(known), "$p1");
	assert_int_equal(office_offer(&t.office, known, body, uid, NULL), 0);
	buf_init(&out, 1u << 20);
	assert_int_equal(office_changes(&t.office, &t.box, "", &out), 200);
	assert_int_equal(json_parse(&doc, out.data, out.len, 1u << 20, NULL), 0);
	change = cJSON_GetArrayItem(json_get(doc, "changes"), 0);
	assert_string_equal(json_string(change, "kind"), "project.offer");
	assert_string_equal(json_string(change, "subject"), uid);
	assert_string_equal(json_string(json_get(change, "project"), "levyCode"), "ZG-3");
	cJSON_Delete(doc);
	cJSON_Delete(body);
	buf_release(&out);
	close_office(&t);
}

/* What somebody there changed of the site's things is told field by field; what names something else is not changed so. */
static void office__changes_the_site(void **state)
{
	static const struct {
		const char *uid, *field, *to;
		enum err_code code;
		const char *kind, *from;
	} rows[] = {
		{"$c1", "corpShortName", "试建", ERR_NONE, "company.changed", ""},
		{"$pa", "pmName", "钱试理", ERR_NONE, "participant.changed", ""},
		{"$te", "teamName", "二班", ERR_NONE, "team.changed", "一班"},
		{"$te", "participant", "$pa", ERR_USAGE, NULL, NULL},
		{"$c1", "corpCode", "B", ERR_USAGE, NULL, NULL},
		{"$pa", "corpName", "乙", ERR_USAGE, NULL, NULL},
		{"$te", "teamName", "", ERR_USAGE, NULL, NULL},
	};
	struct desk_box t;
	char said[64], uid[64];
	cJSON *doc, *list;
	struct buf out;

	(void)state;
	open_office(&t);
	send_op(&t, 0, "company.add", "{\"uid\":\"$c1\",\"corpCode\":\"A\",\"corpName\":\"甲\"}", said, sizeof(said));
	send_op(&t, 0, "participant.add", "{\"uid\":\"$pa\",\"corpCode\":\"A\",\"corpName\":\"甲\"}", said, sizeof(said));
	send_op(&t, 0, "team.add", "{\"uid\":\"$te\",\"participant\":\"$pa\",\"teamName\":\"一班\"}", said, sizeof(said));
	assert_string_equal(said, "accepted");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct err e = {ERR_NONE};

		expand(uid, sizeof(uid), rows[i].uid);
		office_change_field(&t.office, uid, rows[i].field, rows[i].to, "平台", &e);
		assert_int_equal(e.code, rows[i].code);
	}
	buf_init(&out, 1u << 20);
	assert_int_equal(office_changes(&t.office, &t.box, "", &out), 200);
	assert_int_equal(json_parse(&doc, out.data, out.len, 1u << 20, NULL), 0);
	list = cJSON_GetObjectItemCaseSensitive(doc, "changes");
	assert_int_equal(cJSON_GetArraySize(list), 3);
	for (int i = 0; i < 3; i++) {
		const cJSON *change = cJSON_GetArrayItem(list, i), *field = cJSON_GetArrayItem(json_get(change, "fields"), 0);

		assert_string_equal(json_string(change, "kind"), rows[i].kind);
		assert_string_equal(json_string(field, "name"), rows[i].field);
		assert_string_equal(json_string(field, "from"), rows[i].from);
		assert_string_equal(json_string(field, "to"), rows[i].to);
	}
	cJSON_Delete(doc);
	buf_release(&out);
	close_office(&t);
}

static void office__whole_requests(void **state)
{
	static const struct {
		const char *request;
		int status;
	} cases[] = {
		{"{}", 422},
		{"[]", 422},
		{"{\"box\":\"" BOX "\"}", 422},
		{"{\"box\":\"" BOX "\",\"epoch\":1,\"operations\":[]}", 422},
		{"{\"box\":\"" BOX "\",\"epoch\":1,\"operations\":[7]}", 422},
		{"{\"box\":\"" BOX "\",\"epoch\":1,\"operations\":[{\"op\":\"" BOX
		 "\",\"kind\":\"a.b\",\"sequence\":1,\"body\":[]}]}",
		 422},
		{"{\"box\":\"" BOX "\",\"epoch\":1,\"operations\":[{\"op\":\"" BOX
		 "\",\"kind\":\"a.b\",\"sequence\":1,\"body\":{}}]}",
		 200},
		{"{\"box\":\"0193483c-b000-7000-8000-0000000000fe\",\"epoch\":1,\"operations\":[{\"op\":"
		 "\"" BOX "\",\"kind\":\"a.b\",\"sequence\":1,\"body\":{}}]}",
		 403},
	};
	struct desk_box t;
	struct buf out;

	(void)state;
	open_office(&t);
	buf_init(&out, 1u << 20);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cJSON *request;

		assert_int_equal(json_parse(&request, cases[i].request, strlen(cases[i].request), 4096, NULL),
				 0);
		if (office_operations(&t.office, &t.box, request, &out) != cases[i].status)
			fail_msg("%s: %s", cases[i].request, out.data);
		cJSON_Delete(request);
	}
	buf_release(&out);
	close_office(&t);
}

/* --- people known to several boxes (L8) --- */

/* What office_* answered, held against the contract. */
static cJSON *by_contract(const char *method, const char *path, int status, const struct buf *out)
{
	struct contract *c = contract_open(OPENAPI);
	char why[CONTRACT_WHY];
	cJSON *doc;

	if (!contract_answer(c, method, path, status, out->data, out->len, why))
		fail_msg("%s: %s", why, out->data);
	contract_close(c);
	assert_int_equal(json_parse(&doc, out->data, out->len, 1u << 20, NULL), 0);
	return doc;
}

static cJSON *look_up(struct desk_box *t, const char *number, int expect)
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	char hex[SHARE_HASH];
	cJSON *request = cJSON_CreateObject(), *answer;
	struct buf out;
	int status;

	crypto_hash_sha256(hash, (const unsigned char *)number, strlen(number));
	sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash));
	cJSON_AddStringToObject(request, "document", hex);
	buf_init(&out, 1u << 20);
	status = share_look_up(&t->office, &t->box, request, &out);
	assert_int_equal(status, expect);
	answer = by_contract("POST", "/v1/people/lookup", status, &out);
	cJSON_Delete(request);
	buf_release(&out);
	return answer;
}

/* The other box of the same office. */
static void change_box(struct desk_box *t, const char *label, unsigned char token)
{
	const unsigned char hash[PSTORE_HASH] = {token};
	bool found;

	assert_int_equal(pstore_token_put(t->office.store, label, hash, NULL), 0);
	assert_int_equal(pstore_box_by_token(t->office.store, hash, &t->box, &found, NULL), 0);
	text_copy(t->box.uid, sizeof(t->box.uid), BOX);
}

static size_t changes_of_kind(struct desk_box *t, const char *kind)
{
	const cJSON *one;
	struct buf out;
	size_t n = 0;
	cJSON *doc;

	buf_init(&out, 1u << 20);
	assert_int_equal(office_changes(&t->office, &t->box, "", &out), 200);
	doc = by_contract("GET", "/v1/changes?cursor=", 200, &out);
	cJSON_ArrayForEach(one, json_get(doc, "changes"))
		n += !strcmp(json_string(one, "kind"), kind) && cJSON_IsObject(json_get(one, "work"));
	cJSON_Delete(doc);
	buf_release(&out);
	return n;
}

static void on_site_in_the_first_box(struct desk_box *t)
{
	static const struct {
		const char *kind, *body;
	} ops[] = {
		{"participant.add", "{\"uid\":\"$pa\",\"corpCode\":\"A\",\"corpName\":\"示例\"}"},
		{"team.add", "{\"uid\":\"$te\",\"participant\":\"$pa\",\"teamName\":\"一班\"}"},
		{"person.add", PERSON("p1", ID1, "13800000000")},
		{"employment.offer", OFFER("e1", "p1", "A")},
		{"assignment.submit", "{\"uid\":\"$a1\",\"employment\":\"$e1\",\"person\":\"$p1\",\"team\":\"$te\",\"date\":\"2026-11-20\"}"},
		{"assignment.enter", STEP("a1", "2026-11-20")},
	};
	char said[64];

	for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++) {
		send_op(t, 0, ops[i].kind, ops[i].body, said, sizeof(said));
		assert_string_equal(said, "accepted");
	}
}

static void office__people_of_several_boxes(void **state)
{
	struct desk_box t;
	const cJSON *work;
	char said[64];
	cJSON *known;

	(void)state;
	open_office(&t);
	for (enum event ev = 0; ev < EVENT_COUNT; ev++)
		t.office.left_out[ev] = lifecycle_may_leave_out(ev) && ev != EVENT_SUBMIT;
	cJSON_Delete(look_up(&t, ID1, 403)); /* nothing is shared */
	t.office.share = true;
	on_site_in_the_first_box(&t);
	known = look_up(&t, ID1, 200);
	assert_false(json_bool(known, "known", true)); /* its own people are not told to a box */
	cJSON_Delete(known);
	change_box(&t, "second", 2);
	known = look_up(&t, ID1, 200);
	assert_true(json_bool(known, "known", false));
	assert_null(json_get(json_get(known, "person"), "uid"));
	assert_string_equal(json_string(json_get(known, "person"), "cellPhone"), "13800000000");
	work = cJSON_GetArrayItem(json_get(known, "history"), 0);
	assert_string_equal(json_string(work, "projectName"), "box");
	assert_string_equal(json_string(work, "contractor"), "示例");
	assert_string_equal(json_string(work, "team"), "一班");
	assert_string_equal(json_string(work, "status"), "on_site");
	cJSON_Delete(known);
	/* the same document in the second box: the same person, who is told of at once */
	send_op(&t, 0, "person.add", PERSON("p2", ID1, "13800000001"), said, sizeof(said));
	assert_string_equal(said, "accepted");
	assert_int_equal(changes_of_kind(&t, "person.history"), 1);
	send_op(&t, 0, "person.add", PERSON("p3", ID1, "13800000001"), said, sizeof(said));
	assert_string_equal(said, "duplicate-person"); /* within one box two records are two */
	send_op(&t, 0, "employment.offer", OFFER("e2", "p2", "B"), said, sizeof(said));
	assert_string_equal(said, "employed-elsewhere");
	/* the exit in the first is told to the second, and to the second only */
	change_box(&t, "box", 1);
	send_op(&t, 0, "assignment.exit", STEP("a1", "2026-11-21"), said, sizeof(said));
	assert_string_equal(said, "accepted");
	assert_int_equal(changes_of_kind(&t, "person.history"), 0);
	change_box(&t, "second", 2);
	assert_int_equal(changes_of_kind(&t, "person.history"), 2);
	close_office(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(office__a_site_s_life),  cmocka_unit_test(office__same_op),
		cmocka_unit_test(office__steps_left_out), cmocka_unit_test(office__changes_in_pages),
		cmocka_unit_test(office__people_of_several_boxes),
		cmocka_unit_test(office__offers_a_project), cmocka_unit_test(office__changes_the_site), cmocka_unit_test(office__whole_requests),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
