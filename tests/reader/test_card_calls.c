/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * R14 for the reader's helper: from the card on the reader to the line that tells of it, every call on memory, on the card service and
 * on files, pipes and threads fails once in turn. The helper itself runs (its main, in a process of its own), the service is this
 * file's. Each time the card is told of in the end, as is the one that is laid down after it: by the helper itself, or, where it said
 * why and ended, by the one that the session starts after it. What it says holds nothing of a card, and nothing leaks.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <dirent.h>
#include <pthread.h>
#include <unistd.h>

#include <PCSC/reader.h>
#include <PCSC/winscard.h>

#include <cmocka.h>

#include "base/confine.h"
#include "base/dates.h"
#include "base/io.h"
#include "base/text.h"
#include "domain/id_card.h"
#include "reader/card_raw.h"
#include "reader/hex.h"
#include "reader/samv_apdu.h"

int reader_main(int argc, char **argv);

#define DEADLINE_MS 20000
#define LEAKED 99

/* --- what fails ------------------------------------------------------------------------------------------- */

enum fault { NO_FAULT, MEMORY, SERVICE, CALLS };

/* Between the test and the helper: which card lies there, what is to fail, what came of it. */
static struct shared {
	int card;          /* 0: none */
	unsigned arrivals; /* cards laid down and taken off, each counts */
	long at, made;     /* which call fails; how many there were */
	LONG answer;       /* of the service */
	char struck[32];
} *shared;

static enum fault armed; /* in the helper's process only */

static bool strikes(enum fault f, const char *name)
{
	if (armed != f || ++shared->made != shared->at)
		return false;
	text_copy(shared->struck, sizeof(shared->struck), name);
	return true;
}

/* The service's word for it, where this one is to fail. */
#define SERVICE_FAILS(name) if (strikes(SERVICE, name)) return shared->answer

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

WRAP(MEMORY, void *, malloc, ENOMEM, NULL, (size_t n), (n))
WRAP(MEMORY, void *, calloc, ENOMEM, NULL, (size_t n, size_t size), (n, size))
WRAP(MEMORY, void *, realloc, ENOMEM, NULL, (void *p, size_t n), (p, n))
WRAP(CALLS, ssize_t, read, EIO, -1, (int fd, void *p, size_t n), (fd, p, n))
WRAP(CALLS, ssize_t, write, EPIPE, -1, (int fd, const void *p, size_t n), (fd, p, n))
WRAP(CALLS, FILE *, fopen64, EMFILE, NULL, (const char *path, const char *mode), (path, mode))
WRAP(CALLS, DIR *, opendir, EMFILE, NULL, (const char *path), (path))
WRAP(CALLS, struct dirent *, readdir64, EIO, NULL, (DIR *d), (d))
WRAP(CALLS, int, pthread_create, EAGAIN, EAGAIN, (pthread_t *t, const pthread_attr_t *a, void *(*run)(void *), void *arg), (t, a, run, arg))

/* --- time: the helper's, so that no pause is waited for ----------------------------------------------------- */

static int64_t steady = 1000000;

int __real_poll(struct pollfd *p, nfds_t n, int ms);

static void nap(int ms)
{
	struct pollfd none = {.fd = -1};


	__real_poll(&none, 1, 1);
	__atomic_add_fetch(&steady, ms, __ATOMIC_RELAXED);
}

int __wrap_poll(struct pollfd *p, nfds_t n, int ms);
int __wrap_poll(struct pollfd *p, nfds_t n, int ms)
{
	(void)p;
	(void)n;
	if (strikes(CALLS, "poll"))
		return -1;
	nap(ms);
	return 0;
}

int64_t __wrap_clock_steady_ms(void);
int64_t __wrap_clock_steady_ms(void)
{
	return __atomic_load_n(&steady, __ATOMIC_RELAXED);
}

/* A process that is shut in cannot be looked at for leaks; that it is shut in is tests/journeys/test_confined.c's. */
bool __wrap_confine_to(const struct confine_room *room);
bool __wrap_confine_to(const struct confine_room *room)
{
	(void)room;
	return true;
}

int __lsan_do_recoverable_leak_check(void) __attribute__((weak));
void __real__exit(int status) __attribute__((noreturn));
void __wrap__exit(int status) __attribute__((noreturn));
void __wrap__exit(int status)
{
	__real__exit(__lsan_do_recoverable_leak_check && __lsan_do_recoverable_leak_check() ? LEAKED : status);
}

/* --- the service ------------------------------------------------------------------------------------------ */

#define READER "Invented reader 00 00"

static const unsigned char atr_samv[] = SAMV_ATR;
/* ISO 14443 card as PC/SC part 3 makes its ATR, with the mark of readers that serve pages in bytes 13 and 14. */
static const unsigned char atr_pages[] = {0x3B, 0x8F, 0x80, 0x01, 0x80, 0x4F, 0x0C, 0xA0, 0x00, 0x00, 0x03, 0x06, 0x00, 0x90, 0x00,
					  0x00, 0x00, 0x00, 0x00, 0xFA};
static bool pages;
static unsigned char stream[2][4 + CARD_RAW_TEXT + CARD_RAW_PHOTO];

LONG __wrap_SCardEstablishContext(DWORD scope, LPCVOID a, LPCVOID b, LPSCARDCONTEXT out);
LONG __wrap_SCardEstablishContext(DWORD scope, LPCVOID a, LPCVOID b, LPSCARDCONTEXT out)
{
	(void)scope, (void)a, (void)b;
	SERVICE_FAILS("SCardEstablishContext");
	*out = 1;
	return SCARD_S_SUCCESS;
}

LONG __wrap_SCardReleaseContext(SCARDCONTEXT context);
LONG __wrap_SCardReleaseContext(SCARDCONTEXT context)
{
	(void)context;
	SERVICE_FAILS("SCardReleaseContext");
	return SCARD_S_SUCCESS;
}

LONG __wrap_SCardListReaders(SCARDCONTEXT context, LPCSTR groups, LPSTR out, LPDWORD n);
LONG __wrap_SCardListReaders(SCARDCONTEXT context, LPCSTR groups, LPSTR out, LPDWORD n)
{
	static const char list[] = READER "\0";

	(void)context, (void)groups;
	SERVICE_FAILS("SCardListReaders");
	assert_true(*n >= sizeof(list));
	memcpy(out, list, sizeof(list));
	*n = sizeof(list);
	return SCARD_S_SUCCESS;
}

static bool told_state(SCARD_READERSTATE *s)
{
	DWORD now = (DWORD)shared->arrivals << 16 | (shared->card ? SCARD_STATE_PRESENT : SCARD_STATE_EMPTY);

	s->dwEventState = s->dwCurrentState;
	if (strcmp(s->szReader, READER) || now == (s->dwCurrentState & ~(DWORD)SCARD_STATE_CHANGED))
		return false;
	s->dwEventState = now | SCARD_STATE_CHANGED;
	s->cbAtr = shared->card ? pages ? sizeof(atr_pages) : sizeof(atr_samv) : 0;
	memcpy(s->rgbAtr, pages ? atr_pages : atr_samv, s->cbAtr);
	return true;
}

LONG __wrap_SCardGetStatusChange(SCARDCONTEXT context, DWORD ms, SCARD_READERSTATE *states, DWORD n);
LONG __wrap_SCardGetStatusChange(SCARDCONTEXT context, DWORD ms, SCARD_READERSTATE *states, DWORD n)
{
	bool changed = false;

	(void)context;
	SERVICE_FAILS("SCardGetStatusChange");
	for (DWORD i = 0; i < n; i++)
		changed = told_state(&states[i]) || changed;
	if (changed)
		return SCARD_S_SUCCESS;
	nap(ms < 50 ? (int)ms : 50);
	return SCARD_E_TIMEOUT;
}

LONG __wrap_SCardConnect(SCARDCONTEXT context, LPCSTR reader, DWORD mode, DWORD protocols, LPSCARDHANDLE out, LPDWORD protocol);
LONG __wrap_SCardConnect(SCARDCONTEXT context, LPCSTR reader, DWORD mode, DWORD protocols, LPSCARDHANDLE out, LPDWORD protocol)
{
	(void)context, (void)reader, (void)protocols;
	SERVICE_FAILS("SCardConnect");
	if (mode != SCARD_SHARE_DIRECT && !shared->card)
		return SCARD_E_NO_SMARTCARD;
	*out = 2;
	*protocol = SCARD_PROTOCOL_T1;
	return SCARD_S_SUCCESS;
}

LONG __wrap_SCardReconnect(SCARDHANDLE card, DWORD mode, DWORD protocols, DWORD init, LPDWORD protocol);
LONG __wrap_SCardReconnect(SCARDHANDLE card, DWORD mode, DWORD protocols, DWORD init, LPDWORD protocol)
{
	(void)card, (void)mode, (void)protocols, (void)init;
	SERVICE_FAILS("SCardReconnect");
	*protocol = SCARD_PROTOCOL_T1;
	return SCARD_S_SUCCESS;
}

#define PLAIN(name, parameters, unused)                \
	LONG __wrap_##name parameters;                 \
	LONG __wrap_##name parameters                  \
	{                                              \
		unused;                                \
		SERVICE_FAILS(#name);                  \
		return SCARD_S_SUCCESS;                \
	}

PLAIN(SCardDisconnect, (SCARDHANDLE card, DWORD how), ((void)card, (void)how))
PLAIN(SCardBeginTransaction, (SCARDHANDLE card), ((void)card))
PLAIN(SCardEndTransaction, (SCARDHANDLE card, DWORD how), ((void)card, (void)how))

LONG __wrap_SCardGetAttrib(SCARDHANDLE card, DWORD id, LPBYTE out, LPDWORD n);
LONG __wrap_SCardGetAttrib(SCARDHANDLE card, DWORD id, LPBYTE out, LPDWORD n)
{
	const char *vendor = pages ? "Somebody" : SAMV_VENDOR;

	(void)card, (void)id;
	SERVICE_FAILS("SCardGetAttrib");
	*n = (DWORD)strlen(vendor);
	memcpy(out, vendor, *n);
	return SCARD_S_SUCCESS;
}

static LONG answer(const unsigned char *data, size_t n, LPBYTE out, LPDWORD got)
{
	memcpy(out, data, n);
	out[n] = 0x90;
	out[n + 1] = 0x00;
	*got = (DWORD)n + 2;
	return SCARD_S_SUCCESS;
}

LONG __wrap_SCardControl(SCARDHANDLE card, DWORD code, LPCVOID in, DWORD n, LPVOID out, DWORD size, LPDWORD got);
LONG __wrap_SCardControl(SCARDHANDLE card, DWORD code, LPCVOID in, DWORD n, LPVOID out, DWORD size, LPDWORD got)
{
	static const unsigned char state[] = {SAMV_VERSION, SAMV_READY, 0}, number[16] = {5, 0, 3};
	const unsigned char *apdu = in;

	(void)card, (void)code, (void)n, (void)size;
	SERVICE_FAILS("SCardControl");
	return apdu[2] == SAMV_NUMBER ? answer(number, sizeof(number), out, got) : answer(state, sizeof(state), out, got);
}

LONG __wrap_SCardTransmit(SCARDHANDLE card, const SCARD_IO_REQUEST *pci, LPCBYTE apdu, DWORD n, SCARD_IO_REQUEST *back, LPBYTE out, LPDWORD got);
LONG __wrap_SCardTransmit(SCARDHANDLE card, const SCARD_IO_REQUEST *pci, LPCBYTE apdu, DWORD n, SCARD_IO_REQUEST *back, LPBYTE out, LPDWORD got)
{
	size_t at = pages ? apdu[2] * (size_t)CARD_PAGE : 0, left = sizeof(stream[0]) - at;

	(void)card, (void)pci, (void)n, (void)back;
	SERVICE_FAILS("SCardTransmit");
	if (!shared->card)
		return SCARD_W_REMOVED_CARD;
	return answer(stream[shared->card - 1] + at, pages && left > CARD_PAGE ? CARD_PAGE : left, out, got);
}

/* --- a helper ---------------------------------------------------------------------------------------------- */

#define CARDS 2
static const struct { const char *file, *name, *number; } cards[CARDS] = {
	{"resident", "测试样张甲", "11019919900307005X"},
	{"hmt", "测试样张丙", "810000190102030050"},
};
#define SECRET "示例路" /* of the address on both */

static struct helper {
	pid_t pid;
	int in, out, said;
	struct buf got, line;
	int status;
} h;

static void start(enum fault f, long at, LONG service_says)
{
	int in[2], out[2], said[2];

	assert_int_equal(pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC | O_NONBLOCK) || pipe2(said, O_CLOEXEC | O_NONBLOCK), 0);
	shared->made = 0;
	shared->at = at;
	shared->answer = service_says;
	shared->struck[0] = '\0';
	h.pid = fork();
	assert_true(h.pid >= 0);
	if (!h.pid) {
		char *argv[] = {"shiming-reader", "watch", NULL};

		dup2(in[0], STDIN_FILENO);
		dup2(out[1], STDOUT_FILENO);
		dup2(said[1], STDERR_FILENO);
		close(in[1]);
		armed = f;
		_exit(reader_main(2, argv));
	}
	close(in[0]);
	close(out[1]);
	close(said[1]);
	h.in = in[1];
	h.out = out[0];
	h.said = said[0];
	buf_init(&h.got, 4 * CARD_EVENT_LINE);
	buf_init(&h.line, CARD_EVENT_LINE);
}

static void none_of_a_card(const char *where, const char *text)
{
	for (size_t i = 0; i < CARDS; i++)
		if (strstr(text, cards[i].name) || strstr(text, cards[i].number) || strstr(text, SECRET))
			fail_msg("%s holds what a card holds: %s", where, text);
}

/* It has ended, or is told to: what it said on the way. Returns whether it gave up by itself. */
static bool end(char *said, size_t size)
{
	ssize_t n;

	close(h.in);
	assert_int_equal(waitpid(h.pid, &h.status, 0), h.pid);
	n = read(h.said, said, size - 1);
	said[n > 0 ? n : 0] = '\0';
	close(h.said);
	close(h.out);
	buf_wipe_release(&h.got);
	buf_wipe_release(&h.line);
	h.pid = 0;
	none_of_a_card("its log", said);
	if (!WIFEXITED(h.status) || WEXITSTATUS(h.status) == LEAKED)
		fail_msg("%s, place %ld: status %d: %s", shared->struck, shared->at, h.status, said);
	return WEXITSTATUS(h.status) != 0;
}

static void must_be_sayable(const struct card_event *ev)
{
	none_of_a_card("a detail", ev->detail);
	if (ev->cause == ERR_NONE)
		return;
	if (!*err_sentence(ev->cause) || !*err_advice(ev->cause) || ev->cause == ERR_INTERNAL)
		fail_msg("%s, place %ld: %s (%s)", shared->struck, shared->at, err_name(ev->cause), ev->detail);
}

static bool wanted(const struct card_event *ev, enum card_event_kind kind, int card)
{
	if (ev->kind != kind)
		return false;
	return kind != CARD_EVENT_READ || (!strcmp(ev->card.name, cards[card - 1].name) && !strcmp(ev->card.number, cards[card - 1].number) &&
					   ev->card.has_photo);
}

static bool took(enum card_event_kind kind, int card)
{
	bool found = false;

	while (io_take_line(&h.got, &h.line)) {
		struct card_event ev;
		struct err e = {ERR_NONE};

		if (card_event_parse(&ev, h.line.data ? h.line.data : "", h.line.len, &e))
			fail_msg("%s, place %ld: half a line: %s", shared->struck, shared->at, e.detail);
		must_be_sayable(&ev);
		found = found || wanted(&ev, kind, card);
		card_event_wipe(&ev);
	}
	return found;
}

static unsigned places, restarted;

/* As the session does with one that has ended (reader_link.c): another is started. It must have said why. */
static void start_another(void)
{
	char said[4096], struck[sizeof(shared->struck)];
	bool gave_up;

	text_copy(struck, sizeof(struck), shared->struck);
	gave_up = end(said, sizeof(said));
	if (!*struck || (gave_up && !strstr(said, "error: ") && strcmp(struck, "write") != 0))
		fail_msg("%s, place %ld: it ended without a word: %s", struck, shared->at, said);
	restarted++;
	start(NO_FAULT, 0, 0);
	text_copy(shared->struck, sizeof(shared->struck), struck);
}

static void until(enum card_event_kind kind, int card)
{
	int64_t deadline = clock_now_ms() + DEADLINE_MS;

	while (clock_now_ms() < deadline) {
		struct pollfd p = {.fd = h.out, .events = POLLIN};
		int more = __real_poll(&p, 1, 1000) > 0 ? io_fill(h.out, &h.got) : 0;

		if (took(kind, card))
			return;
		if (more < 0) {
			start_another();
			if (kind == CARD_EVENT_CARD_GONE)
				return; /* the new one has never seen it */
		}
	}
	fail_msg("%s, place %ld: nothing tells %s of card %d", shared->struck, shared->at, card_event_kind_name(kind), card);
}

static void lay(int card)
{
	shared->arrivals++;
	shared->card = card;
}

/* false: the helper makes fewer calls than that. */
static bool fail_at(enum fault f, long at, LONG service_says)
{
	char said[4096];
	bool reached;

	shared->arrivals = 0;
	lay(1);
	start(f, at, service_says);
	until(CARD_EVENT_READ, 1);
	lay(0);
	until(CARD_EVENT_CARD_GONE, 1);
	lay(2);
	until(CARD_EVENT_READ, 2);
	reached = shared->struck[0];
	if (end(said, sizeof(said)))
		fail_msg("%s, place %ld: %s", shared->struck, at, said);
	places += reached;
	return reached;
}

static void each_of(enum fault f, const char *what, LONG service_says)
{
	places = restarted = 0;
	for (long at = 1; fail_at(f, at, service_says); at++)
		;
	print_message("%s: %u places, the helper started anew after %u\n", what, places, restarted);
	assert_true(places > 10);
}

static void memory(void **state)
{
	(void)state;
	each_of(MEMORY, "memory", 0);
}

static void calls(void **state)
{
	(void)state;
	each_of(CALLS, "calls", 0);
}

/* What the service may answer to any of its calls: it ended, no memory, the line to it broke, another reset the card, the card went. */
static void service(void **state)
{
	static const struct { LONG code; const char *name; } answers[] = {
		{SCARD_E_NO_SERVICE, "no service"}, {SCARD_E_NO_MEMORY, "the service's memory"}, {SCARD_F_COMM_ERROR, "line to the service"},
		{SCARD_W_RESET_CARD, "card reset"}, {SCARD_W_REMOVED_CARD, "card removed"}, {SCARD_E_SHARING_VIOLATION, "held by another"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(answers); i++)
		each_of(SERVICE, answers[i].name, answers[i].code);
}

static int setup(void **state)
{
	const unsigned char lengths[4] = {CARD_RAW_TEXT >> 8, CARD_RAW_TEXT & 0xFF, CARD_RAW_PHOTO >> 8, CARD_RAW_PHOTO & 0xFF};

	pages = *state != NULL;
	for (size_t i = 0; i < CARDS; i++) {
		memcpy(stream[i], lengths, sizeof(lengths));
		hex_card(stream[i] + 4, CARD_RAW_TEXT, cards[i].file);
	}
	return 0;
}

static char root[64];

/* Something is plugged in that the helper looks at. */
static int plug(void **state)
{
	char path[256];
	FILE *f;

	(void)state;
	strcpy(root, "/tmp/shiming-sys-XXXXXX");
	assert_non_null(mkdtemp(root));
	text_format(path, sizeof(path), "mkdir -p %s/sys/bus/usb/devices/1-1", root);
	assert_int_equal(system(path), 0);
	for (int i = 0; i < 2; i++) {
		text_format(path, sizeof(path), "%s/sys/bus/usb/devices/1-1/%s", root, i ? "idProduct" : "idVendor");
		f = fopen(path, "w");
		assert_non_null(f);
		assert_true(fputs(i ? "8159\n" : "0425\n", f) >= 0);
		assert_int_equal(fclose(f), 0);
	}
	setenv("SHIMING_SYSFS", root, 1);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(shared != MAP_FAILED);
	return 0;
}

static int unplug(void **state)
{
	char command[96];

	(void)state;
	text_format(command, sizeof(command), "rm -rf %s", root);
	return system(command);
}

#define READERS(f) cmocka_unit_test_prestate_setup_teardown(f, setup, NULL, NULL), {#f " of pages", f, setup, NULL, root}

int main(void)
{
	const struct CMUnitTest tests[] = {READERS(memory), READERS(calls), READERS(service)};

	signal(SIGPIPE, SIG_IGN);
	setenv("SHIMING_LANG", "zh", 1);
	return cmocka_run_group_tests(tests, plug, unplug);
}
