/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * R14: what can fail under a use case is failed at every place in turn: our own memory, SQLite's, its reads,
 * writes and syncs (full disk, I/O error). Each time: the use case says so with an error that is no damage
 * and no success, nothing of it is half there (the file's fold, check and chain are sound at the end), no
 * transaction stays open, the same use case then goes through, and nothing leaks (the sanitizer's word).
 * Quick: the first places one by one, later ones in growing steps. SHIMING_FAULT_EVERY=8: every eighth place from SHIMING_FAULT_FROM=1…8 on, so that
 * eight runs beside each other meet all of them (SQLite asks for memory 39,000 times under these use cases, and each time is a run of its own).
 */
#include <cjson/cJSON.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "counting_vfs.h"
#include "desk/audit.h"
#include "desk/conflict.h"
#include "desk/photo.h"
#include "desk/terms.h"
#include "desk/undo.h"
#include "desk/upkeep.h"
#include "desk_private.h"
#include "desk_site.h"
#include "folk.h"
#include "samples.h"

/* --- memory --------------------------------------------------------------------------------------------- */

static long ours_at, ours_calls, sqlite_at, sqlite_calls;

static bool strikes(long *calls, long at)
{
	return at && ++*calls == at;
}

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);

void *__wrap_malloc(size_t n)
{
	return strikes(&ours_calls, ours_at) ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t size)
{
	return strikes(&ours_calls, ours_at) ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t n)
{
	return strikes(&ours_calls, ours_at) ? NULL : __real_realloc(p, n);
}

static void *json_malloc(size_t n)
{
	return malloc(n); /* through the wrap: cJSON's is a library's own */
}

static sqlite3_mem_methods real_methods;

static void *x_malloc(int n)
{
	return strikes(&sqlite_calls, sqlite_at) ? NULL : real_methods.xMalloc(n);
}

static void *x_realloc(void *p, int n)
{
	return strikes(&sqlite_calls, sqlite_at) ? NULL : real_methods.xRealloc(p, n);
}

static void wrap_sqlite(void)
{
	sqlite3_mem_methods own;

	assert_int_equal(sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real_methods), SQLITE_OK);
	own = real_methods;
	own.xMalloc = x_malloc;
	own.xRealloc = x_realloc;
	assert_int_equal(sqlite3_config(SQLITE_CONFIG_MALLOC, &own), SQLITE_OK);
}

/* --- what fails ----------------------------------------------------------------------------------------- */

enum fault { OUR_MEMORY, SQLITE_MEMORY, WRITE_FULL, WRITE_BROKEN, SYNC_BROKEN, READ_BROKEN, FAULTS };
static const char *const fault_names[] = {"our memory",	  "SQLite's memory", "full disk",
					  "broken write", "broken sync",     "broken read"};

static void arm(enum fault f, long n)
{
	counting_reset();
	ours_calls = sqlite_calls = ours_at = sqlite_at = 0;
	counting.with = f == WRITE_FULL	    ? SQLITE_FULL
			: f == WRITE_BROKEN ? SQLITE_IOERR_WRITE
			: f == SYNC_BROKEN  ? SQLITE_IOERR_FSYNC
					    : SQLITE_IOERR_READ;
	if (f == OUR_MEMORY)
		ours_at = n;
	else if (f == SQLITE_MEMORY)
		sqlite_at = n;
	else if (f == SYNC_BROKEN)
		counting.fail_sync_at = n;
	else if (f == READ_BROKEN)
		counting.fail_read_at = n;
	else
		counting.fail_write_at = n;
}

/* Was the place reached? */
static bool disarm(enum fault f, long n)
{
	long reached = f == OUR_MEMORY	    ? ours_calls
		       : f == SQLITE_MEMORY ? sqlite_calls
		       : f == SYNC_BROKEN   ? counting.syncs
		       : f == READ_BROKEN   ? counting.reads
					    : counting.writes;

	ours_at = sqlite_at = 0;
	counting_reset();
	return reached >= n;
}

/* --- the use cases -------------------------------------------------------------------------------------- */

static unsigned next_person = 1;
static int64_t known; /* somebody registered */

/* What is typed is there already: only the use case's own calls fail. */
static void typed(const struct site *s, struct record *r, unsigned n, bool card)
{
	long at = ours_at;

	ours_at = 0;
	person_record(s, r, n, card);
	ours_at = at;
}

static int f_register(struct site *s, struct err *e)
{
	struct registered done;
	struct findings f;
	struct record r;
	int last;

	typed(s, &r, next_person, true);
	last = desk_register(s->d, &r, &f, &done, e);
	record_release(&r);
	next_person += !last;
	return last;
}

static int f_amend(struct site *s, struct err *e)
{
	static unsigned n;
	struct findings f;
	struct record r;
	char phone[24];
	int last, changed;

	record_init(&r);
	last = desk_person_record(s->d, known, &r, e);
	snprintf(phone, sizeof(phone), "139%08u", ++n);
	if (!last)
		last = record_set(&r, F_PHONE, phone, ORIGIN_TYPED)
			       ? err_set(e, ERR_MEMORY, "record")
			       : desk_amend(s->d, known, &r, &f, &changed, e);
	record_release(&r);
	return last;
}

static int f_file(struct site *s, struct err *e)
{
	static struct person_file file;

	return desk_person_file(s->d, known, &file, e);
}

static int f_roster(struct site *s, struct err *e)
{
	struct roster_row rows[8];
	struct roster_page page = {.row = rows, .cap = 8};

	return desk_roster(s->d, &(struct roster_query){.filter = ROSTER_ALL, .text = "zhang"}, &page, e);
}

static int f_day(struct site *s, struct err *e)
{
	struct day day;

	return desk_day(s->d, &day, e);
}

static int f_draft(struct site *s, struct err *e)
{
	struct record r;
	int last;

	typed(s, &r, 999, false);
	last = desk_draft_save(s->d, "register", 0, &r, e);
	record_release(&r);
	return last;
}

static int f_possible(struct site *s, struct err *e)
{
	struct possible rows[16];
	size_t n;

	return desk_possible(s->d, known, rows, 16, &n, e);
}

static int f_act(struct site *s, struct err *e)
{
	struct act a = {
		.event = EVENT_DISMISS, .persons = &known, .n = 1, .on = DATE_NONE, .note = "试验"};
	struct verdict v;
	size_t done;

	return desk_act(s->d, &a, &v, &done, e);
}

static int f_send(struct site *s, struct err *e)
{
	struct batch b;
	int64_t next;
	int last;

	if (desk_outbox_send_now(s->d, e) || desk_take_batch(s->d, 4, 1 << 19, &b, &next, e))
		return -1;
	last = 0;
	for (size_t i = 0; i < b.n && !last; i++)
		last = desk_take_answers(s->d, &(struct answer){.op = b.item[i].op, .kind = ANSWER_ACCEPTED},
					 1, e);
	desk_release_batch(&b);
	return last;
}

static int f_change(struct site *s, struct err *e)
{
	char uid[UID_TEXT], subject[UID_TEXT];
	struct change c = {.uid = uid, .kind = "employment.consent", .subject = subject, .at_ms = now_ms};
	enum applied result;
	struct folk f;

	uid_new(uid);
	if (folk_load(s->d, known, &f, e))
		return -1;
	text_copy(subject, sizeof(subject), f.employment.uid);
	return desk_take_changes(s->d, &c, 1, "7", &result, e);
}

static int f_team(struct site *s, struct err *e)
{
	static unsigned n;
	char name[40], uid[UID_TEXT];

	snprintf(name, sizeof(name), "试%u班", ++n);
	return desk_team_add(s->d,
			     &(struct team_new){.name = name, .kind = "worker", .participant_uid = s->labour},
			     uid, e);
}

static int f_setting(struct site *s, struct err *e)
{
	return desk_setting_set(s->d, "platform.token", "tok-1", e);
}

static int f_whole(struct site *s, struct err *e)
{
	struct buf b;
	int last;

	buf_init(&b, 1 << 22);
	last = desk_person_whole(s->d, known, "本人要求", &b, e);
	buf_wipe_release(&b);
	return last;
}

static int f_audit(struct site *s, struct err *e)
{
	struct audit_row rows[8];
	size_t n;

	return desk_audit_list(s->d, &(struct audit_query){.day = DATE_NONE}, rows, 8, &n, e);
}

static int f_verify(struct site *s, struct err *e)
{
	struct audit_report report;

	return desk_audit_verify(s->d, &report, e);
}

static struct buf pictures[2]; /* by turns, so that each one is new */

static int f_photo(struct site *s, struct err *e)
{
	static unsigned which;
	struct buf back;
	int last;

	buf_init(&back, 1 << 20);
	last = desk_photo_set(s->d, known, PHOTO_FACE, pictures[which].data, pictures[which].len, e) ||
			       desk_photo_open(s->d, known, PHOTO_FACE, "screen", &back, e)
		       ? -1
		       : 0;
	which = last ? which : !which;
	buf_wipe_release(&back);
	return last;
}

static int f_terms(struct site *s, struct err *e)
{
	struct term t[TERM_KINDS];

	return desk_terms(s->d, t, e);
}

static const struct flow {
	const char *name;
	int (*run)(struct site *s, struct err *e);
} flows[] = {
	{"register", f_register}, {"amend", f_amend},	{"file", f_file},	  {"roster", f_roster},
	{"day", f_day},		  {"draft", f_draft},	{"possible", f_possible}, {"act", f_act},
	{"send", f_send},	  {"change", f_change}, {"team", f_team},	  {"setting", f_setting},
	{"whole", f_whole},	  {"audit", f_audit},	{"verify", f_verify},	  {"terms", f_terms},
	{"photo", f_photo},
};

/* --- in turn ---------------------------------------------------------------------------------------------
 */

static unsigned places, told, borne; /* struck, said, got over without a word (a cache that could not grow) */

static void must_have_said(const struct flow *flow, enum fault f, long n, const struct err *e)
{
	if (e->code == ERR_NONE || e->code == ERR_DATA_DAMAGED || e->code == ERR_SEAL ||
	    e->code == ERR_INTERNAL || !err_sentence(e->code)[0])
		fail_msg("%s, %s at place %ld: %s: %s", flow->name, fault_names[f], n, err_name(e->code),
			 e->detail);
}

/* One place; false: the use case does not come so far. */
static bool fail_at(struct site *s, const struct flow *flow, enum fault f, long n)
{
	struct err e = {ERR_NONE};
	bool struck;
	int last;

	clock_add(1000);
	arm(f, n);
	last = flow->run(s, &e);
	struck = disarm(f, n);
	if (!struck)
		return false;
	places++;
	told += last != 0;
	borne += !last;
	if (last)
		must_have_said(flow, f, n, &e);
	if (store_in_transaction(s->d->store))
		fail_msg("%s, %s at place %ld: a transaction stays open", flow->name, fault_names[f], n);
	return true;
}

static long step_on(long n)
{
	const char *every = getenv("SHIMING_FAULT_EVERY");

	return every ? n + atol(every) : n + 1 + n / 8;
}

static long first_place(void)
{
	const char *from = getenv("SHIMING_FAULT_FROM");

	return from ? atol(from) : 1;
}

static void each_flow(struct site *s, enum fault f)
{
	for (size_t i = 0; i < ARRAY_LEN(flows); i++) {
		long n = first_place();

		while (fail_at(s, &flows[i], f, n))
			n = step_on(n);
		OK(flows[i].run(s, E)); /* the same goes through afterwards */
	}
}

static void sound(struct site *s)
{
	struct audit_report report;

	OK(desk_check_file(s->d, E));
	OK(desk_audit_verify(s->d, &report, E));
	assert_true(report.sound);
	for (unsigned i = 1; i < next_person; i++) {
		char number[19];
		int64_t person;

		person_number(i, number);
		OK(db_person_by_document(s->d->store, "01", number, &person, E));
		assert_true(person > 0);
		person_employment(s, person, NULL); /* roster and subject agree */
	}
}

static void one_fault(enum fault f)
{
	struct registered done;
	struct site s;

	places = told = borne = 0;
	next_person = 2;
	for (unsigned i = 0; i < ARRAY_LEN(pictures); i++) {
		buf_init(&pictures[i], 1 << 20);
		sample_jpeg(&(struct jpeg_sample){.width = 40 + 16 * i, .height = 60, .noise = true}, &pictures[i]);
	}
	site_make(&s, "national");
	person_register(&s, 1, &done);
	known = done.person;
	OK(desk_idle(s.d, &(bool){false}, E));
	each_flow(&s, f);
	sound(&s);
	print_message("%s: %u places, said %u, got over %u\n", fault_names[f], places, told, borne);
	assert_true(told > 0 || !places); /* an eighth of the few syncs may be none */
	/* SQLite gets over a cache that cannot grow or a page that it need not read; nobody gets over what he needs to be written or kept */
	if (f == SQLITE_MEMORY || f == READ_BROKEN)
		assert_true(borne * 20 <= places + 20);
	else
		assert_int_equal(borne, 0);
	for (unsigned i = 0; i < ARRAY_LEN(pictures); i++)
		buf_release(&pictures[i]);
	site_drop(&s);
}

static void in_turn(void **state)
{
	one_fault((enum fault)(size_t)*state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define FAULT(f) {#f, in_turn, NULL, NULL, (void *)(size_t)(f)}
		FAULT(OUR_MEMORY),   FAULT(SQLITE_MEMORY), FAULT(WRITE_FULL),
		FAULT(WRITE_BROKEN), FAULT(SYNC_BROKEN),   FAULT(READ_BROKEN),
	};
	cJSON_Hooks hooks = {.malloc_fn = json_malloc, .free_fn = free};

	_Static_assert(ARRAY_LEN(fault_names) == FAULTS, "a name each");
	wrap_sqlite();
	cJSON_InitHooks(&hooks);
	counting_register();
	sqlite3_vfs_register(sqlite3_vfs_find(COUNTING_VFS), 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
