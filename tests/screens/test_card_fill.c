/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * R14 from the helper's line to the form that is saved: our memory, SQLite's, and the application's calls on files, pipes and processes
 * fail once in turn, while a card opens its form, waits beside what is being typed, opens a known person's file, goes into the form in
 * which its number was typed, while a line is left, and while the form with the portrait is saved. Each time: what was wanted is there, or
 * it is said in the status line or by the header's word, nothing typed is lost or half replaced, the same card laid down again at once
 * works, no descriptor is left open, and (the sanitizer's word) nothing leaks. The helper is a script that says what a real one says, "the
 * same card again" among it; the other half of the way is tests/reader/test_card_calls.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/io.h"
#include "base/log.h"
#include "base/text.h"
#include "screens/stage.h"

#include "../../screens/form.h"
#include "../../screens/screen_list.h"
#include "../../screens/ui_private.h"

/* --- what fails ------------------------------------------------------------------------------------------------------------- */

enum fault { NO_FAULT, OUR_MEMORY, SQLITE_MEMORY, CALLS };
static const char *const fault_names[] = {"nothing", "our memory", "SQLite's memory", "calls"};

static _Thread_local bool inside; /* of the application: the glass has a thread of its own */
static enum fault armed;
static long at, made;
static const char *struck;
static int tty = -1; /* the terminal: when it fails there is nobody to say it to */

static bool strikes(enum fault f, const char *name)
{
	if (!inside || armed != f || ++made != at)
		return false;
	struck = name;
	return true;
}

#define WRAP(f, type, name, why, bad, parameters, arguments)          \
	type __real_##name parameters;                                \
	type __wrap_##name parameters;                                \
	type __wrap_##name parameters                                 \
	{                                                             \
		if (!strikes(f, #name))                               \
			return __real_##name arguments;               \
		errno = why;                                          \
		return bad;                                           \
	}

WRAP(OUR_MEMORY, void *, malloc, ENOMEM, NULL, (size_t n), (n))
WRAP(OUR_MEMORY, void *, calloc, ENOMEM, NULL, (size_t n, size_t size), (n, size))
WRAP(OUR_MEMORY, void *, realloc, ENOMEM, NULL, (void *p, size_t n), (p, n))
WRAP(CALLS, int, poll, ENOMEM, -1, (struct pollfd *p, nfds_t n, int ms), (p, n, ms))
WRAP(CALLS, int, pipe2, EMFILE, -1, (int ends[2], int flags), (ends, flags))
WRAP(CALLS, pid_t, fork, EAGAIN, -1, (void), ())
WRAP(CALLS, int, open64, EMFILE, -1, (const char *path, int flags, mode_t mode), (path, flags, mode))
WRAP(CALLS, int, stat64, EACCES, -1, (const char *path, struct stat *st), (path, st))
WRAP(CALLS, int, lstat64, EACCES, -1, (const char *path, struct stat *st), (path, st))
WRAP(CALLS, int, socket, EMFILE, -1, (int domain, int type, int protocol), (domain, type, protocol))
WRAP(CALLS, int, connect, ECONNREFUSED, -1, (int fd, const struct sockaddr *to, socklen_t n), (fd, to, n))

ssize_t __real_read(int fd, void *p, size_t n);
ssize_t __wrap_read(int fd, void *p, size_t n);
ssize_t __wrap_read(int fd, void *p, size_t n)
{
	if (fd == tty || !strikes(CALLS, "read"))
		return __real_read(fd, p, n);
	errno = EIO;
	return -1;
}

ssize_t __real_write(int fd, const void *p, size_t n);
ssize_t __wrap_write(int fd, const void *p, size_t n);
ssize_t __wrap_write(int fd, const void *p, size_t n)
{
	if (fd == tty || !strikes(CALLS, "write"))
		return __real_write(fd, p, n);
	errno = ENOSPC;
	return -1;
}

static sqlite3_mem_methods real_methods;

static void *x_malloc(int n)
{
	return strikes(SQLITE_MEMORY, "SQLite's malloc") ? NULL : real_methods.xMalloc(n);
}

static void *x_realloc(void *p, int n)
{
	return strikes(SQLITE_MEMORY, "SQLite's realloc") ? NULL : real_methods.xRealloc(p, n);
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

/* --- the helper --------------------------------------------------------------------------------------------------------------- */

#define FIRST_CARD 41
#define CARDS 3
#define KNOWN 2 /* registered */
#define DEADLINE_MS 10000

static struct stage stage;
static char helper_dir[300];
static int bell = -1;
static unsigned serial;
static int64_t skew; /* so that no pause before another try is waited for */

/* Tells what lies there when it starts and whenever the bell rings; the card it told last is "the same". */
static const char script[] =
	"#!/bin/sh\n"
	"d=${0%%/*}\n"
	"tell() {\n"
	"	read -r serial card < $d/state\n"
	"	[ \"$serial\" = \"$told\" ] && return\n"
	"	told=$serial\n"
	"	if [ \"$card\" = 0 ]; then cat $d/gone\n"
	"	elif [ \"$card\" = \"$last\" ]; then cat $d/same\n"
	"	else cat $d/card-$card; last=$card; fi\n"
	"}\n"
	"cat $d/ready\n"
	"read -r told card < $d/state\n"
	"[ \"$card\" = 0 ] || { cat $d/card-$card; last=$card; }\n"
	"while read -r go; do tell; done < $d/bell\n";

static void put(const char *name, const char *bytes, size_t n, mode_t mode)
{
	char path[400], part[410];
	int fd;

	text_format(path, sizeof(path), "%s/%s", helper_dir, name);
	text_format(part, sizeof(part), "%s.part", path);
	fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	assert_true(fd >= 0);
	assert_int_equal(io_write_all(fd, bytes, n, NULL), 0);
	assert_int_equal(close(fd), 0);
	assert_int_equal(rename(part, path), 0);
}

static void put_events(const char *name, struct card_event *ev, const enum card_event_kind *kinds, size_t n)
{
	struct buf all, line;

	buf_init(&all, 1 << 16);
	buf_init(&line, CARD_EVENT_LINE);
	for (size_t i = 0; i < n; i++) {
		ev->kind = kinds[i];
		ev->reader_kind = CARD_READER_SAMV;
		text_copy(ev->reader, sizeof(ev->reader), "Invented reader 00 00");
		assert_int_equal(card_event_write(ev, &line), 0);
		assert_int_equal(buf_add(&all, line.data, line.len) || buf_adds(&all, "\n"), 0);
	}
	put(name, all.data, all.len, 0600);
	buf_release(&all);
	buf_release(&line);
}

static void put_card(unsigned person)
{
	static const enum card_event_kind kinds[] = {CARD_EVENT_CARD, CARD_EVENT_READING, CARD_EVENT_READ};
	struct card_event ev;
	char name[24];

	stage_card_event(&stage, person, &ev);
	text_format(name, sizeof(name), "card-%u", person);
	put_events(name, &ev, kinds, ARRAY_LEN(kinds));
}

static void lies_there(unsigned person)
{
	char line[40];

	text_format(line, sizeof(line), "%u %u\n", ++serial, person);
	put("state", line, strlen(line), 0600);
	assert_int_equal(write(bell, "\n", 1), 1);
}

static void make_helper(void)
{
	static const enum card_event_kind ready = CARD_EVENT_READER, gone = CARD_EVENT_CARD_GONE, same[] = {CARD_EVENT_CARD, CARD_EVENT_READING, CARD_EVENT_SAME};
	struct card_event ev = {.kind = CARD_EVENT_NONE};
	char path[400], text[1024];

	text_format(helper_dir, sizeof(helper_dir), "%s/helper", stage.site.dir);
	assert_int_equal(mkdir(helper_dir, 0700), 0);
	text_format(text, sizeof(text), script);
	put("shiming-reader", text, strlen(text), 0700);
	put_events("ready", &ev, &ready, 1);
	put_events("gone", &ev, &gone, 1);
	put_events("same", &ev, same, ARRAY_LEN(same));
	for (unsigned i = 0; i < CARDS; i++)
		put_card(FIRST_CARD + i);
	for (unsigned i = 1; i <= KNOWN; i++)
		put_card(i);
	text_format(path, sizeof(path), "%s/bell", helper_dir);
	assert_int_equal(mkfifo(path, 0600), 0);
	bell = open(path, O_RDWR | O_CLOEXEC);
	assert_true(bell >= 0);
	lies_there(0);
	setenv("SHIMING_LIBEXEC", helper_dir, 1);
}

/* --- the loop, a turn at a time ------------------------------------------------------------------------------------------------- */

static bool lying; /* as far as was told */

static void on_card(void *arg, const struct card_event *ev)
{
	if (ev->kind == CARD_EVENT_READER || ev->kind == CARD_EVENT_CARD_GONE)
		lying = false;
	if (ev->kind == CARD_EVENT_CARD)
		lying = true;
	session_card(arg, ev);
}

static void step(void)
{
	struct ui *ui = stage.ui;

	if (ui->reader.restart_at)
		skew = ui->reader.restart_at - clock_steady_ms();
	inside = true;
	reader_link_step(&ui->reader, clock_steady_ms() + skew, on_card, ui);
	inside = false;
}

static void turn(void)
{
	struct pollfd p = {.fd = reader_link_fd(&stage.ui->reader), .events = POLLIN};

	poll(&p, 1, 20);
	step();
	stage_paint(&stage);
}

static void until_state(enum card_event_kind kind)
{
	int64_t deadline = clock_steady_ms() + DEADLINE_MS;

	while (stage.ui->reader.state != kind || stage.ui->reader.restart_at) {
		if (clock_steady_ms() > deadline)
			fail_msg("%s, place %ld: the header stays at: %s", struck, at, reader_link_word(&stage.ui->reader));
		turn();
	}
}

static bool a_card_waits(unsigned card)
{
	(void)card;
	return stage.ui->cards != 0;
}

static void until_is(bool (*so)(unsigned card), unsigned card, const char *what)
{
	int64_t deadline = clock_steady_ms() + DEADLINE_MS;

	while (!so(card)) {
		if (clock_steady_ms() > deadline)
			fail_msg("after %s, place %ld: %s; the header: %s; the status line: %s", struck, at, what, reader_link_word(&stage.ui->reader), stage.ui->status);
		turn();
	}
}

static bool nothing_lies_there(unsigned card)
{
	enum card_event_kind state = stage.ui->reader.state;

	(void)card;
	return !lying && !stage.ui->reader.restart_at && (state == CARD_EVENT_CARD_GONE || state == CARD_EVENT_READER);
}

static void lift(void)
{
	lies_there(0);
	until_is(nothing_lies_there, 0, "the card seems to lie there still");
}

static bool said(void)
{
	return stage.ui->status[0] && (stage.ui->status_kind == SAY_ERROR || stage.ui->status_kind == SAY_WARN);
}

/* A word in the header that is no good word. */
static bool header_says(void)
{
	return stage.ui->reader.cause != ERR_NONE && *reader_link_word(&stage.ui->reader);
}

/* --- the work flows --------------------------------------------------------------------------------------------------------------- */

struct flow {
	const char *name;
	void (*begin)(void);      /* before the first place */
	void (*ready)(unsigned card); /* before each one: the card is put there after it, where `lays` */
	bool lays;
	void (*act)(void);        /* what fails beside it */
	bool (*done)(unsigned card); /* it is as it should be */
	void (*clean)(void);
};

static void shows_name(unsigned person, char *out, size_t size)
{
	struct record r;

	person_record(&stage.site, &r, person, true);
	text_copy(out, size, record_get(&r, F_NAME));
	record_release(&r);
}

static bool is_on(const struct screen_ops *screen)
{
	return ui_top(stage.ui) == screen;
}

/* All that the card says stands in the form. */
static bool form_of(unsigned card)
{
	struct record r;
	bool whole = is_on(&register_screen);

	person_record(&stage.site, &r, card, true);
	for (enum field_id f = 0; whole && f < FIELD_COUNT; f++)
		if ((field_get(f)->flags & FIELD_FROM_CARD) && r.origin[f] == ORIGIN_CARD) {
			const struct form_line *l = form_find(ui_top_state(stage.ui), (int)f);

			whole = !l || l->text[0];
		}
	record_release(&r);
	return whole && stage_shows(&stage, "读卡登记");
}

static void back_home(void)
{
	for (int i = 0; i < 6 && !is_on(&home_screen); i++)
		stage_keys(&stage, "<Esc>");
	stage_on(&stage, "home");
}

static bool file_of(unsigned card)
{
	char name[ID_CARD_TEXT(15)];

	shows_name(card, name, sizeof(name));
	return is_on(&person_screen) && stage_shows(&stage, name);
}

#define TYPED_NAME "张试"
#define TYPED_PHONE "13800004"

static void type_beside(void)
{
	stage_keys(&stage, "n");
	stage_on(&stage, "register");
	stage_keys(&stage, "44049919<Tab>" TYPED_NAME);
}

static bool typed_is_there(void)
{
	return is_on(&register_screen) && stage_shows(&stage, "44049919") && stage_shows(&stage, TYPED_NAME);
}

static bool waits(unsigned card)
{
	if (!typed_is_there())
		fail_msg("%s, place %ld: what was typed is gone", struck, at);
	(void)card;
	return stage.ui->cards == 1 && stage_shows(&stage, "已读到");
}

static void drop_waiting(void)
{
	while (stage.ui->cards)
		ui_drop_card(stage.ui);
}

/* What helps from the terminal: keys, a tick, as the application's own loop gives them. */
static void press(int key)
{
	inside = true;
	ui_key(stage.ui, key);
	inside = false;
	stage_paint(&stage);
}

static void keep_typing(unsigned card)
{
	static unsigned n;
	char phone[12];

	(void)card;
	stage_to_field(&stage, "手机号码");
	text_format(phone, sizeof(phone), "139%08u", ++n);
	stage_keys(&stage, "<F6>");
	stage_keys(&stage, phone);
}

static void press_tab(void)
{
	press(K_TAB);
}

/* The line has it, and so has the draft that is kept a moment later: whatever was said, it is not lost. */
static bool phone_is_kept(unsigned card)
{
	const struct form_line *l = form_find(ui_top_state(stage.ui), F_PHONE);
	static int64_t later;
	struct draft_row row[4];
	struct record r;
	int64_t person;
	bool kept = false, found = false;
	size_t n = 0;

	(void)card;
	armed = NO_FAULT;
	record_init(&r);
	later += 2000;
	stage_tick(&stage, later);
	stage.ui->last_key = stage.now; /* no lock */
	OK(desk_draft_list(stage.site.d, row, ARRAY_LEN(row), &n, E));
	for (size_t i = 0; i < n && !kept; i++) {
		OK(desk_draft_load(stage.site.d, row[i].form, &person, &r, &found, E));
		kept = found && l->text[0] && !strcmp(record_get(&r, F_PHONE), l->text);
	}
	if (!kept)
		fail_msg("%s, place %ld: %s on the line, and in no draft", struck, at, l->text);
	record_release(&r);
	return true;
}

/* The number was typed, and its card is laid down: F8 takes what it says into the form. */
static void type_number(unsigned card)
{
	struct record r;

	person_record(&stage.site, &r, card, true);
	stage_keys(&stage, "n");
	stage_keys(&stage, record_get(&r, F_NUMBER));
	record_release(&r);
	stage_to_field(&stage, "手机号码");
	stage_keys(&stage, TYPED_PHONE);
	lies_there(card);
	until_is(a_card_waits, card, "no card waits");
}

static void press_f8(void)
{
	press(K_F8);
}

static bool of_the_card(unsigned card)
{
	struct sheet *form = ui_top_state(stage.ui);
	const struct form_line *phone = form_find(form, F_PHONE), *number = form_find(form, F_NUMBER), *authority = form_find(form, F_AUTHORITY);
	bool whole = form_of(card) && number->locked && authority->locked;

	if (!is_on(&register_screen) || strcmp(phone->text, TYPED_PHONE))
		fail_msg("%s, place %ld: what was typed is gone", struck, at);
	if (!whole && (number->locked || authority->locked || stage.ui->cards != 1))
		fail_msg("%s, place %ld: half a card stands there", struck, at);
	return whole;
}

static unsigned next_card = FIRST_CARD + CARDS;

/* Only where the last one was saved. */
static void fill_form(unsigned card)
{
	static bool carried;

	(void)card;
	if (is_on(&register_screen))
		return;
	put_card(++next_card);
	lies_there(next_card);
	until_is(form_of, next_card, "no form opens");
	if (carried) {
		stage_to_field(&stage, "手机号码");
		stage_keys(&stage, "13800004001");
	} else {
		stage_fill_work(&stage);
	}
	carried = true;
}

static void press_f2(void)
{
	press(K_F2);
}

static bool is_saved(unsigned card)
{
	char number[19];
	struct record r;
	int64_t person = 0;
	bool saved;

	(void)card;
	armed = NO_FAULT;
	person_number(next_card, number);
	OK(desk_person_by_document(stage.site.d, "01", number, &person, E));
	saved = person != 0;
	if (saved == is_on(&register_screen))
		fail_msg("%s, place %ld: the form %s", struck, at, saved ? "stays though it is saved" : "is gone and nothing is saved");
	if (!saved)
		return false;
	record_init(&r);
	OK(desk_person_record(stage.site.d, person, &r, E));
	assert_true(r.has_portrait && record_get(&r, F_PHONE)[0] && record_get(&r, F_ADDRESS)[0]);
	record_release(&r);
	return true;
}

static void start_afresh(void)
{
	reader_link_afresh(&stage.ui->reader);
	for (int i = 0; i < 3; i++)
		turn();
}

static bool helper_is_there(unsigned card)
{
	(void)card;
	until_state(CARD_EVENT_READER);
	return true;
}

static const struct flow flows[] = {
	{"a card opens its form", NULL, NULL, true, NULL, form_of, back_home},
	{"a card waits", type_beside, NULL, true, NULL, waits, drop_waiting},
	{"a known person's card", NULL, NULL, true, NULL, file_of, back_home},
	{"a line is left", type_beside, keep_typing, false, press_tab, phone_is_kept, NULL},
	{"a card for what was typed", NULL, type_number, false, press_f8, of_the_card, back_home},
	{"the form is saved", NULL, fill_form, false, press_f2, is_saved, NULL},
	{"the helper is started", NULL, NULL, false, start_afresh, helper_is_there, NULL},
};

/* --- in turn ------------------------------------------------------------------------------------------------------------------------ */

static unsigned places, told, header_told;

static size_t descriptors(void)
{
	size_t n = 0;

	for (int fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static void neither(const struct flow *flow)
{
	glass_print(stage.glass);
	fail_msg("%s, %s at place %ld: neither done nor said; the reader: %s; the last error: %s", flow->name, struck, at,
		 card_event_kind_name(stage.ui->reader.state), err_name(stage.ui->last_error.code));
}

static bool lay_until_done(const struct flow *flow, unsigned card)
{
	int64_t deadline = clock_steady_ms() + DEADLINE_MS;

	lies_there(card);
	while (!flow->done(card)) {
		if (said())
			return false;
		if (clock_steady_ms() > deadline)
			neither(flow);
		turn();
		header_told += header_says() && !stage.ui->reader.restart_at;
	}
	return true;
}

static bool act(const struct flow *flow, unsigned card)
{
	if (flow->lays)
		return lay_until_done(flow, card);
	flow->act();
	return flow->done(card);
}

static void again(const struct flow *flow, unsigned card)
{
	if (!said())
		fail_msg("%s, %s at place %ld: not done, and not said", flow->name, struck, at);
	told++;
	if (!flow->lays)
		return;
	lift();
	stage.ui->status[0] = '\0';
	if (!lay_until_done(flow, card))
		fail_msg("%s, %s at place %ld: laid down again: %s", flow->name, struck, at, stage.ui->status);
}

static bool fail_at(const struct flow *flow, enum fault f, long n)
{
	static unsigned nth; /* never the same one twice: the helper would say so */
	unsigned card = flow->done == file_of ? 1 + ++nth % KNOWN : FIRST_CARD + ++nth % CARDS;
	size_t before = descriptors();
	bool done;

	if (flow->ready)
		flow->ready(card);
	stage.ui->status[0] = '\0';
	struck = NULL;
	made = 0;
	at = n;
	armed = f;
	done = act(flow, card);
	armed = NO_FAULT;
	if (!done)
		again(flow, card);
	if (flow->clean)
		flow->clean();
	if (flow->lays || flow->done == of_the_card)
		lift();
	if (descriptors() != before)
		fail_msg("%s, %s at place %ld: %zu descriptors, before %zu", flow->name, struck, n, descriptors(), before);
	places += struck != NULL;
	return struck != NULL;
}

static long step_on(enum fault f, long n)
{
	const char *every = getenv("SHIMING_FAULT_EVERY");

	return every ? n + atol(every) : f == SQLITE_MEMORY ? n + 1 + n / 4 : n + 1 + n / 16;
}

static void one_fault(void **state)
{
	enum fault f = (enum fault)(size_t)*state;

	for (size_t i = 0; i < ARRAY_LEN(flows); i++) {
		places = told = header_told = 0;
		if (flows[i].begin)
			flows[i].begin();
		for (long n = 1; fail_at(&flows[i], f, n); n = step_on(f, n))
			;
		print_message("%s, %s: %u places, said %u\n", flows[i].name, fault_names[f], places, told);
		back_home();
		lift();
	}
}

static int begin(void **state)
{
	(void)state;
	stage_open(&stage, "xterm-256color");
	tty = glass_tty(stage.glass);
	make_helper();
	stage_people(&stage, KNOWN);
	stage_login(&stage, "clerk");
	until_state(CARD_EVENT_READER);
	return 0;
}

static int end(void **state)
{
	char command[400];

	(void)state;
	text_format(command, sizeof(command), "rm -rf %s", helper_dir);
	assert_int_equal(system(command), 0);
	close(bell);
	stage_close(&stage);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define FAULT(f) {#f, one_fault, begin, end, (void *)(size_t)(f)}
		FAULT(OUR_MEMORY),
		FAULT(SQLITE_MEMORY),
		FAULT(CALLS),
	};

	wrap_sqlite();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
