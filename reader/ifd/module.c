/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "module.h"

#include <string.h>
#include <time.h>

#define DONE 0x90
#define FOUND 0x9F
#define NO_CARD 0x80

#define ABSENT_PAUSE_MS 300   /* between tries to open what is not there */
#define SILENT_PAUSE_MS 1000  /* between tries at a line on which nobody answers */
#define MUTE_MAX 2            /* finds without an answer before the line is opened anew */

/* What a good answer looks like: a frame that does not fit is a late answer to another question. */
static const struct command {
	uint8_t cmd, para;
	uint8_t good;
	size_t least;    /* bytes behind SW3 of a good answer */
	int timeout_ms;  /* one source gives 5000 a command; find and status are quick everywhere, and presence waits for them */
} commands[] = {
	{ 0x11, 0xFF, DONE, 0, 300 },
	{ 0x12, 0xFF, DONE, 16, 1000 },
	{ 0x20, 0x01, FOUND, 4, 1000 },
	{ 0x20, 0x02, DONE, 8, 2000 },
	{ 0x30, 0x01, DONE, 4 + 256, 5000 },
	{ 0x30, 0x10, DONE, 6 + 256, 5000 },
	{ 0x30, 0x02, DONE, 70, 5000 },
	{ 0x30, 0x03, DONE, 70, 5000 },
	{ 0x30, 0x05, DONE, 24, 5000 },
};

static const struct command *command(uint8_t cmd, uint8_t para)
{
	static const struct command any = { 0, 0, DONE, 0, 5000 };

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (commands[i].cmd == cmd && commands[i].para == para)
			return &commands[i];
	}
	return &any;
}

static int64_t steady_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void module_init(struct module *m, struct transport transport, const struct module_settings *settings)
{
	memset(m, 0, sizeof(*m));
	m->transport = transport;
	m->settings = *settings;
	m->now_ms = steady_ms;
	m->state = SAMV_ABSENT;
}

static void no_card(struct module *m)
{
	m->present = m->found = false;
	m->fails = 0;
}

static void lose(struct module *m, enum samv_state state, int pause_ms)
{
	m->transport.ops->close(m->transport.self);
	m->open = false;
	m->state = state;
	m->mute = 0;
	m->next_open = m->now_ms() + pause_ms;
	no_card(m);
}

void module_release(struct module *m)
{
	if (m->transport.ops)
		lose(m, SAMV_ABSENT, 0);
	/* The last answer may have been a card. */
	explicit_bzero(&m->reply, sizeof(m->reply));
}

static enum samv_line line_of(enum transport_result result)
{
	switch (result) {
	case TRANSPORT_OK:
		return (enum samv_line)0;
	case TRANSPORT_TIMEOUT:
		return SAMV_LINE_TIMEOUT;
	case TRANSPORT_GARBLED:
		return SAMV_LINE_GARBLED;
	default:
		return SAMV_LINE_CLOSED;
	}
}

static bool fits(const struct command *c, const uint8_t *payload, size_t n)
{
	if (n < 3)
		return false;
	if (payload[2] != DONE && payload[2] != FOUND)
		return true;
	return payload[2] == c->good && n - 3 >= c->least;
}

static void record(struct module *m, uint8_t cmd, uint8_t para, const struct module_answer *a, int64_t begin)
{
	int64_t ms = m->now_ms() - begin;
	struct module_trace *last = &m->trace[(m->traced + SAMV_TRACES - 1) % SAMV_TRACES];

	/* The look for a card comes many times a second: only the last of equal ones is kept, or it would be all there is. */
	if (m->traced && cmd == 0x20 && last->cmd == cmd && last->para == para && last->line == a->line && last->sw3 == a->sw3)
		m->traced--;
	m->trace[m->traced++ % SAMV_TRACES] = (struct module_trace){ cmd, para, a->line, a->sw3, (uint16_t)a->n,
								     (uint16_t)(ms < 0xFFFF ? ms : 0xFFFF) };
}

static void exchange_once(struct module *m, uint8_t cmd, uint8_t para, struct module_answer *a)
{
	const struct command *c = command(cmd, para);
	uint8_t frame[FRAME_HEADER + 3];
	size_t n = frame_build_request(frame, sizeof(frame), cmd, para, NULL, 0), got = 0;
	const uint8_t *payload;

	a->n = 0;
	a->data = NULL;
	a->sw3 = 0;
	a->line = line_of(m->transport.ops->exchange(m->transport.self, frame, n, &m->reply, c->timeout_ms));
	if (a->line == SAMV_LINE_CLOSED)
		lose(m, SAMV_ABSENT, 0);
	if (a->line)
		return;
	payload = frame_receiver_payload(&m->reply, &got);
	if (!fits(c, payload, got)) {
		a->line = SAMV_LINE_GARBLED;
		return;
	}
	a->sw3 = payload[2];
	a->data = payload + 3;
	a->n = got - 3;
}

static void exchange(struct module *m, uint8_t cmd, uint8_t para, struct module_answer *a)
{
	int64_t begin = m->now_ms();

	exchange_once(m, cmd, para, a);
	record(m, cmd, para, a, begin);
}

static enum samv_state state_of(enum transport_result result)
{
	return result == TRANSPORT_HELD ? SAMV_HELD : result == TRANSPORT_DENIED ? SAMV_DENIED : SAMV_ABSENT;
}

/* All ways of talking to it (a serial line's rates) are tried in a row before the next round waits. */
static int pause_after(const struct module *m, enum samv_line line)
{
	if (line == SAMV_LINE_CLOSED)
		return ABSENT_PAUSE_MS;
	return m->transport.variants > 1 && m->variant % m->transport.variants != 0 ? 0 : SILENT_PAUSE_MS;
}

/* Opens the line and makes sure that a module is at its other end. */
static bool ensure_open(struct module *m)
{
	struct module_answer a;
	enum transport_result result;

	if (m->open)
		return true;
	if (m->now_ms() < m->next_open)
		return false;
	result = m->transport.ops->open(m->transport.self, m->variant);
	if (result != TRANSPORT_OK) {
		m->variant = 0;
		lose(m, state_of(result), ABSENT_PAUSE_MS);
		return false;
	}
	m->open = true;
	exchange(m, 0x11, 0xFF, &a);
	if (a.line == SAMV_LINE_GARBLED)
		exchange(m, 0x11, 0xFF, &a);
	if (a.line) {
		m->variant++;
		lose(m, SAMV_SILENT, pause_after(m, a.line));
		return false;
	}
	m->status = a.sw3;
	m->state = a.sw3 == DONE ? SAMV_READY : SAMV_FAULT;
	m->next_open = m->now_ms() + SILENT_PAUSE_MS;
	return true;
}

/* A module that failed its self-test takes no commands; it is asked again now and then. */
static bool usable(struct module *m)
{
	struct module_answer a;

	if (!ensure_open(m))
		return false;
	if (m->state != SAMV_FAULT)
		return true;
	if (m->now_ms() < m->next_open)
		return false;
	m->next_open = m->now_ms() + SILENT_PAUSE_MS;
	exchange(m, 0x11, 0xFF, &a);
	if (a.line)
		return false;
	m->status = a.sw3;
	m->state = a.sw3 == DONE ? SAMV_READY : SAMV_FAULT;
	return m->state == SAMV_READY;
}

static void find_failed(struct module *m)
{
	int64_t now = m->now_ms();

	m->found = false;
	if (!m->present)
		return;
	if (m->fails++ == 0)
		m->first_fail = now;
	if (m->fails >= m->settings.gone_count && now - m->first_fail >= m->settings.gone_ms)
		no_card(m);
}

static void find_answered(struct module *m, uint8_t sw3)
{
	m->mute = 0;
	if (sw3 == FOUND) {
		m->present = m->found = true;
		m->fails = 0;
	} else if (sw3 == 0x60 || sw3 == 0x66) {
		m->status = sw3;
		m->state = SAMV_FAULT;
		no_card(m);
	} else {
		find_failed(m);
	}
}

bool module_look(struct module *m)
{
	struct module_answer a;

	if (!usable(m))
		return false;
	exchange(m, 0x20, 0x01, &a);
	if (a.line == SAMV_LINE_CLOSED)
		return false;
	if (!a.line)
		find_answered(m, a.sw3);
	else if (++m->mute >= MUTE_MAX)
		lose(m, SAMV_SILENT, 0);
	return m->present;
}

void module_ask(struct module *m, uint8_t cmd, uint8_t para, struct module_answer *a)
{
	*a = (struct module_answer){ .step = SAMV_STEP_READ, .line = SAMV_LINE_CLOSED };
	if (!ensure_open(m))
		return;
	exchange(m, cmd, para, a);
}

/* A module may answer "no card" to the second find of a card that it has found once and not yet selected:
 * then select decides. */
static bool select_card(struct module *m, struct module_answer *a)
{
	bool found_before = m->found;
	uint8_t find_sw3;

	a->step = SAMV_STEP_FIND;
	exchange(m, 0x20, 0x01, a);
	find_sw3 = a->sw3;
	if (a->line || (a->sw3 != FOUND && !(a->sw3 == NO_CARD && found_before)))
		return false;
	m->found = false;
	a->step = SAMV_STEP_SELECT;
	exchange(m, 0x20, 0x02, a);
	if (a->line)
		return false;
	if (a->sw3 != DONE && find_sw3 != FOUND) {
		a->step = SAMV_STEP_FIND;
		a->sw3 = find_sw3;
	}
	return a->sw3 == DONE;
}

static void read_once(struct module *m, uint8_t cmd, uint8_t para, struct module_answer *a)
{
	if (!select_card(m, a))
		return;
	a->step = SAMV_STEP_READ;
	exchange(m, cmd, para, a);
	if (!a->line && a->sw3 == DONE) {
		m->present = true;
		m->fails = 0;
	}
}

/* Garbled on the way there (10, 11) or back. An answer that did not come at all has used up its time already.
 */
static bool worth_repeating(const struct module_answer *a)
{
	return a->line == SAMV_LINE_GARBLED || (!a->line && (a->sw3 == 0x10 || a->sw3 == 0x11));
}

void module_read(struct module *m, uint8_t cmd, uint8_t para, struct module_answer *a)
{
	*a = (struct module_answer){ .step = SAMV_STEP_FIND, .line = SAMV_LINE_CLOSED };
	if (!usable(m)) {
		if (m->open)
			*a = (struct module_answer){ .step = SAMV_STEP_FIND, .sw3 = m->status };
		return;
	}
	read_once(m, cmd, para, a);
	if (worth_repeating(a))
		read_once(m, cmd, para, a);
}
