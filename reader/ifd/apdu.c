/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "apdu.h"

#include <string.h>

struct out {
	uint8_t *bytes;
	size_t size;
};

static size_t reply(const struct out *o, const uint8_t *data, size_t n, unsigned sw)
{
	if (n + 2 > o->size)
		return 0;
	if (n)
		memcpy(o->bytes, data, n);
	o->bytes[n] = (uint8_t)(sw >> 8);
	o->bytes[n + 1] = (uint8_t)sw;
	return n + 2;
}

static size_t reply_failure(const struct out *o, const struct module_answer *a)
{
	uint8_t step = (uint8_t)a->step;

	if (a->line)
		return reply(o, &step, 1, SAMV_SW1_LINE << 8 | (unsigned)a->line);
	return reply(o, &step, 1, SAMV_SW1_MODULE << 8 | a->sw3);
}

static size_t reply_data(const struct out *o, const struct module_answer *a)
{
	if (a->line || a->sw3 != 0x90)
		return reply_failure(o, a);
	return reply(o, a->data, a->n, 0x9000);
}

static size_t state(struct module *m, const struct out *o)
{
	uint8_t data[3] = { SAMV_VERSION, (uint8_t)m->state, m->status };

	return reply(o, data, sizeof(data), 0x9000);
}

static size_t status(struct module *m, const struct out *o)
{
	struct module_answer a;

	module_ask(m, 0x11, 0xFF, &a);
	if (a.line)
		return reply_failure(o, &a);
	m->status = a.sw3;
	return reply(o, &a.sw3, 1, 0x9000);
}

static size_t number(struct module *m, const struct out *o)
{
	struct module_answer a;

	module_ask(m, 0x12, 0xFF, &a);
	if (!a.line && a.n > 16)
		a.n = 16;
	return reply_data(o, &a);
}

static size_t trace(struct module *m, const struct out *o)
{
	unsigned n = m->traced < SAMV_TRACES ? m->traced : SAMV_TRACES;
	uint8_t data[SAMV_TRACES * SAMV_TRACE_BYTES], *p = data;

	for (unsigned i = m->traced - n; i != m->traced; i++) {
		const struct module_trace *t = &m->trace[i % SAMV_TRACES];
		const uint8_t row[SAMV_TRACE_BYTES] = { t->cmd, t->para, (uint8_t)t->line, t->sw3, (uint8_t)t->n,
							(uint8_t)(t->n >> 8), (uint8_t)t->ms, (uint8_t)(t->ms >> 8) };

		memcpy(p, row, sizeof(row));
		p += sizeof(row);
	}
	return reply(o, data, (size_t)(p - data), 0x9000);
}

static size_t read_text(struct module *m, const struct out *o)
{
	struct module_answer a;

	module_read(m, 0x30, 0x01, &a);
	return reply_data(o, &a);
}

static size_t read_finger(struct module *m, const struct out *o)
{
	struct module_answer a;

	module_read(m, 0x30, 0x10, &a);
	return reply_data(o, &a);
}

/* Sources contradict each other about 30 03 and 30 02: a module that does not know the first (21) is asked
 * the second. */
static size_t read_address(struct module *m, const struct out *o)
{
	struct module_answer a;

	module_read(m, 0x30, 0x03, &a);
	if (!a.line && a.step == SAMV_STEP_READ && a.sw3 == 0x21)
		module_read(m, 0x30, 0x02, &a);
	return reply_data(o, &a);
}

static size_t read_card_number(struct module *m, const struct out *o)
{
	struct module_answer a;

	module_read(m, 0x30, 0x05, &a);
	return reply_data(o, &a);
}

static const struct entry {
	uint8_t p1;
	size_t (*answer)(struct module *m, const struct out *o);
} entries[] = {
	{ SAMV_STATE, state },       { SAMV_STATUS, status },       { SAMV_NUMBER, number },
	{ SAMV_READ, read_text },    { SAMV_READ_FINGER, read_finger }, { SAMV_ADDRESS, read_address },
	{ SAMV_CARD_NUMBER, read_card_number }, { SAMV_TRACE, trace },
};

/* Header, or header with Le of one byte, or with an extended Le: no data goes to the module. */
static bool right_length(const uint8_t *apdu, size_t n)
{
	return n == 4 || n == 5 || (n == 7 && apdu[4] == 0);
}

size_t apdu_answer(struct module *m, const uint8_t *apdu, size_t n, uint8_t *out, size_t size)
{
	const struct out o = { out, size };

	if (n < 4)
		return reply(&o, NULL, 0, 0x6700);
	if (apdu[0] != SAMV_CLA)
		return reply(&o, NULL, 0, 0x6E00);
	if (apdu[1] != SAMV_INS)
		return reply(&o, NULL, 0, 0x6D00);
	if (!right_length(apdu, n))
		return reply(&o, NULL, 0, 0x6700);
	for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++) {
		if (entries[i].p1 == apdu[2] && apdu[3] == 0)
			return entries[i].answer(m, &o);
	}
	return reply(&o, NULL, 0, 0x6A86);
}
