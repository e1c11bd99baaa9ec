/* SPDX-License-Identifier: GPL-3.0-or-later */
/* I5: registers that a JSON file alone adds, from form to table and paper: checks, fixed fields, one a person, participants, import, export of
 * what is shown, deleting, taking back. No C knows their names. */
#include "desk/books.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/text.h"
#include "desk/accounts.h"
#include "desk/dossier.h"
#include "desk/rekey.h"
#include "desk/sheet_import.h"
#include "desk/undo.h"
#include "desk_private.h"
#include "desk_site.h"
#include "own_profile.h"
#include "query.h"
#include "store/outbox.h"

static struct site s;
static struct own_profile profile;
static int64_t person[4];
static char path[300];

static int opened(void **state)
{
	(void)state;
	signal(SIGPIPE, SIG_IGN);
	setenv("SHIMING_LIBEXEC", BIN_DIR, 1);
	own_profile_make(&profile, "books/own.json");
	site_profiles = profile.dir;
	site_make(&s, "own");
	for (unsigned n = 1; n <= 3; n++)
		person[n] = person_register(&s, n, NULL);
	snprintf(path, sizeof(path), "%s/book.csv", s.dir);
	return 0;
}

static int closed(void **state)
{
	(void)state;
	unlink(path);
	site_drop(&s);
	own_profile_drop(&profile);
	return 0;
}

static void put(struct book_entry *e, const char *book, const char *field, const char *value)
{
	const struct book *b = profile_book(desk_profile(s.d), book);

	assert_non_null(b);
	for (size_t i = 0; i < b->n; i++)
		if (!strcmp(b->field[i].name, field))
			text_copy(e->value[i], BOOK_VALUE, value);
}

static int64_t lend(int64_t who, const char *tool, const char *n)
{
	struct book_entry e;
	struct book_finding f;
	int64_t id;

	OK(desk_book_begin(s.d, "tools", who, &e, E));
	put(&e, "tools", "tool", tool);
	put(&e, "tools", "n", n);
	OK(desk_book_save(s.d, "tools", &e, NULL, 0, &id, &f, E));
	return id;
}

static void form_to_list(void **state)
{
	struct book_entry e, rows[4];
	struct book_finding f;
	struct err err = {0};
	int64_t id, again;
	char shown[100];
	size_t n;
	const struct book *all;

	(void)state;
	assert_int_equal(profile_books(desk_profile(s.d), &all), 4);
	OK(desk_book_begin(s.d, "tools", person[1], &e, E));
	assert_string_equal(e.value[0], "2026-11-20"); /* today */
	assert_string_equal(e.value[3], "male");	       /* what the registration knows */
	assert_int_equal(desk_book_save(s.d, "tools", &e, NULL, 0, &id, &f, &err), -1);
	assert_int_equal(err.code, ERR_FINDINGS);
	assert_int_equal(f.field, 1); /* the tool is required */
	put(&e, "tools", "tool", "电钻");
	put(&e, "tools", "n", "many");
	assert_int_equal(desk_book_save(s.d, "tools", &e, NULL, 0, &id, &f, &err), -1);
	assert_int_equal(f.field, 2);
	put(&e, "tools", "n", "2");
	OK(desk_book_save(s.d, "tools", &e, NULL, 0, &id, &f, E));
	assert_int_equal(desk_book_save(s.d, "tools", &e, NULL, 0, &again, &f, &err), -1);
	assert_int_equal(err.code, ERR_DUPLICATE); /* same day, same tool */
	lend(person[2], "电钻", "1");
	OK(desk_book_list(s.d, "tools", 0, 0, rows, 4, &n, E));
	assert_int_equal(n, 2);
	assert_int_equal(rows[0].person, person[2]); /* newest first */
	OK(desk_book_list(s.d, "tools", person[1], 0, rows, 4, &n, E));
	assert_int_equal(n, 1);
	desk_book_show(s.d, &all[0].field[3], rows[0].value[3], shown, sizeof(shown));
	assert_string_equal(shown, "男");
	/* what is fixed stays, the rest changes */
	OK(desk_book_get(s.d, "tools", id, &e, E));
	put(&e, "tools", "n", "3");
	OK(desk_book_save(s.d, "tools", &e, NULL, 0, &again, &f, E));
	assert_int_equal(again, id);
	put(&e, "tools", "tool", "电锯");
	assert_int_equal(desk_book_save(s.d, "tools", &e, NULL, 0, &again, &f, &err), -1);
	assert_int_equal(err.code, ERR_FINDINGS);
	assert_non_null(strstr(f.sentence, "不能再改"));
	/* deleted, its place is free again */
	OK(desk_book_remove(s.d, "tools", id, "记错了", E));
	assert_int_equal(desk_book_get(s.d, "tools", id, &e, &err), -1);
	lend(person[1], "电钻", "5");
	assert_int_equal(desk_book_begin(s.d, "no such", person[1], &e, &err), -1);
	assert_int_equal(err.code, ERR_NO_SUCH);
}

static bool among(const int64_t *persons, size_t n, int64_t who)
{
	for (size_t i = 0; i < n; i++)
		if (persons[i] == who)
			return true;
	return false;
}

/* CD 3.3.5 6: by whether somebody stands in the register; a page holds one row, so that pages follow each other. */
static void roster_is(const char *book, bool without, const int64_t *persons, size_t n)
{
	struct roster_query q = {.filter = ROSTER_ALL, .without = without};
	struct roster_row row;
	struct roster_page page = {.row = &row, .cap = 1};
	size_t seen = 0;
	int64_t count;

	text_copy(q.book, sizeof(q.book), book);
	OK(desk_roster_count(s.d, &q, 1000, &count, E));
	assert_int_equal(count, n);
	do {
		OK(desk_roster(s.d, &q, &page, E));
		for (size_t i = 0; i < page.n; i++, seen++)
			assert_true(among(persons, n, row.person));
		q.after = page.last;
	} while (page.more && page.n);
	assert_int_equal(seen, n);
}

static void one_a_person_and_several(void **state)
{
	struct book_entry e;
	struct book_finding f;
	struct err err = {0};
	struct record r;
	struct registered made;
	struct findings found;
	int64_t id, again, persons[3], took[4];
	size_t n;

	(void)state;
	OK(desk_book_begin(s.d, "card", person[1], &e, E));
	assert_true(e.value[0][0]); /* the phone */
	put(&e, "card", "note", "良好");
	roster_is("card", true, (int64_t[]){person[1], person[2], person[3]}, 3);
	OK(desk_book_save(s.d, "card", &e, NULL, 0, &id, &f, E));
	roster_is("card", false, &person[1], 1);
	roster_is("card", true, (int64_t[]){person[2], person[3]}, 2);
	assert_int_equal(desk_book_save(s.d, "card", &e, NULL, 0, &again, &f, &err), -1);
	assert_int_equal(err.code, ERR_DUPLICATE);
	assert_int_equal(desk_book_remove(s.d, "card", id, "", &err), -1);
	assert_int_equal(err.code, ERR_FORBIDDEN);
	person_record(&s, &r, 9, false); /* typed by hand: not verified */
	OK(desk_register(s.d, &r, &found, &made, E));
	record_release(&r);
	assert_int_equal(desk_book_begin(s.d, "card", made.person, &e, &err), -1);
	assert_non_null(strstr(err.detail, "实名认证"));
	assert_int_equal(desk_book_begin(s.d, "meeting", person[1], &e, &err), -1);
	OK(desk_book_begin(s.d, "meeting", 0, &e, E));
	put(&e, "meeting", "subject", "高处作业");
	assert_int_equal(desk_book_save(s.d, "meeting", &e, NULL, 0, &id, &f, &err), -1); /* who took part? */
	persons[0] = person[3];
	persons[1] = person[1];
	OK(desk_book_save(s.d, "meeting", &e, persons, 2, &id, &f, E));
	OK(desk_book_people(s.d, "meeting", id, 0, took, 4, &n, E));
	assert_int_equal(n, 2);
	assert_int_equal(took[0], person[1]);
}

static size_t lessons_of(int64_t who, struct training_row *first)
{
	struct training_row rows[8];
	size_t n, had = 0;

	OK(desk_training_list(s.d, who, rows, 8, &n, E));
	for (size_t i = 0; i < n; i++)
		if (strcmp(rows[i].kind, "基本安全培训")) { /* that one came with the registration */
			*first = rows[i];
			had++;
		}
	return had;
}

static int64_t count_of(const char *kind, enum outbox_state state)
{
	struct outbox_row row[64];
	struct outbox_page page = {.row = row, .cap = 64};
	struct outbox_query q = {.view = OUTBOX_VIEW_ALL};
	int64_t n = 0;

	OK(desk_outbox(s.d, &q, &page, E));
	for (size_t i = 0; i < page.n; i++)
		n += !strcmp(row[i].kind, kind) && row[i].state == state;
	return n;
}

static void take_back_last(const char *what)
{
	struct undo_row undo;
	size_t n;
	bool more;

	OK(desk_undo_list(s.d, true, 0, &undo, 1, &n, &more, E));
	assert_string_equal(undo.what, what);
	OK(desk_undo(s.d, undo.act, E));
}

/* --- finding by what is said (CD 3.3.5 6) --- */

static size_t finds(const char *book, const char *text, int64_t *first)
{
	struct book_entry *row = calloc(1, sizeof(*row));
	int64_t before = 0, last = 0;
	size_t n, all = 0;

	assert_non_null(row);
	*first = 0;
	do { /* a row at a time: pages follow each other */
		OK(desk_book_find(s.d, book, text, before, row, 1, &n, E));
		assert_true(!n || !last || row->id < last);
		before = last = row->id;
		*first = n && !*first ? row->id : *first;
		all += n;
	} while (n);
	free(row);
	return all;
}

static int64_t card_of(int64_t who, const char *phone, const char *note)
{
	struct book_entry e;
	struct book_finding f;
	int64_t id;

	OK(desk_book_begin(s.d, "card", who, &e, E));
	put(&e, "card", "phone", phone);
	put(&e, "card", "note", note);
	OK(desk_book_save(s.d, "card", &e, NULL, 0, &id, &f, E));
	return id;
}

static void people_say(const char *text, const int64_t *persons, size_t n)
{
	struct roster_query q = {.filter = ROSTER_ALL, .book = "card"};
	struct roster_row rows[4];
	struct roster_page page = {.row = rows, .cap = 4};

	text_copy(q.says, sizeof(q.says), text);
	OK(desk_roster(s.d, &q, &page, E));
	assert_int_equal(page.n, n);
	for (size_t i = 0; i < n; i++)
		assert_true(among(persons, n, rows[i].person));
}

static void to_the_end_of_rekeying(void)
{
	struct rekey_progress now;

	do {
		OK(desk_rekey_step(s.d, &now, E));
	} while (now.under_way);
}

static int64_t words_on_file(void)
{
	struct query q;
	int64_t n;

	query_open(&q, s.d->store, "SELECT count(*) FROM book_word");
	OK(query_int(&q, &n, -1, E));
	return n;
}

static void new_key(void)
{
	enum role was = s.d->session.roles;
	char code[RECOVERY_CODE_TEXT];
	bool ended;

	s.d->session.roles |= ROLE_ADMINISTRATOR;
	OK(desk_rekey(s.d, REKEY_WORD, code, &ended, E));
	s.d->session.roles = was;
}

/* The words turn with the data key: the same is found from the first moment, and none of those made under the former one is left. */
static void found_under_a_new_key(void **state)
{
	int64_t drill = lend(person[1], "冲击电钻 GBH-2", "2"), saw, id, made;

	(void)state;
	assert_int_equal(finds("tools", "电钻", &id), 1);
	made = words_on_file();
	new_key();
	assert_int_equal(finds("tools", "电钻", &id), 1); /* searched before anything has turned: made anew at once */
	assert_int_equal(id, drill);
	assert_int_equal(words_on_file(), made);
	to_the_end_of_rekeying();
	assert_int_equal(words_on_file(), made);
	assert_int_equal(finds("tools", "电钻", &id), 1);
	new_key();
	saw = lend(person[2], "电锯", "12"); /* written meanwhile: stays */
	made = words_on_file() - made;
	to_the_end_of_rekeying();
	assert_int_equal(words_on_file(), made); /* not searched since: what was made under the former key is gone */
	assert_int_equal(finds("tools", "电锯", &id), 1);
	assert_int_equal(id, saw);
	assert_int_equal(finds("tools", "电钻", &id), 1);
	assert_int_equal(id, drill);
}

static void entries_are_found_by_what_they_say(void **state)
{
	int64_t drill = lend(person[1], "冲击电钻 GBH-2", "2"), saw = lend(person[2], "电锯", "12"), id;
	struct book_entry e;
	struct book_finding f;
	char name[NAME_TEXT];

	(void)state;
	assert_int_equal(finds("tools", "电", &id), 2);
	assert_int_equal(id, saw); /* newest first */
	assert_int_equal(finds("tools", "电钻", &id), 1);
	assert_int_equal(id, drill);
	assert_int_equal(finds("tools", "gbh－2", &id), 1); /* small letters, wide hyphen */
	assert_int_equal(finds("tools", "击电钻G", &id), 1); /* over a blank */
	assert_int_equal(finds("tools", "冲击钻", &id), 0);
	assert_int_equal(finds("tools", "冲2", &id), 0); /* both characters are there, not beside each other */
	assert_int_equal(finds("tools", "12", &id), 1);   /* a whole number, not a part of one */
	assert_int_equal(finds("tools", "2026-11-20", &id), 2);
	assert_int_equal(finds("tools", "男", &id), 0); /* neither a column nor declared */
	assert_int_equal(finds("tools", "", &id), 2);
	/* whom the roster finds */
	OK(desk_book_get(s.d, "tools", saw, &e, E));
	text_copy(name, sizeof(name), e.name);
	assert_int_equal(finds("tools", name, &id), 1);
	assert_int_equal(id, saw);
	/* changed, deleted, taken back */
	put(&e, "tools", "n", "13");
	OK(desk_book_save(s.d, "tools", &e, NULL, 0, &id, &f, E));
	assert_int_equal(finds("tools", "12", &id), 0);
	assert_int_equal(finds("tools", "13", &id), 1);
	OK(desk_book_remove(s.d, "tools", saw, "记错了", E));
	assert_int_equal(finds("tools", "电锯", &id), 0);
	take_back_last("登记簿删除");
	assert_int_equal(finds("tools", "电锯", &id), 1);
	/* a card: whole phone or its last four; the person's list by the same words */
	id = card_of(person[1], "13900440199", "无发热，无接触");
	card_of(person[3], "13900445678", "已接触");
	assert_int_equal(finds("card", "0199", &id), 1);
	assert_int_equal(finds("card", "13900440199", &id), 1);
	assert_int_equal(finds("card", "4401", &id), 0);
	assert_int_equal(finds("card", "接触", &id), 2);
	people_say("接触", (int64_t[]){person[1], person[3]}, 2);
	people_say("发热", (int64_t[]){person[1]}, 1);
	people_say("5678", (int64_t[]){person[3]}, 1);
	people_say("头痛", NULL, 0);
}

static void sessions_are_found_by_who_took_part(void **state)
{
	struct book_entry e;
	struct book_finding f;
	char name[NAME_TEXT];
	int64_t id, found;

	(void)state;
	OK(desk_book_begin(s.d, "tools", person[2], &e, E));
	text_copy(name, sizeof(name), e.name);
	OK(desk_book_begin(s.d, "lesson", 0, &e, E));
	put(&e, "lesson", "kind", "project");
	OK(desk_book_save(s.d, "lesson", &e, (int64_t[]){person[1], person[2]}, 2, &id, &f, E));
	OK(desk_book_begin(s.d, "lesson", 0, &e, E));
	put(&e, "lesson", "kind", "special");
	OK(desk_book_save(s.d, "lesson", &e, (int64_t[]){person[1]}, 1, &found, &f, E));
	assert_int_equal(finds("lesson", name, &found), 1);
	assert_int_equal(found, id);
	assert_int_equal(finds("lesson", "project", &found), 1); /* the code */
	assert_int_equal(finds("lesson", profile_code(desk_profile(s.d), "training_kinds", "project")->name, &found), 1);
	assert_int_equal(found, id);
}

/* I6: an account that acts for another firm finds nobody's but its own, neither by name nor by what is said. */
static void others_entries_are_not_found(void **state)
{
	struct account_new account = {.name = "other", .password = PASSWORD, .roles = ROLE_SUBCONTRACTOR_CLERK, .kdf_mib = 8};
	struct participant_row rows[8];
	struct book_entry e;
	char name[NAME_TEXT];
	int64_t id;
	size_t n;

	(void)state;
	id = lend(person[1], "电锯", "12");
	OK(desk_book_get(s.d, "tools", id, &e, E));
	text_copy(name, sizeof(name), e.name);
	OK(desk_participant_list(s.d, rows, 8, &n, E));
	for (size_t i = 0; i < n; i++)
		if (!strcmp(rows[i].uid, s.contractor))
			account.participant = rows[i].id;
	site_login(&s, "manager");
	OK(desk_account_add(s.d, &account, E));
	site_login(&s, "other");
	assert_int_equal(finds("tools", "电锯", &id), 0);
	assert_int_equal(finds("tools", name, &id), 0);
	site_login(&s, "clerk");
	assert_int_equal(finds("tools", "电锯", &id), 1);
	assert_int_equal(finds("tools", name, &id), 1);
}

/* Entries from before there were words are found too: they get theirs when somebody looks. */
static void entries_of_former_versions_are_found(void **state)
{
	int64_t id, saw;
	struct query q;

	(void)state;
	for (int i = 0; i < 70; i++) { /* more than a page */
		char tool[20];

		snprintf(tool, sizeof(tool), "扳手%d号", i);
		lend(person[1], tool, "1");
	}
	saw = lend(person[2], "电锯", "12");
	OK(store_begin(s.d->store, E));
	query_open(&q, s.d->store, "DELETE FROM book_word");
	OK(query_run(&q, E));
	query_open(&q, s.d->store, "UPDATE book_entry SET words = 0");
	OK(query_run(&q, E));
	OK(store_commit(s.d->store, E));
	assert_int_equal(finds("tools", "电锯", &id), 1);
	assert_int_equal(id, saw);
	assert_int_equal(finds("tools", "扳手", &id), 70);
	assert_int_equal(finds("tools", "1", &id), 70);
}

/* I1: a session is training of each who took part; it follows what the entry says, and goes with it; taken back, it says it again. */
static void a_session_trains_its_people(void **state)
{
	struct training_row t;
	struct book_entry e;
	struct book_finding f;
	struct err err = {0};
	int64_t id, again;

	(void)state;
	OK(desk_book_begin(s.d, "lesson", 0, &e, E));
	put(&e, "lesson", "kind", "project");
	put(&e, "lesson", "hours", "6");
	put(&e, "lesson", "day", "2026-11-21");
	assert_int_equal(desk_book_save(s.d, "lesson", &e, (int64_t[]){person[1], person[2]}, 2, &id, &f, &err), -1);
	assert_int_equal(f.field, 0); /* tomorrow */
	assert_int_equal(lessons_of(person[1], &t), 0);
	put(&e, "lesson", "day", "2026-11-19");
	OK(desk_book_save(s.d, "lesson", &e, (int64_t[]){person[1], person[2]}, 2, &id, &f, E));
	assert_int_equal(lessons_of(person[1], &t), 1);
	assert_int_equal(lessons_of(person[2], &t), 1);
	assert_int_equal(t.hours, 6);
	assert_int_equal(lessons_of(person[3], &t), 0);
	assert_int_equal(count_of("training.add", OUTBOX_HELD), 1); /* the session, not each of its people */
	/* other people, another kind */
	OK(desk_book_get(s.d, "lesson", id, &e, E));
	put(&e, "lesson", "kind", "special");
	OK(desk_book_save(s.d, "lesson", &e, (int64_t[]){person[2], person[3]}, 2, &again, &f, E));
	assert_int_equal(lessons_of(person[1], &t), 0);
	assert_int_equal(lessons_of(person[3], &t), 1);
	assert_int_equal(lessons_of(person[2], &t), 1);
	assert_string_equal(t.kind, "专项安全培训");
	assert_int_equal(count_of("training.add", OUTBOX_HELD), 1); /* nothing had left: told once, as it is */
	take_back_last("登记簿更正");
	assert_int_equal(lessons_of(person[1], &t), 1);
	assert_string_equal(t.kind, "三级教育（项目级）");
	assert_int_equal(lessons_of(person[3], &t), 0);
	OK(desk_book_remove(s.d, "lesson", id, "", E));
	assert_int_equal(lessons_of(person[1], &t), 0);
	assert_int_equal(count_of("training.add", OUTBOX_HELD), 0);
	assert_int_equal(count_of("training.remove", OUTBOX_HELD), 0); /* the platform never heard of it */
	take_back_last("登记簿删除");
	assert_int_equal(lessons_of(person[1], &t), 1);
	assert_int_equal(count_of("training.add", OUTBOX_HELD), 1);
}

#define MANY 70

/* However many took part whom the platform does not have yet, it hears of all of them first; sent again too. */
static void a_session_waits_for_all_its_people(void **state)
{
	struct outbox_row rows[8];
	struct outbox_page page = {.row = rows, .cap = 8};
	int64_t all[MANY], id, *needs;
	struct book_finding f;
	struct book_entry e;
	char uid[UID_TEXT];
	struct batch b;
	int64_t next;
	size_t n;

	(void)state;
	for (unsigned i = 0; i < MANY; i++) {
		all[i] = person_register(&s, 100 + i, NULL);
		person_employment(&s, all[i], uid);
		change_arrives(&s, "employment.consent", uid, APPLIED);
		person_act(&s, all[i], EVENT_SUBMIT);
	}
	OK(desk_book_begin(s.d, "lesson", 0, &e, E));
	put(&e, "lesson", "kind", "project");
	put(&e, "lesson", "hours", "6");
	put(&e, "lesson", "day", "2026-11-19");
	OK(desk_book_save(s.d, "lesson", &e, all, MANY, &id, &f, E));
	OK(desk_outbox(s.d, &(struct outbox_query){.view = OUTBOX_VIEW_ALL}, &page, E));
	assert_string_equal(rows[0].kind, "training.add");
	OK(db_outbox_needs_all(s.d->store, rows[0].id, &needs, &n, E));
	free(needs);
	assert_int_equal(n, MANY);
	site_send_all(&s);
	OK(desk_take_batch(s.d, 3000, 8 << 20, &b, &next, E));
	assert_true(b.n > MANY);
	assert_int_equal(b.item[b.n - 1].id, rows[0].id); /* after them */
	OK(desk_take_answers(s.d, &(struct answer){.op = rows[0].op, .kind = ANSWER_REJECTED, .reason_code = "x"}, 1, E));
	desk_release_batch(&b);
	OK(desk_outbox_retry(s.d, rows[0].id, E));
	OK(desk_outbox(s.d, &(struct outbox_query){.view = OUTBOX_VIEW_ALL}, &page, E));
	assert_string_equal(rows[0].kind, "training.add");
	OK(db_outbox_needs_all(s.d->store, rows[0].id, &needs, &n, E));
	free(needs);
	assert_int_equal(n, MANY);
}

/* What the profile says stays here goes nowhere. */
static void some_stay_here(void **state)
{
	struct book_entry e;
	struct book_finding f;
	int64_t id;

	(void)state;
	OK(desk_book_begin(s.d, "card", person[1], &e, E));
	put(&e, "card", "note", "良好");
	OK(desk_book_save(s.d, "card", &e, NULL, 0, &id, &f, E));
	assert_int_equal(count_of("book.add", OUTBOX_HELD), 0);
	lend(person[1], "电锤", "1");
	assert_int_equal(count_of("book.add", OUTBOX_HELD), 1);
}

/* What was refused, into a file that can be mended: its own headings, the rows as they came, and why. */
static void refused_rows(const char *to)
{
	struct sheet_import_options o = {.path = path, .form = "tools", .dry_run = true};
	struct sheet_import *i;
	bool over = false;
	int fd;

	OK(desk_sheet_import_open(s.d, &o, &i, E));
	while (!over) {
		struct pollfd p = {.fd = desk_sheet_import_fd(i), .events = POLLIN};

		poll(&p, 1, 1000);
		OK(desk_sheet_import_step(i, &over, E));
	}
	fd = open(to, O_RDWR | O_CREAT | O_TRUNC, 0600);
	assert_true(fd >= 0);
	OK(desk_sheet_import_report(i, "csv", fd, E));
	close(fd);
	desk_sheet_import_close(i);
}

static struct import_counts take(char why[8][IMPORT_WHY])
{
	struct sheet_import_options o = {.path = path, .form = "tools"};
	struct import_counts counts;
	struct sheet_import *i;
	bool over = false;

	OK(desk_sheet_import_open(s.d, &o, &i, E));
	while (!over) {
		struct pollfd p = {.fd = desk_sheet_import_fd(i), .events = POLLIN};

		poll(&p, 1, 1000);
		OK(desk_sheet_import_step(i, &over, E));
	}
	counts = *desk_sheet_import_counts(i);
	for (size_t k = 0; why && desk_sheet_import_verdict(i, k); k++)
		text_copy(why[k], IMPORT_WHY, desk_sheet_import_verdict(i, k)->why ? desk_sheet_import_verdict(i, k)->why : "");
	desk_sheet_import_close(i);
	return counts;
}

static void line(FILE *f, unsigned n, const char *rest)
{
	struct person_file file;
	char number[19];

	person_number(n, number);
	OK(desk_person_file(s.d, person[n], &file, E));
	fprintf(f, "%s,%s,%s\n", file.row.name, number, rest);
}

static void table_and_paper(void **state)
{
	static char why[8][IMPORT_WHY];
	struct office_file pdf = {.fd = -1};
	struct import_counts c;
	struct office_out out;
	struct undo_row undo;
	struct stat st;
	struct book_entry rows[2];
	char to[300];
	struct buf text;
	size_t n;
	bool more;
	FILE *f = fopen(path, "w");

	(void)state;
	assert_non_null(f);
	fputs("姓名,身份证号码,数量,工具名称,领用日期\n", f);
	line(f, 1, "2,铁锹,2026/11/19");
	line(f, 2, "x,铁锹,2026-11-19");
	line(f, 3, ",铁锹,2026-11-19");
	fputs("王试工,110101199001011237,1,铁锹,2026-11-19\n", f);
	fclose(f);
	c = take(why);
	assert_int_equal(c.n[IMPORT_NEW], 1);
	assert_int_equal(c.n[IMPORT_REFUSED], 3);
	assert_non_null(strstr(why[1], "数量"));
	assert_non_null(strstr(why[2], "不能为空"));
	assert_non_null(strstr(why[3], "没有此人"));
	assert_int_equal(take(NULL).n[IMPORT_SAME], 1);
	snprintf(to, sizeof(to), "%s/refused.csv", s.dir);
	refused_rows(to);
	buf_init(&text, 1u << 16);
	OK(io_read_file(to, 1u << 16, &text, E));
	assert_non_null(strstr(text.data, "工具名称"));
	assert_non_null(strstr(text.data, "退回原因"));
	assert_non_null(strstr(text.data, "王试工"));
	assert_non_null(strstr(text.data, "没有此人"));
	assert_null(strstr(text.data, "2026/11/19")); /* that row was taken */
	buf_release(&text);
	unlink(to);
	OK(desk_book_list(s.d, "tools", 0, 0, rows, 2, &n, E));
	assert_int_equal(n, 1);
	unlink(path);
	snprintf(path, sizeof(path), "%s/book.pdf", s.dir);
	OK(office_file_new(&pdf, path, true, E));
	OK(office_out_open(&out, "pdf", pdf.fd, E));
	OK(desk_book_paper(s.d, "tools", rows[0].id, &out, E));
	OK(office_out_end(&out, E));
	office_out_release(&out);
	assert_int_equal(fstat(pdf.fd, &st), 0);
	assert_true(st.st_size > 1000);
	OK(office_file_end(&pdf, 0, E));
	OK(desk_undo_list(s.d, true, 0, &undo, 1, &n, &more, E));
	assert_string_equal(undo.what, "登记簿登记");
	OK(desk_undo(s.d, undo.act, E));
	OK(desk_book_list(s.d, "tools", 0, 0, rows, 2, &n, E));
	assert_int_equal(n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define EACH(t) cmocka_unit_test_setup_teardown(t, opened, closed)
		EACH(form_to_list), EACH(one_a_person_and_several), EACH(table_and_paper), EACH(a_session_trains_its_people), EACH(a_session_waits_for_all_its_people),
		EACH(some_stay_here),
		EACH(entries_are_found_by_what_they_say), EACH(found_under_a_new_key), EACH(sessions_are_found_by_who_took_part), EACH(entries_of_former_versions_are_found),
		EACH(others_entries_are_not_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
