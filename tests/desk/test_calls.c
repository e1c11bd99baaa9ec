/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * R14 outside the database: each call on files, directories, pipes, sockets and processes that our own code makes under a use case fails once in
 * turn (EIO, EMFILE, ENOSPC … as that call does). Each time: it is said with an error that is no damage, or it was something that need not work (a
 * hint to the kernel, a look at a place that is not there); no transaction stays open, no descriptor and no child is left behind, nothing half made
 * stands under the name that was asked for; the same then goes through, and none of it takes longer than two seconds: nothing waits for a helper that waits
 * for us. Our calls only, the ends of helpers' pipes among them: SQLite's are failed by test_faults.c, curl's line by tests/sync.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/un.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <dirent.h>
#include <unistd.h>

#include "base/dates.h"
#include "base/io.h"
#include "base/text.h"
#include "desk/acts.h"
#include "desk/association.h"
#include "desk/export.h"
#include "desk/import.h"
#include "desk/paper.h"
#include "desk/photo.h"
#include "desk/audit.h"
#include "desk/runner_link.h"
#include "desk/terms.h"
#include "desk/upkeep.h"
#include "desk_private.h"
#include "desk_site.h"
#include "picture/client.h"
#include "samples.h"

/* --- the calls ------------------------------------------------------------------------------------------ */

static long calls, at; /* made since armed; which one fails, 0: none */
static const char *struck; /* the one that did */

static bool strikes(const char *name, int why)
{
	if (!at || ++calls != at)
		return false;
	struck = name;
	errno = why;
	return true;
}

/* type name(parameters), as it fails, and what it then answers. */
#define WRAP(type, name, why, answer, parameters, arguments)  \
	type __real_##name parameters;                        \
	type __wrap_##name parameters;                        \
	type __wrap_##name parameters                         \
	{                                                     \
		return strikes(#name, why) ? (answer) : __real_##name arguments; \
	}

WRAP(ssize_t, read, EIO, -1, (int fd, void *p, size_t n), (fd, p, n))
WRAP(ssize_t, write, ENOSPC, -1, (int fd, const void *p, size_t n), (fd, p, n))
WRAP(int, fsync, EIO, -1, (int fd), (fd))
WRAP(int, ftruncate64, EIO, -1, (int fd, off_t n), (fd, n))
WRAP(int, fstat64, EIO, -1, (int fd, struct stat *st), (fd, st))
WRAP(int, stat64, EACCES, -1, (const char *path, struct stat *st), (path, st))
WRAP(int, lstat64, EACCES, -1, (const char *path, struct stat *st), (path, st))
WRAP(int, fchmod, EPERM, -1, (int fd, mode_t mode), (fd, mode))
WRAP(int, chmod, EPERM, -1, (const char *path, mode_t mode), (path, mode))
WRAP(int, link, EIO, -1, (const char *from, const char *to), (from, to))
WRAP(int, rename, EIO, -1, (const char *from, const char *to), (from, to))
WRAP(int, mkdir, EACCES, -1, (const char *path, mode_t mode), (path, mode))
WRAP(int, pipe2, EMFILE, -1, (int ends[2], int flags), (ends, flags))
WRAP(pid_t, fork, EAGAIN, -1, (void), ())
WRAP(int, socket, EMFILE, -1, (int domain, int type, int protocol), (domain, type, protocol))
WRAP(int, connect, ECONNREFUSED, -1, (int fd, const struct sockaddr *to, socklen_t n), (fd, to, n))
WRAP(ssize_t, send, EPIPE, -1, (int fd, const void *p, size_t n, int flags), (fd, p, n, flags))
WRAP(int, poll, ENOMEM, -1, (struct pollfd *p, nfds_t n, int ms), (p, n, ms))
WRAP(off_t, lseek64, EIO, -1, (int fd, off_t to, int from), (fd, to, from))
WRAP(int, statvfs64, EIO, -1, (const char *path, struct statvfs *out), (path, out))
WRAP(int, statfs64, EIO, -1, (const char *path, struct statfs *out), (path, out))
WRAP(DIR *, opendir, EMFILE, NULL, (const char *path), (path))
WRAP(DIR *, fdopendir, ENOMEM, NULL, (int fd), (fd))
WRAP(struct dirent *, readdir64, EIO, NULL, (DIR *d), (d))

/* Closing fails and yet closes (close(2)). */
int __real_close(int fd);
int __wrap_close(int fd);
int __wrap_close(int fd)
{
	bool fails = strikes("close", EIO);
	int last = __real_close(fd);

	if (fails)
		errno = EIO;
	return fails ? -1 : last;
}

int __real_open64(const char *path, int flags, mode_t mode);
int __wrap_open64(const char *path, int flags, mode_t mode);
int __wrap_open64(const char *path, int flags, mode_t mode)
{
	return strikes("open", EMFILE) ? -1 : __real_open64(path, flags, mode);
}

int __real_openat64(int dir, const char *path, int flags, mode_t mode);
int __wrap_openat64(int dir, const char *path, int flags, mode_t mode);
int __wrap_openat64(int dir, const char *path, int flags, mode_t mode)
{
	return strikes("openat", EMFILE) ? -1 : __real_openat64(dir, path, flags, mode);
}

/* --- the use cases -------------------------------------------------------------------------------------- */

#define SLOW_MS 1000 /* what a failure may take at the most, on a machine half as busy */
#define SHEET_ROWS 3

static int64_t known;
static unsigned next_person = 2;
static char made[400]; /* what the last use case was asked to make; "": nothing */

static void name_one(const struct site *s, const char *end)
{
	static unsigned n;

	text_format(made, sizeof(made), "%s/made-%u%s", s->dir, ++n, end);
}

static int f_register(struct site *s, struct err *e)
{
	struct registered done;
	struct findings f;
	struct record r;
	int last;

	person_record(s, &r, next_person, true);
	last = desk_register(s->d, &r, &f, &done, e);
	record_release(&r);
	next_person += !last;
	return last;
}

static int f_backup(struct site *s, struct err *e)
{
	struct backup b;

	name_one(s, ".backup");
	return desk_backup(s->d, made, &b, e);
}

static char sound_backup[400];

static int f_check(struct site *s, struct err *e)
{
	struct backup b;

	return desk_backup_check(s->d, sound_backup, &b, e);
}

static int f_hourly(struct site *s, struct err *e)
{
	enum backup_step step;

	clock_add(2 * 3600 * 1000LL);
	if (desk_setting_set(s->d, "platform.token", "tok-1", e)) /* something was recorded since */
		return -1;
	return desk_backup_hourly(s->d, &step, e);
}

static void drop_dir(const char *path)
{
	static const char *const names[] = {DESK_FILE, DESK_FILE "-wal", DESK_FILE "-shm"};
	char name[500];

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		text_format(name, sizeof(name), "%s/%s", path, names[i]);
		unlink(name);
	}
	rmdir(path);
}

/* It has its name: only what came after that failed, and nobody has to restore again. */
static void restored_is_whole(const char *path)
{
	struct desk_options o = {.dir = path, .profile_dir = site_profiles};
	struct err e = {ERR_NONE};
	struct desk *d = NULL;

	if (desk_open(&d, &o, &e) || desk_login(d, "clerk", PASSWORD, &e) || desk_check_file(d, &e))
		fail_msg("half a file was restored (%s): %s", struck, e.detail);
	desk_close(d);
}

/* What is restored is whole or not there. */
static int f_restore(struct site *s, struct err *e)
{
	struct desk_restore r = {.dir = made, .path = sound_backup, .account = "clerk", .password = PASSWORD};
	char file[500];
	struct backup b;
	int last;

	name_one(s, ".dir");
	last = desk_restore(&r, &b, e);
	text_format(file, sizeof(file), "%s/%s", made, DESK_FILE);
	at = 0;
	if (last && !access(file, F_OK))
		restored_is_whole(made);
	drop_dir(made);
	return last;
}

static char restored[400]; /* another data directory: SQLite keeps descriptors of a file that this process has open twice */

static int f_open(struct site *s, struct err *e)
{
	struct desk_options o = {.dir = restored, .profile_dir = site_profiles};
	struct desk *d = NULL;
	int last = desk_open(&d, &o, e);

	(void)s;
	desk_close(d);
	return last;
}

static char paper[400];

static int f_evidence(struct site *s, struct err *e)
{
	const char *mime;
	struct buf b;
	int last;

	(void)s;
	buf_init(&b, EVIDENCE_MAX);
	last = desk_evidence_read(paper, &b, &mime, e);
	buf_wipe_release(&b);
	return last;
}

/* A runner listens (this test): the link comes about, or it is said, and the wish to send is heard. */
static int f_link(struct site *s, struct err *e)
{
	struct runner_link *l = NULL;
	int last;

	setenv("SHIMING_LIBEXEC", s->dir, 1); /* a runner that would have to be started is not there */
	last = runner_link_open(&l, s->d, e);
	setenv("SHIMING_LIBEXEC", BIN_DIR, 1);
	if (last)
		return last;
	runner_link_nudge(l, true);
	last = runner_link_fd(l) < 0 ? err_set(e, ERR_NET_OFFLINE, "not linked yet: it is tried again") : 0;
	runner_link_close(l);
	return last;
}

static char sheet[400]; /* of people who are on file, and one whom nothing knows */

/* As the screen does it: waits for the helper, a step at a time. A failed one leaves nobody half registered. */
static int f_import(struct site *s, struct err *e)
{
	struct import *i = NULL;
	bool over = false;
	int last = desk_import_open(s->d, &(struct import_options){.path = sheet}, &i, e);

	while (!last && !over) {
		struct pollfd p = {.fd = desk_import_fd(i), .events = POLLIN};

		if (p.fd >= 0)
			__real_poll(&p, 1, 1000);
		last = desk_import_step(i, &over, e);
	}
	if (!last && desk_import_counts(i)->rows != SHEET_ROWS)
		last = err_set(e, ERR_INTERNAL, "%lu rows", desk_import_counts(i)->rows);
	desk_import_close(i);
	return last;
}

static char picture[2][400]; /* by turns, so that each one is new */

/* From the file that the clerk names through the helper to the sealed photograph, and back. */
static int f_photo(struct site *s, struct err *e)
{
	static unsigned which;
	struct buf file, jpeg, back;
	int last;

	buf_init(&file, SAMPLE_CEILING);
	buf_init(&jpeg, 1 << 20);
	buf_init(&back, 1 << 20);
	last = desk_photo_read_file(picture[which], &file, e) || picture_client_fit(file.data, file.len, desk_photo_limit(s->d), &jpeg, e) ||
			       desk_photo_set(s->d, known, PHOTO_FACE, jpeg.data, jpeg.len, e) ||
			       desk_photo_open(s->d, known, PHOTO_FACE, "screen", &back, e)
		       ? -1
		       : 0;
	if (!last && (back.len != jpeg.len || memcmp(back.data, jpeg.data, jpeg.len)))
		last = err_set(e, ERR_INTERNAL, "another picture");
	which = last ? which : !which;
	buf_wipe_release(&file);
	buf_wipe_release(&jpeg);
	buf_wipe_release(&back);
	return last;
}

static int write_list(struct site *s, struct office_out *out, const char *form, struct err *e)
{
	const char *const cells[] = {"1", "张试甲", "440499********0013"};
	cJSON *head;
	int last;

	if (!strcmp(form, "pdf"))
		return desk_paper_begin(s->d, PAPER_FORM, out, e) || desk_paper_person(s->d, PAPER_FORM, out, known, 1, e);
	head = office_table("名册");
	last = office_column(head, "序号", 6, true) || office_column(head, "姓名", 10, false) || office_column(head, "号码", 20, false) ||
			       office_out_line(out, head, e)
		       ? -1
		       : 0;
	cJSON_Delete(head);
	for (int i = 0; !last && i < 1500; i++) /* more than one block of the pipe */
		last = office_out_row(out, cells, ARRAY_LEN(cells), e);
	return last;
}

static int export_as(struct site *s, const char *form, struct err *e)
{
	struct export_spec spec = {.list = "roster", .form = form};
	struct office_file f;
	struct office_out out = {.child = CHILD_NONE, .trouble = -1};
	int last;

	name_one(s, form[0] == 'x' ? ".xlsx" : form[0] == 'c' ? ".csv" : ".pdf");
	if (office_file_new(&f, made, false, e))
		return -1;
	last = desk_export_begin(s->d, &spec, e);
	if (!last) {
		last = office_out_open(&out, form, f.fd, e);
		if (!last)
			last = write_list(s, &out, form, e);
		if (!last)
			last = office_out_end(&out, e);
		office_out_release(&out);
		if (desk_export_end(s->d, &spec, last ? -1 : 1, last ? &(struct err){ERR_NONE} : e) && !last)
			last = -1;
	}
	return office_file_end(&f, last, e);
}

static int f_xlsx(struct site *s, struct err *e)
{
	return export_as(s, "xlsx", e);
}

static int f_csv(struct site *s, struct err *e)
{
	return export_as(s, "csv", e);
}

static int f_pdf(struct site *s, struct err *e)
{
	return export_as(s, "pdf", e);
}

static const struct flow {
	const char *name;
	int (*run)(struct site *s, struct err *e);
} flows[] = {
	{"register", f_register}, {"backup", f_backup}, {"check", f_check},   {"hourly", f_hourly}, {"restore", f_restore},
	{"open", f_open},	  {"evidence", f_evidence}, {"link", f_link},
	{"import", f_import},	  {"xlsx", f_xlsx},	{"csv", f_csv},	  {"pdf", f_pdf},
	{"photo", f_photo},
};

/* --- in turn --------------------------------------------------------------------------------------------- */

static size_t descriptors(void)
{
	size_t n = 0;

	for (int fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static unsigned places, told, borne;

static void must_have_said(const struct flow *flow, long n, const struct err *e)
{
	if (e->code == ERR_NONE || e->code == ERR_DATA_DAMAGED || e->code == ERR_SEAL || e->code == ERR_INTERNAL || !err_sentence(e->code)[0])
		fail_msg("%s, %s at place %ld: %s: %s", flow->name, struck, n, err_name(e->code), e->detail);
}

/* Under the name that was asked for stands what is whole, or nothing, or what is empty. */
static void nothing_half_made(struct site *s, const struct flow *flow, long n, bool said)
{
	struct err e = {ERR_NONE};
	struct backup b;
	struct stat st;

	if (!made[0] || __real_stat64(made, &st) || !S_ISREG(st.st_mode))
		return;
	if (said && st.st_size && flow->run == f_backup && desk_backup_check(s->d, made, &b, &e))
		fail_msg("%s, %s at place %ld: half of it stands there: %s", flow->name, struck, n, e.detail);
	unlink(made);
}

static bool fail_at(struct site *s, const struct flow *flow, long n)
{
	struct err e = {ERR_NONE};
	size_t before = descriptors();
	int64_t began;
	int last;

	clock_add(1000);
	made[0] = '\0';
	struck = NULL;
	calls = 0;
	at = n;
	began = clock_steady_ms();
	last = flow->run(s, &e);
	at = 0;
	if (clock_steady_ms() - began > 2 * SLOW_MS)
		fail_msg("%s, %s at place %ld: took %lld ms", flow->name, struck, n, (long long)(clock_steady_ms() - began));
	if (!struck) {
		nothing_half_made(s, flow, n, false);
		return false;
	}
	places++;
	told += last != 0;
	borne += !last;
	if (!last && getenv("SHIMING_CALLS_BORNE"))
		print_message("%s: %s at place %ld is got over\n", flow->name, struck, n);
	if (last)
		must_have_said(flow, n, &e);
	if (store_in_transaction(s->d->store))
		fail_msg("%s, %s at place %ld: a transaction stays open", flow->name, struck, n);
	if (descriptors() != before)
		fail_msg("%s, %s at place %ld: %zu descriptors, before %zu", flow->name, struck, n, descriptors(), before);
	if (waitpid(-1, NULL, WNOHANG) != -1 || errno != ECHILD)
		fail_msg("%s, %s at place %ld: a child is left", flow->name, struck, n);
	nothing_half_made(s, flow, n, last != 0);
	return true;
}

static void put_file(struct site *s, char path[400], const char *name, const char *words)
{
	FILE *f;

	text_format(path, 400, "%s/%s", s->dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_true(fputs(words, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void put_picture(struct site *s, unsigned i)
{
	struct buf b;
	FILE *f;

	text_format(picture[i], sizeof(picture[i]), "%s/picture-%u.jpg", s->dir, i);
	buf_init(&b, SAMPLE_CEILING);
	sample_jpeg(&(struct jpeg_sample){.width = 120 + 16 * i, .height = 160, .noise = true}, &b);
	f = fopen(picture[i], "w");
	assert_non_null(f);
	assert_int_equal(fwrite(b.data, 1, b.len, f), b.len);
	assert_int_equal(fclose(f), 0);
	buf_release(&b);
}

static int listening(const struct site *s)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	text_format(to.sun_path, sizeof(to.sun_path), "%s/%s", s->dir, DESK_SOCKET);
	assert_int_equal(bind(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	assert_int_equal(listen(fd, 64), 0);
	return fd;
}

#define SHEET                                                                                                                                    \
	"姓名,身份证号,联系电话\n测试一,440499198001010013,13800000001\n测试二,440499198001010021,13800000002\n测试三,44049919800101003X,13800000003\n"

static void prepare(struct site *s)
{
	struct registered done;

	site_make(s, "national");
	person_register(s, 1, &done);
	known = done.person;
	OK(desk_setting_set(s->d, "platform.url", "https://127.0.0.1:9/", E));
	put_file(s, paper, "paper.pdf", "%PDF-1.4 a sheet\n%%EOF\n");
	put_file(s, sheet, "sheet.csv", SHEET);
	put_picture(s, 0);
	put_picture(s, 1);
	text_format(sound_backup, sizeof(sound_backup), "%s/sound.backup", s->dir);
	OK(desk_backup(s->d, sound_backup, &(struct backup){0}, E));
	text_format(restored, sizeof(restored), "%s/restored", s->dir);
	OK(desk_restore(&(struct desk_restore){.dir = restored, .path = sound_backup, .account = "clerk", .password = PASSWORD}, &(struct backup){0}, E));
}

static void each_call_in_turn(void **state)
{
	struct audit_report report;
	struct site s;
	int fd;

	(void)state;
	prepare(&s);
	fd = listening(&s);
	for (size_t i = 0; i < ARRAY_LEN(flows); i++) {
		unsigned before = places, borne_before = borne;
		struct err e = {ERR_NONE};

		for (long n = 1; fail_at(&s, &flows[i], n); n++)
			;
		print_message("%s: %u calls failed, %u of them got over\n", flows[i].name, places - before, borne - borne_before);
		made[0] = '\0';
		assert_int_equal(flows[i].run(&s, &e), 0); /* the same goes through afterwards */
		unlink(made);
	}
	OK(desk_check_file(s.d, E));
	OK(desk_audit_verify(s.d, &report, E));
	assert_true(report.sound);
	print_message("%u calls, said %u, got over %u\n", places, told, borne);
	assert_true(told > 200);
	close(fd);
	drop_dir(restored);
	site_drop(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(each_call_in_turn)};

	signal(SIGPIPE, SIG_IGN);
	setenv("SHIMING_LIBEXEC", BIN_DIR, 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
