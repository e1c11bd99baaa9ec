/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sam.h"

#include <string.h>

#include "base/text.h"

#define DONE 0x90
#define FOUND 0x9F
#define NOTHING 0x91
#define NO_CARD 0x80
#define SELECT_FAILED 0x81
#define READ_FAILED 0x41
#define BAD_CHECKSUM 0x10
#define BAD_LENGTH 0x11
#define BAD_COMMAND 0x21

struct content {
	uint8_t sw3;
	uint8_t data[6 + CARD_RAW_TEXT + CARD_RAW_PHOTO];
	size_t n;
};

static const char *const step_words[] = {
	[SAM_ANY] = "any",       [SAM_FIND] = "find",     [SAM_SELECT] = "select", [SAM_READ] = "read",
	[SAM_STATUS] = "status", [SAM_NUMBER] = "number", [SAM_OTHER] = "other",
};

static const char *const fault_words[FAULT_COUNT] = {
	[FAULT_NONE] = "none",   [FAULT_SW] = "sw",           [FAULT_CHECKSUM] = "checksum", [FAULT_LENGTH] = "length",
	[FAULT_ORDER] = "order", [FAULT_CUT] = "cut",         [FAULT_NOISE] = "noise",       [FAULT_SILENCE] = "silence",
	[FAULT_LIFT] = "lift",   [FAULT_SLOW] = "slow",       [FAULT_UNPLUG] = "unplug",
};

static int index_of(const char *const *words, size_t n, const char *word)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(words[i], word) == 0)
			return (int)i;
	}
	return -1;
}

bool sam_step_parse(const char *word, enum sam_step *out)
{
	int i = index_of(step_words, ARRAY_LEN(step_words), word);

	if (i >= 0)
		*out = (enum sam_step)i;
	return i >= 0;
}

bool fault_kind_parse(const char *word, enum fault_kind *out)
{
	int i = index_of(fault_words, ARRAY_LEN(fault_words), word);

	if (i > FAULT_NONE)
		*out = (enum fault_kind)i;
	return i > FAULT_NONE;
}

void sam_init(struct sam *s)
{
	memset(s, 0, sizeof(*s));
	s->health = DONE;
}

void sam_place(struct sam *s, const struct sim_card *card)
{
	s->card = card;
	s->found = s->selected = s->was_read = false;
}

/* --- commands --- */

static void add(struct content *c, const void *data, size_t n)
{
	memcpy(c->data + c->n, data, n);
	c->n += n;
}

static void do_status(struct sam *s, struct content *c)
{
	c->sw3 = s->health;
}

/* 05.03-20160101-0001234567-1234567890, made up. */
static void do_number(struct sam *s, struct content *c)
{
	static const uint8_t number[] = { 0x05, 0x00, 0x03, 0x00, 0x65, 0x9E, 0x33, 0x01,
					  0x87, 0xD6, 0x12, 0x00, 0xD2, 0x02, 0x96, 0x49 };

	(void)s;
	c->sw3 = DONE;
	add(c, number, sizeof(number));
}

static void do_find(struct sam *s, struct content *c)
{
	static const uint8_t zero[4];

	s->selected = false;
	s->found = s->card && !(s->mode == SAM_ONCE && s->was_read);
	c->sw3 = s->found ? FOUND : NO_CARD;
	if (s->found)
		add(c, zero, sizeof(zero));
}

static void do_select(struct sam *s, struct content *c)
{
	static const uint8_t zero[8];

	s->selected = s->found && s->card;
	s->found = false;
	c->sw3 = s->selected ? DONE : SELECT_FAILED;
	if (s->selected)
		add(c, zero, sizeof(zero));
}

/* Whether a card lies there selected; a selection serves one read. */
static bool take_selected(struct sam *s, struct content *c)
{
	bool ready = s->selected && s->card;

	s->selected = false;
	c->sw3 = ready ? DONE : READ_FAILED;
	return ready;
}

static void do_read(struct sam *s, struct content *c)
{
	static const uint8_t lengths[] = { 0x01, 0x00, 0x04, 0x00 };

	if (!take_selected(s, c))
		return;
	s->was_read = true;
	add(c, lengths, sizeof(lengths));
	add(c, s->card->text, sizeof(s->card->text));
	add(c, s->card->photo, sizeof(s->card->photo));
}

static void do_read_finger(struct sam *s, struct content *c)
{
	static const uint8_t lengths[] = { 0x01, 0x00, 0x04, 0x00, 0x00, 0x00 };

	if (!take_selected(s, c))
		return;
	s->was_read = true;
	add(c, lengths, sizeof(lengths));
	add(c, s->card->text, sizeof(s->card->text));
	add(c, s->card->photo, sizeof(s->card->photo));
}

static void do_address(struct sam *s, struct content *c)
{
	if (!take_selected(s, c))
		return;
	c->sw3 = s->card->has_address ? DONE : NOTHING;
	if (s->card->has_address)
		add(c, s->card->address, sizeof(s->card->address));
}

/* 8 bytes of chip and 16 of card, made up from the card's text so that every card has its own. */
static void do_card_number(struct sam *s, struct content *c)
{
	uint8_t number[24] = { 0 };

	if (!take_selected(s, c))
		return;
	for (size_t i = 0; i < sizeof(s->card->text); i++)
		number[i % sizeof(number)] ^= s->card->text[i];
	add(c, number, sizeof(number));
}

static void do_nothing(struct sam *s, struct content *c)
{
	(void)s;
	c->sw3 = DONE;
}

static void do_reset(struct sam *s, struct content *c)
{
	sam_place(s, s->card);
	c->sw3 = DONE;
}

#define ANY_PARA -1

static const struct command {
	uint8_t cmd;
	int para;
	enum sam_step step;
	void (*run)(struct sam *s, struct content *c);
} commands[] = {
	{ 0x10, 0xFF, SAM_OTHER, do_reset },      { 0x11, 0xFF, SAM_STATUS, do_status },
	{ 0x12, 0xFF, SAM_NUMBER, do_number },    { 0x20, 0x01, SAM_FIND, do_find },
	{ 0x20, 0x02, SAM_SELECT, do_select },    { 0x30, 0x01, SAM_READ, do_read },
	{ 0x30, 0x10, SAM_READ, do_read_finger }, { 0x30, 0x02, SAM_READ, do_address },
	{ 0x30, 0x03, SAM_READ, do_address },     { 0x30, 0x05, SAM_READ, do_card_number },
	{ 0x60, ANY_PARA, SAM_OTHER, do_nothing }, { 0x61, 0xFF, SAM_OTHER, do_nothing },
};

static const struct command *find_command(const uint8_t *payload, size_t n)
{
	for (size_t i = 0; n >= 2 && i < ARRAY_LEN(commands); i++) {
		if (commands[i].cmd == payload[0] && (commands[i].para == ANY_PARA || commands[i].para == payload[1]))
			return &commands[i];
	}
	return NULL;
}

/* --- faults --- */

bool sam_order_fault(struct sam *s, const struct fault *fault)
{
	if (s->faults == FAULTS_MAX)
		return false;
	s->fault[s->faults++] = *fault;
	return true;
}

/* The first fault waiting for this step; used up once it has struck `times` times. */
static struct fault take_fault(struct sam *s, enum sam_step step)
{
	for (size_t i = 0; i < s->faults; i++) {
		struct fault f = s->fault[i];

		if (f.step != SAM_ANY && f.step != step)
			continue;
		if (--s->fault[i].times == 0) {
			memmove(&s->fault[i], &s->fault[i + 1], (s->faults - i - 1) * sizeof(s->fault[0]));
			s->faults--;
		}
		return f;
	}
	return (struct fault){ FAULT_NONE };
}

static void fault_noise(struct sam_reply *r, unsigned n)
{
	static const uint8_t noise[] = { 0x00, 0xFF, 0xAA, 0xAA, 0x96, 0x69, 0xAA, 0xAA, 0xAA, 0x96, 0x00 };

	if (n > sizeof(r->bytes) - r->n)
		n = (unsigned)(sizeof(r->bytes) - r->n);
	memmove(r->bytes + n, r->bytes, r->n);
	for (size_t i = 0; i < n; i++)
		r->bytes[i] = noise[i % sizeof(noise)];
	r->n += n;
}

static void fault_length(struct sam_reply *r, unsigned n)
{
	size_t len = ((size_t)r->bytes[5] << 8 | r->bytes[6]) + (n ? n : 1);

	r->bytes[5] = (uint8_t)(len >> 8);
	r->bytes[6] = (uint8_t)len;
}

static void cut(struct sam_reply *r, unsigned n)
{
	if (n < r->n)
		r->n = n;
}

static void spoil(struct sam *s, const struct fault *f, struct sam_reply *r)
{
	switch (f->kind) {
	case FAULT_CHECKSUM:
		r->bytes[r->n - 1] ^= 0x55;
		break;
	case FAULT_LENGTH:
		fault_length(r, f->n);
		break;
	case FAULT_ORDER:
		memcpy(r->bytes, s->last.bytes, s->last.n);
		r->n = s->last.n;
		break;
	case FAULT_CUT:
		cut(r, f->n);
		break;
	case FAULT_NOISE:
		fault_noise(r, f->n);
		break;
	case FAULT_SILENCE:
		r->n = 0;
		break;
	case FAULT_SLOW:
		r->delay_ms = f->n;
		break;
	case FAULT_UNPLUG:
		cut(r, f->n);
		r->unplug = true;
		break;
	default:
		break;
	}
}

/* --- the module --- */

/* A module that failed its self-test (60) or has no key (66) answers that and nothing else. */
static void run(struct sam *s, const struct command *command, const struct fault *f, struct content *c)
{
	if (f->kind == FAULT_LIFT)
		sam_place(s, NULL);
	if (s->health != DONE)
		c->sw3 = s->health;
	else if (command)
		command->run(s, c);
	else
		c->sw3 = BAD_COMMAND;
	if (f->kind == FAULT_SW) {
		c->sw3 = (uint8_t)f->n;
		c->n = 0;
	}
}

static void frame_reply(const struct content *c, struct sam_reply *out)
{
	uint8_t payload[3 + sizeof(c->data)] = { 0, 0, c->sw3 };

	memcpy(payload + 3, c->data, c->n);
	out->n = frame_build(out->bytes, sizeof(out->bytes), payload, 3 + c->n);
	out->sw3 = c->sw3;
}

void sam_answer(struct sam *s, enum frame_result result, const uint8_t *payload, size_t n, struct sam_reply *out)
{
	const struct command *command = result == FRAME_WHOLE ? find_command(payload, n) : NULL;
	struct fault f = take_fault(s, command ? command->step : SAM_OTHER);
	struct content c = { .n = 0 };

	memset(out, 0, sizeof(*out));
	if (result == FRAME_WHOLE) {
		run(s, command, &f, &c);
		out->cmd = payload[0];
		out->para = payload[1];
	} else {
		c.sw3 = result == FRAME_BAD_CHECKSUM ? BAD_CHECKSUM : BAD_LENGTH;
	}
	frame_reply(&c, out);
	spoil(s, &f, out);
	if (f.kind == FAULT_NONE)
		s->last = *out;
}
