/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/native.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "sync/http.h"

/* --- requests --- */

/* RFC 9562: the first 48 bits of a version 7 UUID are its instant. */
static int64_t made_at(const char *op)
{
	int64_t ms = 0;

	for (size_t i = 0, digits = 0; op[i] && digits < 12; i++) {
		if (op[i] == '-')
			continue;
		ms = ms * 16 + (op[i] <= '9' ? op[i] - '0' : op[i] - 'a' + 10);
		digits++;
	}
	return ms;
}

static void add_operation(struct buf *out, const struct outgoing *item, bool first)
{
	buf_addf(out, "%s{\"op\":\"%s\",\"kind\":\"%s\",\"sequence\":%lld,\"madeAt\":%lld,\"body\":",
		 first ? "" : ",", item->op, item->kind, (long long)item->sequence,
		 (long long)made_at(item->op));
	buf_add(out, item->body, item->body_bytes);
	buf_adds(out, "}");
}

/* What the platform has of a newer copy and this one does not. */
static void add_lost(struct buf *out, const struct box *box)
{
	for (size_t i = 0; i < box->n_lost; i++)
		buf_addf(out, "%s{\"first\":%lld,\"last\":%lld}", i ? "," : ",\"lost\":[", (long long)box->lost[i].first,
			 (long long)box->lost[i].last);
	if (box->n_lost)
		buf_adds(out, "]");
}

int native_request(const struct box *box, const struct outgoing *items, size_t n, struct buf *out,
		   struct err *e)
{
	buf_reset(out);
	buf_addf(out, "{\"box\":\"%s\",\"epoch\":%lld", box->uid, (long long)(n ? items[0].epoch : box->epoch));
	add_lost(out, box);
	buf_adds(out, ",\"operations\":[");
	for (size_t i = 0; i < n; i++)
		add_operation(out, &items[i], !i);
	buf_adds(out, "]}");
	return out->failed ? err_set(e, ERR_TOO_LARGE, "request of %zu operations", n) : 0;
}

int native_ask_changes(const char *cursor, struct buf *request, struct err *e)
{
	cJSON *value = cJSON_CreateString(cursor);
	char *text = value ? json_text(value) : NULL;
	int last = -1;

	cJSON_Delete(value);
	if (text && request->len) {
		request->len--; /* the object's end */
		last = buf_addf(request, ",\"cursor\":%s}", text);
	}
	free(text);
	return last ? err_set(e, ERR_TOO_LARGE, "request with a cursor") : 0;
}

int native_lookup_request(const char *const *ops, size_t n, struct buf *out, struct err *e)
{
	buf_reset(out);
	buf_adds(out, "{\"ops\":[");
	for (size_t i = 0; i < n; i++)
		buf_addf(out, "%s\"%s\"", i ? "," : "", ops[i]);
	buf_adds(out, "]}");
	return out->failed ? err_set(e, ERR_TOO_LARGE, "look-up of %zu operations", n) : 0;
}

int native_changes_path(const char *cursor, struct buf *out)
{
	buf_reset(out);
	buf_adds(out, "/v1/changes?cursor=");
	for (const char *c = cursor; *c; c++) {
		if (strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~", *c))
			buf_add(out, c, 1);
		else
			buf_addf(out, "%%%02X", (unsigned char)*c);
	}
	return out->failed ? -1 : 0;
}

/* --- what arrives --- */

/* Foreign words go to screens and logs: control characters blanked, cut at a character's end. In place; NULL
 * stays NULL. */
static const char *tame(cJSON *object, const char *key, size_t most)
{
	cJSON *value = cJSON_GetObjectItemCaseSensitive(object, key);
	char *s = cJSON_IsString(value) ? value->valuestring : NULL;
	size_t at = 0, len;
	uint32_t cp;

	if (!s)
		return NULL;
	for (; s[at]; at += len) {
		len = text_decode(s + at, strlen(s + at), &cp);
		if (!len || at + len > most)
			break;
		if (cp < 0x20 || (cp >= 0x7F && cp < 0xA0))
			memset(s + at, ' ', len);
	}
	s[at] = '\0';
	return s;
}

static int parse(cJSON **doc, const char *text, size_t bytes, struct err *e)
{
	struct err why = {0};

	if (json_parse(doc, text, bytes, HTTP_ANSWER_MAX, &why))
		return err_set(e, why.code == ERR_MEMORY ? ERR_MEMORY : ERR_NET_ANSWER, "%s", why.detail);
	if (cJSON_IsObject(*doc))
		return 0;
	cJSON_Delete(*doc);
	*doc = NULL;
	return err_set(e, ERR_NET_ANSWER, "no object");
}

static const struct {
	const char *word;
	enum answer_kind kind;
} statuses[] = {
	{"accepted", ANSWER_ACCEPTED},
	{"waiting", ANSWER_WAITING},
	{"rejected", ANSWER_REJECTED},
	{"absent", ANSWER_NOT_SENT}, /* look-up only: never had it */
};

static enum answer_kind kind_of(const char *word)
{
	for (size_t i = 0; word && i < ARRAY_LEN(statuses); i++) {
		if (!strcmp(word, statuses[i].word))
			return statuses[i].kind;
	}
	return ANSWER_UNKNOWN;
}

/* SHA-256 in small hexadecimal digits; whatever else stands there is as if it were not there. */
static const char *hash_in(const cJSON *from, const char *key)
{
	const char *s = json_string(from, key);

	return s && strlen(s) == 64 && strspn(s, "0123456789abcdef") == 64 ? s : NULL;
}

static struct answer read_result(cJSON *result)
{
	struct answer made = {.kind = kind_of(json_string(result, "status"))};

	if (made.kind == ANSWER_ACCEPTED || made.kind == ANSWER_WAITING)
		made.number = tame(result, "number", NATIVE_NUMBER_BYTES);
	if (made.kind == ANSWER_ACCEPTED)
		made.content = hash_in(result, "content");
	made.sequence = json_int(result, "sequence", 0);
	if (made.kind == ANSWER_REJECTED) {
		made.reason_code = tame(result, "code", NATIVE_CODE_BYTES);
		made.reason = tame(result, "reason", NATIVE_REASON_BYTES);
		made.field = tame(result, "field", NATIVE_CODE_BYTES);
	}
	return made;
}

/* Two results for one operation that disagree say nothing. */
static void take_result(struct answer *into, bool *seen, const struct answer *made)
{
	const char *op = into->op;

	if (*seen && into->kind != made->kind)
		*into = (struct answer){.kind = ANSWER_UNKNOWN};
	else if (!*seen)
		*into = *made;
	into->op = op;
	*seen = true;
}

struct slot {
	const char *op;
	size_t at;
};

static int by_op(const void *a, const void *b)
{
	return strcmp(((const struct slot *)a)->op, ((const struct slot *)b)->op);
}

static struct slot *sort_ops(const char *const *ops, size_t n)
{
	struct slot *slots = calloc(n + 1, sizeof(*slots));

	for (size_t i = 0; slots && i < n; i++)
		slots[i] = (struct slot){.op = ops[i], .at = i};
	if (slots)
		qsort(slots, n, sizeof(*slots), by_op);
	return slots;
}

static void match_results(struct answers *out, const struct slot *slots, bool *seen, cJSON *results)
{
	cJSON *result;

	cJSON_ArrayForEach(result, results)
	{
		struct slot key = {.op = json_string(result, "op")};
		const struct slot *hit = key.op ? bsearch(&key, slots, out->n, sizeof(*slots), by_op) : NULL;
		struct answer made;

		if (!hit) {
			out->foreign++;
			continue;
		}
		made = read_result(result);
		take_result(&out->item[hit->at], &seen[hit->at], &made);
		out->absent[hit->at] = out->item[hit->at].kind == ANSWER_NOT_SENT;
	}
}

int native_parse_results(struct answers *out, const char *const *ops, size_t n, const char *text,
			 size_t bytes, struct err *e)
{
	struct answers made;
	struct slot *slots = sort_ops(ops, n);
	bool *seen = calloc(n + 1, sizeof(*seen));
	cJSON *results;
	int last = -1;

	answers_init(&made);
	if (!slots || !seen) {
		err_set(e, ERR_MEMORY, "answers of %zu operations", n);
		goto out;
	}
	if (answers_for(&made, ops, n, e))
		goto out;
	if (parse(&made.doc, text, bytes, e))
		goto out;
	results = cJSON_GetObjectItemCaseSensitive(made.doc, "results");
	if (!cJSON_IsArray(results)) { /* none of that name at all: somebody else's answer (R5) */
		err_set(e, results ? ERR_NET_ANSWER : ERR_NET_FOREIGN, "no results");
		goto out;
	}
	match_results(&made, slots, seen, results);
	*out = made;
	answers_init(&made);
	last = 0;
out:
	answers_release(&made);
	free(slots);
	free(seen);
	return last;
}

int native_parse_result(struct answers *out, const char *op, const char *text, size_t bytes, struct err *e)
{
	struct answers made;
	const char *said;
	int last = -1;

	answers_init(&made);
	if (answers_for(&made, &op, 1, e))
		goto out;
	if (parse(&made.doc, text, bytes, e))
		goto out;
	said = json_string(made.doc, "op");
	if (!said || strcmp(said, op)) {
		err_set(e, ERR_NET_ANSWER, "an answer about another operation");
		goto out;
	}
	made.item[0] = read_result(made.doc);
	made.item[0].op = op;
	made.absent[0] = made.item[0].kind == ANSWER_NOT_SENT;
	*out = made;
	answers_init(&made);
	last = 0;
out:
	answers_release(&made);
	return last;
}

/* --- changes --- */

static bool is_kind(const char *s)
{
	return s && *s && strlen(s) <= NATIVE_CODE_BYTES &&
	       strspn(s, "abcdefghijklmnopqrstuvwxyz._") == strlen(s);
}

/* A project that the platform offers; what is too long or no text is as if it were not there. */
static void read_project(struct change_project *out, cJSON *from)
{
	if (!cJSON_IsObject(from))
		return;
	out->name = tame(from, "name", NAME_TEXT - 1);
	out->code = tame(from, "projectCode", NATIVE_CODE_BYTES);
	out->realname_code = tame(from, "realNameCode", NATIVE_CODE_BYTES);
	out->levy_code = tame(from, "levyCode", NATIVE_CODE_BYTES);
	out->contract_code = tame(from, "contractCode", NATIVE_CODE_BYTES);
	out->kind = tame(from, "kind", 15);
	out->permit = tame(from, "permit", NATIVE_CODE_BYTES);
}

static const char *day_in(cJSON *from, const char *key)
{
	const char *on = json_string(from, key);
	date_t day;

	return on && date_parse(on, &day) && day != DATE_LONG_TERM ? on : NULL;
}

static void read_work(struct change_work *out, cJSON *from)
{
	if (!cJSON_IsObject(from))
		return;
	out->uid = json_string(from, "uid");
	out->project = tame(from, "projectName", NAME_TEXT - 1);
	out->contractor = tame(from, "contractor", NAME_TEXT - 1);
	out->team = tame(from, "team", NAME_TEXT - 1);
	out->trade = tame(from, "workType", NATIVE_CODE_BYTES);
	out->status = tame(from, "status", NATIVE_CODE_BYTES);
	out->entered = day_in(from, "enteredOn");
	out->exited = day_in(from, "exitedOn");
}

static int read_fields(struct change *out, cJSON *from, struct err *e)
{
	cJSON *list = cJSON_GetObjectItemCaseSensitive(from, "fields"), *one;
	struct changed_field *made;
	size_t n = 0;

	if (!list)
		return 0;
	if (!cJSON_IsArray(list) || cJSON_GetArraySize(list) > CHANGED_FIELDS_MAX)
		return err_set(e, ERR_NET_ANSWER, "change %s with wrong fields", out->uid);
	made = calloc((size_t)cJSON_GetArraySize(list) + 1, sizeof(*made));
	if (!made)
		return err_set(e, ERR_MEMORY, "fields");
	out->field = made;
	cJSON_ArrayForEach(one, list)
	{
		struct changed_field *f = &made[n++];

		*f = (struct changed_field){tame(one, "name", NATIVE_CODE_BYTES), tame(one, "from", NATIVE_VALUE_BYTES),
					    tame(one, "to", NATIVE_VALUE_BYTES)};
		if (!f->wire || !f->from || !f->to)
			return err_set(e, ERR_NET_ANSWER, "change %s with wrong fields", out->uid);
	}
	out->n_fields = n;
	return 0;
}

/* A change without a name cannot be applied once, one without a kind or an instant cannot be applied at all.
 */
static int read_change(struct change *out, cJSON *from, struct err *e)
{
	const char *on = json_string(from, "on");
	date_t day;

	*out = (struct change){.uid = json_string(from, "uid"),
			       .kind = json_string(from, "kind"),
			       .subject = json_string(from, "subject"),
			       .at_ms = json_int(from, "at", -1),
			       .on = on,
			       .by = tame(from, "by", NAME_TEXT - 1),
			       .note = tame(from, "note", NATIVE_REASON_BYTES),
			       .base = json_int(from, "base", -1)};
	read_project(&out->project, cJSON_GetObjectItemCaseSensitive(from, "project"));
	read_work(&out->work, cJSON_GetObjectItemCaseSensitive(from, "work"));
	if (!out->uid || !uid_valid(out->uid))
		return err_set(e, ERR_NET_ANSWER, "a change without a uid");
	if (!is_kind(out->kind))
		return err_set(e, ERR_NET_ANSWER, "change %s without a kind", out->uid);
	if (!out->subject || !uid_valid(out->subject))
		return err_set(e, ERR_NET_ANSWER, "change %s without a subject", out->uid);
	if (out->at_ms < 0)
		return err_set(e, ERR_NET_ANSWER, "change %s without an instant", out->uid);
	if (on && (!date_parse(on, &day) || day == DATE_LONG_TERM))
		return err_set(e, ERR_NET_ANSWER, "change %s with no date", out->uid);
	return read_fields(out, from, e);
}

static int read_changes(struct changes *out, struct err *e)
{
	cJSON *list = cJSON_GetObjectItemCaseSensitive(out->doc, "changes"), *from;

	out->cursor = json_string(out->doc, "cursor");
	out->more = json_bool(out->doc, "more", false);
	if (!cJSON_IsArray(list) || !out->cursor || !*out->cursor ||
	    strlen(out->cursor) > NATIVE_CURSOR_BYTES)
		return err_set(e, ERR_NET_ANSWER, "no changes or no cursor");
	out->item = calloc((size_t)cJSON_GetArraySize(list) + 1, sizeof(*out->item));
	if (!out->item)
		return err_set(e, ERR_MEMORY, "changes");
	cJSON_ArrayForEach(from, list)
	{
		if (read_change(&out->item[out->n++], from, e)) /* counted first: what it holds is released with it */
			return -1;
	}
	return 0;
}

int native_parse_inside(struct changes *out, const char *text, size_t bytes, bool *there, struct err *e)
{
	struct changes made;

	*there = false;
	changes_init(&made);
	if (parse(&made.doc, text, bytes, e))
		goto bad;
	if (!json_get(made.doc, "changes")) {
		changes_release(&made);
		return 0;
	}
	if (read_changes(&made, e))
		goto bad;
	*out = made;
	*there = true;
	return 0;
bad:
	changes_release(&made);
	return -1;
}

int native_parse_changes(struct changes *out, const char *text, size_t bytes, struct err *e)
{
	bool there;

	if (native_parse_inside(out, text, bytes, &there, e))
		return -1;
	return there ? 0 : err_set(e, ERR_NET_ANSWER, "no changes or no cursor");
}

/* --- box and refusals --- */

int native_parse_box(struct far_box *out, const char *text, size_t bytes, struct err *e)
{
	struct far_box made = {0};
	const char *uid;
	cJSON *doc;
	int last = -1;

	if (parse(&doc, text, bytes, e))
		return -1;
	uid = json_string(doc, "box");
	made.known = uid != NULL;
	made.epoch = json_int(doc, "epoch", -1);
	made.sequence = json_int(doc, "sequence", -1);
	if ((uid && !uid_valid(uid)) || made.epoch < 0 || made.sequence < 0) {
		err_set(e, ERR_NET_ANSWER, "no box");
		goto out;
	}
	if (uid)
		text_copy(made.uid, sizeof(made.uid), uid);
	*out = made;
	last = 0;
out:
	cJSON_Delete(doc);
	return last;
}

bool native_parse_refusal(const char *text, size_t bytes, char *code, size_t code_size, char *reason,
			  size_t reason_size)
{
	const char *said, *why;
	cJSON *doc;

	if (parse(&doc, text, bytes, NULL))
		return false;
	said = tame(doc, "code", NATIVE_CODE_BYTES);
	why = tame(doc, "reason", NATIVE_REASON_BYTES);
	text_copy(code, code_size, said ? said : "");
	text_copy(reason, reason_size, why ? why : "");
	cJSON_Delete(doc);
	return said || why;
}

/* --- people of other sites --- */

int native_person_request(const char *document, struct buf *out, struct err *e)
{
	buf_reset(out);
	return buf_addf(out, "{\"document\":\"%s\"}", document) ? err_set(e, ERR_MEMORY, "look-up") : 0;
}

int native_parse_person(const char *text, size_t bytes, cJSON **out, struct err *e)
{
	cJSON *doc;

	if (parse(&doc, text, bytes, e))
		return -1;
	if (cJSON_IsBool(json_get(doc, "known")) && cJSON_IsArray(json_get(doc, "history")) &&
	    (!json_bool(doc, "known", false) || cJSON_IsObject(json_get(doc, "person")))) {
		*out = doc;
		return 0;
	}
	cJSON_Delete(doc);
	return err_set(e, ERR_NET_ANSWER, "no word on the person");
}

/* --- attachments --- */

int native_announcement(const struct outgoing_attachment *items, size_t n, struct buf *out, struct err *e)
{
	buf_reset(out);
	buf_adds(out, "{\"attachments\":[");
	for (size_t i = 0; i < n; i++) {
		buf_addf(out, "%s{\"sha256\":\"%s\",\"bytes\":%lld,\"mime\":\"%s\",\"role\":\"%s\"", i ? "," : "",
			 items[i].hash, (long long)items[i].bytes, items[i].mime, items[i].role);
		if (items[i].person[0])
			buf_addf(out, ",\"person\":\"%s\"", items[i].person);
		buf_adds(out, "}");
	}
	buf_adds(out, "]}");
	return out->failed ? err_set(e, ERR_TOO_LARGE, "announcement of %zu attachments", n) : 0;
}

static struct far_attachment read_attachment(const cJSON *from, const struct outgoing_attachment *item)
{
	struct far_attachment made = {.offset = json_int(from, "offset", -1),
				      .known = true,
				      .done = json_bool(from, "complete", false)};

	if (made.offset < 0 || made.offset > item->bytes || (made.done && made.offset != item->bytes))
		made = (struct far_attachment){0};
	return made;
}

static bool is_about(const cJSON *from, const struct outgoing_attachment *item)
{
	const char *hash = json_string(from, "sha256");

	return hash && !strcmp(hash, item->hash);
}

int native_parse_announced(const struct outgoing_attachment *items, size_t n, const char *text, size_t bytes,
			   struct far_attachment *out, struct err *e)
{
	const cJSON *list, *one;
	cJSON *doc;
	int last = 0;

	memset(out, 0, n * sizeof(*out));
	if (parse(&doc, text, bytes, e))
		return -1;
	list = json_get(doc, "attachments");
	if (!cJSON_IsArray(list))
		last = err_set(e, ERR_NET_ANSWER, "no attachments");
	cJSON_ArrayForEach(one, list)
	{
		for (size_t i = 0; i < n; i++) {
			if (is_about(one, &items[i]))
				out[i] = read_attachment(one, &items[i]);
		}
	}
	cJSON_Delete(doc);
	return last;
}

int native_parse_piece(const struct outgoing_attachment *item, const char *text, size_t bytes,
		       struct far_attachment *out, struct err *e)
{
	cJSON *doc;
	int last = 0;

	if (parse(&doc, text, bytes, e))
		return -1;
	if (is_about(doc, item))
		*out = read_attachment(doc, item);
	else
		last = err_set(e, ERR_NET_ANSWER, "an answer about another attachment");
	cJSON_Delete(doc);
	return last;
}

/* --- enrolment --- */

int native_enrolment(const char *code, const char *box, const char *name, struct buf *out, struct err *e)
{
	cJSON *o = cJSON_CreateObject();
	char *text;

	cJSON_AddStringToObject(o, "code", code);
	cJSON_AddStringToObject(o, "box", box);
	cJSON_AddStringToObject(o, "name", name);
	text = json_text(o);
	cJSON_Delete(o);
	buf_reset(out);
	if (text)
		buf_adds(out, text);
	cJSON_free(text);
	return !text || out->failed ? err_set(e, ERR_MEMORY, "enrolment") : 0;
}

int native_parse_enrolled(const char *text, size_t bytes, char *token, size_t size, struct err *e)
{
	const char *said;
	cJSON *doc;
	int last = 0;

	if (parse(&doc, text, bytes, e))
		return -1;
	said = json_string(doc, "token");
	if (!said || strlen(said) < 16 || strpbrk(said, "\r\n ") || !text_copy(token, size, said))
		last = err_set(e, ERR_NET_ANSWER, "no token");
	cJSON_Delete(doc);
	return last;
}
