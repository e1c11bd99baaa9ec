/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The photograph: put in, replaced, opened on record, sealed; and where commands of others come from. */
#include "desk/photo.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/text.h"
#include "desk/commands.h"
#include "desk/undo.h"
#include "desk_private.h"
#include "desk_site.h"
#include "store/fact.h"

#define PLANTED "PLANTED-PIXELS-7f3a"

/* SOI, JFIF, a quantisation table's worth of nothing, a scan that holds the planted bytes, EOI. */
static void make_jpeg(struct buf *out, unsigned which, size_t bytes)
{
	static const char head[] = "\xFF\xD8\xFF\xE0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0\xFF\xDA\0\2";

	buf_reset(out);
	buf_add(out, head, sizeof(head) - 1);
	buf_addf(out, PLANTED " %u ", which);
	while (out->len + 2 < bytes)
		buf_add(out, "x", 1);
	buf_add(out, "\xFF\xD9", 2);
	assert_false(out->failed);
}

struct at_desk {
	struct site s;
	struct buf jpeg, got;
	int64_t person;
};

static int opened(void **state)
{
	struct at_desk *a = calloc(1, sizeof(*a));

	buf_init(&a->jpeg, 1 << 20);
	buf_init(&a->got, 1 << 20);
	site_make(&a->s, "national");
	site_login(&a->s, "clerk");
	a->person = person_register(&a->s, 1, NULL);
	*state = a;
	return 0;
}

static int closed(void **state)
{
	struct at_desk *a = *state;

	site_drop(&a->s);
	buf_release(&a->jpeg);
	buf_release(&a->got);
	free(a);
	return 0;
}

static void put(struct at_desk *a, unsigned which, size_t bytes)
{
	make_jpeg(&a->jpeg, which, bytes);
	OK(desk_photo_set(a->s.d, a->person, PHOTO_FACE, a->jpeg.data, a->jpeg.len, E));
}

static void expect_photo(struct at_desk *a, unsigned which, size_t bytes)
{
	make_jpeg(&a->jpeg, which, bytes);
	OK(desk_photo_open(a->s.d, a->person, PHOTO_FACE, "screen", &a->got, E));
	assert_int_equal(a->got.len, a->jpeg.len);
	assert_memory_equal(a->got.data, a->jpeg.data, a->jpeg.len);
}

static void set__get__supersede(void **state)
{
	struct at_desk *a = *state;
	struct photo first, second;
	struct db_fact fact;
	struct err e = {0};
	struct outbox_counts before, after;

	OK(desk_outbox_counts(a->s.d, &before, E));
	OK(desk_photo_info(a->s.d, a->person, PHOTO_FACE, &first, E));
	assert_int_equal(first.fact, 0);
	assert_true(first.portrait); /* the card's */
	assert_int_equal(desk_photo_open(a->s.d, a->person, PHOTO_FACE, "screen", &a->got, &e), -1);
	assert_int_equal(e.code, ERR_NO_SUCH);
	put(a, 1, 3000);
	expect_photo(a, 1, 3000);
	OK(desk_photo_info(a->s.d, a->person, PHOTO_FACE, &first, E));
	assert_true(first.fact && first.at_ms == now_ms && first.bytes == 3000);
	assert_string_equal(first.by, desk_session(a->s.d)->display);
	assert_int_equal(strlen(first.hash), 64);
	clock_add(1000);
	put(a, 1, 3000); /* the same: nothing is written */
	OK(desk_photo_info(a->s.d, a->person, PHOTO_FACE, &second, E));
	assert_memory_equal(&first, &second, sizeof(first));
	put(a, 2, 4000);
	expect_photo(a, 2, 4000);
	OK(desk_photo_info(a->s.d, a->person, PHOTO_FACE, &second, E));
	assert_int_equal(second.at_ms, now_ms);
	assert_string_not_equal(first.hash, second.hash);
	OK(db_fact_get(a->s.d->store, first.fact, &fact, E));
	assert_int_equal(fact.superseded_by, second.fact);
	put(a, 1, 3000); /* the first again: a fact of its own */
	expect_photo(a, 1, 3000);
	OK(desk_outbox_counts(a->s.d, &after, E));
	assert_memory_equal(&before, &after, sizeof(before)); /* no dialect carries it: nothing waits */
}

static void put_side(struct at_desk *a, enum photo_kind kind, unsigned which)
{
	make_jpeg(&a->jpeg, which, 3000);
	OK(desk_photo_set(a->s.d, a->person, kind, a->jpeg.data, a->jpeg.len, E));
}

static void expect_side(struct at_desk *a, enum photo_kind kind, unsigned which)
{
	make_jpeg(&a->jpeg, which, 3000);
	OK(desk_photo_open(a->s.d, a->person, kind, "screen", &a->got, E));
	assert_int_equal(a->got.len, a->jpeg.len);
	assert_memory_equal(a->got.data, a->jpeg.data, a->jpeg.len);
}

static int count_audit(struct at_desk *a, const char *action, const char *detail);

/* A11: both sides of the card and the photograph supersede each its own kind only; all three stay sealed contents of the person. */
static void card__each_side_its_own(void **state)
{
	static const char *const words[] = {"证件反面照", "证件正面照", "证件正面照", "照片"};
	struct at_desk *a = *state;
	struct photo front, again, back;
	struct history_row row[8];
	struct db_fact fact;
	struct err e = {0};
	enum photo_kind kind;
	size_t n;

	put(a, 1, 3000);
	assert_int_equal(desk_photo_open(a->s.d, a->person, PHOTO_CARD_FRONT, "screen", &a->got, &e), -1);
	assert_int_equal(e.code, ERR_NO_SUCH);
	put_side(a, PHOTO_CARD_FRONT, 2);
	OK(desk_photo_info(a->s.d, a->person, PHOTO_CARD_FRONT, &front, E));
	OK(desk_photo_info(a->s.d, a->person, PHOTO_CARD_BACK, &back, E));
	assert_true(front.fact && !back.fact);
	put_side(a, PHOTO_CARD_FRONT, 3);
	put_side(a, PHOTO_CARD_BACK, 4);
	OK(desk_photo_info(a->s.d, a->person, PHOTO_CARD_FRONT, &again, E));
	OK(db_fact_get(a->s.d->store, front.fact, &fact, E));
	assert_int_equal(fact.superseded_by, again.fact);
	expect_side(a, PHOTO_FACE, 1);
	expect_side(a, PHOTO_CARD_FRONT, 3);
	expect_side(a, PHOTO_CARD_BACK, 4);
	assert_int_equal(count_audit(a, "photo", "card_front first"), 1);
	assert_int_equal(count_audit(a, "photo", "card_front superseded"), 1);
	assert_int_equal(count_audit(a, "photo", "card_back first"), 1);
	assert_int_equal(count_audit(a, "open", "card_back screen"), 1);
	OK(desk_person_history(a->s.d, a->person, 0, row, ARRAY_LEN(row), &n, E));
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		assert_string_equal(row[i].what, words[i]);
	assert_true(photo_kind_parse("back", &kind) && kind == PHOTO_CARD_BACK);
	assert_false(photo_kind_parse("side", &kind));
}

/* A picture is replaced, never taken back: its content is the newest of the person's, whatever facts say. */
static void undo__never_a_picture(void **state)
{
	struct at_desk *a = *state;
	struct undo_row rows[32];
	size_t n, before;
	bool more;

	OK(desk_undo_list(a->s.d, true, 0, rows, ARRAY_LEN(rows), &before, &more, E));
	put(a, 1, 3000);
	put_side(a, PHOTO_CARD_FRONT, 2);
	put_side(a, PHOTO_CARD_FRONT, 3);
	OK(desk_undo_list(a->s.d, true, 0, rows, ARRAY_LEN(rows), &n, &more, E));
	assert_true(n == before && n < ARRAY_LEN(rows));
}

static void history__says_photo(void **state)
{
	struct at_desk *a = *state;
	struct history_row row[8];
	struct record r;
	struct findings f;
	size_t n;
	int changed;

	put(a, 1, 3000);
	OK(desk_person_history(a->s.d, a->person, 0, row, ARRAY_LEN(row), &n, E));
	assert_string_equal(row[0].what, "照片");
	assert_string_equal(row[0].upload, "");
	/* what is mended afterwards is still the person's fact, not the photograph's */
	record_init(&r);
	OK(desk_person_record(a->s.d, a->person, &r, E));
	record_set(&r, F_PHONE, "13800009999", ORIGIN_TYPED);
	OK(desk_amend(a->s.d, a->person, &r, &f, &changed, E));
	assert_int_equal(changed, 1);
	record_release(&r);
	expect_photo(a, 1, 3000);
}

static void refused__what_is_no_bare_jpeg(void **state)
{
	static const char exif[] = "\xFF\xD8\xFF\xE1\0\x08" "Exif\0\0" "\xFF\xDA\0\2..........\xFF\xD9",
			  comment[] = "\xFF\xD8\xFF\xFE\0\x08" "remark" "\xFF\xDA\0\2..........\xFF\xD9",
			  thumbnail[] = "\xFF\xD8\xFF\xE0\0\x13JFIF\0\1\1\0\0\1\0\1\1\1rgb\xFF\xDA\0\2....\xFF\xD9",
			  no_end[] = "\xFF\xD8\xFF\xDA\0\2..........", no_scan[] = "\xFF\xD8\xFF\xDB\0\4..\xFF\xD9",
			  runs_out[] = "\xFF\xD8\xFF\xDB\xFF\xFF..........\xFF\xD9",
			  short_length[] = "\xFF\xD8\xFF\xDB\0\1..........\xFF\xD9", png[] = "\x89PNG\r\n\x1a\n............";
	static const struct {
		const char *bytes;
		size_t n;
	} cases[] = {
		{exif, sizeof(exif) - 1},	  {comment, sizeof(comment) - 1},
		{thumbnail, sizeof(thumbnail) - 1}, {no_end, sizeof(no_end) - 1},
		{no_scan, sizeof(no_scan) - 1},	  {runs_out, sizeof(runs_out) - 1},
		{short_length, sizeof(short_length) - 1}, {png, sizeof(png) - 1},
		{"\xFF\xD8\xFF\xD9", 4},	  {"", 0},
	};
	struct at_desk *a = *state;
	struct photo info;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char *exact = malloc(cases[i].n ? cases[i].n : 1); /* a byte beyond is noticed */
		struct err e = {0};

		memcpy(exact, cases[i].bytes, cases[i].n);
		if (desk_photo_set(a->s.d, a->person, PHOTO_FACE, exact, cases[i].n, &e) != -1 || e.code != ERR_PICTURE_FORMAT)
			fail_msg("case %zu: %s", i, err_name(e.code));
		free(exact);
	}
	OK(desk_photo_info(a->s.d, a->person, PHOTO_FACE, &info, E));
	assert_int_equal(info.fact, 0);
}

static void refused__beyond_the_limit(void **state)
{
	struct at_desk *a = *state;
	struct err e = {0};

	assert_int_equal(desk_photo_limit(a->s.d), 51200);
	put(a, 1, 38400); /* 51,200 characters */
	make_jpeg(&a->jpeg, 2, 38401);
	assert_int_equal(desk_photo_set(a->s.d, a->person, PHOTO_FACE, a->jpeg.data, a->jpeg.len, &e), -1);
	assert_int_equal(e.code, ERR_PHOTO_LARGE);
	expect_photo(a, 1, 38400);
}

static void add_account(struct at_desk *a, const char *name, unsigned roles)
{
	site_login(&a->s, "manager");
	OK(desk_account_add(a->s.d,
			    &(struct account_new){.name = name, .display = name, .password = PASSWORD, .roles = roles, .kdf_mib = 8},
			    E));
}

static void rights(void **state)
{
	static const struct {
		unsigned role;
		bool set, open;
	} cases[] = {
		{ROLE_CLERK, true, true},
		{ROLE_PROJECT_MANAGER, true, true},
		{ROLE_SUBCONTRACTOR_CLERK, true, true},
		{ROLE_COMPANY_HR, true, true},
		{ROLE_LEGAL_REPRESENTATIVE, true, true},
		{ROLE_SITE_OPERATOR, false, true},
		{ROLE_AUDITOR, false, false},
	};
	struct at_desk *a = *state;
	uint8_t wlt[PHOTO_PORTRAIT];
	struct photo info;

	put(a, 1, 3000);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char name[16];
		struct err e = {0};

		text_format(name, sizeof(name), "who%zu", i);
		add_account(a, name, cases[i].role);
		site_login(&a->s, name);
		make_jpeg(&a->jpeg, 100 + (unsigned)i, 3000);
		assert_int_equal(desk_photo_may(a->s.d), cases[i].set);
		if ((desk_photo_set(a->s.d, a->person, PHOTO_FACE, a->jpeg.data, a->jpeg.len, &e) == 0) != cases[i].set)
			fail_msg("%s sets: %s", role_name((enum role)cases[i].role), err_name(e.code));
		assert_int_equal(desk_photo_open(a->s.d, a->person, PHOTO_FACE, "screen", &a->got, &e) == 0, cases[i].open);
		assert_int_equal(desk_portrait_open(a->s.d, a->person, "screen", wlt, &e) == 0, cases[i].open);
		assert_int_equal(desk_photo_info(a->s.d, a->person, PHOTO_FACE, &info, &e) == 0, cases[i].open);
		if (!cases[i].open)
			assert_int_equal(e.code, ERR_NOT_PERMITTED);
	}
	desk_logout(a->s.d);
	assert_int_equal(desk_photo_open(a->s.d, a->person, PHOTO_FACE, "screen", &a->got, NULL), -1);
	assert_int_equal(desk_photo_set(a->s.d, a->person, PHOTO_FACE, a->jpeg.data, a->jpeg.len, NULL), -1);
}

/* I6: people of another participant are not there for a subcontractor's account. */
static void scope(void **state)
{
	struct at_desk *a = *state;
	struct participant_row rows[8];
	size_t n = 0;
	int64_t contractor = 0;
	struct photo info;
	struct err e = {0};

	OK(desk_participant_list(a->s.d, rows, ARRAY_LEN(rows), &n, E));
	for (size_t i = 0; i < n; i++)
		if (!strcmp(rows[i].uid, a->s.contractor))
			contractor = rows[i].id;
	assert_true(contractor);
	put(a, 1, 3000);
	site_login(&a->s, "manager");
	OK(desk_account_add(a->s.d,
			    &(struct account_new){.name = "other", .display = "别家", .password = PASSWORD,
						  .roles = ROLE_SUBCONTRACTOR_CLERK, .participant = contractor, .kdf_mib = 8},
			    E));
	site_login(&a->s, "other");
	assert_int_equal(desk_photo_info(a->s.d, a->person, PHOTO_FACE, &info, &e), -1);
	assert_int_equal(e.code, ERR_NO_SUCH);
	assert_int_equal(desk_photo_open(a->s.d, a->person, PHOTO_FACE, "screen", &a->got, NULL), -1);
	assert_int_equal(desk_photo_set(a->s.d, a->person, PHOTO_FACE, a->jpeg.data, a->jpeg.len, NULL), -1);
}

static int count_audit(struct at_desk *a, const char *action, const char *detail)
{
	struct db_audit rows[64];
	int64_t before = 0;
	size_t n;
	int found = 0;

	do {
		OK(db_audit_page(a->s.d->store, before, rows, ARRAY_LEN(rows), &n, E));
		for (size_t i = 0; i < n; i++) {
			found += !strcmp(rows[i].action, action) && !strcmp(rows[i].detail, detail);
			before = rows[i].id;
		}
	} while (n == ARRAY_LEN(rows));
	return found;
}

static void audit__every_opening(void **state)
{
	struct at_desk *a = *state;
	uint8_t wlt[PHOTO_PORTRAIT];

	put(a, 1, 3000);
	put(a, 2, 3000);
	assert_int_equal(count_audit(a, "photo", "photo first"), 1);
	assert_int_equal(count_audit(a, "photo", "photo superseded"), 1);
	expect_photo(a, 2, 3000);
	OK(desk_photo_open(a->s.d, a->person, PHOTO_FACE, "file", &a->got, E));
	OK(desk_portrait_open(a->s.d, a->person, "screen", wlt, E));
	assert_int_equal(count_audit(a, "open", "photo screen"), 1);
	assert_int_equal(count_audit(a, "open", "photo file"), 1);
	assert_int_equal(count_audit(a, "open", "portrait screen"), 1);
}

static void sealed__in_no_file(void **state)
{
	struct at_desk *a = *state;
	struct dirent *entry;
	struct buf content;
	int files = 0;
	DIR *list;

	put(a, 1, 30000);
	put(a, 2, 30000);
	list = opendir(a->s.dir);
	buf_init(&content, 64 << 20);
	while ((entry = readdir(list))) {
		char path[600];

		if (entry->d_type != DT_REG)
			continue;
		snprintf(path, sizeof(path), "%s/%s", a->s.dir, entry->d_name);
		buf_reset(&content);
		OK(io_read_file(path, 64 << 20, &content, E));
		if (content.len && memmem(content.data, content.len, PLANTED, strlen(PLANTED)))
			fail_msg("%s holds the photograph in clear", entry->d_name);
		files++;
	}
	closedir(list);
	buf_release(&content);
	assert_true(files >= 2);
}

/* Kept when the desk is opened anew: what is on the disk, not in memory. */
static void kept__after_reopening(void **state)
{
	struct at_desk *a = *state;

	put(a, 7, 9000);
	site_reopen(&a->s, "clerk");
	expect_photo(a, 7, 9000);
}

static void portrait__needs_a_decoder(void **state)
{
	struct at_desk *a = *state;
	uint8_t wlt[PHOTO_PORTRAIT], zero[PHOTO_PORTRAIT] = {0};
	struct record r;
	struct err e = {0};

	person_record(&a->s, &r, 1, true);
	OK(desk_portrait_open(a->s.d, a->person, "screen", wlt, E));
	assert_memory_equal(wlt, r.has_portrait ? r.portrait : zero, PHOTO_PORTRAIT);
	record_release(&r);
	assert_int_equal(desk_portrait_decode(a->s.d, a->person, "screen", "", &a->got, &e), -1);
	assert_int_equal(e.code, ERR_PICTURE_NO_DECODER);
}

/* --- commands of others ------------------------------------------------------------------------------ */

static char conf[128];

static int read_conf(const char *text, mode_t mode, uid_t owner, struct commands *c, struct err *e)
{
	FILE *f = fopen(conf, "w");

	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(conf, mode), 0);
	*c = (struct commands){.camera = "was", .camera_seconds = 7};
	return commands_read(c, conf, owner, e);
}

static int make_conf(void **state)
{
	char dir[] = "/tmp/shiming-conf.XXXXXX";

	(void)state;
	return mkdtemp(dir) && text_format(conf, sizeof(conf), "%s/commands.conf", dir) ? 0 : -1;
}

static int drop_conf(void **state)
{
	(void)state;
	unlink(conf);
	*strrchr(conf, '/') = '\0';
	return rmdir(conf);
}

static void commands__read(void **state)
{
	struct commands c;

	(void)state;
	OK(read_conf("# of this PC\n[camera]\ncommand = /usr/bin/cam -r 1280x720 {out}\nseconds=30\n\n[wlt]\n"
		     "decoder = \"/opt/my wlt/wlt2bmp\" {in} {out}\n",
		     0644, getuid(), &c, E));
	assert_string_equal(c.camera, "/usr/bin/cam -r 1280x720 {out}");
	assert_int_equal(c.camera_seconds, 30);
	assert_string_equal(c.decoder, "\"/opt/my wlt/wlt2bmp\" {in} {out}");
	OK(read_conf("[wlt]\ndecoder=/x\n", 0600, getuid(), &c, E)); /* what it does not name stays */
	assert_string_equal(c.camera, "was");
	OK(read_conf("[camera]\ncommand =\n", 0600, getuid(), &c, E)); /* taken away */
	assert_string_equal(c.camera, "");
	unlink(conf);
	OK(commands_read(&c, conf, getuid(), E)); /* a file that is not there says nothing */
}

static void commands__refused(void **state)
{
	static const struct {
		const char *text;
		const char *where; /* in the detail */
	} cases[] = {
		{"[camera]\ncomand = /usr/bin/cam\n", ":2"},
		{"command = /usr/bin/cam\n", ":1"},
		{"[lp]\n\ncommand = /x\n", ":3"},
		{"[camera]\nseconds = 0\n", ":2"},
		{"[camera]\nseconds = 61\n", ":2"},
		{"[camera]\nseconds = many\n", ":2"},
		{"[camera]\ncommand = /a\ncommand = /b\n", ":3"},
		{"[camera]\ncommand = /a\n  {out}\n", ":3"}, /* a line that goes on would be the whole command */
		{"[camera]\njust words\n", ":2"},
		{"[camera]\ncommand = \xff\xfe\n", ":2"},
	};
	char longest[400];
	struct commands c;
	struct err e = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		memset(&e, 0, sizeof(e));
		assert_int_equal(read_conf(cases[i].text, 0600, getuid(), &c, &e), -1);
		if (e.code != ERR_COMMANDS_FILE || !strstr(e.detail, cases[i].where))
			fail_msg("case %zu: %s %s", i, err_name(e.code), e.detail);
		assert_string_equal(c.camera, "was");
	}
	snprintf(longest, sizeof(longest), "[camera]\ncommand = /usr/bin/cam %0*d\n", 300, 0);
	assert_int_equal(read_conf(longest, 0600, getuid(), &c, &e), -1); /* never half a command */
	assert_int_equal(e.code, ERR_COMMANDS_FILE);
}

static void commands__only_who_may_have_written_them(void **state)
{
	struct commands c;
	struct err e = {0};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(read_conf("[camera]\ncommand = /x\n", i ? 0664 : 0646, getuid(), &c, &e), -1);
		assert_int_equal(e.code, ERR_COMMANDS_OWNER);
	}
	if (getuid() == 0) {
		FILE *f = fopen(conf, "w");

		fputs("[camera]\ncommand = /x\n", f);
		fclose(f);
		assert_int_equal(chmod(conf, 0600), 0);
		assert_int_equal(chown(conf, 65534, 65534), 0);
		assert_int_equal(commands_read(&c, conf, 1, &e), -1); /* somebody else's */
		assert_int_equal(e.code, ERR_COMMANDS_OWNER);
		OK(commands_read(&c, conf, 65534, E));
	}
	unlink(conf);
	assert_int_equal(mkfifo(conf, 0600), 0);
	assert_int_equal(commands_read(&c, conf, getuid(), &e), -1); /* and never waited for */
	assert_int_equal(e.code, ERR_COMMANDS_FILE);
}

static void commands__users_own_over_the_machines(void **state)
{
	char dir[] = "/tmp/shiming-home.XXXXXX", path[200];
	struct commands c;
	FILE *f;

	(void)state;
	assert_non_null(mkdtemp(dir));
	setenv("XDG_CONFIG_HOME", dir, 1);
	OK(commands_load(&c, E));
	snprintf(path, sizeof(path), "%s/shiming", dir);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s/shiming/commands.conf", dir);
	f = fopen(path, "w");
	fputs("[camera]\ncommand = /own/camera {out}\n", f);
	fclose(f);
	assert_int_equal(chmod(path, 0600), 0);
	OK(commands_load(&c, E));
	assert_string_equal(c.camera, "/own/camera {out}");
	unlink(path);
	*strrchr(path, '/') = '\0';
	rmdir(path);
	rmdir(dir);
	unsetenv("XDG_CONFIG_HOME");
}

#define AT_DESK(test) cmocka_unit_test_setup_teardown(test, opened, closed)
#define WITH_CONF(test) cmocka_unit_test_setup_teardown(test, make_conf, drop_conf)

int main(void)
{
	const struct CMUnitTest tests[] = {
		AT_DESK(set__get__supersede),
		AT_DESK(card__each_side_its_own),
		AT_DESK(undo__never_a_picture),
		AT_DESK(history__says_photo),
		AT_DESK(refused__what_is_no_bare_jpeg),
		AT_DESK(refused__beyond_the_limit),
		AT_DESK(rights),
		AT_DESK(scope),
		AT_DESK(audit__every_opening),
		AT_DESK(sealed__in_no_file),
		AT_DESK(kept__after_reopening),
		AT_DESK(portrait__needs_a_decoder),
		WITH_CONF(commands__read),
		WITH_CONF(commands__refused),
		WITH_CONF(commands__only_who_may_have_written_them),
		cmocka_unit_test(commands__users_own_over_the_machines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
