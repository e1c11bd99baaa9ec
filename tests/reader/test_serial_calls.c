/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * R14 for the driver's serial line: each of its calls on the line fails once in turn, from the opening to the card's content, against the simulated
 * module on a pty. Each time: what is told has its sentence, the same card reads in the end without anything being started anew, and no
 * descriptor is left open. (The driver asks for no memory; its USB side is tests/reader/test_driver.c and test_causes.c.)
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <cmocka.h>

#include "apdu.h"
#include "base/child.h"
#include "base/dates.h"
#include "base/io.h"
#include "base/text.h"
#include "module.h"
#include "reader/card_raw.h"
#include "reader/sam_status.h"
#include "reader/samv_failure.h"
#include "serial.h"

/* --- what fails ------------------------------------------------------------------------------------------ */

static bool inside; /* of the driver */
static long at, made;
static const char *struck;

static bool strikes(const char *name)
{
	if (!inside || ++made != at)
		return false;
	struck = name;
	return true;
}

#define WRAP(type, name, why, bad, parameters, arguments)             \
	type __real_##name parameters;                                \
	type __wrap_##name parameters;                                \
	type __wrap_##name parameters                                 \
	{                                                             \
		if (!strikes(#name))                                  \
			return __real_##name arguments;               \
		errno = why;                                          \
		return bad;                                           \
	}

WRAP(int, stat64, EACCES, -1, (const char *path, struct stat *st), (path, st))
WRAP(int, open64, EBUSY, -1, (const char *path, int flags, mode_t mode), (path, flags, mode))
WRAP(int, flock, EWOULDBLOCK, -1, (int fd, int how), (fd, how))
WRAP(int, tcgetattr, EIO, -1, (int fd, struct termios *t), (fd, t))
WRAP(int, tcsetattr, EIO, -1, (int fd, int when, const struct termios *t), (fd, when, t))
WRAP(int, tcflush, EIO, -1, (int fd, int what), (fd, what))
WRAP(int, poll, ENOMEM, -1, (struct pollfd *p, nfds_t n, int ms), (p, n, ms))
WRAP(ssize_t, read, EIO, -1, (int fd, void *p, size_t n), (fd, p, n))
WRAP(ssize_t, write, EIO, -1, (int fd, const void *p, size_t n), (fd, p, n))

/* --- the module ---------------------------------------------------------------------------------------------- */

#define DEADLINE_MS 20000
#define TRIES 60

static char dir[64], device[96];
static struct child sim = CHILD_NONE;
static struct buf in;

static void sim_says(const char *wanted)
{
	int64_t until = clock_steady_ms() + DEADLINE_MS;
	bool heard = false;
	struct buf line;

	buf_init(&line, 4096);
	while (!heard) {
		struct pollfd p = {.fd = sim.out, .events = POLLIN};

		assert_true(clock_steady_ms() < until);
		poll(&p, 1, 1000);
		io_fill(sim.out, &in);
		while (!heard && io_take_line(&in, &line))
			heard = !strncmp(line.data, wanted, strlen(wanted));
	}
	buf_release(&line);
}

static int begin(void **state)
{
	const char *argv[] = {BIN_DIR "/shiming-samv-sim", "--link", device, NULL};
	struct child_spec spec = {.argv = argv, .want_stdin = true, .want_stdout = true};
	struct err e = {ERR_NONE};

	(void)state;
	strcpy(dir, "/tmp/shiming-serial-XXXXXX");
	assert_non_null(mkdtemp(dir));
	text_format(device, sizeof(device), "%s/line", dir);
	buf_init(&in, 1 << 20);
	assert_int_equal(child_start(&sim, &spec, &e), 0);
	sim_says("ready ");
	assert_int_equal(io_write_all(sim.in, "place wang-daqiang\n", 19, NULL), 0);
	sim_says("ok");
	return 0;
}

static int end(void **state)
{
	(void)state;
	child_stop(&sim, 1000);
	child_release(&sim);
	buf_release(&in);
	unlink(device);
	return rmdir(dir);
}

/* --- in turn --------------------------------------------------------------------------------------------------- */

static int64_t skew; /* so that no pause before another try is waited for */

static int64_t driver_clock(void)
{
	return clock_steady_ms() + skew;
}

static void must_be_sayable(enum err_code code)
{
	if (code != ERR_NONE && (!*err_sentence(code) || !*err_advice(code) || code == ERR_INTERNAL))
		fail_msg("%s at place %ld: %s", struck, at, err_name(code));
}

static bool content(struct module *m)
{
	static const uint8_t apdu[5] = {SAMV_CLA, SAMV_INS, SAMV_READ, 0, 0};
	uint8_t answer[4096];
	size_t n = apdu_answer(m, apdu, sizeof(apdu), answer, sizeof(answer));
	unsigned sw = (unsigned)answer[n - 2] << 8 | answer[n - 1];
	struct err e = {ERR_NONE};
	struct card_raw raw;

	if (sw == 0x9000)
		return card_raw_parse(&raw, answer, n - 2) && raw.has_photo;
	samv_failure(&e, answer, n - 2, sw, false);
	must_be_sayable(e.code);
	return false;
}

/* As pcscd's thread and a client do it: look until a card lies there, then read it. */
static bool reads(struct module *m)
{
	for (int i = 0; i < TRIES; i++) {
		if (module_look(m) && content(m))
			return true;
		must_be_sayable(samv_state_cause(m->state));
		skew += 1000;
	}
	return false;
}

static size_t descriptors(void)
{
	size_t n = 0;

	for (int fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static bool fail_at(long place)
{
	const struct module_settings settings = {.gone_count = 3, .gone_ms = 600};
	size_t before = descriptors();
	struct serial serial;
	struct module m;

	serial_init(&serial, device, 0);
	module_init(&m, serial_transport(&serial), &settings);
	m.now_ms = driver_clock;
	struck = NULL;
	made = 0;
	at = place;
	inside = true;
	if (!reads(&m))
		fail_msg("%s at place %ld: the card does not read any more", struck, place);
	module_release(&m);
	inside = false;
	if (descriptors() != before)
		fail_msg("%s at place %ld: %zu descriptors, before %zu", struck, place, descriptors(), before);
	return struck != NULL;
}

static void each_call(void **state)
{
	long place = 1;

	(void)state;
	while (fail_at(place))
		place++;
	print_message("%ld places\n", place - 1);
	assert_true(place > 15);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(each_call)};

	return cmocka_run_group_tests(tests, begin, end);
}
