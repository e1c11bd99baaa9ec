/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/people.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/dates.h"
#include "base/json.h"
#include "base/text.h"

#define CODE_LETTERS 15
#define FAILURES 5
#define LOCKED_MS (10 * 60 * 1000)
#define PENDING_MOST 200
#define TOKEN_BYTES 32

/* --- enrolment --- */

/* Crockford's alphabet: nothing that is mistaken for another letter when read out. */
static const char letters[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static bool code_hash(const char *code, unsigned char hash[PSTORE_HASH])
{
	char plain[CODE_LETTERS];
	size_t n = 0;

	for (const char *c = code; *c; c++) {
		char up = *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c;

		if (up == '-' || up == ' ')
			continue;
		up = up == 'O' ? '0' : up == 'I' || up == 'L' ? '1' : up;
		if (!strchr(letters, up) || n == CODE_LETTERS)
			return false;
		plain[n++] = up;
	}
	crypto_hash_sha256(hash, (const unsigned char *)plain, n);
	return n == CODE_LETTERS;
}

int people_enrol_code(struct pstore *s, const char *label, char code[ENROL_CODE], struct err *e)
{
	struct penrolment p = {.expires_ms = clock_now_ms() + ENROL_VALID_MS};
	size_t n = 0;

	if (!*label || !text_copy(p.label, sizeof(p.label), label))
		return err_set(e, ERR_USAGE, "a label of at most %d bytes", PSTORE_LABEL - 1);
	for (int i = 0; i < CODE_LETTERS; i++) {
		if (i && i % 5 == 0)
			code[n++] = '-';
		code[n++] = letters[randombytes_uniform(32)];
	}
	code[n] = '\0';
	code_hash(code, p.hash);
	return pstore_enrolment_put(s, &p, e);
}

static int give_token(struct pstore *s, struct penrolment *p, const char *box, const char *name,
		      char token[TOKEN_BYTES * 2 + 1], struct err *e)
{
	unsigned char raw[TOKEN_BYTES], hash[PSTORE_HASH];

	randombytes_buf(raw, sizeof(raw));
	sodium_bin2hex(token, TOKEN_BYTES * 2 + 1, raw, sizeof(raw));
	crypto_hash_sha256(hash, (const unsigned char *)token, TOKEN_BYTES * 2);
	text_copy(p->box, sizeof(p->box), box);
	return pstore_token_put(s, p->label, hash, e) || pstore_box_bind(s, p->label, box, e) ||
			       (*name && pstore_box_name_put(s, p->label, name, e)) || pstore_enrolment_put(s, p, e)
		       ? -1
		       : 0;
}

static const char *refusal_of(const struct penrolment *p, bool found, const char *box)
{
	if (!found)
		return "登记码不对";
	if (p->expires_ms < clock_now_ms())
		return "登记码已过期，请向平台管理员要新的";
	return *p->box && strcmp(p->box, box) ? "登记码已被另一台主机使用" : NULL;
}

int people_enrol(struct pstore *s, const cJSON *request, struct buf *out)
{
	const char *code = json_string(request, "code"), *box = json_string(request, "box"), *why,
		   *name = json_string(request, "name");
	char token[TOKEN_BYTES * 2 + 1];
	struct penrolment p = {0};
	struct err e = {0};
	bool found = false;
	int last;

	if (!code || !box || !uid_valid(box))
		return office_refusal(422, "code", "缺少登记码或本机编号", out);
	if (code_hash(code, p.hash) && pstore_enrolment_get(s, p.hash, &p, &found, &e))
		return office_failed(&e, out);
	why = refusal_of(&p, found, box);
	if (why)
		return office_refusal(403, "code", why, out);
	if (pstore_begin(s, &e))
		return office_failed(&e, out);
	last = give_token(s, &p, box, name && strlen(name) < PSTORE_NAME ? name : "", token, &e);
	if (pstore_end(s, !last, last ? NULL : &e) || last)
		return e.code == ERR_CONFLICT ? office_refusal(403, "code", "这个名称属于另一台主机", out)
					      : office_failed(&e, out);
	buf_reset(out);
	buf_addf(out, "{\"token\":\"%s\"}", token);
	wipe(token, sizeof(token));
	return 200;
}

/* --- accounts --- */

int people_account(struct pstore *s, const char *name, const char *password, struct err *e)
{
	struct paccount a = {0};

	if (!*name || strchr(name, ':') || !text_copy(a.name, sizeof(a.name), name))
		return err_set(e, ERR_USAGE, "a name without a colon, of at most %d bytes", PSTORE_LABEL - 1);
	if (text_chars(password) < 8)
		return err_set(e, ERR_PASSWORD_WEAK, "8 characters");
	if (crypto_pwhash_str(a.hash, password, strlen(password), crypto_pwhash_OPSLIMIT_INTERACTIVE,
			      crypto_pwhash_MEMLIMIT_INTERACTIVE))
		return err_set(e, ERR_MEMORY, "Argon2id");
	return pstore_account_put(s, &a, e);
}

/* "Basic base64(name:password)" into its two parts; pair is wiped by the caller. */
static char *split_basic(const char *authorization, char *pair, size_t size)
{
	size_t n = 0;
	char *colon;

	if (strncmp(authorization, "Basic ", 6) ||
	    sodium_base642bin((unsigned char *)pair, size - 1, authorization + 6, strlen(authorization + 6),
			      NULL, &n, NULL, sodium_base64_VARIANT_ORIGINAL))
		return NULL;
	pair[n] = '\0';
	colon = strlen(pair) == n ? strchr(pair, ':') : NULL;
	if (colon)
		*colon = '\0';
	return colon ? colon + 1 : NULL;
}

bool people_login(struct pstore *s, const char *authorization, char name[PSTORE_LABEL])
{
	char pair[512] = "";
	char *password = split_basic(authorization, pair, sizeof(pair));
	struct paccount a;
	bool found = false, right = false;

	if (password && text_copy(name, PSTORE_LABEL, pair) &&
	    !pstore_account_get(s, name, &a, &found, NULL) && found && a.locked_until_ms <= clock_now_ms()) {
		right = !crypto_pwhash_str_verify(a.hash, password, strlen(password));
		a.failures = right ? 0 : a.failures + 1;
		a.locked_until_ms = a.failures >= FAILURES ? clock_now_ms() + LOCKED_MS : 0;
		if (a.failures >= FAILURES)
			a.failures = 0;
		right = !pstore_account_put(s, &a, NULL) && right;
	}
	wipe(pair, sizeof(pair));
	return right;
}

int people_pending(struct pstore *s, struct buf *out)
{
	struct buf lines;
	struct err e = {0};

	buf_init(&lines, 4u << 20);
	if (pstore_pending(s, PENDING_MOST, &lines, &e)) {
		buf_release(&lines);
		return office_failed(&e, out);
	}
	buf_reset(out);
	buf_addf(out, "{\"pending\":[%s]}", lines.data ? lines.data : "");
	buf_wipe_release(&lines);
	return out->failed ? office_refusal(500, "memory", "平台内部错误", out) : 200;
}

int people_decide(struct office *o, const char *by, const cJSON *request, struct buf *out)
{
	const char *subject = json_string(request, "subject"), *word = json_string(request, "event"),
		   *on = json_string(request, "on"), *note = json_string(request, "note");
	struct err e = {0};
	enum event event;
	date_t day;

	if (!subject || !uid_valid(subject) || !word || !event_parse(word, &event) ||
	    (on && !date_parse(on, &day)))
		return office_refusal(422, "decision", "缺少对象或事项，或日期不对", out);
	if (office_decide(o, subject, event, on, by, note, &e)) {
		if (e.code == ERR_NO_SUCH)
			return office_refusal(404, "absent", "没有这条记录", out);
		return e.code == ERR_FORBIDDEN
			       ? office_refusal(409, "wrong-state", "当前状态不能这样办理", out)
			       : office_failed(&e, out);
	}
	buf_reset(out);
	buf_adds(out, "{\"ok\":true}");
	return 200;
}
