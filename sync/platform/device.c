/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/device.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "domain/base64.h"

#define REPLY_MAX (8u << 20)
#define RESIDENT "01" /* the document type that cards of this protocol are */
#define PROJECT 1     /* one project a platform */
#define TITLE "实名制管理平台"
#define LIST_MOST 65535

/* --- records ----------------------------------------------------------------------------------------- */

static void uid_of(const char *entity, const char *name, char out[UID_TEXT])
{
	unsigned char h[crypto_hash_sha256_BYTES];
	char text[160];

	text_format(text, sizeof(text), "device\n%s\n%s", entity, name);
	crypto_hash_sha256(h, (const unsigned char *)text, strlen(text));
	wipe(text, sizeof(text));
	h[6] = (unsigned char)((h[6] & 0x0F) | 0x80); /* RFC 9562 version 8: made by us */
	h[8] = (unsigned char)((h[8] & 0x3F) | 0x80);
	text_format(out, UID_TEXT, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
		    h[0], h[1], h[2], h[3], h[4], h[5], h[6], h[7], h[8], h[9], h[10], h[11], h[12], h[13],
		    h[14], h[15]);
}

/* The person with this number, whoever told of him; else the uid under which this door keeps him. */
static int person_uid(struct device_door *d, const char *number, char out[UID_TEXT], struct err *e)
{
	if (pstore_document_owner(d->office.store, RESIDENT, number, "", out, e))
		return -1;
	if (!*out)
		uid_of("person", number, out);
	return 0;
}

/* A device's box is found by what no bearer token can be. */
static void box_hash(const char *device, unsigned char hash[PSTORE_HASH])
{
	char name[DEVICE_CODE + 16];

	text_format(name, sizeof(name), "device\n%s", device);
	crypto_hash_sha256(hash, (const unsigned char *)name, strlen(name));
}

static int box_of(struct device_door *d, const char *device, struct pbox *out, struct err *e)
{
	unsigned char hash[PSTORE_HASH];
	bool found;

	box_hash(device, hash);
	if (pstore_box_by_token(d->office.store, hash, out, &found, e))
		return -1;
	return found ? 0 : err_set(e, ERR_NO_SUCH, "the device has no box");
}

/* What is there keeps its box: a device may collect anew whom somebody else has told of. */
static int owner_of(struct device_door *d, const char *uid, struct pbox *box, struct err *e)
{
	struct precord r;
	bool found;

	if (pstore_record_get(d->office.store, uid, &r, &found, e))
		return -1;
	if (found)
		box->id = r.box;
	precord_release(&r);
	return 0;
}

/* In a transaction of its own. 0 done, 1 refused with words, -1 failed. */
static int put_person(struct device_door *d, const char *device, const char *uid, const cJSON *body,
		      char *words, size_t size, struct err *e)
{
	struct poperation op;
	struct pbox box;
	int last;

	if (box_of(d, device, &box, e) || owner_of(d, uid, &box, e) || pstore_begin(d->office.store, e))
		return -1;
	last = office_apply(&d->office, &box, "person.add", body, &op, e);
	if (last > 0)
		text_copy(words, size, op.reason);
	return pstore_end(d->office.store, !last, last < 0 ? NULL : e) ? -1 : last;
}

/* --- replies ----------------------------------------------------------------------------------------- */

struct turn {
	struct device_door *d;
	const struct device_frame *asked;
	struct device_manner manner; /* with the checksum as the question had it */
	struct buf content;
};

static int reply(struct turn *t, bool ok, bool sum, struct buf *out, struct err *e)
{
	struct device_frame f = {.command = t->asked->command,
				 .flag = !ok,
				 .content = (const unsigned char *)t->content.data,
				 .n = t->content.len};

	memcpy(f.session, t->asked->session, DEVICE_SESSION);
	if (t->content.failed)
		return err_set(e, ERR_TOO_LARGE, "reply");
	return device_frame_write(&t->manner, &f, sum, out, e);
}

/* Words for the device's display: no checksum (JM-3 prints none). */
static int fail(struct turn *t, const char *words, struct buf *out, struct err *e)
{
	buf_reset(&t->content);
	buf_adds(&t->content, words);
	return reply(t, false, false, out, e);
}

static int done(struct turn *t, struct buf *out, struct err *e)
{
	buf_reset(&t->content);
	return reply(t, true, false, out, e);
}

/* What could not be read for want of memory is not what the device did wrong. */
static bool unread(const struct err *own, struct err *e)
{
	if (own->code == ERR_MEMORY)
		err_set(e, ERR_MEMORY, "%s", own->detail);
	return own->code == ERR_MEMORY;
}

/* --- 843 --------------------------------------------------------------------------------------------- */

static int log_in(struct turn *t, char device[DEVICE_CODE], struct buf *out, struct err *e)
{
	struct device_login l;
	struct err own = {ERR_NONE};

	if (device_login_read(&t->manner, t->asked, &l, &own))
		return unread(&own, e) ? -1 : fail(t, "登录内容有误", out, e);
	for (size_t i = 0; i < t->d->n; i++) {
		if (strcmp(t->d->known[i].maker, l.maker) || strcmp(t->d->known[i].device, l.device))
			continue;
		text_copy(device, DEVICE_CODE, l.device);
		return done(t, out, e);
	}
	log_write(LOG_WRN, "a device that is not registered asks to log in");
	return fail(t, "设备未登记", out, e);
}

/* --- 852 --------------------------------------------------------------------------------------------- */

static void add_text(cJSON *to, const char *key, const char *text)
{
	if (*text)
		cJSON_AddStringToObject(to, key, text);
}

static void add_day(cJSON *to, const char *key, date_t on)
{
	char text[DATE_TEXT];

	date_format(on, text);
	add_text(to, key, text);
}

static void add_photo(cJSON *to, const char *key, const struct device_photo *p)
{
	char *text = p->n ? malloc(BASE64_TEXT(p->n)) : NULL;

	if (!text)
		return;
	base64_encode(text, p->data, p->n);
	cJSON_AddStringToObject(to, key, text);
	wipe(text, BASE64_TEXT(p->n));
	free(text);
}

static cJSON *person_body(const char *uid, const struct device_person *p)
{
	char nation[4];
	cJSON *body = cJSON_CreateObject();

	text_format(nation, sizeof(nation), "%u", p->nation % 100);
	add_text(body, "uid", uid);
	add_text(body, "workerName", p->name);
	add_text(body, "idCardType", RESIDENT);
	add_text(body, "idCardNumber", p->number);
	add_text(body, "gender", p->sex == DEVICE_MALE ? "0" : p->sex == DEVICE_FEMALE ? "1" : "");
	add_text(body, "nationNumber", nation);
	add_day(body, "birthday", p->birth);
	add_text(body, "address", p->address);
	add_text(body, "grantOrg", p->authority);
	add_day(body, "startDate", p->valid_from);
	add_day(body, "expiryDate", p->valid_to);
	cJSON_AddNumberToObject(body, "isManual", p->manual);
	add_photo(body, "headImage", &p->collected);
	add_photo(body, "cardImage", &p->card);
	return body;
}

static int answer_person(struct turn *t, bool ok, const char *words, struct buf *out, struct err *e)
{
	buf_reset(&t->content);
	device_person_reply_write(&t->manner, ok, words, &t->content);
	return reply(t, ok, true, out, e);
}

static int collect(struct turn *t, char device[DEVICE_CODE], struct buf *out, struct err *e)
{
	struct device_person p;
	struct err own = {ERR_NONE};
	char uid[UID_TEXT], words[100] = "";
	cJSON *body;
	int last;

	if (device_person_read(&t->manner, t->asked, &p, &own) || !p.number[0] || !p.name[0])
		return unread(&own, e) ? -1 : answer_person(t, false, "采集内容有误", out, e);
	if (person_uid(t->d, p.number, uid, e))
		return -1;
	body = person_body(uid, &p);
	last = put_person(t->d, device, uid, body, words, sizeof(words), e);
	cJSON_Delete(body);
	wipe(&p, sizeof(p));
	return last < 0 ? -1 : answer_person(t, !last, words, out, e);
}

/* --- 849, 845 ---------------------------------------------------------------------------------------- */

/* Made from the uid, so that it stays; people enough for two of the same are no site of ours. */
static uint32_t worker_of(const char *uid)
{
	unsigned char h[crypto_hash_sha256_BYTES];

	crypto_hash_sha256(h, (const unsigned char *)uid, strlen(uid));
	return ((uint32_t)h[0] << 24 | (uint32_t)h[1] << 16 | (uint32_t)h[2] << 8 | h[3]) & 0x7FFFFFFF;
}

static int person_of(struct device_door *d, const char *uid, struct device_features *x, cJSON **body,
		     struct err *e)
{
	struct precord r = {0};
	const char *text;
	bool found;

	*body = NULL;
	*x = (struct device_features){.worker = worker_of(uid)};
	if (pstore_record_get(d->office.store, uid, &r, &found, e))
		return -1;
	if (found && !json_parse(body, r.body, strlen(r.body), REPLY_MAX, e)) {
		text_copy(x->person.name, sizeof(x->person.name),
			  (text = json_string(*body, "workerName")) ? text : "");
		text_copy(x->person.number, sizeof(x->person.number),
			  (text = json_string(*body, "idCardNumber")) ? text : "");
	}
	precord_release(&r);
	return found ? 0 : err_set(e, ERR_NO_SUCH, "person");
}

static int list(struct turn *t, char device[DEVICE_CODE], struct buf *out, struct err *e)
{
	char(*uids)[UID_TEXT] = calloc(LIST_MOST, UID_TEXT);
	struct device_list l = {.project = PROJECT, .title = TITLE};
	struct device_features x;
	cJSON *body;
	size_t n = 0;
	int last;

	(void)device;
	last = uids ? pstore_on_site(t->d->office.store, uids, LIST_MOST, &n, e)
		    : err_set(e, ERR_MEMORY, "whitelist");
	l.item = last ? NULL : calloc(n + 1, sizeof(*l.item));
	for (size_t i = 0; !last && l.item && i < n; i++) {
		last = person_of(t->d, uids[i], &x, &body, e);
		cJSON_Delete(body);
		l.item[l.n].worker = x.worker;
		text_copy(l.item[l.n].name, sizeof(l.item[l.n].name), x.person.name);
		text_copy(l.item[l.n++].number, sizeof(l.item[0].number), x.person.number);
	}
	if (!last)
		device_list_write(&t->manner, &l, &t->content);
	device_list_release(&l);
	free(uids);
	return last ? -1 : reply(t, true, true, out, e);
}

static date_t day_in(const cJSON *body, const char *key)
{
	const char *s = json_string(body, key);
	date_t on;

	return s && date_parse(s, &on) ? on : DATE_NONE;
}

static void fill(struct device_features *x, const cJSON *body)
{
	const char *s;

	x->person.birth = day_in(body, "birthday");
	x->person.valid_from = day_in(body, "startDate");
	x->person.valid_to = day_in(body, "expiryDate");
	s = json_string(body, "gender");
	x->person.sex = !s ? DEVICE_SEX_UNKNOWN : !strcmp(s, "0") ? DEVICE_MALE : DEVICE_FEMALE;
	s = json_string(body, "nationNumber");
	x->person.nation = s && text_is_digits(s) && strlen(s) < 4 ? (unsigned)atoi(s) : 0;
	s = json_string(body, "address");
	text_copy(x->person.address, sizeof(x->person.address), s ? s : "");
	s = json_string(body, "grantOrg");
	text_copy(x->person.authority, sizeof(x->person.authority), s ? s : "");
}

static int features(struct turn *t, char device[DEVICE_CODE], struct buf *out, struct err *e)
{
	char asker[DEVICE_CODE], number[DEVICE_NUMBER], uid[UID_TEXT];
	struct device_features x;
	struct err own = {0};
	cJSON *body = NULL;

	(void)device;
	if (device_features_ask_read(&t->manner, t->asked, asker, number, &own))
		return unread(&own, e) ? -1 : fail(t, "查询内容有误", out, e);
	if (person_uid(t->d, number, uid, e))
		return -1;
	if (person_of(t->d, uid, &x, &body, &own)) {
		cJSON_Delete(body);
		return own.code == ERR_NO_SUCH ? fail(t, "没有此人", out, e)
					       : err_set(e, own.code, "%s", own.detail);
	}
	fill(&x, body);
	cJSON_Delete(body);
	device_features_write(&t->manner, &x, &t->content);
	wipe(&x, sizeof(x));
	return reply(t, true, true, out, e);
}

/* --- the page ---------------------------------------------------------------------------------------- */

static int put_on_site(struct device_door *d, const char *person, struct err *e)
{
	struct precord r = {0}, made = {.applied = 1, .changed_ms = clock_now_ms()};
	bool found;
	int last;

	if (pstore_record_get(d->office.store, person, &r, &found, e))
		return -1;
	made.box = r.box;
	precord_release(&r);
	uid_of("assignment", person, made.uid);
	text_copy(made.entity, sizeof(made.entity), "assignment");
	text_copy(made.state, sizeof(made.state), "on_site");
	text_copy(made.person, sizeof(made.person), person);
	date_format(date_today(), made.entered_on);
	made.body = strdup("{}");
	last = made.body ? pstore_record_put(d->office.store, &made, e) : err_set(e, ERR_MEMORY, "assignment");
	precord_release(&made);
	return last;
}

#define AT_ONCE 64

int device_door_page(struct device_door *d, int64_t before_ms, size_t *n, struct err *e)
{
	char uids[AT_ONCE][UID_TEXT];
	int last;

	if (pstore_unassigned(d->office.store, before_ms, uids, AT_ONCE, n, e) || pstore_begin(d->office.store, e))
		return -1;
	last = 0;
	for (size_t i = 0; !last && i < *n; i++)
		last = put_on_site(d, uids[i], e);
	return pstore_end(d->office.store, !last, last ? NULL : e) ? -1 : last;
}

/* --- 848 --------------------------------------------------------------------------------------------- */

/* Is it somebody on the list? Nobody else may punch. */
static int is_listed(struct device_door *d, uint32_t worker, bool *yes, struct err *e)
{
	char(*uids)[UID_TEXT] = calloc(LIST_MOST, UID_TEXT);
	size_t n = 0;
	int last = uids ? pstore_on_site(d->office.store, uids, LIST_MOST, &n, e)
			: err_set(e, ERR_MEMORY, "whitelist");

	*yes = false;
	for (size_t i = 0; !last && i < n && !*yes; i++)
		*yes = worker_of(uids[i]) == worker;
	free(uids);
	return last;
}

static int keep_punch(struct device_door *d, const char *device, const struct device_punch *p, struct err *e)
{
	struct precord r = {.applied = 1, .changed_ms = clock_now_ms()};
	char name[128], stamp[STAMP_TEXT];
	struct pbox box;
	cJSON *body;
	bool found;
	int last;

	text_format(name, sizeof(name), "%s %u %lld %u", device, p->worker, (long long)p->at_ms, p->mode);
	uid_of("punch", name, r.uid);
	if (box_of(d, device, &box, e) || pstore_record_get(d->office.store, r.uid, &r, &found, e))
		return -1;
	if (found) { /* the same again: answered the same, kept once */
		precord_release(&r);
		return 0;
	}
	r = (struct precord){.box = box.id, .applied = 1, .changed_ms = clock_now_ms()};
	uid_of("punch", name, r.uid);
	stamp_format(p->at_ms, stamp);
	body = cJSON_CreateObject();
	cJSON_AddNumberToObject(body, "worker", p->worker);
	add_text(body, "date", stamp);
	add_text(body, "device", device);
	add_photo(body, "image", &p->photo);
	text_copy(r.entity, sizeof(r.entity), "punch");
	text_copy(r.state, sizeof(r.state), "known");
	r.body = json_text(body);
	cJSON_Delete(body);
	last = r.body ? pstore_record_put(d->office.store, &r, e) : err_set(e, ERR_MEMORY, "punch");
	precord_release(&r);
	return last;
}

static int punch(struct turn *t, char device[DEVICE_CODE], struct buf *out, struct err *e)
{
	struct device_punch p;
	bool listed;

	if (device_punch_read(&t->manner, t->asked, &p, e))
		return fail(t, "考勤内容有误", out, e);
	if (p.at_ms > clock_now_ms() + DEVICE_AHEAD_MS)
		return fail(t, "考勤时间晚于当前时间", out, e);
	if (is_listed(t->d, p.worker, &listed, e))
		return -1;
	if (!listed)
		return fail(t, "不在白名单中", out, e);
	return keep_punch(t->d, device, &p, e) ? -1 : done(t, out, e);
}

static int heartbeat(struct turn *t, char device[DEVICE_CODE], struct buf *out, struct err *e)
{
	(void)device;
	return done(t, out, e);
}

/* --- one question ------------------------------------------------------------------------------------ */

static const struct {
	uint16_t command;
	bool sum;
	int (*answer)(struct turn *t, char device[DEVICE_CODE], struct buf *out, struct err *e);
} commands[] = {
	{DEVICE_LOGIN, true, log_in},	{DEVICE_HEARTBEAT, false, heartbeat}, {DEVICE_COLLECT, true, collect},
	{DEVICE_WHITELIST, true, list}, {DEVICE_FEATURES, true, features},    {DEVICE_PUNCH, true, punch},
};

int device_door_answer(struct device_door *d, char device[DEVICE_CODE], struct device_frame *f,
		       struct buf *out, struct err *e)
{
	struct turn t = {.d = d, .asked = f, .manner = d->manner};
	bool by_frame = false;
	size_t i = 0;
	int last;

	buf_init(&t.content, REPLY_MAX);
	while (i < ARRAY_LEN(commands) && commands[i].command != f->command)
		i++;
	if (i == ARRAY_LEN(commands) || f->parts > 1)
		last = err_set(e, ERR_NET_ANSWER, "command %u", f->command);
	else if (!*device && f->command != DEVICE_LOGIN)
		last = err_set(e, ERR_NET_ANSWER, "command %u before the login", f->command);
	else if (commands[i].sum && !device_frame_sum(f, &by_frame))
		last = fail(&t, "校验和错误", out, e);
	else {
		t.manner.xor_frame = by_frame;
		last = commands[i].answer(&t, device, out, e);
	}
	buf_wipe_release(&t.content);
	return last;
}

/* --- connections ------------------------------------------------------------------------------------- */

struct line {
	int fd;
	char device[DEVICE_CODE];
	struct buf in;
};

static void drop(struct line *l)
{
	close(l->fd);
	buf_wipe_release(&l->in);
	*l = (struct line){.fd = -1};
}

static int send_reply(int fd, const struct buf *out)
{
	size_t at = 0;

	while (at < out->len) {
		struct pollfd p = {.fd = fd, .events = POLLOUT};
		ssize_t n =
			poll(&p, 1, 5000) > 0 ? send(fd, out->data + at, out->len - at, MSG_NOSIGNAL) : -1;

		if (n <= 0)
			return -1;
		at += (size_t)n;
	}
	return 0;
}

/* A second login of a device ends its older line. */
static void only_one(struct line *lines, const struct line *now)
{
	for (size_t i = 0; i < DEVICE_LINES; i++) {
		if (lines[i].fd >= 0 && &lines[i] != now && now->device[0] &&
		    !strcmp(lines[i].device, now->device))
			drop(&lines[i]);
	}
}

static int answer_all(struct device_door *d, struct line *lines, struct line *l)
{
	struct device_frame f;
	enum device_read got;
	struct err e = {0};
	struct buf out;
	size_t used;
	int last = 0;

	buf_init(&out, REPLY_MAX + DEVICE_FRAME);
	while (!last &&
	       (got = device_frame_read(&d->manner, l->in.data, l->in.len, &f, &used, &e)) != DEVICE_MORE) {
		buf_reset(&out);
		pthread_mutex_lock(d->lock);
		d->frames++;
		last = got == DEVICE_BROKEN || device_door_answer(d, l->device, &f, &out, &e) ? -1 : 0;
		pthread_mutex_unlock(d->lock);
		if (last)
			log_err("device", &e);
		else
			last = send_reply(l->fd, &out);
		if (!last) {
			only_one(lines, l);
			buf_drop_front(&l->in, used);
		}
	}
	buf_wipe_release(&out);
	return last;
}

static void hear(struct device_door *d, struct line *lines, struct line *l)
{
	char chunk[65536];
	ssize_t n = recv(l->fd, chunk, sizeof(chunk), 0);

	if (n <= 0 || buf_add(&l->in, chunk, (size_t)n) || answer_all(d, lines, l))
		drop(l);
	wipe(chunk, sizeof(chunk));
}

static void greet(struct device_door *d, struct line *lines)
{
	int fd = accept4(d->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	for (size_t i = 0; fd >= 0 && i < DEVICE_LINES; i++) {
		if (lines[i].fd >= 0)
			continue;
		lines[i] = (struct line){.fd = fd};
		buf_init(&lines[i].in, DEVICE_MAX + DEVICE_FRAME);
		return;
	}
	if (fd >= 0)
		close(fd);
}

static void *serve(void *arg)
{
	struct device_door *d = arg;
	struct line lines[DEVICE_LINES];

	for (size_t i = 0; i < DEVICE_LINES; i++)
		lines[i] = (struct line){.fd = -1};
	for (;;) {
		struct pollfd p[DEVICE_LINES + 2] = {{.fd = d->wake_fd[0], .events = POLLIN},
						     {.fd = d->listen_fd, .events = POLLIN}};

		for (size_t i = 0; i < DEVICE_LINES; i++)
			p[i + 2] = (struct pollfd){.fd = lines[i].fd, .events = POLLIN};
		if (poll(p, ARRAY_LEN(p), -1) < 0)
			continue;
		if (p[0].revents)
			break;
		for (size_t i = 0; i < DEVICE_LINES; i++) {
			if (p[i + 2].revents && lines[i].fd == p[i + 2].fd)
				hear(d, lines, &lines[i]);
		}
		if (p[1].revents)
			greet(d, lines);
	}
	for (size_t i = 0; i < DEVICE_LINES; i++) {
		if (lines[i].fd >= 0)
			drop(&lines[i]);
	}
	return NULL;
}

/* --- opening ----------------------------------------------------------------------------------------- */

void device_door_init(struct device_door *d, struct pstore *store, pthread_mutex_t *lock)
{
	*d = (struct device_door){
		.office = {.store = store}, .lock = lock, .listen_fd = -1, .wake_fd = {-1, -1}};
}

int device_door_add(struct device_door *d, const char *line, struct err *e)
{
	const char *slash = strchr(line, '/');
	struct device_known *k = &d->known[d->n];
	unsigned char hash[PSTORE_HASH];

	if (d->n == DEVICES_MOST || !slash || slash - line != DEVICE_CODE - 1 || !slash[1] ||
	    strlen(slash + 1) >= DEVICE_CODE)
		return err_set(e, ERR_USAGE, "a device is MAKER/DEVICE, MAKER of 32 characters");
	memcpy(k->maker, line, DEVICE_CODE - 1);
	k->maker[DEVICE_CODE - 1] = '\0';
	text_copy(k->device, sizeof(k->device), slash + 1);
	box_hash(k->device, hash);
	d->n++;
	return pstore_token_put(d->office.store, k->device, hash, e);
}

/* Loopback, 10/8, 172.16/12, 192.168/16. */
static bool is_near(struct in_addr a)
{
	uint32_t n = ntohl(a.s_addr);

	return n >> 24 == 127 || n >> 24 == 10 || n >> 20 == 0xAC1 || n >> 16 == 0xC0A8;
}

static int bind_to(struct device_door *d, const char *address, int port, struct err *e)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	socklen_t size = sizeof(at);
	int yes = 1;

	if (inet_pton(AF_INET, address, &at.sin_addr) != 1 || !is_near(at.sin_addr))
		return err_set(e, ERR_USAGE, "devices: %s is neither loopback nor a private address",
			       address);
	d->listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (d->listen_fd < 0 || setsockopt(d->listen_fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) ||
	    bind(d->listen_fd, (struct sockaddr *)&at, sizeof(at)) || listen(d->listen_fd, 8) ||
	    getsockname(d->listen_fd, (struct sockaddr *)&at, &size))
		return err_errno(e, "devices");
	d->port = ntohs(at.sin_port);
	return 0;
}

int device_door_start(struct device_door *d, const char *address, int port, struct err *e)
{
	if (bind_to(d, address, port, e))
		return -1;
	if (pipe2(d->wake_fd, O_CLOEXEC) || pthread_create(&d->thread, NULL, serve, d))
		return err_set(e, ERR_SYSTEM, "device thread");
	d->running = true;
	return 0;
}

void device_door_stop(struct device_door *d)
{
	if (d->running && write(d->wake_fd[1], "", 1) == 1)
		pthread_join(d->thread, NULL);
	for (size_t i = 0; i < 2; i++) {
		if (d->wake_fd[i] >= 0)
			close(d->wake_fd[i]);
	}
	if (d->listen_fd >= 0)
		close(d->listen_fd);
	*d = (struct device_door){.listen_fd = -1, .wake_fd = {-1, -1}};
}
