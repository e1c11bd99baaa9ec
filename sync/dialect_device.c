/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The device protocol as an upload path (K4, H1): what a collecting device tells a platform is who was
 * collected (852). Everything else is done on the platform's page. The protocol is plain TCP and its login
 * has no secret: it is off until profile and system administrator allow plain transport (DESIGN 9), and
 * without manufacturer code and device number, which the authority issues on the supplier's application (H6).
 *
 * A repeated 852 overwrites by ID number, so an unknown outcome is simply sent again.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "domain/base64.h"
#include "profile/profile.h"
#include "sync/device_line.h"
#include "sync/dialect.h"

#define CODE_CHARS 32
#define OTHER_NATION 57 /* the annex's 其他: for codes it does not know */
#define NATIONS 58
#define BODY_MAX (2u << 20)
#define REFUSED_CODE "device-852"

struct device {
	struct device_line *line;
	struct device_manner manner;
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
	wipe(s, sizeof(*s));
	free(s);
	link->self = NULL;
}

static int call(void *self, const struct http_request *q, struct http_answer *a, struct err *e);

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
		out->line = (struct transport){.self = s, .call = call};
		return 0;
	}
	close_link(out);
	return -1;
}

/* --- questions --------------------------------------------------------------------------------------- */

static enum upload_way carries(void *self, const struct outgoing *item, const char **why)
{
	(void)self, (void)why;
	return upload_way(DIALECT_DEVICE, item->kind);
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
					   : !strcmp(sex, "0") ? DEVICE_MALE
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

static int make_request(void *self, const struct box *box, const struct outgoing *items, size_t n,
			struct request *out, struct err *e)
{
	struct device *s = self;
	struct device_person p;
	cJSON *body = NULL;

	(void)box, (void)n;
	if (json_parse(&body, items[0].body, items[0].body_bytes, BODY_MAX, e))
		return -1;
	person_of(s, body, &p);
	device_person_write(&s->manner, &p, &out->body);
	wipe(&p, sizeof(p));
	wipe(s->photo, sizeof(s->photo));
	cJSON_Delete(body);
	out->method = "852";
	return out->body.failed ? err_set(e, ERR_TOO_LARGE, "collected person") : 0;
}

/* The runner's transport: a question's content goes out, the reply's whole frame comes back. */
static int call(void *self, const struct http_request *q, struct http_answer *a, struct err *e)
{
	struct device *s = self;
	struct buf content;
	struct device_reply reply;
	int last;

	buf_init(&content, BODY_MAX);
	device_reply_init(&reply);
	buf_reset(&a->body);
	last = buf_add(&content, q->body, q->body_bytes)
		       ? err_set(e, ERR_TOO_LARGE, "question")
		       : device_line_ask(s->line, DEVICE_COLLECT, &content, &reply, &a->may_have_left, e);
	if (!last)
		last = buf_add(&a->body, reply.bytes.data, reply.bytes.len)
			       ? err_set(e, ERR_NET_ANSWER, "reply is too long")
			       : 0;
	buf_wipe_release(&content);
	device_reply_release(&reply);
	return last;
}

static enum fate judge_head(void *self, const struct http_answer *a, enum err_code *trouble)
{
	(void)self, (void)a;
	*trouble = ERR_NONE;
	return FATE_READ; /* the line has judged it: the right command, whole, with its checksum */
}

static int read_results(void *self, const struct outgoing *items, size_t n, const struct http_answer *a,
			struct answers *out, struct err *e)
{
	struct device *s = self;
	const char *op = items[0].op;
	char reason[DEVICE_REASON];
	struct device_frame f;
	bool ok, by_frame;
	size_t used;

	if (answers_for(out, &op, n, e) ||
	    device_frame_read(&s->manner, a->body.data, a->body.len, &f, &used, e) != DEVICE_WHOLE)
		return -1;
	if (f.n)
		device_frame_sum(&f, &by_frame);
	device_person_reply_read(&s->manner, &f, &ok, reason);
	if (ok) {
		out->item[0].kind = ANSWER_ACCEPTED;
		return 0;
	}
	out->item[0].kind = ANSWER_REJECTED;
	out->item[0].reason_code = REFUSED_CODE;
	out->doc = cJSON_CreateString(reason);
	out->item[0].reason = out->doc ? out->doc->valuestring : NULL;
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
};
