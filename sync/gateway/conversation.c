/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gateway/conversation.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"

const struct gateway_ops gateway_desk_ops = {
	desk_gateway_admit, desk_gateway_list, desk_gateway_features, desk_gateway_punch, desk_gateway_collected,
};

static const struct device_manner before_login = {.max_len = 65}, logged_in = {.max_len = CONVERSATION_CONTENT};

/* --- bytes ------------------------------------------------------------------------------------------- */

void conversation_init(struct conversation *c, int64_t now_ms)
{
	*c = (struct conversation){.since_ms = now_ms, .heard_ms = now_ms};
	buf_init(&c->in, CONVERSATION_CONTENT + DEVICE_FRAME);
	buf_init(&c->out, CONVERSATION_REPLY);
}

void conversation_release(struct conversation *c)
{
	buf_wipe_release(&c->in);
	buf_wipe_release(&c->out);
}

size_t conversation_room(const struct conversation *c)
{
	size_t most = c->device.id ? CONVERSATION_CONTENT + DEVICE_FRAME : CONVERSATION_LOGIN_BYTES;

	return c->over || c->out.len ? 0 : most - (c->in.len < most ? c->in.len : most);
}

void conversation_take(struct conversation *c, const void *bytes, size_t n, int64_t now_ms)
{
	if (n && !c->in.len)
		c->part_ms = now_ms;
	if (n > conversation_room(c) || buf_add(&c->in, bytes, n))
		c->over = true;
}

static enum device_read frame(struct conversation *c, struct device_frame *f, size_t *used)
{
	const struct device_manner *m = c->device.id ? &logged_in : &before_login;
	enum device_read got = device_frame_read(m, c->in.data, c->in.len, f, used, NULL);

	if (got == DEVICE_BROKEN || (got == DEVICE_WHOLE && f->parts > 1))
		c->over = true;
	return c->over ? DEVICE_BROKEN : got;
}

bool conversation_asks(struct conversation *c, bool *login)
{
	struct device_frame f;
	size_t used;

	*login = !c->device.id;
	return !c->over && !c->out.len && c->in.len && frame(c, &f, &used) == DEVICE_WHOLE;
}

void conversation_sent(struct conversation *c, size_t n)
{
	c->sent += n;
	if (c->sent < c->out.len)
		return;
	wipe(c->out.data, c->out.len);
	buf_release(&c->out); /* a long list is not kept for the next short answer */
	c->sent = 0;
	c->write_ms = 0;
}

bool conversation_overdue(const struct conversation *c, int64_t now_ms)
{
	return (!c->device.id && now_ms - c->since_ms > CONVERSATION_LOGIN_MS) || (c->part_ms && now_ms - c->part_ms > CONVERSATION_FRAME_MS) ||
	       (c->write_ms && now_ms - c->write_ms > CONVERSATION_WRITE_MS) || now_ms - c->heard_ms > CONVERSATION_IDLE_MS;
}

/* --- answers ----------------------------------------------------------------------------------------- */

struct turn {
	struct conversation *c;
	struct desk *d;
	const struct gateway_ops *ops;
	const struct device_frame *asked;
	struct device_manner manner; /* with the checksum as the question had it */
	bool stored;
};

static int reply(struct turn *t, bool ok, bool sum, const struct buf *content, struct err *e)
{
	struct device_frame f = {.command = t->asked->command,
				 .flag = !ok,
				 .content = content ? (const unsigned char *)content->data : NULL,
				 .n = content ? content->len : 0};

	memcpy(f.session, t->asked->session, DEVICE_SESSION);
	if (content && content->failed)
		return err_set(e, ERR_TOO_LARGE, "reply");
	return device_frame_write(&t->manner, &f, sum, &t->c->out, e);
}

/* Words for the device's display: without a checksum, as JM-3 prints none. */
static int fail(struct turn *t, const char *words, struct err *e)
{
	struct buf content;
	int last;

	buf_init(&content, 1024);
	buf_adds(&content, words);
	last = reply(t, false, false, &content, e);
	buf_release(&content);
	return last;
}

/* What the desk refuses with its own words; anything else it cannot do now. */
static bool a_refusal(enum err_code code)
{
	return code == ERR_DEVICE_UNKNOWN || code == ERR_DEVICE_DIRECT || code == ERR_DEVICE_PHOTO || code == ERR_NO_SUCH;
}

static int refused_or_broken(struct turn *t, const struct err *why, struct err *e)
{
	return a_refusal(why->code) ? fail(t, err_sentence(why->code), e) : err_set(e, why->code, "%s", why->detail);
}

/* A frame that says nothing, or one that there was no memory to read: then nothing is said, and the device brings it again. */
static bool no_memory(const struct err *why, struct err *e)
{
	if (why->code == ERR_MEMORY)
		err_set(e, ERR_MEMORY, "%s", why->detail);
	return why->code == ERR_MEMORY;
}

static int log_in(struct turn *t, struct err *e)
{
	struct err why = {ERR_NONE};
	struct device_caller caller;
	struct device_login l;

	if (device_login_read(&t->manner, t->asked, &l, &why))
		return no_memory(&why, e) ? -1 : fail(t, "登录内容有误", e);
	if (t->ops->admit(t->d, l.maker, l.device, &caller, &why)) {
		log_write(LOG_WRN, "a device was not admitted: %s", err_name(why.code));
		return refused_or_broken(t, &why, e);
	}
	t->c->device = caller;
	return reply(t, true, false, NULL, e);
}

static int heartbeat(struct turn *t, struct err *e)
{
	return reply(t, true, false, NULL, e);
}

static void list_one(const struct gateway_person *p, struct device_listed *out)
{
	out->worker = p->worker;
	out->photo_bytes = p->photo_bytes;
	text_copy(out->number, sizeof(out->number), p->number);
	text_copy(out->name, sizeof(out->name), p->name);
}

static int write_list(struct turn *t, const struct gateway_person *rows, size_t n, struct err *e)
{
	const struct project *project = t->d ? desk_project(t->d) : NULL;
	struct device_list l = {.project = (uint32_t)t->c->device.project, .item = calloc(n + 1, sizeof(*l.item))};
	struct buf content;
	int last;

	if (!l.item)
		return err_set(e, ERR_MEMORY, "whitelist");
	text_copy(l.title, sizeof(l.title), project ? project->name : "");
	for (; l.n < n; l.n++)
		list_one(&rows[l.n], &l.item[l.n]);
	buf_init(&content, CONVERSATION_REPLY);
	device_list_write(&t->manner, &l, &content);
	last = reply(t, true, true, &content, e);
	buf_wipe_release(&content);
	wipe(l.item, (n + 1) * sizeof(*l.item));
	device_list_release(&l);
	return last;
}

/* The fingerprint of the device's own list is not looked at: it gets the whole list, and withdraws whom it does not name. */
static int whitelist(struct turn *t, struct err *e)
{
	struct gateway_person *rows = NULL;
	uint16_t people;
	uint32_t bytes;
	size_t n = 0;
	int last;

	if (device_list_ask_read(t->asked, &people, &bytes, NULL))
		return fail(t, "查询内容有误", e);
	if (t->ops->list(t->d, &t->c->device, DEVICE_LIST_MOST, &rows, &n, e))
		return -1;
	t->stored = true;
	last = write_list(t, rows, n, e);
	if (rows)
		wipe(rows, n * sizeof(*rows));
	free(rows);
	return last;
}

static unsigned nation_of(struct desk *d, const char *card)
{
	const struct profile *p = d ? desk_profile(d) : NULL;
	const char *code = p && *card ? profile_dialect_code(p, "device", "device_nations", card) : "";

	return (unsigned)strtoul(code, NULL, 10);
}

static int write_features(struct turn *t, const struct gateway_features *f, const struct buf *photo, struct err *e)
{
	struct device_features x = {.worker = f->who.worker};
	struct buf content;
	int last;

	text_copy(x.person.name, sizeof(x.person.name), f->who.name);
	text_copy(x.person.number, sizeof(x.person.number), f->who.number);
	x.person.sex = !strcmp(f->sex, "male") ? DEVICE_MALE : !strcmp(f->sex, "female") ? DEVICE_FEMALE : DEVICE_SEX_UNKNOWN;
	x.person.nation = nation_of(t->d, f->nation);
	x.person.birth = f->birth;
	x.person.valid_from = x.person.valid_to = DATE_NONE;
	x.person.collected = (struct device_photo){(const unsigned char *)photo->data, photo->len};
	buf_init(&content, CONVERSATION_REPLY);
	device_features_write(&t->manner, &x, &content);
	last = reply(t, true, true, &content, e);
	buf_wipe_release(&content);
	wipe(&x, sizeof(x));
	return last;
}

static int features(struct turn *t, struct err *e)
{
	char asker[DEVICE_CODE], number[DEVICE_NUMBER];
	struct gateway_features f;
	struct err why = {ERR_NONE};
	struct buf photo;
	int last;

	if (device_features_ask_read(&t->manner, t->asked, asker, number, &why))
		return no_memory(&why, e) ? -1 : fail(t, "查询内容有误", e);
	buf_init(&photo, CONVERSATION_REPLY);
	t->stored = true;
	last = t->ops->features(t->d, &t->c->device, number, &f, &photo, &why) ? refused_or_broken(t, &why, e) : write_features(t, &f, &photo, e);
	buf_wipe_release(&photo);
	wipe(&f, sizeof(f));
	return last;
}

static int punch(struct turn *t, struct err *e)
{
	struct device_punch p;
	enum punched how;
	char words[300] = "";

	if (device_punch_read(&t->manner, t->asked, &p, NULL))
		return fail(t, "考勤内容有误", e);
	if (t->ops->punch(t->d, &t->c->device, &(struct gateway_punch){p.worker, p.at_ms, p.mode, p.photo.data, p.photo.n}, &how, words, sizeof(words), e))
		return -1;
	t->stored = true;
	return how == PUNCH_REFUSED ? fail(t, words, e) : reply(t, true, false, NULL, e);
}

/* The annex's nations back into the card's, through the same table. */
static void put_nation(struct desk *d, unsigned nation, struct record *r)
{
	const struct code *codes = NULL;
	size_t n = d && desk_profile(d) && nation ? profile_codes(desk_profile(d), "device_nations", &codes) : 0;

	for (size_t i = 0; i < n; i++)
		if (nation_of(d, codes[i].code) == nation) {
			record_set(r, F_NATION, codes[i].code, ORIGIN_STORED);
			return;
		}
}

static void put_date(struct record *r, enum field_id f, date_t on)
{
	char text[DATE_TEXT];

	date_format(on, text);
	record_set(r, f, text, ORIGIN_STORED);
}

static void put_person(struct desk *d, const struct device_person *p, struct record *r)
{
	enum value_origin how = p->manual ? ORIGIN_TYPED : ORIGIN_STORED;

	record_set(r, F_DOC_TYPE, "01", ORIGIN_STORED);
	record_set(r, F_NUMBER, p->number, how);
	record_set(r, F_NAME, p->name, how);
	record_set(r, F_SEX, p->sex == DEVICE_MALE ? "male" : p->sex == DEVICE_FEMALE ? "female" : "", ORIGIN_STORED);
	record_set(r, F_ADDRESS, p->address, ORIGIN_STORED);
	record_set(r, F_AUTHORITY, p->authority, ORIGIN_STORED);
	put_date(r, F_BIRTH, p->birth);
	put_date(r, F_VALID_FROM, p->valid_from);
	put_date(r, F_VALID_TO, p->valid_to);
	put_nation(d, p->nation, r);
}

static int answer_person(struct turn *t, bool ok, const char *words, struct err *e)
{
	struct buf content;
	int last;

	buf_init(&content, 1024);
	device_person_reply_write(&t->manner, ok, words, &content);
	last = reply(t, ok, true, &content, e);
	buf_release(&content);
	return last;
}

static int collect(struct turn *t, struct err *e)
{
	struct err why = {ERR_NONE};
	struct device_person p;
	struct record r;
	int last;

	if (device_person_read(&t->manner, t->asked, &p, &why) || !p.number[0] || !p.name[0])
		return no_memory(&why, e) ? -1 : answer_person(t, false, "采集内容有误", e);
	if (p.collected.n > GATEWAY_COLLECTED_MAX)
		return answer_person(t, false, "照片太大", e);
	record_init(&r);
	put_person(t->d, &p, &r);
	last = t->ops->collected(t->d, &t->c->device, &r, p.collected.data, p.collected.n, e);
	record_release(&r);
	wipe(&p, sizeof(p));
	t->stored = true;
	return last ? -1 : answer_person(t, true, "", e);
}

static const struct {
	uint16_t command;
	bool sum;
	int (*answer)(struct turn *t, struct err *e);
} commands[] = {
	{DEVICE_LOGIN, true, log_in},	     {DEVICE_HEARTBEAT, false, heartbeat}, {DEVICE_COLLECT, true, collect},
	{DEVICE_WHITELIST, true, whitelist}, {DEVICE_FEATURES, true, features},	   {DEVICE_PUNCH, true, punch},
};

static int answer(struct turn *t, struct device_frame *f, struct err *e)
{
	bool by_frame = false;
	size_t i = 0;

	while (i < ARRAY_LEN(commands) && commands[i].command != f->command)
		i++;
	if (i == ARRAY_LEN(commands) || (!t->c->device.id && f->command != DEVICE_LOGIN)) {
		t->c->over = true; /* no such command, or before the log-in */
		return 0;
	}
	if (commands[i].sum && !device_frame_sum(f, &by_frame))
		return fail(t, "校验和错误", e);
	t->manner.xor_frame = by_frame;
	return commands[i].answer(t, e);
}

int conversation_answer(struct conversation *c, struct desk *d, const struct gateway_ops *ops, int64_t now_ms, bool *stored, struct err *e)
{
	struct device_frame f;
	struct turn t = {.c = c, .d = d, .ops = ops, .asked = &f};
	size_t used = 0;
	int last;

	if (frame(c, &f, &used) != DEVICE_WHOLE)
		return 0;
	last = answer(&t, &f, e);
	*stored |= t.stored;
	buf_drop_front(&c->in, used);
	c->heard_ms = now_ms;
	c->part_ms = c->in.len ? now_ms : 0;
	c->write_ms = c->out.len ? now_ms : 0;
	c->over |= last != 0;
	return last;
}
