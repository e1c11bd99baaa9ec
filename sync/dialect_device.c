/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The device protocol as an upload path (K4, H1): what a collecting device tells a platform is who was collected (852) and whose face was seen when
 * (848). Everything else is done on the platform's page. The protocol is plain TCP and its login has no secret: it is off until profile and
 * system administrator allow plain transport (DESIGN 9), and without manufacturer code and device number, which the authority issues on the
 * supplier's application (H6).
 *
 * A punch names the platform's own number of the worker, which only its list tells (849): it is asked for when a number is not known, and again after
 * LIST_AGAIN_MS. Who is not on it is refused here, with that reason: nothing is sent for him. Only 6, a face, is documented as a mode: a clocking by card
 * or code is not sent as a face, which would be a false record.
 *
 * A repeated 852 overwrites by ID number and a repeated 848 is the same punch, so an unknown outcome is simply sent again.
 */
#include <stdlib.h>
#include <string.h>

#include "base/dates.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/text.h"
#include "domain/attendance.h"
#include "domain/base64.h"
#include "profile/profile.h"
#include "sync/device_line.h"
#include "sync/dialect.h"

#define CODE_CHARS 32
#define OTHER_NATION 57 /* the annex's 其他: for codes it does not know */
#define NATIONS 58
#define BODY_MAX (2u << 20)
#define COLLECT_REFUSED "device-852"
#define PUNCH_REFUSED "device-848"
#define NOT_LISTED_CODE "device-849"
#define NOT_LISTED N_("平台的白名单里没有此人")
#define NOT_A_FACE N_("设备接口只收人脸打卡，这一条是用别的方式打的：作为人脸上传就是虚假记录，所以不传；平台需要的，在平台网页上办理")
#define LIST_AGAIN_MS 30000
#define NOT_ON_LIST 404 /* as http_answer.status: nothing was sent */

struct device {
	struct device_line *line;
	struct device_manner manner;
	char device[DEVICE_CODE];
	struct device_list list; /* as last heard */
	bool listed;
	int64_t list_ms;
	unsigned char photo[BODY_MAX];
};

/* --- opening ----------------------------------------------------------------------------------------- */

static size_t choice(const struct profile *p, const char *key, const char *const *words)
{
	const char *said = profile_text(p, key, words[0]);
	size_t i = 0;

	while (words[i] && strcmp(words[i], said))
		i++;
	return words[i] ? i : 0;
}

static struct device_manner manner_of(const struct profile *p)
{
	static const char *const scopes[] = {"content", "frame", NULL},
				 *const texts[] = {"utf8", "gb18030", "utf16le", NULL},
				 *const forms[] = {"compact", "print", "iso", NULL};

	return (struct device_manner){.xor_frame = choice(p, "device.xor_scope", scopes) == 1,
				      .text = (enum device_text)choice(p, "device.text", texts),
				      .validity = (enum device_validity)choice(p, "device.validity", forms),
				      .nation_digits = (unsigned)profile_number(p, "device.nation_digits", 2),
				      .recollect = (unsigned char)profile_number(p, "device.recollect", 0),
				      .pad = (unsigned char)profile_number(p, "device.pad", 0)};
}

static int read_code(const struct dialect_at *at, const char *setting, char out[DEVICE_CODE], struct err *e)
{
	char text[128];

	if (desk_setting_get(at->desk, setting, text, sizeof(text), e))
		return -1;
	if (!text[0])
		return err_set(e, ERR_DEVICE_CODES, "%s is not set", setting);
	if (strlen(text) > CODE_CHARS || (strstr(setting, "maker") && strlen(text) != CODE_CHARS))
		return err_set(e, ERR_DEVICE_CODES, "%s has %zu characters", setting, strlen(text));
	text_copy(out, DEVICE_CODE, text);
	return 0;
}

/* "tcp://host:port" */
static int read_address(const struct dialect_at *at, char *host, size_t size, int *port, struct err *e)
{
	static const char scheme[] = "tcp://";
	char url[512], *colon;

	if (desk_setting_get(at->desk, "platform.url", url, sizeof(url), e))
		return -1;
	colon = strrchr(url, ':');
	if (strncmp(url, scheme, sizeof(scheme) - 1) || !colon || colon < url + sizeof(scheme) - 1 ||
	    !text_is_digits(colon + 1) || strlen(colon + 1) > 5)
		return err_set(e, ERR_NET_NOT_CONFIGURED, "the address is not tcp://host:port");
	*port = atoi(colon + 1);
	*colon = '\0';
	text_copy(host, size, url + sizeof(scheme) - 1);
	return 0;
}

static void close_link(struct dialect_link *link)
{
	struct device *s = link->self;

	if (!s)
		return;
	device_line_close(s->line);
	device_list_release(&s->list);
	wipe(s, sizeof(*s));
	free(s);
	link->self = NULL;
}

static int call(void *self, const struct http_request *q, struct http_answer *a, struct err *e);

/* Requests name their command. */
#define COLLECT "852"
#define PUNCH "848"
#define LIST "849"
#define FEATURES "845"

static int open_link(const struct dialect_at *at, struct dialect_link *out, struct err *e)
{
	struct device *s = calloc(1, sizeof(*s));
	char host[256];
	struct device_line_options o = {.host = host, .go_on = at->go_on, .go_on_arg = at->go_on_arg};

	*out = (struct dialect_link){.dialect = &dialect_device, .self = s};
	if (!s)
		return err_set(e, ERR_MEMORY, "dialect");
	s->manner = o.manner = manner_of(desk_profile(at->desk));
	if (!desk_plain_allowed(at->desk))
		err_set(e, ERR_PLAIN_FORBIDDEN, "the device protocol is plain TCP: platform.plain");
	else if (!read_code(at, "platform.device_maker", o.who.maker, e) &&
		 !read_code(at, "platform.device_id", o.who.device, e) &&
		 !read_address(at, host, sizeof(host), &o.port, e) && !device_line_open(&s->line, &o, e)) {
		text_copy(s->device, sizeof(s->device), o.who.device);
		out->line = (struct transport){.self = s, .call = call};
		return 0;
	}
	close_link(out);
	return -1;
}

/* --- questions --------------------------------------------------------------------------------------- */

static bool is_punch(const struct outgoing *item)
{
	return !strcmp(item->kind, "attendance.clock");
}

static bool is_face(const struct outgoing *item)
{
	cJSON *body = NULL;
	const char *means;
	bool face;

	if (!item->body || json_parse(&body, item->body, item->body_bytes, BODY_MAX, NULL))
		return false;
	means = json_string(body, "means");
	face = means && !strcmp(means, clock_means_name(CLOCK_FACE));
	cJSON_Delete(body);
	return face;
}

static enum upload_way carries(void *self, const struct outgoing *item, const char **why)
{
	(void)self;
	if (!is_punch(item) || is_face(item))
		return upload_way(DIALECT_DEVICE, item->kind);
	*why = NOT_A_FACE;
	return WAY_BY_HAND;
}

static size_t one(void *self, const struct outgoing *items, size_t n)
{
	(void)self, (void)items, (void)n;
	return 1;
}

static void copy(const cJSON *body, const char *key, char *out, size_t size)
{
	const char *s = json_string(body, key);

	text_copy(out, size, s ? s : "");
}

static date_t day(const cJSON *body, const char *key)
{
	const char *s = json_string(body, key);
	date_t on;

	return s && date_parse(s, &on) ? on : DATE_NONE;
}

static unsigned nation(const cJSON *body)
{
	const char *s = json_string(body, "nationNumber");
	int n = s && text_is_digits(s) && strlen(s) < 4 ? atoi(s) : 0;

	return n >= 1 && n <= NATIONS ? (unsigned)n : OTHER_NATION;
}

static void person_of(struct device *s, const cJSON *body, struct device_person *p)
{
	const char *photo = json_string(body, "headImage"), *sex = json_string(body, "gender");

	*p = (struct device_person){.sex = !sex		       ? DEVICE_SEX_UNKNOWN
					   : !strcmp(sex, "1") ? DEVICE_MALE /* JM-3 1.2.6, as the profile's table has it */
							       : DEVICE_FEMALE,
				    .nation = nation(body),
				    .birth = day(body, "birthday"),
				    .valid_from = day(body, "startDate"),
				    .valid_to = day(body, "expiryDate"),
				    .manual = json_int(body, "isManual", 0) != 0};
	copy(body, "idCardNumber", p->number, sizeof(p->number));
	copy(body, "workerName", p->name, sizeof(p->name));
	copy(body, "address", p->address, sizeof(p->address));
	copy(body, "grantOrg", p->authority, sizeof(p->authority));
	if (photo && base64_decode(s->photo, sizeof(s->photo), &p->collected.n, photo))
		p->collected.data = s->photo;
}

static int collected(struct device *s, const cJSON *body, struct request *out)
{
	struct device_person p;

	person_of(s, body, &p);
	device_person_write(&s->manner, &p, &out->body);
	wipe(&p, sizeof(p));
	out->method = COLLECT;
	return 0;
}

/* The worker's number is put in when it is known (call()); the path says whose. */
static int punched(struct device *s, const cJSON *body, struct request *out)
{
	const char *photo = json_string(body, "photo"), *number = json_string(body, "idCardNumber");
	struct device_punch p = {.at_ms = json_int(body, "at", 0), .mode = DEVICE_FACE};

	if (photo && base64_decode(s->photo, sizeof(s->photo), &p.photo.n, photo))
		p.photo.data = s->photo;
	device_punch_write(&s->manner, &p, &out->body);
	out->method = PUNCH;
	return buf_adds(&out->path, number ? number : "");
}

static int make_request(void *self, const struct box *box, const struct outgoing *items, size_t n,
			struct request *out, struct err *e)
{
	struct device *s = self;
	cJSON *body = NULL;
	int last;

	(void)box, (void)n;
	if (json_parse(&body, items[0].body, items[0].body_bytes, BODY_MAX, e))
		return -1;
	last = is_punch(&items[0]) ? punched(s, body, out) : collected(s, body, out);
	wipe(s->photo, sizeof(s->photo));
	cJSON_Delete(body);
	return last || out->body.failed ? err_set(e, ERR_TOO_LARGE, "%s", items[0].kind) : 0;
}

/* --- the line ---------------------------------------------------------------------------------------- */

static uint16_t command_of(const char *method)
{
	return (uint16_t)atoi(method);
}

/* A question's content goes out, the reply's whole frame comes back. */
static int ask(struct device *s, uint16_t command, const struct buf *content, struct http_answer *a, struct err *e)
{
	struct device_reply reply;
	int last;

	device_reply_init(&reply);
	last = device_line_ask(s->line, command, content, &reply, &a->may_have_left, e);
	if (!last)
		last = buf_add(&a->body, reply.bytes.data, reply.bytes.len) ? err_set(e, ERR_NET_ANSWER, "reply is too long") : 0;
	device_reply_release(&reply);
	return last;
}

static int frame_of(const struct device *s, const struct http_answer *a, struct device_frame *f, struct err *e)
{
	bool by_frame;
	size_t used;

	if (device_frame_read(&s->manner, a->body.data, a->body.len, f, &used, e) != DEVICE_WHOLE)
		return -1;
	if (f->n)
		device_frame_sum(f, &by_frame);
	return 0;
}

/* Refused, or no list at all: the line's trouble, no record's. */
static int take_list(struct device *s, const struct http_answer *a, struct err *e)
{
	char words[DEVICE_REASON * 2];
	struct device_list list;
	struct device_frame f;

	if (frame_of(s, a, &f, e))
		return -1;
	if (f.flag) {
		device_frame_words(&f, words, sizeof(words));
		return err_set(e, ERR_NET_REFUSED, "849: %s", words);
	}
	if (device_list_read(&s->manner, &f, &list, e))
		return -1;
	device_list_release(&s->list);
	s->list = list;
	s->listed = true;
	s->list_ms = clock_steady_ms();
	return 0;
}

static int ask_list(struct device *s, struct err *e)
{
	struct http_answer a;
	struct buf content;
	int last;

	http_answer_init(&a);
	buf_init(&content, 64);
	device_list_ask_write(0, 0, &content);
	last = ask(s, DEVICE_WHITELIST, &content, &a, e) || take_list(s, &a, e) ? -1 : 0;
	buf_release(&content);
	http_answer_release(&a);
	return last;
}

static uint32_t worker_of(const struct device *s, const char *number)
{
	for (size_t i = 0; i < s->list.n; i++)
		if (!strcmp(s->list.item[i].number, number))
			return s->list.item[i].worker;
	return 0;
}

static int find_worker(struct device *s, const char *number, uint32_t *worker, struct err *e)
{
	*worker = worker_of(s, number);
	if (*worker || (s->listed && clock_steady_ms() - s->list_ms < LIST_AGAIN_MS))
		return 0;
	if (ask_list(s, e))
		return -1;
	*worker = worker_of(s, number);
	return 0;
}

static int call(void *self, const struct http_request *q, struct http_answer *a, struct err *e)
{
	uint16_t command = command_of(q->method);
	struct device *s = self;
	struct buf content;
	uint32_t worker = 0;
	int last = -1;

	buf_init(&content, BODY_MAX);
	if (buf_add(&content, q->body, q->body_bytes)) {
		err_set(e, ERR_TOO_LARGE, "question");
	} else if (command != DEVICE_PUNCH) {
		last = ask(s, command, &content, a, e);
	} else if (find_worker(s, q->path, &worker, e) == 0) {
		for (size_t i = 0; i < 4; i++)
			content.data[i] = (char)(worker >> 8 * i & 0xFF);
		a->status = worker ? 0 : NOT_ON_LIST;
		last = worker ? ask(s, command, &content, a, e) : 0;
	}
	buf_wipe_release(&content);
	return last;
}

static enum fate judge_head(void *self, const struct http_answer *a, enum err_code *trouble)
{
	(void)self, (void)a;
	*trouble = ERR_NONE;
	return FATE_READ; /* the line has judged it: the right command, whole, with its checksum */
}

static void refused(struct answers *out, const char *code, const char *reason)
{
	out->item[0].kind = ANSWER_REJECTED;
	out->item[0].reason_code = code;
	out->doc = cJSON_CreateString(reason);
	out->item[0].reason = out->doc ? out->doc->valuestring : NULL;
}

static int punch_result(struct device *s, const char *number, const struct http_answer *a, struct answers *out, struct err *e)
{
	char words[DEVICE_REASON * 2];
	struct device_frame f;

	if (a->status == NOT_ON_LIST) {
		refused(out, NOT_LISTED_CODE, NOT_LISTED);
		return 0;
	}
	if (device_frame_read(&s->manner, a->body.data, a->body.len, &f, &(size_t){0}, e) != DEVICE_WHOLE)
		return -1;
	if (f.flag) {
		device_frame_words(&f, words, sizeof(words));
		refused(out, PUNCH_REFUSED, words);
		return 0;
	}
	text_format(words, sizeof(words), "%u", (unsigned)worker_of(s, number));
	out->doc = cJSON_CreateString(words);
	out->item[0].kind = ANSWER_ACCEPTED;
	out->item[0].number = out->doc ? out->doc->valuestring : NULL;
	return 0;
}

static int collect_result(struct device *s, const struct http_answer *a, struct answers *out, struct err *e)
{
	char reason[DEVICE_REASON];
	struct device_frame f;
	bool ok;

	if (frame_of(s, a, &f, e))
		return -1;
	device_person_reply_read(&s->manner, &f, &ok, reason);
	if (ok)
		out->item[0].kind = ANSWER_ACCEPTED;
	else
		refused(out, COLLECT_REFUSED, reason);
	return 0;
}

static int read_results(void *self, const struct outgoing *items, size_t n, const struct http_answer *a,
			struct answers *out, struct err *e)
{
	const char *op = items[0].op, *number;
	cJSON *body = NULL;
	int last;

	if (answers_for(out, &op, n, e))
		return -1;
	if (!is_punch(&items[0]))
		return collect_result(self, a, out, e);
	if (json_parse(&body, items[0].body, items[0].body_bytes, BODY_MAX, e))
		return -1;
	number = json_string(body, "idCardNumber");
	last = punch_result(self, number ? number : "", a, out, e);
	cJSON_Delete(body);
	return last;
}

/* --- the platform's list ------------------------------------------------------------------------------ */

static int list_request(void *self, struct request *out, struct err *e)
{
	(void)self;
	out->method = LIST;
	device_list_ask_write(0, 0, &out->body);
	return out->body.failed ? err_set(e, ERR_MEMORY, "849") : 0;
}

static int list_results(void *self, const struct http_answer *a, struct listed **out, size_t *n, struct err *e)
{
	struct device *s = self;

	*out = NULL;
	*n = 0;
	if (take_list(s, a, e))
		return -1;
	*out = calloc(s->list.n + 1, sizeof(**out));
	if (!*out)
		return err_set(e, ERR_MEMORY, "849");
	for (size_t i = 0; i < s->list.n; i++, ++*n) {
		(*out)[i].worker = s->list.item[i].worker;
		text_copy((*out)[i].number, sizeof((*out)[i].number), s->list.item[i].number);
	}
	return 0;
}

static int features_request(void *self, const char *number, struct request *out, struct err *e)
{
	struct device *s = self;

	out->method = FEATURES;
	device_features_ask_write(&s->manner, s->device, number, &out->body);
	return out->body.failed ? err_set(e, ERR_MEMORY, "845") : 0;
}

static int features_results(void *self, const struct http_answer *a, struct listed_features *out, struct err *e)
{
	struct device *s = self;
	struct device_features x;
	struct device_frame f;

	if (frame_of(s, a, &f, e))
		return -1;
	out->known = !f.flag;
	if (f.flag)
		return 0;
	if (device_features_read(&s->manner, &f, &x, e))
		return -1;
	text_copy(out->name, sizeof(out->name), x.person.name);
	out->male = x.person.sex == DEVICE_MALE;
	out->female = x.person.sex == DEVICE_FEMALE;
	out->birth = x.person.birth;
	wipe(&x, sizeof(x));
	return 0;
}

const struct dialect dialect_device = {
	.name = "device",
	.max_items = 100,
	.max_bytes = BODY_MAX,
	.open = open_link,
	.close = close_link,
	.carries = carries,
	.portion = one,
	.request = make_request,
	.fate = judge_head,
	.results = read_results,
	.list_request = list_request,
	.list_results = list_results,
	.features_request = features_request,
	.features_results = features_results,
};
